//! What an event or an end tells, laid out flat.

use enrollment_core::enrollment::{Event, Miss, Outcome, Phase, Problem};

use super::cell::Cell;

/// What only some lines carry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub event: Cell,
    pub phase: Cell,
    pub says: Cell,
    pub how: Cell,
    pub status: Cell,
    pub message: Cell,
    pub backwards: Cell,
    pub problem: Cell,
    pub http: Cell,
    pub trace_id: Cell,
    pub detail: Cell,
    pub retry_ms: Cell,
    pub host: Cell,
    pub generation: Cell,
    pub outcome: Cell,
    pub reason: Cell,
    pub polls: Cell,
    /// What somebody wrote.
    pub note: Cell,
}

impl Facts {
    fn named(event: &str) -> Self {
        Self { event: event.into(), ..Self::default() }
    }

    fn within(event: &str, phase: Phase) -> Self {
        Self { phase: phase.word().into(), ..Self::named(event) }
    }

    pub fn of_event(event: &Event) -> Self {
        match event {
            Event::Added { customer } => {
                Self { says: Cell::word(customer), ..Self::named("added") }
            }
            Event::Stated { says, how } => {
                Self { says: Cell::word(says), how: Cell::word(how), ..Self::named("stated") }
            }
            Event::Started { phase } => Self::within("started", *phase),
            Event::Status { phase, status, message, backwards } => Self {
                backwards: Cell::Flag(*backwards),
                phase: phase.word().into(),
                ..Self::heard("status", status.as_deref(), message.as_deref())
            },
            Event::Problem { phase, problem, retry_ms } => Self {
                event: "problem".into(),
                phase: phase.word().into(),
                retry_ms: Cell::some(*retry_ms),
                ..Self::of_problem(problem)
            },
            Event::Paused { phase, why } => {
                Self { reason: Cell::word(why), ..Self::within("paused", *phase) }
            }
            Event::Resumed { phase } => Self::within("resumed", *phase),
            Event::Link { host, generation } => {
                Self { generation: (*generation).into(), ..Self::at("link", host) }
            }
            Event::LinkRefused { rule, host } => {
                Self { event: "link-refused".into(), ..Self::of_refusal(rule, host.as_deref()) }
            }
            Event::Opened { host } => Self::at("opened", host),
            Event::Copied { host } => Self::at("copied", host),
            Event::Shown { host } => Self::at("shown-as-qr", host),
            Event::NotOpened { code } => {
                Self { reason: code.as_str().into(), ..Self::named("not-opened") }
            }
            Event::Checked { status, message } => {
                Self::heard("checked", status.as_deref(), message.as_deref())
            }
            Event::LookPlanned { at } => {
                let at = at.map(|at| at.to_string());
                Self { reason: Cell::some(at.as_deref()), ..Self::named("look-planned") }
            }
            Event::Ended { phase, result, polls } => Self {
                event: "ended".into(),
                phase: phase.word().into(),
                polls: (*polls).into(),
                ..Self::of_outcome(result)
            },
            Event::Revealed => Self::named("revealed"),
            Event::HandedOn => Self::named("handed-on"),
            Event::Noted { note } => Self { note: (&**note).into(), ..Self::named("noted") },
            Event::Removed => Self::named("removed"),
            Event::Restored => Self::named("restored"),
        }
    }

    fn heard(event: &str, status: Option<&str>, message: Option<&str>) -> Self {
        Self { status: Cell::some(status), message: Cell::some(message), ..Self::named(event) }
    }

    fn at(event: &str, host: &str) -> Self {
        Self { host: host.into(), ..Self::named(event) }
    }

    fn of_problem(problem: &Problem) -> Self {
        Self {
            problem: problem.kind.code().into(),
            http: Cell::some(problem.http),
            trace_id: Cell::some(problem.trace_id.as_deref()),
            detail: Cell::some(problem.detail.as_deref()),
            ..Self::default()
        }
    }

    fn of_refusal(rule: &str, host: Option<&str>) -> Self {
        Self { reason: rule.into(), host: Cell::some(host), ..Self::default() }
    }

    fn of_outcome(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::ReadyToSign { host } => Self {
                outcome: outcome.word().into(),
                host: host.as_str().into(),
                ..Self::default()
            },
            Outcome::Signed => Self { outcome: outcome.word().into(), ..Self::default() },
            Outcome::Missed(miss) => Self::of_miss(miss),
        }
    }

    /// Unlike the contract of `watch`, it tells apart what people decide.
    pub fn of_miss(miss: &Miss) -> Self {
        let (outcome, facts) = match miss {
            Miss::TimedOut { cause } => ("timed-out", Self::because(Cell::word(cause))),
            Miss::Failed { status } => {
                ("failed", Self { status: status.as_str().into(), ..Self::default() })
            }
            Miss::Rejected { problem } => ("rejected", Self::of_problem(problem)),
            Miss::BlockedUrl { rule, host } => {
                ("blocked-url", Self::of_refusal(rule, host.as_deref()))
            }
            Miss::Unauthorized => ("unauthorized", Self::default()),
            Miss::GaveUp { reason } => ("gave-up", Self::because(Cell::word(reason))),
            Miss::Stopped => ("stopped", Self::default()),
            Miss::WrongId => ("wrong-id", Self::default()),
            Miss::Interrupted { why } => ("interrupted", Self::because(Cell::word(why))),
        };
        Self { outcome: outcome.into(), ..facts }
    }

    fn because(reason: Cell) -> Self {
        Self { reason, ..Self::default() }
    }
}
