//! What a console writes down of itself: what changed around it, never whom it was about.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use jiff::Timestamp;
use serde::Serialize;

use super::redacted;
use crate::{
    desk::view::{EnvironmentView, Feed, JournalView, Key, TokenState},
    enrollment::{Event, Problem, ProblemKind},
    environment::EnvironmentKind,
    journal::Health,
};

/// A problem that goes on is told again after so long.
const AGAIN: Duration = Duration::from_secs(60);
/// So many statuses, hosts and kinds of problem are told apart in one run, and no more.
const MOST: usize = 200;

/// A line of the log: one JSON object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    pub at: Timestamp,
    #[serde(flatten)]
    pub what: What,
}

/// All that a log can say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "what", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum What {
    Started {
        version: String,
        system: String,
        /// Of the engine that draws the window, where it says so.
        web_view: Option<String>,
    },
    Environment {
        name: String,
        kind: EnvironmentKind,
        gateway: String,
        token: TokenState,
        offline: bool,
        behind: bool,
        withdrawn: bool,
    },
    Journal {
        #[serde(flatten)]
        health: Health,
        lost: u32,
    },
    Policy {
        file: Option<String>,
        trouble: Option<String>,
    },
    /// The first of its kind, and then once a minute how many there were since.
    Problem {
        environment: String,
        kind: ProblemKind,
        http: Option<u16>,
        trace_id: Option<String>,
        times: u32,
    },
    /// A status that the contract does not name.
    UnfamiliarStatus {
        environment: String,
        status: String,
    },
    LinkRefused {
        environment: String,
        rule: String,
        host: Option<String>,
    },
    Ended,
}

/// Hears what the window hears, and says what of it is worth a line.
#[derive(Debug, Default)]
pub struct Chronicle {
    environments: HashMap<String, What>,
    journal: Option<What>,
    policy: Option<What>,
    problems: HashMap<(String, &'static str, Option<u16>), Repeated>,
    /// By environment: statuses, and rules with hosts.
    met: HashSet<(String, String)>,
}

#[derive(Debug, Default)]
struct Repeated {
    told: Option<Timestamp>,
    since: u32,
}

impl Chronicle {
    /// What is to be written down of this feed, in order.
    pub fn hear(&mut self, feed: &Feed, at: Timestamp) -> Vec<Line> {
        let mut told = Vec::new();
        for environment in feed.environments.iter().flatten() {
            told.extend(self.environment(environment));
        }
        if let Some(journal) = &feed.journal {
            told.extend(changed(&mut self.journal, of_journal(journal)));
        }
        if let Some(policy) = &feed.policy {
            let trouble = policy.trouble.as_deref().map(redacted);
            let policy = What::Policy { file: policy.file.clone(), trouble };
            told.extend(changed(&mut self.policy, policy));
        }
        let places: HashMap<Key, &str> =
            feed.rows.iter().map(|row| (row.key, &*row.environment)).collect();
        for row in feed.rows.iter().filter(|row| !row.status_known) {
            if let Some(status) = &row.status {
                let (environment, status) = (row.environment.clone(), redacted(status));
                if self.is_first(&environment, &status) {
                    told.push(What::UnfamiliarStatus { environment, status });
                }
            }
        }
        for (key, entry) in &feed.entries {
            let Some(environment) = places.get(key) else { continue };
            told.extend(self.event(environment, &entry.event, at));
        }
        told.into_iter().map(|what| Line { at, what }).collect()
    }

    fn environment(&mut self, view: &EnvironmentView) -> Option<What> {
        let now = What::Environment {
            name: view.name.clone(),
            kind: view.kind,
            gateway: view.gateway.clone(),
            token: view.token.state,
            offline: view.offline,
            behind: view.behind,
            withdrawn: view.withdrawn,
        };
        let before = self.environments.insert(view.name.clone(), now.clone());
        (before.as_ref() != Some(&now)).then_some(now)
    }

    fn event(&mut self, environment: &str, event: &Event, at: Timestamp) -> Option<What> {
        match event {
            Event::Problem { problem, .. } => self.problem(environment, problem, at),
            Event::LinkRefused { rule, host } => {
                let host = host.as_deref().map(redacted);
                let about = format!("{rule} {}", host.as_deref().unwrap_or_default());
                self.is_first(environment, &about).then(|| What::LinkRefused {
                    environment: environment.to_owned(),
                    rule: rule.to_string(),
                    host,
                })
            }
            Event::Added { .. }
            | Event::Stated { .. }
            | Event::Started { .. }
            | Event::Status { .. }
            | Event::Paused { .. }
            | Event::Resumed { .. }
            | Event::Link { .. }
            | Event::Opened { .. }
            | Event::Copied { .. }
            | Event::Shown { .. }
            | Event::NotOpened { .. }
            | Event::Checked { .. }
            | Event::Ended { .. }
            | Event::LookPlanned { .. }
            | Event::Revealed
            | Event::HandedOn
            | Event::Noted { .. }
            | Event::Removed
            | Event::Restored => None,
        }
    }

