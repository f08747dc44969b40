//! One plain thread owns every call to the operating system's keyring.
//!
//! An unanswered unlock prompt blocks such a call for ever, and holds the store's lock meanwhile.
//! So callers wait a bounded time on a channel, and nobody ever joins the thread.

use std::{
    fmt,
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::Duration,
};

use keyring_core::{Entry, Error};
use tokio::{sync::oneshot, time::timeout};
use zeroize::Zeroizing;

use super::AccessToken;

/// The name under which people find the tokens in their keyring.
const SERVICE: &str = "enrollment-console";
/// How long a caller waits for the keyring.
const PATIENCE: Duration = Duration::from_secs(5);

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
pub struct Keyring(Sender<Request>);

impl Keyring {
    /// Starts the thread. It touches the keyring only when asked to.
    #[must_use]
    pub fn start() -> Self {
        let (sender, requests) = channel();
        // Where no thread can be had the receiver is gone, and every call answers `Busy`.
        drop(thread::Builder::new().name("keyring".into()).spawn(move || serve(&requests)));
        Self(sender)
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
        self.0.send(request).map_err(|_| KeyringError::Busy)?;
        match timeout(PATIENCE, answered).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) | Err(_) => Err(KeyringError::Busy),
        }
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keyring")
    }
}

fn serve(requests: &Receiver<Request>) {
    for Request { account, call, answer } in requests {
        // Whoever asked has given up: doing it now would surprise them.
        if answer.is_closed() {
            continue;
        }
        let mut result = perform(&account, &call);
        if let Err(Error::PlatformFailure(_)) = result {
            // A keyring that was restarted leaves a dead connection behind: one fresh try.
            keyring_core::unset_default_store();
            result = perform(&account, &call);
        }
        // Nobody may be waiting any more, which changes nothing.
        let _ = answer.send(result.map_err(|error| meaning(&error)));
    }
}

fn perform(account: &Account, call: &Call) -> Result<Option<AccessToken>, Error> {
    if keyring_core::get_default_store().is_none() {
        open_store()?;
    }
    let entry = Entry::new(SERVICE, &account.0)?;
    match call {
        Call::Read => match entry.get_secret() {
            Ok(secret) => Ok(read_secret(secret)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        },
        Call::Write(token) => entry.set_secret(token.secret().as_bytes()).map(|()| None),
        Call::Forget => match entry.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        },
    }
}

/// What somebody else wrote under our name, and is no token, counts as none.
fn read_secret(secret: Vec<u8>) -> Option<AccessToken> {
    let secret = Zeroizing::new(secret);
    AccessToken::from_pasted(str::from_utf8(&secret).ok()?).ok()
}

/// Opens the platform's store. The keyring crate remembers a failed start for the whole process,
/// so where it has failed before, the platform's own store is built anew.
fn open_store() -> Result<(), Error> {
    if keyring::Entry::store_status().is_ok() && keyring_core::get_default_store().is_some() {
        return Ok(());
    }
    #[cfg(target_os = "linux")]
    keyring_core::set_default_store(
        zbus_secret_service_keyring_store::Store::new().map_err(|_| Error::NoDefaultStore)?,
    );
    if keyring_core::get_default_store().is_some() { Ok(()) } else { Err(Error::NoDefaultStore) }
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
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_token_is_kept_replaced_and_forgotten() {
        keyring_core::set_default_store(keyring_core::mock::Store::new().expect("a mock store"));
        let keyring = Keyring::start();
        let account = Account::new("Test", "https://crm.example.bg");
        let other = Account::new("Test", "https://other.example.bg");
        assert_eq!(keyring.read(&account).await, Ok(None));
        for text in ["first", "second"] {
            let token = AccessToken::from_pasted(text).expect("a token");
            assert_eq!(keyring.write(&account, &token).await, Ok(()));
            assert_eq!(keyring.read(&account).await, Ok(Some(token)));
        }
        assert_eq!(keyring.read(&other).await, Ok(None), "another gateway has its own token");
        assert_eq!(keyring.forget(&account).await, Ok(()));
        assert_eq!(keyring.read(&account).await, Ok(None));
        assert_eq!(keyring.forget(&account).await, Ok(()), "forgetting twice is no error");
    }
}
