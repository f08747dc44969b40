//! The sandbox as its users meet it: over a real socket.

use std::error::Error;
use std::time::{Duration, Instant};

use enrollment_sandbox::{Config, Pace, Sandbox};
use reqwest::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, RETRY_AFTER,
};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use serde_json::Value;
use tokio::net::TcpStream;

type Tested = Result<(), Box<dyn Error>>;

/// A sandbox at quick pace and a client that holds one of its tokens.
struct Desk {
    sandbox: Sandbox,
    client: Client,
    token: String,
}

impl Desk {
    async fn open() -> Result<Self, Box<dyn Error>> {
        let sandbox = Sandbox::start(Config { pace: Pace::Quick, ..Config::default() }).await?;
        let client = Client::builder().no_proxy().redirect(Policy::none()).build()?;
        let token = sandbox.issue_token();
        Ok(Self { sandbox, client, token })
    }

    async fn get(&self, path: &str) -> reqwest::Result<Response> {
        let url = format!("{}{path}", self.sandbox.base());
        self.client.get(url).send().await
    }

    async fn post(&self, path: &str) -> reqwest::Result<Response> {
        let url = format!("{}{path}", self.sandbox.base());
        self.client.post(url).send().await
    }

    async fn poll(&self, id: u32) -> reqwest::Result<Response> {
        self.poll_path(&format!("{id}/0/true")).await
    }

    async fn poll_path(&self, parameters: &str) -> reqwest::Result<Response> {
        let base = self.sandbox.base();
        let path = format!("Enrollment/{parameters}/get-identification-process-status");
        self.client
            .get(format!("{base}/{path}"))
            .header(AUTHORIZATION, format!("Bearer {}", self.token))
            .send()
            .await
    }

    /// Polls until the enrollment answers with this status, and gives that answer.
    async fn poll_until(&self, id: u32, status: &str) -> Result<Value, Box<dyn Error>> {
        let patience = Instant::now() + Duration::from_secs(20);
        while Instant::now() < patience {
            let answer: Value = serde_json::from_str(&self.poll(id).await?.text().await?)?;
            if answer["videoIdentificationStatus"] == status {
                return Ok(answer);
            }
        }
        Err(format!("never {status}").into())
    }

    /// The path of the signing page, once it can be opened.
    async fn signing_path(&self, id: u32) -> Result<String, Box<dyn Error>> {
        let status = "SIGN_SESSION_ID_SUCCESSFULLY_CREATED";
        let answer = self.poll_until(id, status).await?;
        let url = answer["videoIdentificationUrl"].as_str().ok_or("no link")?;
        let path = url.strip_prefix(&self.sandbox.base()).ok_or("elsewhere")?;
        Ok(path.to_owned())
    }
}

#[tokio::test]
async fn a_customer_signs_and_the_gateway_confirms() -> Tested {
    let desk = Desk::open().await?;
    let path = desk.signing_path(1024).await?;

    let page = desk.get(&path).await?;
    assert_eq!(page.status(), 200);
    let policy = page.headers()[CONTENT_SECURITY_POLICY].to_str()?;
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    assert_eq!(page.headers()[CACHE_CONTROL], "no-store");
    let page = page.text().await?;
    assert!(page.contains("1\u{202f}024") && page.contains(&format!("{path}/sign")));

    let signed = desk.post(&format!("{path}/sign")).await?;
    assert_eq!(signed.status(), 303);
    let result = desk.get(signed.headers()[LOCATION].to_str()?).await?;
    assert_eq!(result.status(), 200);
    assert!(result.text().await?.contains("Signing finished"));

    assert_eq!(desk.post(&format!("{path}/sign")).await?.status(), 410);
    assert_eq!(desk.get(&path).await?.status(), 410);
    desk.poll_until(1024, "DOCUMENT_SIGN_SUCCESS").await?;
    Ok(())
}

#[tokio::test]
async fn a_customer_refuses() -> Tested {
    let desk = Desk::open().await?;
    let path = desk.signing_path(1024).await?;
    let early = desk.get(&format!("{path}/success")).await?;
    assert_eq!(early.status(), 303, "nothing has been decided");
    assert_eq!(early.headers()[LOCATION], path.as_str());

    let refused = desk.post(&format!("{path}/refuse")).await?;
    assert_eq!(refused.status(), 303);
    let result = desk.get(refused.headers()[LOCATION].to_str()?).await?;
    assert!(result.text().await?.contains("Signing was refused"));
    desk.poll_until(1024, "ERROR").await?;
    Ok(())
}

