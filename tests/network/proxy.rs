//! A proxy that gives a way (`CONNECT`) to every name: to that port of this machine. What a name
//! begins with says how it behaves otherwise.

use std::{
    collections::HashMap,
    io,
    net::Ipv4Addr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

use crate::tap::{Heard, Tap};

/// How the proxy behaves, named by the first label of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    Through,
    Login,
    Forbidden,
    BadGateway,
    Garbage,
    /// A head that never ends.
    Endless,
    Closes,
    Silent,
    /// A way that breaks off after some bytes.
    Breaks,
}

const MANNERS: [(Manner, &str); 9] = [
    (Manner::Through, "through"),
    (Manner::Login, "login"),
    (Manner::Forbidden, "forbidden"),
    (Manner::BadGateway, "bad-gateway"),
    (Manner::Garbage, "garbage"),
    (Manner::Endless, "endless"),
    (Manner::Closes, "closes"),
    (Manner::Silent, "silent"),
    (Manner::Breaks, "breaks"),
];

impl Manner {
    /// The host that is to be named for it.
    pub fn host(self) -> String {
        let label = MANNERS.iter().find(|(manner, _)| *manner == self).map_or("", |(_, it)| it);
        format!("{label}.gateway.test")
    }

    fn of(host: &str) -> Option<Self> {
        MANNERS.iter().find(|(manner, _)| manner.host() == host).map(|(manner, _)| *manner)
    }
}

/// What the proxy heard of those who asked for a port.
#[derive(Clone, Default)]
pub struct Ledger(Arc<Mutex<HashMap<u16, Heard>>>);

impl Ledger {
    /// All that was said on the way to this port, which is forgotten then.
    pub fn take(&self, port: u16) -> Option<Heard> {
        self.ports().remove(&port)
    }

    /// Says what is known of nobody's port: it could hold anything.
    pub fn strange(&self) -> Option<Heard> {
        self.take(0)
    }

    fn of(&self, port: u16) -> Heard {
        self.ports().entry(port).or_default().clone()
    }

    fn ports(&self) -> MutexGuard<'_, HashMap<u16, Heard>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs the proxy until the runtime ends.
pub async fn start(port: u16) -> io::Result<Ledger> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let ledger = Ledger::default();
    let kept = ledger.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let ledger = ledger.clone();
            tokio::spawn(async move {
                let _ = serve(stream, &ledger).await;
            });
        }
    });
    Ok(kept)
}

async fn serve(mut stream: TcpStream, ledger: &Ledger) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < 16 * 1024 {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    let text = String::from_utf8_lossy(&head);
    let target = text.strip_prefix("CONNECT ").and_then(|rest| rest.split(' ').next());
    let target = target.and_then(|target| target.rsplit_once(':'));
    let asked = target.and_then(|(host, port)| Some((Manner::of(host)?, port.parse().ok()?)));
    let Some((manner, port)) = asked else {
        ledger.of(0).write(&head);
        return Ok(());
    };
    let said = ledger.of(port);
    said.write(&head);
    let stream = Tap { stream, heard: said };
    behave(stream, manner, port).await
}

async fn behave(mut stream: Tap<TcpStream>, manner: Manner, port: u16) -> io::Result<()> {
    const OPEN: &[u8] = b"HTTP/1.1 200 Connection established\r\n\r\n";
    let login = "HTTP/1.1 407 Proxy Authentication Required\r\n\
                 Proxy-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n";
    match manner {
        Manner::Through => {
            let mut far = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
            stream.write_all(OPEN).await?;
            copy_bidirectional(&mut stream, &mut far).await?;
        }
        Manner::Login => stream.write_all(login.as_bytes()).await?,
        Manner::Forbidden => stream.write_all(b"HTTP/1.1 403 Forbidden\r\n\r\n<html>").await?,
        Manner::BadGateway => stream.write_all(b"HTTP/1.1 502 Bad Gateway\r\n\r\n").await?,
        Manner::Garbage => stream.write_all(b"SSH-2.0-OpenSSH_9.9\r\n").await?,
        Manner::Endless => {
            stream.write_all(b"HTTP/1.1 200 OK\r\n").await?;
            for _ in 0..1_000 {
                stream.write_all(b"X-Filler: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n").await?;
            }
        }
        Manner::Closes => {}
        Manner::Silent => while stream.read(&mut [0; 1_024]).await? > 0 {},
        Manner::Breaks => {
            stream.write_all(OPEN).await?;
            // Part of it is enough.
            let _ = stream.read(&mut [0; 64]).await?;
            stream.stream.set_zero_linger()?;
        }
    }
    stream.shutdown().await
}
