//! The operating system's password store.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use keyring_core::{CredentialStore, Entry, Error};
use zeroize::Zeroizing;

use super::parts::Entries;

/// The name under which people find the tokens in their keyring.
const SERVICE: &str = "enrollment-console";

/// How a store is had, each time anew.
pub(super) type Open = Arc<dyn Fn() -> Result<Arc<CredentialStore>, Error> + Send + Sync>;

/// Opens the platform's store: the keyring crate's own the first time, which it keeps for the whole
/// process, and then always anew. A connection may be dead, or somebody may be waiting in it for
/// ever.
pub(super) fn open() -> Result<Arc<CredentialStore>, Error> {
    static OPENED: AtomicBool = AtomicBool::new(false);
    let usual = || keyring::Entry::store_status().is_ok().then(keyring_core::get_default_store);
    match usual().flatten() {
        Some(store) if !OPENED.swap(true, Ordering::Relaxed) => Ok(store),
        store => anew(store),
    }
}

#[cfg(target_os = "linux")]
fn anew(_: Option<Arc<CredentialStore>>) -> Result<Arc<CredentialStore>, Error> {
    match zbus_secret_service_keyring_store::Store::new() {
        Ok(store) => Ok(store),
        Err(_) => Err(Error::NoDefaultStore),
    }
}

/// There it is reached over no connection.
#[cfg(not(target_os = "linux"))]
fn anew(usual: Option<Arc<CredentialStore>>) -> Result<Arc<CredentialStore>, Error> {
    usual.ok_or(Error::NoDefaultStore)
}

/// An open store.
pub(super) struct InStore(pub Arc<CredentialStore>);

impl InStore {
    fn entry(&self, name: &str) -> Result<Entry, Error> {
        self.0.build(SERVICE, name, None)
    }
}

impl Entries for InStore {
    fn get(&mut self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        match self.entry(name)?.get_secret() {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn set(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        self.entry(name)?.set_secret(bytes)
    }

    fn delete(&mut self, name: &str) -> Result<(), Error> {
        match self.entry(name)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
