//! The scenarios: one table that decides what each user id does and says so to people.

use std::time::Duration;

/// A range of user ids that behave alike.
#[derive(Debug, Clone, Copy)]
pub struct Scenario {
    /// The first id of the range.
    pub first: u32,
    /// The last id of the range, inclusive.
    pub last: u32,
    /// One or two words to call it by.
    pub name: &'static str,
    /// What it does, in a line, with its times at real pace.
    pub what: &'static str,
    pub(crate) script: Script,
}

/// Every scenario, by ascending id. Ids in none of them behave as `fast`.
#[must_use]
pub fn scenarios() -> &'static [Scenario] {
    SCENARIOS
}

/// What an enrollment goes through: perhaps some trouble first, then its course.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Script {
    pub prelude: Prelude,
    pub course: Course,
}

/// What comes before the course.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Prelude {
    None,
    /// So many answers of 500.
    ServerErrors {
        times: u32,
    },
    /// So many answers of 429.
    Busy {
        times: u32,
        retry_after: Duration,
    },
    /// A status that no contract names.
    Status {
        value: &'static str,
        message: &'static str,
        lasts: Duration,
    },
    /// The token of the first poll is revoked.
    TokenRevoked {
        after: Duration,
    },
}

/// The course of an enrollment; its times count from the end of the prelude.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Course {
    Signing {
        /// Until the documents can be signed.
        ready: Duration,
        /// From the signature to its confirmation.
        confirmed: Duration,
        link: LinkTo,
    },
    /// Identification fails.
    Fails {
        after: Duration,
    },
    NeverReady,
    Refused(Refusal),
}

/// Where the signing link of an enrollment points.
#[derive(Debug, Clone, Copy)]
pub(crate) enum LinkTo {
    /// The sandbox's own signing page.
    Sandbox,
    /// A host that no allowlist names.
    Stranger,
}

/// How the gateway refuses to answer for a user.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Refusal {
    NotFound,
    BadRequest,
    Forbidden,
}

/// The script of a user id.
pub(crate) fn script_of(id: u32) -> Script {
    SCENARIOS
        .iter()
        .find(|scenario| (scenario.first..=scenario.last).contains(&id))
        .map_or(course(FAST), |scenario| scenario.script)
}

const FAST: Course = Course::Signing {
    ready: Duration::from_secs(4),
    confirmed: Duration::from_secs(3),
    link: LinkTo::Sandbox,
};

const fn course(course: Course) -> Script {
    Script { prelude: Prelude::None, course }
}

const fn then_fast(prelude: Prelude) -> Script {
    Script { prelude, course: FAST }
}

const SCENARIOS: &[Scenario] = &[
    Scenario {
        first: 1000,
        last: 1999,
        name: "fast",
        what: "ready to sign after about 4 s, confirmed 3 s after signing",
        script: course(FAST),
    },
    Scenario {
        first: 2000,
        last: 2999,
        name: "slow",
        what: "ready to sign after about 40 s, confirmed 20 s after signing",
        script: course(Course::Signing {
            ready: Duration::from_secs(40),
            confirmed: Duration::from_secs(20),
            link: LinkTo::Sandbox,
        }),
    },
    Scenario {
        first: 3000,
        last: 3999,
        name: "identification fails",
        what: "status ERROR after about 5 s",
        script: course(Course::Fails { after: Duration::from_secs(5) }),
    },
    Scenario {
        first: 4000,
        last: 4399,
        name: "not found",
        what: "HTTP 404; the body is full, all null or of the old kind in turn by id",
        script: course(Course::Refused(Refusal::NotFound)),
    },
    Scenario {
        first: 4400,
        last: 4699,
        name: "bad request",
        what: "HTTP 400 with problem details",
        script: course(Course::Refused(Refusal::BadRequest)),
    },
    Scenario {
        first: 4700,
        last: 4999,
        name: "forbidden",
        what: "HTTP 403: the token is good, but not for this user",
        script: course(Course::Refused(Refusal::Forbidden)),
    },
    Scenario {
        first: 5000,
        last: 5999,
        name: "server errors",
        what: "three answers of HTTP 500, then fast",
        script: then_fast(Prelude::ServerErrors { times: 3 }),
    },
    Scenario {
        first: 6000,
        last: 6999,
        name: "unknown status",
        what: "AWAITING_OPERATOR_REVIEW for about 10 s, then fast",
        script: then_fast(Prelude::Status {
            value: "AWAITING_OPERATOR_REVIEW",
            message: "The recording waits for an operator.",
            lasts: Duration::from_secs(10),
        }),
    },
    Scenario {
        first: 7000,
        last: 7999,
        name: "never finishes",
        what: "stays PROCESSING for good",
        script: course(Course::NeverReady),
    },
    Scenario {
        first: 8000,
        last: 8999,
        name: "token revoked",
        what: "after about 6 s the token it was first polled with is refused; with a new one, fast",
        script: then_fast(Prelude::TokenRevoked { after: Duration::from_secs(6) }),
    },
    Scenario {
        first: 9000,
        last: 9499,
        name: "strange link",
        what: "as fast, but the link points to a host that no allowlist names",
        script: course(Course::Signing {
            ready: Duration::from_secs(4),
            confirmed: Duration::from_secs(3),
            link: LinkTo::Stranger,
        }),
    },
    Scenario {
        first: 9500,
        last: 9999,
        name: "busy",
        what: "HTTP 429 with Retry-After: 4 twice, then fast",
        script: then_fast(Prelude::Busy { times: 2, retry_after: Duration::from_secs(4) }),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_ascends_without_overlap() {
        for pair in scenarios().windows(2) {
            assert!(pair[0].first <= pair[0].last);
            assert!(pair[0].last < pair[1].first, "{} meets {}", pair[0].name, pair[1].name);
        }
    }
}
