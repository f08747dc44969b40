//! Whether anybody answers for a gateway, asked before anything is watched.
//!
//! Its one documented call is about a user and needs a token, so it is no way to try an address.
//! Anything that answers at the base shows that the name, the proxy and the certificate are right.

use std::time::Duration;

use serde::Serialize;

use crate::enrollment::{Problem, ProblemKind};

/// What came of asking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(tag = "reach", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Reach {
    /// Somebody answers, with whatever status: nothing need be at this address.
    Answers {
        http: u16,
        /// How long that took, the connection included.
        took_ms: u32,
    },
    /// Nobody does, or only somebody on the way who says so.
    Silent { problem: Problem },
}

/// What a status at an address where nothing need be says. 407, and 502 to 504, are a proxy's words
/// (RFC 9110, sections 15.5.8 and 15.6.3 to 15.6.5); a 500 is the gateway's own.
pub(super) fn answered(http: u16, took: Duration) -> Reach {
    let kind = match http {
        407 => ProblemKind::ProxyLogin,
        502..=504 => ProblemKind::ServerError,
        _ => {
            let took_ms = u32::try_from(took.as_millis()).unwrap_or(u32::MAX);
            return Reach::Answers { http, took_ms };
        }
    };
    Reach::Silent { problem: Problem { http: Some(http), ..Problem::new(kind) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_answers_is_there_but_for_those_who_only_stand_in_the_way() {
        let took = Duration::from_millis(83);
        for http in [200, 204, 302, 400, 401, 403, 404, 405, 429, 500] {
            assert_eq!(answered(http, took), Reach::Answers { http, took_ms: 83 });
        }
        for (http, kind) in [
            (407, ProblemKind::ProxyLogin),
            (502, ProblemKind::ServerError),
            (503, ProblemKind::ServerError),
            (504, ProblemKind::ServerError),
        ] {
            let problem = Problem { http: Some(http), ..Problem::new(kind) };
            assert_eq!(answered(http, took), Reach::Silent { problem });
        }
    }
}
