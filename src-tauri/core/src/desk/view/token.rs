//! What the window may know of a token, and what may go wrong with one.

use serde::Serialize;

use crate::tokens::{FetchError, TokenError};

/// What is known of an environment's token. Never the token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct TokenView {
    pub state: TokenState,
    /// When it says that it expires; a hint, never trusted.
    pub expires: Option<i64>,
    /// Kept in memory alone, until the console closes.
    pub session_only: bool,
    /// How it stands with the program that fetches tokens, where there is one.
    pub command: Option<CommandView>,
}

/// The runs of a token command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct CommandView {
    pub running: bool,
    /// When it last brought a token.
    pub fetched: Option<i64>,
    /// Why the last run brought none.
    pub problem: Option<FetchError>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum TokenState {
    /// The keyring has not answered yet, or the token command has not.
    Reading,
    Missing,
    /// There is one; no poll has shown yet whether the gateway accepts it.
    Unchecked,
    Accepted,
    /// The gateway answered 401 to it.
    Refused,
    /// The gateway answered 403 to it: accepted, but not for this.
    Forbidden,
    /// The keyring is locked.
    Locked,
    /// The keyring did not answer within five seconds.
    Busy,
    /// The keyring refused access.
    Denied,
    /// This computer has no keyring.
    NoneHere,
}

/// Why a token was not taken or not kept. The window translates the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum TokenProblem {
    #[error("there is no such environment")]
    UnknownEnvironment,
    #[error("token: it is empty")]
    Empty,
    #[error("token: a blank or a line end stands inside it")]
    InnerBlank,
    #[error("token: a character stands inside it that no HTTP header may carry")]
    BadCharacter,
    #[error("token: longer than 16 KiB")]
    TooLong,
    #[error("the password store is locked")]
    Locked,
    #[error("the password store does not answer")]
    Busy,
    #[error("the password store refused access")]
    Denied,
    #[error("this computer has no password store")]
    NoneHere,
    /// Its command brings it, so nothing is kept.
    #[error("the environment's token command brings its token: nothing is kept")]
    Fetched,
    #[error("say first who is there")]
    WhoIsThere,
}

impl From<TokenError> for TokenProblem {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Empty => Self::Empty,
            TokenError::InnerBlank => Self::InnerBlank,
            TokenError::BadCharacter => Self::BadCharacter,
            TokenError::TooLong => Self::TooLong,
        }
    }
}
