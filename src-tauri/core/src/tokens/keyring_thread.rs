//! One plain thread owns every call to the operating system's keyring.
//!
//! An unanswered unlock prompt blocks such a call for ever, and holds the store's lock meanwhile.
//! So callers wait a bounded time on a channel, and nobody ever joins the thread. One that is silent
//! for too long is left behind: another thread opens the store anew, and takes what is asked next.

use std::{
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::{Duration, Instant},
};

use keyring_core::Error;
use tokio::{sync::oneshot, time::timeout};

use super::{
    AccessToken, parts,
    store::{InStore, Open, open},
};

/// How long who waits for the keyring.
#[derive(Clone, Copy)]
struct Patience {
    /// A caller, for an answer.
    caller: Duration,
    /// All callers together, for a call that does not come back.
    all: Duration,
}

const PATIENCE: Patience =
    Patience { caller: Duration::from_secs(5), all: Duration::from_secs(30) };
/// Whoever never answers a prompt is not given threads without end.
const MOST_LOST: u32 = 8;

/// Names one environment's token. The gateway is part of it: an environment whose gateway was
/// changed does not send the old one's token there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account(String);

impl Account {
    #[must_use]
    pub fn new(environment: &str, gateway: &str) -> Self {
        Self(format!("{environment} {gateway}"))
    }
}

/// Why the keyring did not do what it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    #[error("the password store is locked: unlock it and try again")]
    Locked,
    #[error("the password store does not answer: look for its prompt, then try again")]
    Busy,
    #[error("the password store refused access")]
    Denied,
    #[error("this computer has no password store that the console can use")]
    NoneHere,
}

enum Call {
    Read,
    Write(AccessToken),
    Forget,
}

struct Request {
    account: Account,
    call: Call,
    answer: oneshot::Sender<Result<Option<AccessToken>, KeyringError>>,
}

/// The way to the keyring's thread. Dropping the last clone ends the thread once it is idle.
#[derive(Clone)]
pub struct Keyring(Arc<Mutex<Current>>);

/// The thread that has the store now.
struct Current {
    open: Open,
    requests: Sender<Request>,
    /// Since when it has been at its call.
    busy: Arc<Mutex<Option<Instant>>>,
    patience: Patience,
    /// Threads that were left behind.
    lost: u32,
}

impl Keyring {
    /// Starts the thread. It touches the keyring only when asked to.
    #[must_use]
    pub fn start() -> Self {
        Self::start_with(Arc::new(open), PATIENCE)
    }

    fn start_with(open: Open, patience: Patience) -> Self {
        let (requests, busy) = begin(Arc::clone(&open));
        Self(Arc::new(Mutex::new(Current { open, requests, busy, patience, lost: 0 })))
    }

    /// The token kept for this account, if there is one.
    ///
    /// # Errors
    /// As [`KeyringError`] says; [`KeyringError::Busy`] after five seconds.
    pub async fn read(&self, account: &Account) -> Result<Option<AccessToken>, KeyringError> {
        self.ask(account, Call::Read).await
    }

    /// Keeps the token, in place of an older one.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub async fn write(&self, account: &Account, token: &AccessToken) -> Result<(), KeyringError> {
        self.ask(account, Call::Write(token.clone())).await.map(drop)
    }

    /// Forgets the token. There being none is no error.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub async fn forget(&self, account: &Account) -> Result<(), KeyringError> {
        self.ask(account, Call::Forget).await.map(drop)
    }

    async fn ask(
        &self,
        account: &Account,
        call: Call,
    ) -> Result<Option<AccessToken>, KeyringError> {
        let (answer, answered) = oneshot::channel();
        let request = Request { account: account.clone(), call, answer };
        let (requests, patience) = self.current();
        requests.send(request).map_err(|_| KeyringError::Busy)?;
        match timeout(patience, answered).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) | Err(_) => Err(KeyringError::Busy),
        }
    }

    /// The way to a thread that may still answer, and how long that is waited for.
    fn current(&self) -> (Sender<Request>, Duration) {
        let mut current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if current.is_lost() && current.lost < MOST_LOST {
            current.lost += 1;
            (current.requests, current.busy) = begin(Arc::clone(&current.open));
        }
        (current.requests.clone(), current.patience.caller)
    }
}

impl Current {
    fn is_lost(&self) -> bool {
        let busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        busy.is_some_and(|since| since.elapsed() >= self.patience.all)
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keyring")
    }
}

fn begin(open: Open) -> (Sender<Request>, Arc<Mutex<Option<Instant>>>) {
    let (sender, requests) = channel();
    let busy = Arc::default();
    let told = Arc::clone(&busy);
    // Where no thread can be had the receiver is gone, and every call answers `Busy`.
    let serves = move || serve(&requests, &open, &told);
    drop(thread::Builder::new().name("keyring".into()).spawn(serves));
    (sender, busy)
}

fn serve(requests: &Receiver<Request>, open: &Open, busy: &Mutex<Option<Instant>>) {
    let at_work = |since| *busy.lock().unwrap_or_else(PoisonError::into_inner) = since;
    let mut store = None;
    for Request { account, call, answer } in requests {
        // Whoever asked has given up: doing it now would surprise them.
        if answer.is_closed() {
            continue;
        }
        at_work(Some(Instant::now()));
        let mut result = perform(&mut store, open, &account, &call);
        if let Err(Error::PlatformFailure(_)) = result {
            // A keyring that was restarted leaves a dead connection behind: one fresh try.
            store = None;
            result = perform(&mut store, open, &account, &call);
        }
        at_work(None);
        // Nobody may be waiting any more, which changes nothing.
        let _ = answer.send(result.map_err(|error| meaning(&error)));
    }
}

fn perform(
    store: &mut Option<InStore>,
    open: &Open,
    Account(account): &Account,
    call: &Call,
) -> Result<Option<AccessToken>, Error> {
    let entries = match store.take() {
        Some(store) => store,
        None => InStore(open()?),
    };
    let entries = store.insert(entries);
    match call {
        Call::Read => parts::read(entries, account),
        Call::Write(token) => parts::write(entries, account, token).map(|()| None),
        Call::Forget => parts::forget(entries, account).map(|()| None),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the crate's list of errors is open")]
fn meaning(error: &Error) -> KeyringError {
    match error {
        Error::NoStorageAccess(_) => KeyringError::Locked,
        Error::NoDefaultStore | Error::NotSupportedByStore(_) => KeyringError::NoneHere,
        // The rest, and what later versions of the crate may add: the store is there and unwilling.
        _ => KeyringError::Denied,
    }
}

#[cfg(test)]
mod tests;
