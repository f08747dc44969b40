//! The floor: one connection of the HTTP library, requests and answers handled in ticks, and
//! nothing else.

use std::{
    convert::Infallible,
    hint::black_box,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use http_body_util::{BodyExt as _, Empty};
use hyper::{
    Request, StatusCode, Uri,
    body::Bytes,
    client::conn::http2::{self, SendRequest},
    header::{ACCEPT, AUTHORIZATION},
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use tokio::{net::TcpStream, runtime::Runtime, task::yield_now};
use tokio_rustls::TlsConnector;

use super::{Nothing, give_up};
use crate::{
    args::SubjectArgs,
    child,
    contract::{BEARER, path, status_in},
};

const TICK: Duration = Duration::from_millis(100);
/// Ticks in an interval.
const SLOTS: usize = 30;
/// How often the runtime is turned in a tick. A turn runs every task that can go on and looks at
/// the sockets; the second one handles what they brought.
const TURNS: u32 = 2;
/// More than the tasks of a tick.
const TASKS_A_TURN: u32 = 1_024;

/// Polls until standard input ends.
pub fn run(args: &SubjectArgs) -> Result<()> {
    let base = args.gateway.clone();
    let users = args.users;
    // A plain thread: the first one waits for standard input.
    thread::spawn(move || {
        let Err(error) = poll_all(&base, users);
        give_up(&error)
    });
    child::answer(|| Nothing {})
}

fn poll_all(base: &str, users: u32) -> Result<Infallible> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .event_interval(TASKS_A_TURN)
        .build()
        .context("no runtime")?;
    let uris = (1..=users)
        .map(|id| format!("{base}{}", path(id)).parse())
        .collect::<Result<Vec<Uri>, _>>()?;
    let first = uris.first().context("no users")?;
    let sender = runtime.block_on(connect(first))?;
    let mut next = Instant::now();
    for slot in (0..SLOTS).cycle() {
        for uri in uris.iter().skip(slot).step_by(SLOTS) {
            runtime.spawn(poll(sender.clone(), uri.clone()));
        }
        turn(&runtime);
        next += TICK;
        thread::sleep(next.saturating_duration_since(Instant::now()));
    }
    unreachable!("a cycle has no end")
}

/// Lets everything happen that can happen without waiting.
fn turn(runtime: &Runtime) {
    runtime.block_on(async {
        for _ in 0..TURNS {
            yield_now().await;
        }
    });
}

async fn connect(uri: &Uri) -> Result<SendRequest<Empty<Bytes>>> {
    let (host, port) = (uri.host().context("no host")?, uri.port_u16().context("no port")?);
    let stream = TcpStream::connect((host, port)).await?;
    stream.set_nodelay(true)?;
    let name = ServerName::try_from(host.to_owned())?;
    let tls = TlsConnector::from(Arc::new(tls()?)).connect(name, stream).await?;
    let (sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(tls)).await?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            give_up(&error.into());
        }
    });
    Ok(sender)
}

/// Trusts what `SSL_CERT_FILE` holds, as the other subjects do.
fn tls() -> Result<ClientConfig> {
    let file = std::env::var_os("SSL_CERT_FILE").context("no SSL_CERT_FILE")?;
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(file)?)?;
    let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(config)
}

async fn poll(sender: SendRequest<Empty<Bytes>>, uri: Uri) {
    match ask(sender, uri).await {
        Ok(status) => drop(black_box(status)),
        Err(error) => give_up(&error),
    }
}

async fn ask(mut sender: SendRequest<Empty<Bytes>>, uri: Uri) -> Result<Option<String>> {
    let request = Request::get(uri)
        .header(ACCEPT, "application/json")
        .header(AUTHORIZATION, BEARER)
        .body(Empty::new())?;
    let response = sender.send_request(request).await?;
    ensure!(response.status() == StatusCode::OK, "{}", response.status());
    status_in(&response.into_body().collect().await?.to_bytes())
}
