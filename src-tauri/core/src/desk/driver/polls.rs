//! What is under way outside: polls on their connections, a link on its way out, token commands.

use std::{
    collections::HashMap,
    io,
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use tokio::{
    runtime::{Builder, Runtime},
    sync::Notify,
    task::{AbortHandle, JoinError, JoinSet, yield_now},
    time::timeout,
};

use super::{StartError, WaysOut};
use crate::{
    desk::{
        Arrival, Leaving, Left, RequestId, Send,
        view::{Key, QrCode, Way},
    },
    enrollment::{Problem, ProblemKind},
    environment::Environment,
    gateway::{Answer, Authorities, Client, ClientError, GatewayUrl},
    numbers::{Answers, Asked},
    tokens::{AccessToken, FetchError, TokenCommand},
};

/// One pass runs every task that can go on and looks at the sockets. The second one lets what
/// they brought reach those who wait for it.
const PASSES: u32 = 2;
/// More than the tasks of a tick, so that a pass runs them all before it looks at the sockets.
const TASKS_A_PASS: u32 = 4_096;

/// What comes back from outside.
enum Errand {
    Answer { request: RequestId, environment: usize, answer: Answer, took: Duration },
    Left(Key, Result<Left, String>),
    Fetched(usize, Result<AccessToken, FetchError>),
}

pub(super) struct Polls {
    /// Does nothing but in [`Self::run`], [`Self::send`] and [`Self::connect`].
    runtime: Runtime,
    bases: Vec<(GatewayUrl, Option<Authorities>)>,
    clients: Vec<Client>,
    /// How the gateway of each environment answers.
    asked: Vec<Asked>,
    /// Made for a policy that the desk has still to follow, by the names of its environments.
    offered: Vec<(String, Client)>,
    ways_out: Arc<dyn WaysOut>,
    errands: JoinSet<Errand>,
    out: HashMap<RequestId, AbortHandle>,
}

impl Polls {
    pub fn new(
        environments: &[Environment],
        ways_out: Arc<dyn WaysOut>,
    ) -> Result<Self, StartError> {
        let bases: Vec<_> =
            environments.iter().map(|e| (e.gateway.clone(), e.authorities.clone())).collect();
        let clients = bases.iter().map(client).collect::<Result<_, ClientError>>()?;
        Ok(Self {
            runtime: runtime()?,
            asked: vec![Asked::since(Timestamp::now()); bases.len()],
            bases,
            clients,
            offered: Vec::new(),
            ways_out,
            errands: JoinSet::new(),
            out: HashMap::new(),
        })
    }

    /// Whether something is under way whose end has to be looked for.
    pub fn are_out(&self) -> bool {
        !self.errands.is_empty()
    }

    /// Whether a connection is being opened: that takes several exchanges, none of which should
    /// wait for a tick.
    pub fn are_connecting(&self) -> bool {
        self.clients.iter().any(Client::is_connecting)
    }

    /// Lets everything go on that can, without waiting for anything.
    pub fn run(&self) {
        self.runtime.block_on(pass());
    }

    /// Lets everything go on for so long, or until the bell rings.
    pub fn connect(&self, patience: Duration, bell: &Notify) {
        // Whether it rang or the time is up, the next step is the same.
        let _ = self.runtime.block_on(async { timeout(patience, bell.notified()).await });
    }

    /// What has come home.
    pub fn arrivals(&mut self) -> Vec<Arrival> {
        let mut arrivals = Vec::new();
        while let Some(errand) = self.errands.try_join_next() {
            arrivals.extend(self.home(errand));
        }
        arrivals
    }

    fn home(&mut self, errand: Result<Errand, JoinError>) -> Option<Arrival> {
        match errand {
            Ok(Errand::Answer { request, environment, answer, took }) => {
                if let Some(asked) = self.asked.get_mut(environment) {
                    asked.add(&answer, took);
                }
                self.out.remove(&request);
                Some(Arrival::Answer { request, answer })
            }
            Ok(Errand::Left(key, result)) => Some(Arrival::Left { key, result }),
            Ok(Errand::Fetched(environment, result)) => {
                Some(Arrival::TokenFetched { environment, result })
            }
            // A poll that panicked brought no answer; one that was cancelled has nobody waiting.
            Err(error) => {
                let id = error.id();
                let request = self.out.iter().find(|(_, p)| p.id() == id).map(|(r, _)| *r)?;
                self.out.remove(&request);
                let answer = Answer::Silent(Problem::new(ProblemKind::Reset));
                Some(Arrival::Answer { request, answer })
            }
        }
    }

    /// How the gateway of an environment has answered so far.
    pub fn answers(&self, environment: usize) -> Option<Answers> {
        self.asked.get(environment).map(Asked::sum_up)
    }

    pub fn cancel(&mut self, request: RequestId) {
        if let Some(poll) = self.out.remove(&request) {
            poll.abort();
        }
    }

    /// Clients for a policy's environments, of which the desk takes what it has no others for.
    pub fn offer(&mut self, clients: Vec<(String, Client)>) {
        self.offered = clients;
    }

    /// Takes the client that was offered for an environment.
    pub fn adopt(&mut self, place: usize, environment: &Environment) {
        let offered = self.offered.iter().position(|(name, _)| *name == environment.name);
        let Some(offered) = offered else { return };
        let (_, client) = self.offered.swap_remove(offered);
        let base = (environment.gateway.clone(), environment.authorities.clone());
        if place < self.clients.len() {
            (self.bases[place], self.clients[place]) = (base, client);
            self.asked[place] = Asked::since(Timestamp::now());
        } else {
            self.bases.push(base);
            self.clients.push(client);
            self.asked.push(Asked::since(Timestamp::now()));
        }
    }

    /// New connections in place of those that are not to be trusted any more.
    pub fn renew(&mut self, environment: usize) {
        // A machine that could set up a client before can do it again; if not, the old one is
        // still there.
        if let Ok(client) = client(&self.bases[environment]) {
            self.clients[environment] = client;
        }
    }

    /// Sends the polls of a tick, and whatever else can go on.
    pub fn send(&mut self, sends: Vec<Send>) {
        let Self { runtime, clients, errands, out, .. } = self;
        runtime.block_on(async {
            // Begun within the runtime they queue up before their connection, which then writes
            // them all at once; begun outside, each would wake it for itself.
            for Send { request, environment, user, token } in sends {
                let client = clients[environment].clone();
                let poll = async move {
                    let sent = Instant::now();
                    let answer = client.poll(user, &token).await;
                    Errand::Answer { request, environment, answer, took: sent.elapsed() }
                };
                out.insert(request, errands.spawn(poll));
            }
            pass().await;
        });
    }

    pub fn let_out(&mut self, leaving: Leaving) {
        let (ways_out, key) = (Arc::clone(&self.ways_out), leaving.key);
        let left = self.runtime.spawn_blocking(move || leave(&leaving, &*ways_out));
        let errand = async move {
            // A way out that panicked let nothing out that we know of.
            Errand::Left(key, left.await.unwrap_or_else(|_| Err("failed".to_owned())))
        };
        self.errands.spawn_on(errand, self.runtime.handle());
    }

    /// Runs a token command beside everything else.
    pub fn fetch(&mut self, environment: usize, command: TokenCommand) {
        let run = self.runtime.spawn_blocking(move || command.fetch());
        let errand = async move {
            let result = run.await.unwrap_or(Err(FetchError::NotStarted));
            Errand::Fetched(environment, result)
        };
        self.errands.spawn_on(errand, self.runtime.handle());
    }

    /// Ends without waiting: resolving a name can block for long.
    pub fn end(self) {
        self.runtime.shutdown_background();
    }
}

fn client((base, authorities): &(GatewayUrl, Option<Authorities>)) -> Result<Client, ClientError> {
    Client::new(base, authorities.as_ref())
}

fn leave(leaving: &Leaving, ways_out: &dyn WaysOut) -> Result<Left, String> {
    match leaving.way {
        Way::Browser => ways_out.open(&leaving.url).map(|()| Left::Opened),
        Way::Clipboard => ways_out.copy(&leaving.url).map(|()| Left::Copied),
        Way::QrCode => QrCode::of(&leaving.url).map(Left::Shown).map_err(|_| "too-long".to_owned()),
    }
}

async fn pass() {
    for _ in 0..PASSES {
        yield_now().await;
    }
}

fn runtime() -> io::Result<Runtime> {
    Builder::new_current_thread()
        .enable_all()
        .event_interval(TASKS_A_PASS)
        .thread_name("desk-errand")
        .build()
}
