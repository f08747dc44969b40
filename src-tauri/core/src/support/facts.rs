//! What a bundle says of a journal: how it stands, and what the gateway sent that nobody knew.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use super::redacted;
use crate::{
    enrollment::{Entry, Event, Key, Outcome, Status, UserId},
    journal::{Kept, KeptStep, ReadError, Reader},
};

/// So many enrollments are listed, those that changed last.
const LISTED: usize = 200;
/// So many kinds of what is unfamiliar are told apart.
const MOST: usize = 500;

/// How the journal stands, and where the gateway left the contract.
pub(super) fn journal(reader: &Reader) -> Result<(Value, Value), ReadError> {
    let counts = reader.check()?;
    let mut kept = reader.enrollments()?;
    let mut drift = Drift::default();
    let whose: BTreeMap<Key, (String, UserId)> =
        kept.iter().map(|one| (one.key, (one.environment.clone(), one.user.id))).collect();
    reader.entries(|key, entry| {
        if let Some((environment, id)) = whose.get(&key) {
            drift.hear(environment, *id, &entry);
        }
        Ok::<(), ReadError>(())
    })?;
    let mut steps: BTreeMap<(String, &str), u32> = BTreeMap::new();
    for one in &kept {
        *steps.entry((one.environment.clone(), word(&one.step))).or_default() += 1;
    }
    kept.sort_by_key(|one| std::cmp::Reverse(one.since));
    let how_many = steps
        .iter()
        .map(|((environment, step), enrollments)| {
            json!({ "environment": environment, "step": step, "enrollments": enrollments })
        })
        .collect::<Vec<_>>();
    let journal = json!({
        "enrollments": counts.enrollments,
        "lines": counts.lines,
        "lost-enrollments": counts.lost_enrollments,
        "lost-lines": counts.lost_lines,
        "steps": how_many,
        "newest": kept.iter().take(LISTED).map(listed).collect::<Vec<_>>(),
    });
    Ok((journal, drift.told()))
}

fn listed(one: &Kept) -> Value {
    let status = one.heard.as_ref().and_then(|heard| heard.status.as_deref());
    json!({
        "id": one.user.id.masked(),
        "type": one.user.user_type,
        "environment": one.environment,
        "step": word(&one.step),
        "since": one.since,
        "status": status.map(|status| one.user.id.masked_in(&redacted(status))),
        "lines": one.seq,
        "removed": one.removed.is_some(),
    })
}

/// The step; of a watch that ended, how.
fn word(step: &KeptStep) -> &'static str {
    if let KeptStep::Ended { miss, .. } = step { miss.word() } else { step.word() }
}

/// What the gateway did that the contract does not name, and how often.
#[derive(Debug, Default)]
struct Drift(BTreeMap<Unfamiliar, Met>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Unfamiliar {
    environment: String,
    /// `status`, `link`, or the kind of a problem.
    what: &'static str,
    value: Option<String>,
    http: Option<u16>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Met {
    times: u32,
    first: Timestamp,
    last: Timestamp,
    last_trace_id: Option<String>,
}

impl Drift {
    fn hear(&mut self, environment: &str, id: UserId, entry: &Entry) {
        let masked = |text: &str| id.masked_in(&redacted(text));
        let of = |what, value, http| Unfamiliar {
            environment: environment.to_owned(),
            what,
            value,
            http,
        };
        let (met, trace) = match &entry.event {
            Event::Status { status: Some(status), .. }
            | Event::Checked { status: Some(status), .. } => {
                if Status::from_gateway(Some(status)).is_known() {
                    return;
                }
                (of("status", Some(masked(status)), None), None)
            }
            Event::LinkRefused { rule, host } => {
                let words = format!("{rule} {}", host.as_deref().unwrap_or("-"));
                (of("link", Some(masked(&words)), None), None)
            }
            Event::Problem { problem, .. } => (
                of(problem.kind.code(), None, problem.http),
                problem.trace_id.as_deref().map(masked),
            ),
            Event::Ended { result, .. } => match &**result {
                Outcome::Missed(miss) => (of("ended", Some(miss.word().to_owned()), None), None),
                Outcome::ReadyToSign { .. } | Outcome::Signed => return,
            },
            Event::Status { status: None, .. }
            | Event::Checked { status: None, .. }
            | Event::Added { .. }
            | Event::Stated { .. }
            | Event::Started { .. }
            | Event::Paused { .. }
            | Event::Resumed { .. }
            | Event::Link { .. }
            | Event::Opened { .. }
            | Event::Copied { .. }
            | Event::Shown { .. }
            | Event::NotOpened { .. }
            | Event::LookPlanned { .. }
            | Event::Revealed
            | Event::HandedOn
            | Event::Noted { .. }
            | Event::Removed
            | Event::Restored => return,
        };
        self.count(met, entry.at, trace);
    }

    fn count(&mut self, what: Unfamiliar, at: Timestamp, trace: Option<String>) {
        if self.0.len() >= MOST && !self.0.contains_key(&what) {
            return;
        }
        let met = self.0.entry(what).or_insert(Met {
            times: 0,
            first: at,
            last: at,
            last_trace_id: None,
        });
        met.times += 1;
        met.first = met.first.min(at);
        met.last = met.last.max(at);
        met.last_trace_id = trace.or(met.last_trace_id.take());
    }

    fn told(&self) -> Value {
        let lines = self.0.iter().map(|(what, met)| {
            let mut line = json!(what);
            if let (Some(line), Value::Object(met)) = (line.as_object_mut(), json!(met)) {
                line.extend(met);
            }
            line
        });
        lines.collect()
    }
}
