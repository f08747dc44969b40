//! A gateway over TLS on 127.0.0.1, with HTTP/2 or without, and a relay on the way to it that can
//! go dead under its connections.

use std::{
    collections::HashMap,
    convert::Infallible,
    fs,
    io::{Read as _, Write as _},
    net::{Ipv4Addr, Shutdown, TcpListener, TcpStream},
    path::PathBuf,
    pin::pin,
    process::Command,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use http_body_util::Full;
use hyper::{
    Request, Response,
    body::{Bytes, Incoming},
    server::conn::{http1, http2},
    service::service_fn,
};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustls::{ServerConfig, crypto::aws_lc_rs, pki_types::PrivateKeyDer};
use tempfile::TempDir;
use tokio::{runtime::Runtime, sync::Notify, time::sleep};
use tokio_rustls::TlsAcceptor;

/// How the gateway behaves.
#[derive(Clone, Copy)]
pub struct Manner {
    pub http2: bool,
    /// From a request to its answer.
    pub after: Duration,
    /// Polls of each user that are answered with `PROCESSING` before the customer has signed.
    pub patience: usize,
    /// Requests after which it says goodbye to a connection.
    pub goodbye_after: Option<usize>,
}

impl Default for Manner {
    fn default() -> Self {
        Self { http2: true, after: Duration::from_millis(40), patience: 3, goodbye_after: None }
    }
}

pub struct SecureGateway {
    port: u16,
    folder: TempDir,
    state: Arc<State>,
    /// Dropped, it ends the gateway.
    _runtime: Runtime,
}

struct State {
    manner: Manner,
    connections: AtomicUsize,
    polls: Mutex<HashMap<String, Vec<Instant>>>,
}

impl SecureGateway {
    pub fn start(manner: Manner) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()])
            .expect("a certificate");
        fs::write(folder.path().join("certificate.pem"), made.cert.pem()).expect("written");
        let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
        let mut tls = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("TLS versions")
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .expect("a usable certificate");
        let protocol: &[u8] = if manner.http2 { b"h2" } else { b"http/1.1" };
        tls.alpn_protocols = vec![protocol.to_vec()];
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let state =
            Arc::new(State { manner, connections: AtomicUsize::new(0), polls: Mutex::default() });
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
            .expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        runtime.spawn(accept(listener, TlsAcceptor::from(Arc::new(tls)), Arc::clone(&state)));
        Self { port, folder, state, _runtime: runtime }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Makes a program trust this gateway's certificate.
    pub fn trusted_by(&self, mut command: Command) -> Command {
        command.env("SSL_CERT_FILE", self.certificate());
        command
    }

    fn certificate(&self) -> PathBuf {
        self.folder.path().join("certificate.pem")
    }

    /// How many connections were opened to it.
    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::Relaxed)
    }

    /// The shortest and the longest gap between two polls of one user.
    pub fn gaps(&self) -> (Duration, Duration) {
        let polls = self.state.polls();
        let gaps = || polls.values().flat_map(|at| at.windows(2).map(|w| w[1] - w[0]));
        (gaps().min().expect("more than one poll"), gaps().max().expect("more than one poll"))
    }

    /// Waits until it was asked so many times.
    pub fn wait_for(&self, polls: usize) {
        let patience = Instant::now() + Duration::from_secs(20);
        while self.state.polls().values().map(Vec::len).sum::<usize>() < polls {
            assert!(Instant::now() < patience, "{polls} polls never came");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl State {
    fn polls(&self) -> MutexGuard<'_, HashMap<String, Vec<Instant>>> {
        self.polls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn accept(listener: tokio::net::TcpListener, tls: TlsAcceptor, state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (tls, state) = (tls.clone(), Arc::clone(&state));
        tokio::spawn(async move {
            // Who does not trust the certificate breaks off, and is no connection.
            if let Ok(stream) = tls.accept(stream).await {
                state.connections.fetch_add(1, Ordering::Relaxed);
                converse(TokioIo::new(stream), state).await;
            }
        });
    }
}

async fn converse(
    stream: TokioIo<tokio_rustls::server::TlsStream<tokio::net::TcpStream>>,
    state: Arc<State>,
) {
    let enough = Arc::new(Notify::new());
    let served = Arc::new(AtomicUsize::new(0));
    let manner = state.manner;
    let service = {
        let enough = Arc::clone(&enough);
        service_fn(move |request| {
            let nth = served.fetch_add(1, Ordering::Relaxed) + 1;
            if manner.goodbye_after == Some(nth) {
                enough.notify_one();
            }
            answer(Arc::clone(&state), request)
        })
    };
    // A client that breaks off ends its connection, and nothing else.
    if manner.http2 {
        let connection = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .serve_connection(stream, service);
        let mut connection = pin!(connection);
        let over = tokio::select! {
            _ = connection.as_mut() => true,
            () = enough.notified() => false,
        };
        if !over {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    } else {
        let _ = http1::Builder::new().serve_connection(stream, service).await;
    }
}

async fn answer(
    state: Arc<State>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let user = request.uri().path().to_owned();
    let nth = {
        let mut polls = state.polls();
        let polls = polls.entry(user).or_default();
        polls.push(Instant::now());
        polls.len()
    };
    sleep(state.manner.after).await;
    let status = if nth > state.manner.patience { "DOCUMENT_SIGN_SUCCESS" } else { "PROCESSING" };
    let body = format!(r#"{{"videoIdentificationStatus":"{status}"}}"#);
    Ok(Response::new(Full::new(Bytes::from(body))))
}

/// Stands between the program and its gateway.
pub struct Relay {
    port: u16,
    /// Connections with a lower number carry nothing any more.
    living_from: Arc<AtomicUsize>,
    opened: Arc<AtomicUsize>,
}

impl Relay {
    /// `slowness`: how long a new connection waits before anything passes.
    pub fn to(gateway: u16, slowness: Duration) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let (living_from, opened) = (Arc::default(), Arc::new(AtomicUsize::new(0)));
        let relay = Self { port, living_from, opened };
        let (living_from, opened) = (Arc::clone(&relay.living_from), Arc::clone(&relay.opened));
        thread::spawn(move || {
            for near in listener.incoming().flatten() {
                let number = opened.fetch_add(1, Ordering::SeqCst);
                let living_from = Arc::clone(&living_from);
                thread::spawn(move || {
                    thread::sleep(slowness);
                    let Ok(far) = TcpStream::connect((Ipv4Addr::LOCALHOST, gateway)) else {
                        return;
                    };
                    let lives = move || number >= living_from.load(Ordering::SeqCst);
                    let back = (far.try_clone(), near.try_clone(), lives.clone());
                    if let (Ok(from), Ok(to), lives) = back {
                        thread::spawn(move || pass(from, to, &lives));
                    }
                    pass(near, far, &lives);
                });
            }
        });
        relay
    }

    pub fn base(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }

    /// Whatever is connected stays so, and nothing passes any more; new connections are served.
    pub fn go_dead(&self) {
        self.living_from.store(self.opened.load(Ordering::SeqCst), Ordering::SeqCst);
    }
}

/// Carries bytes for as long as the connection lives, and swallows them afterwards.
fn pass(mut from: TcpStream, mut to: TcpStream, lives: &impl Fn() -> bool) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut bytes) {
        if lives() && to.write_all(&bytes[..length]).is_err() {
            return;
        }
    }
    // A farewell does not pass a dead path either.
    if lives() {
        let _ = to.shutdown(Shutdown::Write);
    }
}
