//! Somebody on 127.0.0.1 who is asked, plays a script, and remembers what he heard.

use std::{
    io,
    net::Ipv4Addr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use rustls::ServerConfig;
use tokio::{
    io::AsyncWriteExt as _,
    net::{TcpListener, TcpSocket, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

use crate::{
    script::{self, Leave, Step},
    tap::{Heard, Tap},
};

/// What stands below the words of a script.
#[derive(Clone)]
pub enum Channel {
    /// Nothing: the bytes go over the wire as they are.
    Open,
    Tls(Arc<ServerConfig>),
}

pub struct Peer {
    pub port: u16,
    /// What came over the wire.
    pub wire: Heard,
    /// What was understood of it.
    pub plain: Heard,
    connections: Arc<AtomicUsize>,
    /// `None` where nobody listens.
    serving: Option<JoinHandle<()>>,
    /// Keeps the port from everybody else where nobody listens.
    closed: Option<TcpSocket>,
}

impl Peer {
    pub async fn start(channel: Channel, steps: Vec<Step>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let mut peer = Self::silent(listener.local_addr()?.port());
        let (wire, plain) = (peer.wire.clone(), peer.plain.clone());
        let connections = Arc::clone(&peer.connections);
        peer.serving = Some(tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::Relaxed);
                let stream = Tap { stream, heard: wire.clone() };
                let (channel, plain, steps) = (channel.clone(), plain.clone(), steps.clone());
                tokio::spawn(async move {
                    // A client that breaks off ends its connection, and nothing else.
                    let _ = converse(stream, channel, plain, &steps).await;
                });
            }
        }));
        Ok(peer)
    }

    /// A port that is taken, and on which nobody listens.
    pub fn closed() -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((Ipv4Addr::LOCALHOST, 0).into())?;
        let port = socket.local_addr()?.port();
        let mut peer = Self::silent(port);
        peer.closed = Some(socket);
        Ok(peer)
    }

    fn silent(port: u16) -> Self {
        Self {
            port,
            wire: Heard::default(),
            plain: Heard::default(),
            connections: Arc::default(),
            serving: None,
            closed: None,
        }
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        if let Some(serving) = &self.serving {
            serving.abort();
        }
    }
}

async fn converse(
    stream: Tap<TcpStream>,
    channel: Channel,
    plain: Heard,
    steps: &[Step],
) -> io::Result<()> {
    match channel {
        Channel::Open => {
            let mut stream = Tap { stream, heard: plain };
            let leave = script::play(&mut stream, steps).await?;
            farewell(stream.stream.stream, leave).await
        }
        Channel::Tls(config) => {
            let stream = TlsAcceptor::from(config).accept(stream).await?;
            let mut stream = Tap { stream, heard: plain };
            let leave = script::play(&mut stream, steps).await?;
            if leave == Leave::Farewell {
                stream.shutdown().await?;
            }
            farewell(stream.stream.into_inner().0.stream, leave).await
        }
    }
}

async fn farewell(mut stream: TcpStream, leave: Leave) -> io::Result<()> {
    if leave == Leave::Reset { stream.set_zero_linger() } else { stream.shutdown().await }
}
