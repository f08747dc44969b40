//! An enrollment and its life: who, which step, how it ended. No I/O, no clock.

mod entry;
mod operator;
mod outcome;
mod status;
mod text;
mod user;

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use entry::{Entry, Event, Pause};
pub use operator::{NameError, Operator};
pub use outcome::{Interruption, Miss, Outcome, Problem, ProblemKind, TimeoutCause};
pub use status::Status;
pub use text::{is_unseen, shortened, visible};
pub use user::{User, UserId, UserIdError, UserType};

/// The longest label that an enrollment may have, in characters.
pub const LONGEST_LABEL: usize = 80;

/// Names one enrollment, for as long as anything is kept of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(transparent)]
pub struct Key(pub u64);

/// One look at the gateway that is to come, and who wants it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    pub at: Timestamp,
    pub by: Arc<Operator>,
}

/// The two stretches in which the gateway is polled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Phase A of the gateway's page: from identification to the signing link.
    PreSign,
    /// Phase B: from signing to its confirmation.
    PostSign,
}

impl Phase {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::PreSign => "pre-sign",
            Self::PostSign => "post-sign",
        }
    }

    /// What somebody must have stated before this phase may be polled: the call's
    /// `isIdentificationCompleted=true` asserts it.
    #[must_use]
    pub fn begins_on(self) -> Says {
        match self {
            Self::PreSign => Says::IdentificationFinished,
            Self::PostSign => Says::SigningFinished,
        }
    }
}

/// What a statement says: that the customer reached the Success page of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Says {
    IdentificationFinished,
    SigningFinished,
}

/// How a statement reached the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// A button of the window.
    Button,
    /// The answer given when the enrollment was added.
    Adding,
    /// The command line that started the watch.
    CommandLine,
    /// The page that the customer returned to, on the computer where the link was handed over.
    Returned,
}

/// Somebody's word that the step before a phase succeeded. The console never makes one by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    pub says: Says,
    pub how: How,
    pub by: Arc<Operator>,
    pub at: Timestamp,
}

/// Where the customer is, which decides whether opening the link here makes sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// Beside the clerk: the signing page opens on this computer.
    Desk,
    /// Elsewhere: the link belongs in the customer's own browser.
    Remote,
}

/// How far the customer is when the enrollment is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Customer {
    StillIdentifying,
    IdentificationFinished,
    SigningFinished,
}

impl Customer {
    #[must_use]
    pub fn says(self) -> Option<Says> {
        match self {
            Self::StillIdentifying => None,
            Self::IdentificationFinished => Some(Says::IdentificationFinished),
            Self::SigningFinished => Some(Says::SigningFinished),
        }
    }
}

/// Why a customer gave up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum GaveUp {
    /// The browser came back on the Fail page.
    FailPage,
    /// The customer said so.
    SaidSo,
}