#[tokio::test]
async fn problems_have_the_shapes_of_the_field() -> Tested {
    let desk = Desk::open().await?;

    let bad = desk.poll_path("0/7/false").await?;
    assert_eq!(bad.status(), 400);
    assert_eq!(bad.headers()[CONTENT_TYPE], "application/problem+json; charset=utf-8");
    let body: Value = serde_json::from_str(&bad.text().await?)?;
    assert_eq!(body["status"], 400);
    assert_eq!(body["errors"].as_object().map(serde_json::Map::len), Some(3));
    let parts: Vec<usize> =
        body["traceId"].as_str().ok_or("no trace")?.split('-').map(str::len).collect();
    assert_eq!(parts, [2, 32, 16, 2]);

    let blank: Value = serde_json::from_str(&desk.poll(4001).await?.text().await?)?;
    let members = blank.as_object().ok_or("no object")?;
    assert!(!members.is_empty() && members.values().all(Value::is_null));
    let legacy: Value = serde_json::from_str(&desk.poll(4002).await?.text().await?)?;
    assert!(legacy["errorCode"].is_string() && legacy["errorMessage"].is_string());

    let busy = desk.poll(9500).await?;
    assert_eq!((busy.status().as_u16(), &busy.headers()[RETRY_AFTER]), (429, &"1".parse()?));
    for id in [4700, 5000] {
        assert_eq!(desk.poll(id).await?.text().await?, "");
    }
    Ok(())
}

#[tokio::test]
async fn only_a_good_token_is_answered() -> Tested {
    let mut desk = Desk::open().await?;
    let path = "/Enrollment/x/9/no/get-identification-process-status";
    let bare = desk.get(path).await?;
    assert_eq!((bare.status().as_u16(), bare.text().await?.as_str()), (401, ""));
    assert_eq!(desk.poll_path("%ff/0/true").await?.status(), 400);

    assert_eq!(desk.poll(1000).await?.status(), 200);
    desk.sandbox.revoke_tokens();
    assert_eq!(desk.poll(1000).await?.status(), 401);

    let fresh = desk.post("/token").await?;
    assert_eq!(fresh.headers()[CACHE_CONTROL], "no-store");
    desk.token = fresh.text().await?;
    assert_eq!(desk.poll(1000).await?.status(), 200);

    let asked: Vec<u16> = desk.sandbox.polls().iter().map(|poll| poll.http).collect();
    assert_eq!(asked, [200, 401, 200]);
    Ok(())
}

#[tokio::test]
async fn what_nobody_knows_is_not_found_and_not_repeated() -> Tested {
    let desk = Desk::open().await?;
    for path in ["/sign/%3Cscript%3E", "/sign/0/success", "/nowhere%3Cscript%3E"] {
        let page = desk.get(path).await?;
        assert_eq!(page.status(), 404, "{path}");
        assert!(!page.text().await?.contains("script"), "{path}");
    }
    assert_eq!(desk.post("/sign/0/sign").await?.status(), 404);
    let home = desk.get("/").await?.text().await?;
    assert!(home.contains(&format!("curl -X POST {}/token", desk.sandbox.base())));
    Ok(())
}

#[tokio::test]
async fn stopping_or_dropping_closes_the_port() -> Tested {
    let desk = Desk::open().await?;
    desk.poll(1000).await?;
    let port = desk.sandbox.port();
    desk.sandbox.stop().await;
    let again = Sandbox::start(Config { port, ..Config::default() }).await?;

    let url = again.base();
    drop(again);
    let patience = Instant::now() + Duration::from_secs(20);
    while desk.client.get(&url).send().await.is_ok() {
        assert!(Instant::now() < patience, "still there after the drop");
    }
    Ok(())
}

#[tokio::test]
async fn a_client_that_falls_silent_does_not_hold_up_stopping() -> Tested {
    let desk = Desk::open().await?;
    let silent = TcpStream::connect(("127.0.0.1", desk.sandbox.port())).await?;
    silent.writable().await?;
    silent.try_write(b"GET / HTTP/1.1\r\nHost:")?;
    desk.poll(1000).await?;

    tokio::time::timeout(Duration::from_secs(5), desk.sandbox.stop()).await?;
    Ok(())
}
