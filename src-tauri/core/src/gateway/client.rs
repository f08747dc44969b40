//! The reqwest client of one environment.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use reqwest::{
    Response,
    header::{ACCEPT, AUTHORIZATION, DATE, HeaderMap, HeaderValue, RETRY_AFTER},
    redirect, retry, tls,
};
use tokio::time::{Instant, timeout_at};

use super::{
    Answer, Authorities, GatewayUrl, LARGEST_BODY, Reach,
    connections::{Connections, Counting},
    reach, reading, silence,
};
use crate::{
    enrollment::{Problem, ProblemKind, User},
    tokens::AccessToken,
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// For the whole call, the body included.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Without keep-alive a dead HTTP/2 path fails every poll for good, while new connections would
/// work.
const KEEP_ALIVE: Duration = Duration::from_secs(5);

/// Asks one gateway. A clone shares its connections.
#[derive(Clone, Debug)]
pub struct Client(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    base: GatewayUrl,
    http: reqwest::Client,
    connections: Arc<Connections>,
}

/// The TLS set-up of this machine does not allow a client.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client could not be set up: {0}")]
pub struct ClientError(#[source] reqwest::Error);

impl Client {
    /// Where there are `authorities`, they alone may vouch for the gateway; otherwise the platform's.
    ///
    /// # Errors
    /// Where the platform's certificates cannot be used.
    pub fn new(base: &GatewayUrl, authorities: Option<&Authorities>) -> Result<Self, ClientError> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let connections = Connections::new();
        let mut builder = reqwest::Client::builder()
            .default_headers(headers)
            .user_agent(concat!("enrollment-console/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .referer(false)
            // A retry that nobody counts would break the gaps of the contract.
            .retry(retry::never())
            // Whatever else a build switches on, nothing is unpacked here: what was not asked for
            // could grow without bounds.
            .no_gzip()
            .no_brotli()
            .no_deflate()
            .no_zstd()
            .tls_backend_rustls()
            .tls_version_min(tls::Version::TLS_1_2)
            .https_only(base.is_https())
            .connect_timeout(CONNECT_TIMEOUT)
            .connector_layer(Counting(Arc::clone(&connections)))
            .timeout(TIMEOUT)
            .http2_keep_alive_interval(KEEP_ALIVE)
            .http2_keep_alive_timeout(KEEP_ALIVE);
        if base.is_loopback() {
            // A proxy on the way to this very machine would see the token.
            builder = builder.no_proxy();
        }
        if let Some(authorities) = authorities {
            builder = builder.tls_certs_only(authorities.certificates().map_err(ClientError)?);
        }
        let http = builder.build().map_err(ClientError)?;
        Ok(Self(Arc::new(Inner { base: base.clone(), http, connections })))
    }

    /// Whether a connection is being opened.
    #[must_use]
    pub fn is_connecting(&self) -> bool {
        self.0.connections.are_opening()
    }

    /// Asks for nothing in particular, without a token and about nobody.
    pub async fn reach(&self) -> Reach {
        let begin = Instant::now();
        match self.0.http.get(self.0.base.address()).send().await {
            Ok(response) => reach::answered(response.status().as_u16(), begin.elapsed()),
            Err(error) => Reach::Silent { problem: silence::reason(&error) },
        }
    }

    /// One poll. Never fails: whatever happens is an answer of some class.
    pub async fn poll(&self, user: User, token: &AccessToken) -> Answer {
        let Inner { base, http, connections } = &*self.0;
        let deadline = Instant::now() + TIMEOUT;
        if timeout_at(deadline, connections.shared()).await.is_err() {
            return Answer::Silent(Problem::new(ProblemKind::Timeout));
        }
        let request = http
            .get(base.poll_address(user))
            .header(AUTHORIZATION, token.header())
            // What was spent on waiting for a connection is spent.
            .timeout(deadline - Instant::now());
        match request.send().await {
            Ok(response) => {
                connections.answered(response.version());
                classify(response).await
            }
            Err(error) => Answer::Silent(silence::reason(&error)),
        }
    }
}

async fn classify(response: Response) -> Answer {
    let http = response.status().as_u16();
    let retry_after = retry_after(response.headers());
    let body = if reading::is_explained(http) { read_body(response).await } else { Ok(Vec::new()) };
    reading::read(http, retry_after, body.as_deref().map_err(|kind| *kind))
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    reading::retry_after(text(RETRY_AFTER)?, text(DATE), SystemTime::now())
}

/// The body, up to the largest one that is read at all.
async fn read_body(mut response: Response) -> Result<Vec<u8>, ProblemKind> {
    if response.content_length().is_some_and(|length| length > LARGEST_BODY as u64) {
        return Err(ProblemKind::Oversized);
    }
    let mut bytes = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if bytes.len() + chunk.len() > LARGEST_BODY => {
                return Err(ProblemKind::Oversized);
            }
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => return Ok(bytes),
            Err(error) if error.is_timeout() => return Err(ProblemKind::Timeout),
            Err(_) => return Err(ProblemKind::Truncated),
        }
    }
}
