//! How the users ended, and what that makes of the whole.

use std::collections::BTreeMap;

use enrollment_core::enrollment::{Miss, Outcome};

use crate::exit::Exit;

/// Counts the ends.
#[derive(Debug, Default)]
pub struct Tally {
    ends: BTreeMap<End, u32>,
    polls: u64,
}

/// The kinds of end, in the order in which people are told of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Ready,
    Signed,
    Missed(Exit),
}

impl Tally {
    pub fn count(&mut self, outcome: &Outcome, polls: u32) {
        let end = match outcome {
            Outcome::ReadyToSign { .. } => End::Ready,
            Outcome::Signed => End::Signed,
            Outcome::Missed(miss) => End::Missed(exit_of(miss)),
        };
        *self.ends.entry(end).or_default() += 1;
        self.polls += u64::from(polls);
    }

    /// The one exit code. Reached targets do not count beside misses.
    pub fn exit(&self) -> Exit {
        let mut misses = self.ends.keys().filter_map(|end| match end {
            End::Missed(exit) => Some(*exit),
            End::Ready | End::Signed => None,
        });
        match (misses.next(), misses.next()) {
            (None, _) => Exit::Reached,
            (Some(only), None) => only,
            (Some(_), Some(_)) => Exit::SeveralKinds,
        }
    }

    /// `3 users: 2 ready to sign, 1 timed out (17 polls)`
    pub fn summary(&self) -> String {
        let users: u32 = self.ends.values().sum();
        let kinds: Vec<String> =
            self.ends.iter().map(|(end, count)| format!("{count} {}", end.words())).collect();
        format!(
            "{}: {} ({})",
            counted(u64::from(users), "user"),
            kinds.join(", "),
            counted(self.polls, "poll")
        )
    }
}

impl End {
    fn words(self) -> &'static str {
        match self {
            Self::Ready => "ready to sign",
            Self::Signed => "signed",
            Self::Missed(Exit::TimedOut) => "timed out",
            Self::Missed(Exit::Failed) => "failed",
            Self::Missed(Exit::Rejected) => "rejected",
            Self::Missed(Exit::NoToken) => "without an accepted token",
            Self::Missed(Exit::UrlRefused) => "with a refused link",
            Self::Missed(
                Exit::Interrupted
                | Exit::Reached
                | Exit::Unable
                | Exit::BadArguments
                | Exit::SeveralKinds
                | Exit::NotWhole,
            ) => "stopped",
        }
    }
}

fn exit_of(miss: &Miss) -> Exit {
    match miss {
        Miss::TimedOut { .. } => Exit::TimedOut,
        Miss::Failed { .. } => Exit::Failed,
        Miss::Rejected { .. } => Exit::Rejected,
        Miss::BlockedUrl { .. } => Exit::UrlRefused,
        Miss::Unauthorized => Exit::NoToken,
        Miss::GaveUp { .. } | Miss::Stopped | Miss::WrongId | Miss::Interrupted { .. } => {
            Exit::Interrupted
        }
    }
}

/// `1 poll`, `2 polls`
pub fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

#[cfg(test)]
mod tests {
    use enrollment_core::enrollment::{Problem, ProblemKind, TimeoutCause};

    use super::*;

    fn ready() -> Outcome {
        Outcome::ReadyToSign { host: "a.example.bg".to_owned() }
    }

    fn timed_out() -> Outcome {
        Outcome::Missed(Miss::TimedOut { cause: TimeoutCause::Cap })
    }

    fn misses() -> Vec<(Outcome, u8)> {
        let problem = Problem::with_http(ProblemKind::Refused, 404);
        [
            (Miss::TimedOut { cause: TimeoutCause::Offline }, 3),
            (Miss::Failed { status: "ERROR".to_owned() }, 4),
            (Miss::Rejected { problem }, 5),
            (Miss::Unauthorized, 6),
            (Miss::BlockedUrl { rule: "port".to_owned(), host: None }, 7),
            (Miss::Stopped, 130),
        ]
        .into_iter()
        .map(|(miss, code)| (Outcome::Missed(miss), code))
        .collect()
    }

    fn code(outcomes: &[Outcome]) -> u8 {
        let mut tally = Tally::default();
        for outcome in outcomes {
            tally.count(outcome, 1);
        }
        tally.exit() as u8
    }

    #[test]
    fn every_miss_has_its_own_code() {
        for (miss, expected) in misses() {
            assert_eq!(code(std::slice::from_ref(&miss)), expected, "{miss:?}");
            assert_eq!(code(&[miss.clone(), ready(), miss.clone()]), expected, "{miss:?}");
        }
    }

    #[test]
    fn reached_targets_are_nothing_to_complain_of() {
        assert_eq!(code(&[ready(), Outcome::Signed]), 0);
    }

    #[test]
    fn misses_of_two_kinds_are_several() {
        let misses = misses();
        for (i, (one, _)) in misses.iter().enumerate() {
            for (other, _) in &misses[i + 1..] {
                assert_eq!(code(&[one.clone(), other.clone(), ready()]), 8, "{one:?} {other:?}");
            }
        }
        let offline = Outcome::Missed(Miss::TimedOut { cause: TimeoutCause::Offline });
        assert_eq!(code(&[offline, timed_out()]), 3, "two causes, one kind");
    }

    #[test]
    fn a_summary_counts_what_happened() {
        let mut tally = Tally::default();
        for outcome in [timed_out(), ready(), ready()] {
            tally.count(&outcome, 5);
        }
        assert_eq!(tally.summary(), "3 users: 2 ready to sign, 1 timed out (15 polls)");
    }
}
