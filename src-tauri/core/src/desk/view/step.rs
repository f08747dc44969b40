//! The step of an enrollment, as the list shows it.

use serde::Serialize;

use crate::enrollment::{Miss, Pause, Phase, Problem};

/// The step an enrollment is in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(tag = "step", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum StepView {
    Expected,
    PreSign {
        time: TimeLeft,
    },
    Ready,
    NewLinkNeeded,
    Signing,
    /// `not_signed`: the gateway still speaks of the signing session after a minute, so the
    /// customer has probably not signed.
    PostSign {
        time: TimeLeft,
        not_signed: bool,
    },
    Signed,
    HandedOn,
    Ended {
        phase: Phase,
        miss: Miss,
    },
}

/// What is left of a watch's cap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(tag = "clock", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum TimeLeft {
    /// Nothing was sent yet.
    Unstarted {
        cap_ms: u64,
    },
    Running {
        deadline: i64,
        cap_ms: u64,
    },
    /// Nothing is polled; the time left stands still, except where being offline is charged.
    Held {
        left_ms: u64,
        cap_ms: u64,
        why: Pause,
    },
}

/// The last problem, until a good answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ProblemView {
    pub problem: Problem,
    pub at: i64,
    pub retry_at: Option<i64>,
}
