//! Access tokens, and the operating system's keyring on a thread of its own.

mod access_token;
mod command;
mod fetch;
mod keyring_thread;
mod parts;
mod store;

pub use access_token::{AccessToken, TokenError};
pub use command::{TokenCommand, TokenCommandError};
pub use fetch::FetchError;
pub use keyring_thread::{Account, Keyring, KeyringError};
