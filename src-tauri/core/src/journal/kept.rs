//! An enrollment as the journal keeps it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::enrollment::{Interruption, Key, Look, Miss, Phase, Place, Statement, User};

/// All that is kept of an enrollment, but its timeline. A link is not: it lives in memory alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    pub key: Key,
    pub environment: String,
    pub user: User,
    pub label: String,
    pub place: Place,
    pub step: KeptStep,
    /// Counts the changes of step.
    pub state: u32,
    pub since: Timestamp,
    /// What the gateway said last, where it said anything.
    pub heard: Option<Heard>,
    pub statements: Vec<Statement>,
    /// Links received so far.
    pub generations: u32,
    pub confirmed: bool,
    /// Set by `Retry-After`.
    pub not_before: Option<Timestamp>,
    /// When somebody wants to have a look again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look: Option<Look>,
    pub note: Box<str>,
    /// When it was taken off the list.
    pub removed: Option<Timestamp>,
    /// The number of the last line of its timeline.
    pub seq: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    pub status: Option<String>,
    pub message: Option<String>,
}

/// The step, without what only a running console can have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum KeptStep {
    Expected,
    PreSign,
    Ready,
    Signing,
    PostSign,
    Signed,
    HandedOn,
    Ended { phase: Phase, miss: Miss },
}

impl KeptStep {
    /// The word that exports use.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::PreSign => "pre-sign",
            Self::Ready => "ready",
            Self::Signing => "signing",
            Self::PostSign => "post-sign",
            Self::Signed => "signed",
            Self::HandedOn => "handed-on",
            Self::Ended { .. } => "ended",
        }
    }

    /// The phase that was polled, where one was.
    #[must_use]
    pub fn watched(&self) -> Option<Phase> {
        match self {
            Self::PreSign => Some(Phase::PreSign),
            Self::PostSign => Some(Phase::PostSign),
            Self::Expected
            | Self::Ready
            | Self::Signing
            | Self::Signed
            | Self::HandedOn
            | Self::Ended { .. } => None,
        }
    }
}

impl Kept {
    /// Whether nobody goes on with it any more, and so nobody has to know who it is. An interrupted
    /// watch is finished, but waits to be resumed.
    #[must_use]
    pub fn is_over(&self) -> bool {
        // Handed over, it waits at another desk.
        let waits = matches!(self.step, KeptStep::Ended { miss: Miss::Interrupted { why }, .. }
            if why != Interruption::HandedOver);
        self.finished().is_some() && (self.removed.is_some() || !waits)
    }

    /// Since when nothing more is to be done for it; `None` where something is.
    #[must_use]
    pub fn finished(&self) -> Option<Timestamp> {
        self.removed.or(match self.step {
            KeptStep::Signed | KeptStep::HandedOn | KeptStep::Ended { .. } => Some(self.since),
            KeptStep::Expected
            | KeptStep::PreSign
            | KeptStep::Ready
            | KeptStep::Signing
            | KeptStep::PostSign => None,
        })
    }
}
