//! What people did: the lines of the audit.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::KeepDays;
use crate::enrollment::{Event, GaveUp, Miss, Operator, Outcome, Says, User};

/// One line of the audit. It names a customer by number alone, so it can outlive what is kept of
/// them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    pub at: Timestamp,
    pub by: Arc<Operator>,
    #[serde(flatten)]
    pub did: Did,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub environment: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub user: Option<User>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "did", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Did {
    SetToken {
        session_only: bool,
    },
    ForgotToken,
    Stated {
        says: Says,
    },
    Opened {
        host: String,
    },
    Copied {
        host: String,
    },
    ShownAsQr {
        host: String,
    },
    /// Stopped a watch, or a step between the watches.
    Stopped,
    GaveUp {
        reason: GaveUp,
    },
    WrongId,
    HandedOn,
    Removed,
    Restored,
    /// Had everything deleted that was kept of an enrollment.
    Forgot,
    /// Said that they are here now, in place of whoever said so last.
    TookOver {
        #[serde(skip_serializing_if = "Option::is_none", default)]
        from: Option<Box<str>>,
    },
    /// Had a number shown where numbers are hidden.
    Revealed,
    /// Ended a shift: had every token forgotten, and the labels of what is over.
    EndedShift,
    /// Wrote whoever still needed somebody into a file for another desk, and stopped watching them.
    HandedOver {
        enrollments: u32,
    },
    /// Took in what another desk handed over; `from` is who did.
    TookIn {
        enrollments: u32,
        from: Box<str>,
    },
    /// Changed for how many days finished enrollments are kept.
    ChangedKeepDays {
        from: KeepDays,
        to: KeepDays,
    },
    /// Another managed policy held from then on; none, where it was taken away. Not a person's
    /// doing.
    ChangedPolicy {
        file: Option<String>,
        /// Of the file.
        sha256: Option<String>,
    },
    /// Wrote the journal, or a part of it, into a file.
    Exported {
        what: String,
        format: String,
        masked: bool,
    },
}

impl Did {
    /// What a line of a timeline means for the audit, if anything.
    #[must_use]
    pub fn of(event: &Event) -> Option<Self> {
        match event {
            Event::Stated { says, .. } => Some(Self::Stated { says: *says }),
            Event::Opened { host } => Some(Self::Opened { host: host.clone() }),
            Event::Copied { host } => Some(Self::Copied { host: host.clone() }),
            Event::Shown { host } => Some(Self::ShownAsQr { host: host.clone() }),
            Event::HandedOn => Some(Self::HandedOn),
            Event::Revealed => Some(Self::Revealed),
            Event::Removed => Some(Self::Removed),
            Event::Restored => Some(Self::Restored),
            Event::Ended { result, .. } => match &**result {
                Outcome::Missed(Miss::Stopped) => Some(Self::Stopped),
                Outcome::Missed(Miss::GaveUp { reason }) => Some(Self::GaveUp { reason: *reason }),
                Outcome::Missed(Miss::WrongId) => Some(Self::WrongId),
                Outcome::Missed(
                    Miss::TimedOut { .. }
                    | Miss::Failed { .. }
                    | Miss::Rejected { .. }
                    | Miss::BlockedUrl { .. }
                    | Miss::Unauthorized
                    | Miss::Interrupted { .. },
                )
                | Outcome::ReadyToSign { .. }
                | Outcome::Signed => None,
            },
            Event::Added { .. }
            | Event::Started { .. }
            | Event::Status { .. }
            | Event::Problem { .. }
            | Event::Paused { .. }
            | Event::Resumed { .. }
            | Event::Link { .. }
            | Event::LinkRefused { .. }
            | Event::NotOpened { .. }
            | Event::Checked { .. }
            | Event::LookPlanned { .. }
            | Event::Noted { .. } => None,
        }
    }
}
