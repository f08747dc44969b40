//! The customer's browser, as far as these tests need one.

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// What a server answered.
pub struct Page {
    pub http: u16,
    pub text: String,
}

pub async fn get(url: &str) -> Page {
    request("GET", url).await
}

/// Presses a form's button.
pub async fn post(url: &str) -> Page {
    request("POST", url).await
}

async fn request(method: &str, url: &str) -> Page {
    let (host, path) = url
        .strip_prefix("http://")
        .and_then(|rest| rest.split_once('/'))
        .unwrap_or_else(|| panic!("no address of a training page: {url}"));
    let mut stream = TcpStream::connect(host).await.expect("the training page's server");
    let request = format!(
        "{method} /{path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.expect("a request");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("an answer");
    let text = String::from_utf8(answer).expect("text");
    let http = text.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
    Page { http, text }
}