    fn problem(&mut self, environment: &str, problem: &Problem, at: Timestamp) -> Option<What> {
        let kind = (environment.to_owned(), problem.kind.code(), problem.http);
        if self.problems.len() >= MOST && !self.problems.contains_key(&kind) {
            return None;
        }
        let repeated = self.problems.entry(kind).or_default();
        repeated.since += 1;
        let again = i64::try_from(AGAIN.as_secs()).unwrap_or(i64::MAX);
        if repeated.told.is_some_and(|told| at.as_second() - told.as_second() < again) {
            return None;
        }
        repeated.told = Some(at);
        Some(What::Problem {
            environment: environment.to_owned(),
            kind: problem.kind,
            http: problem.http,
            trace_id: problem.trace_id.as_deref().map(redacted),
            times: std::mem::take(&mut repeated.since),
        })
    }

    /// Whether this is the first of its kind in this run.
    fn is_first(&mut self, environment: &str, about: &str) -> bool {
        self.met.len() < MOST && self.met.insert((environment.to_owned(), about.to_owned()))
    }
}

fn of_journal(view: &JournalView) -> What {
    What::Journal { health: view.health, lost: view.lost }
}

fn changed(before: &mut Option<What>, now: What) -> Option<What> {
    (before.as_ref() != Some(&now)).then(|| before.insert(now).clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        desk::view::{PolicyView, TokenView},
        enrollment::Phase,
    };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + second).expect("a moment")
    }

    fn environment(offline: bool) -> EnvironmentView {
        EnvironmentView {
            name: "Test".to_owned(),
            kind: EnvironmentKind::Test,
            gateway: "https://crm.example.bg".to_owned(),
            allow: Vec::new(),
            next_step: None,
            token: TokenView {
                state: TokenState::Accepted,
                expires: None,
                session_only: false,
                command: None,
            },
            offline,
            behind: false,
            withdrawn: false,
        }
    }

    #[test]
    fn an_environment_is_written_down_when_something_of_it_has_changed() {
        let mut chronicle = Chronicle::default();
        let mut hear = |offline| {
            let environments = Some(vec![environment(offline)]);
            chronicle.hear(&Feed { environments, ..Feed::default() }, at(0)).len()
        };
        assert_eq!(
            [hear(false), hear(false), hear(true), hear(true), hear(false)],
            [1, 0, 1, 0, 1]
        );
    }

    #[test]
    fn a_problem_that_goes_on_is_a_line_a_minute_with_how_many_there_were() {
        let mut chronicle = Chronicle::default();
        let problem = Problem::with_http(ProblemKind::ServerError, 503);
        let mut met = |second| match chronicle.problem("Test", &problem, at(second)) {
            Some(What::Problem { times, .. }) => times,
            _ => 0,
        };
        assert_eq!([met(0), met(1), met(59), met(60), met(61)], [1, 0, 0, 3, 0]);
    }

    #[test]
    fn what_a_gateway_says_is_told_once_and_without_tokens() {
        let secret = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYWRlLXVwIn0";
        let mut chronicle = Chronicle::default();
        let refused = Event::LinkRefused {
            rule: "host".into(),
            host: Some(format!("{secret}.example").into()),
        };
        let problem = Problem {
            trace_id: Some(secret.to_owned()),
            ..Problem::with_http(ProblemKind::Refused, 400)
        };
        let told = [
            chronicle.event("Test", &refused, at(0)),
            chronicle.event("Test", &refused, at(1)),
            chronicle.event(
                "Test",
                &Event::Problem { phase: Phase::PreSign, problem: problem.into(), retry_ms: None },
                at(2),
            ),
        ];
        let told = told.into_iter().flatten().collect::<Vec<_>>();
        assert_eq!(told.len(), 2, "{told:?}");
        let json = serde_json::to_string(&told).expect("JSON");
        assert!(!json.contains(&secret[..24]) && json.contains("[removed]"), "{json}");
    }

    #[test]
    fn a_line_is_one_flat_object() {
        let mut chronicle = Chronicle::default();
        let policy = PolicyView { trouble: Some("line 1: no".to_owned()), ..PolicyView::default() };
        let lines = chronicle.hear(&Feed { policy: Some(policy), ..Feed::default() }, at(0));
        assert_eq!(
            serde_json::to_string(&lines[0]).expect("JSON"),
            r#"{"at":"2026-11-18T11:06:40Z","what":"policy","file":null,"trouble":"line 1: no"}"#
        );
    }
}
