//! The timeline: what happened to one enrollment, in order.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Customer, How, Miss, Operator, Outcome, Phase, Problem, Says};

/// One line of an enrollment's timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Counts from 1 within an enrollment.
    pub seq: u32,
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Timestamp,
    /// Who did it, where somebody did.
    pub by: Option<Arc<Operator>>,
    pub event: Event,
}

/// What a line of the timeline tells. Text from the gateway stands here as it came; whoever shows
/// it makes it safe first.
///
/// Every watched enrollment keeps several of these, so the larger parts stand apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(tag = "event", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Event {
    Added {
        customer: Customer,
    },
    Stated {
        says: Says,
        how: How,
    },
    Started {
        phase: Phase,
    },
    /// The status or the message changed. `backwards` where an earlier status came back.
    Status {
        phase: Phase,
        status: Option<Box<str>>,
        message: Option<Box<str>>,
        backwards: bool,
    },
    /// An answer that was none; the next try follows after `retry_ms`, where there is one.
    Problem {
        phase: Phase,
        problem: Box<Problem>,
        retry_ms: Option<u64>,
    },
    Paused {
        phase: Phase,
        why: Pause,
    },
    Resumed {
        phase: Phase,
    },
    /// A link that may be opened. Never more of it than its host.
    Link {
        host: String,
        generation: u32,
    },
    /// A link that the policy refuses, where it does not end the watch.
    LinkRefused {
        rule: Box<str>,
        host: Option<Box<str>>,
    },
    Opened {
        host: String,
    },
    Copied {
        host: String,
    },
    /// As a QR code.
    Shown {
        host: String,
    },
    /// The link could not be handed over; `code` says why.
    NotOpened {
        code: String,
    },
    /// One single poll was asked for, and changed nothing.
    Checked {
        status: Option<Box<str>>,
        message: Option<Box<str>>,
    },
    /// The gateway is to be asked once more at this moment; none, where that was taken back.
    LookPlanned {
        #[cfg_attr(test, ts(type = "string | null"))]
        at: Option<Timestamp>,
    },
    Ended {
        phase: Phase,
        result: Box<Outcome>,
        polls: u32,
    },
    HandedOn,
    /// Its number was shown where numbers are hidden.
    Revealed,
    /// Somebody wrote something down, in place of what stood there before.
    Noted {
        note: Box<str>,
    },
    /// Taken off the list.
    Removed,
    /// Back on the list: the removal was undone.
    Restored,
}

/// Why all watches of an environment stand still.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Pause {
    NeedsToken,
    Offline,
}

impl Event {
    /// Whether somebody did this. The rest happens by itself, or the gateway tells it.
    #[must_use]
    pub fn is_deed(&self) -> bool {
        match self {
            Self::Added { .. }
            | Self::Stated { .. }
            // Only on a statement, or on *watch again*.
            | Self::Started { .. }
            | Self::Opened { .. }
            | Self::Copied { .. }
            | Self::Shown { .. }
            | Self::NotOpened { .. }
            | Self::Checked { .. }
            | Self::LookPlanned { .. }
            | Self::HandedOn
            | Self::Revealed
            | Self::Noted { .. }
            | Self::Removed
            | Self::Restored => true,
            Self::Ended { result, .. } => matches!(
                **result,
                Outcome::Missed(Miss::GaveUp { .. } | Miss::Stopped | Miss::WrongId)
            ),
            Self::Status { .. }
            | Self::Problem { .. }
            | Self::Paused { .. }
            | Self::Resumed { .. }
            | Self::Link { .. }
            | Self::LinkRefused { .. } => false,
        }
    }
}

impl Entry {
    /// The same, with everything in the gateway's words that cannot be seen written out.
    #[must_use]
    pub fn made_visible(self) -> Self {
        let text = |text: Option<Box<str>>| text.map(|t| super::visible(&t).into_boxed_str());
        let event = match self.event {
            Event::Status { phase, status, message, backwards } => {
                Event::Status { phase, status: text(status), message: text(message), backwards }
            }
            Event::Checked { status, message } => {
                Event::Checked { status: text(status), message: text(message) }
            }
            Event::Problem { phase, problem, retry_ms } => {
                Event::Problem { phase, problem: Box::new(problem.made_visible()), retry_ms }
            }
            Event::Ended { phase, result, polls } => {
                Event::Ended { phase, result: Box::new(result.made_visible()), polls }
            }
            same @ (Event::Added { .. }
            | Event::Stated { .. }
            | Event::Started { .. }
            | Event::Paused { .. }
            | Event::Resumed { .. }
            | Event::Link { .. }
            | Event::LinkRefused { .. }
            | Event::Opened { .. }
            | Event::Copied { .. }
            | Event::Shown { .. }
            | Event::NotOpened { .. }
            | Event::LookPlanned { .. }
            | Event::HandedOn
            | Event::Revealed
            | Event::Noted { .. }
            | Event::Removed
            | Event::Restored) => same,
        };
        Self { event, ..self }
    }
}
