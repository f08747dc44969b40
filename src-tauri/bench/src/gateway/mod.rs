//! A gateway on 127.0.0.1 that speaks the contract over TLS, lean enough to leave the machine to
//! the subjects, and remembers when each user was polled.

mod flips;
mod ledger;

use std::{
    convert::Infallible,
    net::Ipv4Addr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use http_body_util::Full;
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue},
    server::conn::{http1, http2},
    service::service_fn,
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use serde::{Deserialize, Serialize};
use tokio::{
    net::{TcpListener, TcpStream},
    time::sleep,
};
use tokio_rustls::TlsAcceptor;

use crate::{args::GatewayArgs, child, contract};
use ledger::Ledger;

pub use flips::wall_micros;
pub use ledger::Report;

/// Requests that one HTTP/2 connection may have out. More than the engine's budget, so that no
/// subject is held up here.
const STREAMS: u32 = 500;
const H2: &[u8] = b"h2";
const HTTP1: &[u8] = b"http/1.1";

/// What a gateway says once it listens.
#[derive(Debug, Serialize, Deserialize)]
pub struct Listening {
    pub port: u16,
}

/// Serves until standard input ends, and answers every line there with a [`Report`].
pub fn run(args: &GatewayArgs) -> Result<()> {
    // One worker: what the gateway uses is taken from the machine that the subject runs on.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .context("no runtime")?;
    let acceptor = TlsAcceptor::from(Arc::new(tls(args)?));
    let gateway = Arc::new(Gateway { ledger: Mutex::new(Ledger::new(args)) });
    let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
    child::say(&Listening { port: listener.local_addr()?.port() })?;
    runtime.spawn(accept(listener, acceptor, Arc::clone(&gateway)));
    child::answer(|| gateway.ledger().report(Instant::now()))
}

fn tls(args: &GatewayArgs) -> Result<ServerConfig> {
    let certificate = CertificateDer::from_pem_file(&args.certificate)?;
    let key = PrivateKeyDer::from_pem_file(&args.key)?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)?;
    config.alpn_protocols = vec![H2.to_vec(), HTTP1.to_vec()];
    Ok(config)
}

struct Gateway {
    ledger: Mutex<Ledger>,
}

async fn accept(listener: TcpListener, acceptor: TlsAcceptor, gateway: Arc<Gateway>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (acceptor, gateway) = (acceptor.clone(), Arc::clone(&gateway));
        tokio::spawn(async move {
            // A client that breaks off ends its connection, and nothing else.
            let _ = converse(stream, acceptor, gateway).await;
        });
    }
}

async fn converse(stream: TcpStream, acceptor: TlsAcceptor, gateway: Arc<Gateway>) -> Result<()> {
    stream.set_nodelay(true)?;
    let tls = acceptor.accept(stream).await?;
    let is_h2 = tls.get_ref().1.alpn_protocol() == Some(H2);
    let connection = TokioIo::new(tls);
    gateway.ledger().connections += 1;
    let asked = Arc::clone(&gateway);
    let service = service_fn(move |request| poll(Arc::clone(&asked), request));
    let ended = if is_h2 {
        http2::Builder::new(TokioExecutor::new())
            .max_concurrent_streams(STREAMS)
            .serve_connection(connection, service)
            .await
    } else {
        http1::Builder::new().serve_connection(connection, service).await
    };
    gateway.ledger().connections -= 1;
    Ok(ended?)
}

async fn poll(
    gateway: Arc<Gateway>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let arrived = Instant::now();
    if request.headers().get(AUTHORIZATION).is_none_or(|it| it != contract::BEARER) {
        return Ok(refuse(StatusCode::UNAUTHORIZED));
    }
    let known = contract::user_in(request.uri().path())
        .and_then(|id| gateway.ledger().arrived(id, arrived));
    let Some((wait, body)) = known else { return Ok(refuse(StatusCode::NOT_FOUND)) };
    if wait > Duration::ZERO {
        sleep(wait).await;
    }
    gateway.ledger().answered(arrived.elapsed());
    let mut response = Response::new(Full::new(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

fn refuse(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    response
}

impl Gateway {
    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
