//! A gateway on 127.0.0.1 that numbers its answers to each user and writes every one down before
//! it goes out.

use std::{
    collections::HashMap,
    net::Ipv4Addr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use anyhow::{Context as _, Result};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    runtime::Runtime,
};

/// `(id, userType)`
pub type User = (u32, u8);

/// An answer that went out.
#[derive(Clone, Debug)]
pub struct Served {
    pub http: u16,
    pub status: Option<&'static str>,
    pub message: String,
    pub links: bool,
}

/// Serves until it is dropped.
pub struct Oracle {
    port: u16,
    log: Arc<Log>,
    _runtime: Runtime,
}

#[derive(Default)]
struct Log(Mutex<HashMap<User, Vec<Served>>>);

impl Log {
    fn served(&self) -> MutexGuard<'_, HashMap<User, Vec<Served>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Oracle {
    pub fn start(seed: u64) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .context("no runtime")?;
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let port = listener.local_addr()?.port();
        let log = Arc::new(Log::default());
        runtime.spawn(accept(listener, seed, Arc::clone(&log)));
        Ok(Self { port, log, _runtime: runtime })
    }

    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What was served to a user, the first answer first.
    pub fn served(&self, user: User) -> Vec<Served> {
        self.log.served().get(&user).cloned().unwrap_or_default()
    }

    pub fn answers(&self) -> usize {
        self.log.served().values().map(Vec::len).sum()
    }
}

async fn accept(listener: TcpListener, seed: u64, log: Arc<Log>) {
    while let Ok((stream, _)) = listener.accept().await {
        let log = Arc::clone(&log);
        tokio::spawn(async move {
            // A console that is killed ends its connections, and nothing else.
            let _ = converse(stream, seed, &log).await;
        });
    }
}

async fn converse(stream: TcpStream, seed: u64, log: &Log) -> Result<()> {
    stream.set_nodelay(true)?;
    let port = stream.local_addr()?.port();
    let mut stream = BufReader::new(stream);
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let user = user_in(&line).with_context(|| format!("not a poll: {line}"))?;
        while line.trim_end() != "" {
            line.clear();
            stream.read_line(&mut line).await?;
        }
        let answer = {
            let mut served = log.served();
            let answers = served.entry(user).or_default();
            let number = answers.len() + 1;
            let served = draw(seed, user, number);
            let answer = write(&served, user, port);
            answers.push(served);
            answer
        };
        stream.write_all(answer.as_bytes()).await?;
    }
}

/// The user that a request line asks for.
fn user_in(line: &str) -> Option<User> {
    let rest = line.strip_prefix("GET /Enrollment/")?;
    let (id, rest) = rest.split_once('/')?;
    let (code, rest) = rest.split_once('/')?;
    let poll = rest.starts_with("true/get-identification-process-status ");
    poll.then(|| Some((id.parse().ok()?, code.parse().ok()?))).flatten()
}

fn draw(seed: u64, user: User, number: usize) -> Served {
    let mix = seed ^ u64::from(user.0) << 34 ^ u64::from(user.1) << 32 ^ number as u64;
    let luck = fastrand::Rng::with_seed(mix).u32(..1_000);
    let (http, status, links) = match luck {
        0..3 => (500, None, false),
        3..5 => (429, None, false),
        5..6 => (404, None, false),
        6..26 => (200, Some("SIGN_SESSION_ID_SUCCESSFULLY_CREATED"), true),
        26..36 => (200, Some("SIGN_SESSION_ID_SUCCESSFULLY_CREATED"), false),
        36..50 => (200, Some("DOCUMENT_SIGN_SUCCESS"), false),
        50..52 => (200, Some("ERROR"), false),
        52..60 => (200, Some("ЧАКА\u{202e}"), false),
        60..80 => (200, None, false),
        80..300 => (200, Some("STARTED"), false),
        _ => (200, Some("PROCESSING"), false),
    };
    Served { http, status, message: message(user, number), links }
}

fn message(user: User, number: usize) -> String {
    format!("отговор {number} за {}/{}", user.0, user.1)
}

/// The user and the number that stand in a message.
pub fn number_in(message: &str) -> Option<(User, usize)> {
    let rest = message.strip_prefix("отговор ")?;
    let (number, user) = rest.split_once(" за ")?;
    let (id, code) = user.split_once('/')?;
    Some(((id.parse().ok()?, code.parse().ok()?), number.parse().ok()?))
}

fn write(served: &Served, user: User, port: u16) -> String {
    let Served { http, status, message, links } = served;
    let body = if *http == 200 {
        let url = links.then(|| format!("http://127.0.0.1:{port}/sign/{}", user.0));
        serde_json::json!({
            "videoIdentificationUrl": url,
            "videoIdentificationStatus": status,
            "message": message,
        })
    } else {
        serde_json::json!({ "detail": message })
    };
    let body = body.to_string();
    let length = body.len();
    format!(
        "HTTP/1.1 {http} So\r\nContent-Type: application/json\r\nRetry-After: 2\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}
