use std::{any::Any, collections::HashMap, sync::Condvar};

use keyring_core::{
    CredentialStore, Entry,
    api::{Credential, CredentialApi, CredentialStoreApi},
};

use super::*;

/// How the store behaves that a test has made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    Well,
    Locked,
    Denied,
    NoneHere,
    /// Somebody has to answer a prompt, and does not.
    Silent,
}

/// A store whose manner can change while it is used.
struct Made {
    manner: Mutex<Manner>,
    changed: Condvar,
    entries: Mutex<HashMap<String, Vec<u8>>>,
    opened: Mutex<u32>,
}

#[derive(Clone)]
struct Handle(Arc<Made>);

#[derive(Clone)]
struct One {
    store: Handle,
    name: String,
}

impl Handle {
    fn new(manner: Manner) -> Self {
        Self(Arc::new(Made {
            manner: Mutex::new(manner),
            changed: Condvar::new(),
            entries: Mutex::default(),
            opened: Mutex::new(0),
        }))
    }

    fn keyring(&self, patience: Patience) -> Keyring {
        let store = self.clone();
        let open = move || {
            *store.0.opened.lock().expect("a lock") += 1;
            if *store.0.manner.lock().expect("a lock") == Manner::NoneHere {
                return Err(Error::NoDefaultStore);
            }
            Ok(Arc::new(store.clone()) as Arc<CredentialStore>)
        };
        Keyring::start_with(Arc::new(open), patience)
    }

    fn becomes(&self, manner: Manner) {
        *self.0.manner.lock().expect("a lock") = manner;
        self.0.changed.notify_all();
    }

    fn behave(&self) -> Result<(), Error> {
        let manner = self.0.manner.lock().expect("a lock");
        let silent = |manner: &mut Manner| *manner == Manner::Silent;
        let manner = self.0.changed.wait_while(manner, silent).expect("a lock");
        match *manner {
            Manner::Well | Manner::Silent => Ok(()),
            Manner::Locked => Err(Error::NoStorageAccess("locked".into())),
            Manner::Denied => Err(Error::PlatformFailure("denied".into())),
            Manner::NoneHere => Err(Error::NotSupportedByStore("none".to_owned())),
        }
    }
}

impl CredentialStoreApi for Handle {
    fn vendor(&self) -> String {
        "made up".to_owned()
    }

    fn id(&self) -> String {
        "made up".to_owned()
    }

    fn build(&self, _: &str, user: &str, _: Option<&HashMap<&str, &str>>) -> Result<Entry, Error> {
        let one = One { store: self.clone(), name: user.to_owned() };
        Ok(Entry::new_with_credential(Arc::new(one)))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn debug_fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handle")
    }
}

impl CredentialApi for One {
    fn set_secret(&self, secret: &[u8]) -> Result<(), Error> {
        self.store.behave()?;
        let mut entries = self.store.0.entries.lock().expect("a lock");
        entries.insert(self.name.clone(), secret.to_vec());
        Ok(())
    }

    fn get_secret(&self) -> Result<Vec<u8>, Error> {
        self.store.behave()?;
        let entries = self.store.0.entries.lock().expect("a lock");
        entries.get(&self.name).cloned().ok_or(Error::NoEntry)
    }

    fn delete_credential(&self) -> Result<(), Error> {
        self.store.behave()?;
        let mut entries = self.store.0.entries.lock().expect("a lock");
        entries.remove(&self.name).map(drop).ok_or(Error::NoEntry)
    }

    fn get_credential(&self) -> Result<Option<Arc<Credential>>, Error> {
        Ok(None)
    }

    fn get_specifiers(&self) -> Option<(String, String)> {
        None
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn debug_fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("One")
    }
}

fn account() -> Account {
    Account::new("Test", "https://crm.example.bg")
}

fn of(length: usize) -> AccessToken {
    AccessToken::from_pasted(&"x".repeat(length)).expect("a token")
}

