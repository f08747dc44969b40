#![doc = "The training gateway: a stand-in for the CRM gateway and its signing page, on loopback."]
//!
//! A real HTTP server that speaks the gateway's contract at a realistic pace, so that a console can
//! be learned, shown and tested without a customer. Which enrollment does what is decided by the
//! user id alone: see [`scenarios`].
//!
//! It listens on 127.0.0.1 only, keeps everything in memory and holds no data of anybody. That is
//! why its tokens are not secrets: they have the shape of the real ones and expire like them, but
//! their signature is the word "training" and is not verified. A token kept in a keyring therefore
//! still works after a restart, until its own expiry.

mod call;
mod enrollment;
mod http;
mod page;
mod script;
mod sessions;
mod token;
mod world;

use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub use script::{Scenario, scenarios};
pub use world::Poll;

use token::Tokens;
use world::World;

/// How long [`Sandbox::stop`] waits for requests in flight. Every answer is made at once, so only
/// a client that stopped reading can take longer.
const STOP_WITHIN: Duration = Duration::from_secs(1);

/// How a sandbox is to run.
#[derive(Debug, Clone)]
pub struct Config {
    /// The port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// How long an issued token is accepted. Rounded down to a whole second of the clock, as `exp`
    /// is: a token never outlives this, and one of zero length has expired when it is issued.
    pub token_lifetime: Duration,
    /// How fast enrollments move on.
    pub pace: Pace,
}

impl Default for Config {
    /// Any free port, tokens that live 3,600 s as the gateway's do, and real pace.
    fn default() -> Self {
        Self { port: 0, token_lifetime: Duration::from_secs(3_600), pace: Pace::Real }
    }
}

/// How fast enrollments move on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pace {
    /// As long as [`scenarios`] says.
    #[default]
    Real,
    /// Every wait takes a tenth of that. `Retry-After` stays a whole number of seconds, at least 1.
    Quick,
}

impl Pace {
    pub(crate) fn of(self, wait: Duration) -> Duration {
        match self {
            Self::Real => wait,
            Self::Quick => wait / 10,
        }
    }
}

/// A running sandbox. Stopping or dropping it closes its port.
#[derive(Debug)]
pub struct Sandbox {
    port: u16,
    shared: Arc<Shared>,
    /// Dropping this is what tells the server to stop, so that dropping the sandbox does too.
    running: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

impl Sandbox {
    /// Binds 127.0.0.1 and serves from the tokio runtime this is called in.
    ///
    /// # Errors
    /// When the port cannot be bound, for example because it is taken.
    pub async fn start(config: Config) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port)).await?;
        let port = listener.local_addr()?.port();
        let world = World::new(base(port), config.pace, Tokens::lasting(config.token_lifetime));
        let shared = Arc::new(Shared(Mutex::new(world)));

        let (running, stopped) = oneshot::channel::<()>();
        let serve = axum::serve(listener, http::routes(Arc::clone(&shared), &base(port)))
            .with_graceful_shutdown(async move {
                // Nothing is ever sent: the channel closes when the sandbox is stopped or dropped.
                let _closed = stopped.await;
            });
        let server = tokio::spawn(async move {
            // axum documents that this never ends with an error.
            let _served = serve.await;
        });
        Ok(Self { port, shared, running, server })
    }

    /// The port it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The gateway's base URL, `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn base(&self) -> String {
        base(self.port)
    }

    /// A new bearer token, as `POST /token` gives one.
    #[must_use]
    pub fn issue_token(&self) -> String {
        self.shared.with(World::issue_token)
    }

    /// Every token issued until now, by this sandbox or an earlier one, is answered 401 from here on.
    pub fn revoke_tokens(&self) {
        self.shared.with(World::revoke_tokens);
    }

    /// What the gateway was asked, oldest first: the last 100,000 polls that named a user.
    #[must_use]
    pub fn polls(&self) -> Vec<Poll> {
        self.shared.with(|world, _| world.polls())
    }

    /// Closes the port and waits, for a second at most, until requests in flight are answered.
    pub async fn stop(self) {
        let Self { running, mut server, .. } = self;
        drop(running);
        if tokio::time::timeout(STOP_WITHIN, &mut server).await.is_err() {
            server.abort();
        }
    }
}

fn base(port: u16) -> String {
    format!("http://{}:{port}", Ipv4Addr::LOCALHOST)
}

/// The world behind its lock, which is held for one synchronous call at a time.
#[derive(Debug)]
pub(crate) struct Shared(Mutex<World>);

impl Shared {
    /// Runs one call against the world, at the present moment of the wall clock: tokens carry wall
    /// clock times, and a gateway's enrollments go on while this machine sleeps.
    pub(crate) fn with<R>(&self, call: impl FnOnce(&mut World, Timestamp) -> R) -> R {
        let mut world = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        call(&mut world, Timestamp::now())
    }
}