const LONG: Duration = Duration::from_secs(60);
const PATIENT: Patience = Patience { caller: LONG, all: LONG };

#[tokio::test]
async fn a_token_is_kept_replaced_and_forgotten() {
    let keyring = Handle::new(Manner::Well).keyring(PATIENT);
    let other = Account::new("Test", "https://other.example.bg");
    assert_eq!(keyring.read(&account()).await, Ok(None));
    for token in [of(5), of(9_000), of(3_000), of(7)] {
        assert_eq!(keyring.write(&account(), &token).await, Ok(()));
        assert_eq!(keyring.read(&account()).await, Ok(Some(token)));
    }
    assert_eq!(keyring.read(&other).await, Ok(None), "another gateway has its own token");
    assert_eq!(keyring.forget(&account()).await, Ok(()));
    assert_eq!(keyring.read(&account()).await, Ok(None));
    assert_eq!(keyring.forget(&account()).await, Ok(()), "forgetting twice is no error");
}

#[tokio::test]
async fn in_every_state_of_the_store_each_call_has_its_answer_and_goes_on_when_it_is_well() {
    for (manner, trouble) in [
        (Manner::Well, None),
        (Manner::Locked, Some(KeyringError::Locked)),
        (Manner::Denied, Some(KeyringError::Denied)),
        (Manner::NoneHere, Some(KeyringError::NoneHere)),
        (Manner::Silent, Some(KeyringError::Busy)),
    ] {
        for is_there in [true, false] {
            let store = Handle::new(Manner::Well);
            if is_there {
                store.keyring(PATIENT).write(&account(), &of(5)).await.expect("kept");
            }
            store.becomes(manner);
            let caller = if manner == Manner::Silent { Duration::from_millis(300) } else { LONG };
            let keyring = store.keyring(Patience { caller, all: LONG });
            let expected = |well: Option<AccessToken>| trouble.map_or(Ok(well), Err);
            let there = is_there.then(|| of(5));
            let case = format!("{manner:?}, there: {is_there}");
            assert_eq!(keyring.read(&account()).await, expected(there), "{case}");
            let written = keyring.write(&account(), &of(3_000)).await;
            assert_eq!(written, expected(None).map(drop), "{case}");
            assert_eq!(keyring.forget(&account()).await, expected(None).map(drop), "{case}");
            store.becomes(Manner::Well);
            let found = loop {
                match keyring.read(&account()).await {
                    // It still has to come out of the call that nobody waits for any more.
                    Err(KeyringError::Busy) if manner == Manner::Silent => {}
                    answer => break answer,
                }
            };
            // What was asked for while it did not answer was not done behind anybody's back.
            let stays = is_there && trouble.is_some();
            assert_eq!(found, Ok(stays.then(|| of(5))), "{case}");
        }
    }
}

#[tokio::test]
async fn a_prompt_that_nobody_answers_holds_nobody_up_and_is_left_behind() {
    let store = Handle::new(Manner::Silent);
    let caller = Duration::from_millis(50);
    let keyring = store.keyring(Patience { caller, all: Duration::ZERO });
    for lost in 0..MOST_LOST + 3 {
        assert_eq!(keyring.read(&account()).await, Err(KeyringError::Busy));
        let opened = lost.min(MOST_LOST) + 1;
        while *store.0.opened.lock().expect("a lock") < opened {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(*store.0.opened.lock().expect("a lock"), opened, "each opens it anew");
    }
    store.becomes(Manner::Well);
    while keyring.write(&account(), &of(5)).await != Ok(()) {}
}

#[tokio::test]
async fn a_connection_that_died_is_replaced_once() {
    let store = Handle::new(Manner::Well);
    let keyring = store.keyring(PATIENT);
    keyring.write(&account(), &of(5)).await.expect("kept");
    store.becomes(Manner::Denied);
    assert_eq!(keyring.read(&account()).await, Err(KeyringError::Denied));
    assert_eq!(*store.0.opened.lock().expect("a lock"), 2, "one fresh try");
}
