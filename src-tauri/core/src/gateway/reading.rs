//! What an HTTP answer means. No socket and no clock: whatever a gateway can send may be given to it.

use std::time::{Duration, SystemTime};

use super::{Answer, body};
use crate::enrollment::{Problem, ProblemKind};

/// The largest body that is read at all, in bytes.
pub const LARGEST_BODY: usize = 64 * 1024;

/// The longest delay that is believed: longer than any watch lives, and far from overflowing a
/// clock.
pub const FOREVER: Duration = Duration::from_secs(10 * 365 * 86_400);

/// Whether a body can say more than the HTTP status. Others are not read.
pub(super) fn is_explained(http: u16) -> bool {
    http == 200 || http >= 400 && !matches!(http, 401 | 408 | 429)
}

/// The class of an answer: its HTTP status decides, and its body only explains.
///
/// Of a body that could not be read to its end there is only what was wrong with it.
#[must_use]
pub fn read(http: u16, retry_after: Option<Duration>, body: Result<&[u8], ProblemKind>) -> Answer {
    let faulty = |kind| Answer::Faulty { problem: Problem::with_http(kind, http), retry_after };
    match http {
        200 => match body.and_then(body::status) {
            Ok(answer) => Answer::Status(answer),
            Err(kind) => faulty(kind),
        },
        ..300 => faulty(ProblemKind::UnexpectedSuccess),
        300..400 => Answer::Refused(Problem::with_http(ProblemKind::Redirect, http)),
        401 => Answer::Unauthorized,
        408 | 429 => faulty(ProblemKind::Busy),
        400..500 => Answer::Refused(explained(ProblemKind::Refused, http, body)),
        500.. => {
            Answer::Faulty { problem: explained(ProblemKind::ServerError, http, body), retry_after }
        }
    }
}

/// A body that cannot be read explains nothing, and changes nothing.
fn explained(kind: ProblemKind, http: u16, body: Result<&[u8], ProblemKind>) -> Problem {
    let details = body::details(body.unwrap_or_default());
    Problem { detail: details.words, trace_id: details.trace_id, ..Problem::with_http(kind, http) }
}

/// The delay a `Retry-After` asks for (RFC 9110, section 10.2.3): seconds, or a date that counts
/// from the answer's own `Date`, so that clocks which differ do no harm. Anything else is ignored.
#[must_use]
pub fn retry_after(header: &str, date: Option<&str>, now: SystemTime) -> Option<Duration> {
    let header = header.trim();
    if !header.is_empty() && header.bytes().all(|b| b.is_ascii_digit()) {
        return Some(header.parse().map_or(FOREVER, Duration::from_secs).min(FOREVER));
    }
    let until = httpdate::parse_http_date(header).ok()?;
    let from = date.and_then(|d| httpdate::parse_http_date(d).ok()).unwrap_or(now);
    Some(until.duration_since(from).unwrap_or_default().min(FOREVER))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date_counted_from_the_answers_own() {
        let now = httpdate::parse_http_date("Mon, 23 Nov 2026 12:00:00 GMT").expect("a date");
        let after = |header, date| retry_after(header, date, now).map(|d| d.as_secs());
        assert_eq!(after("7", None), Some(7));
        assert_eq!(after(" 0 ", None), Some(0));
        assert_eq!(after("Mon, 23 Nov 2026 12:00:09 GMT", None), Some(9));
        assert_eq!(
            after("Mon, 23 Nov 2026 12:00:09 GMT", Some("Mon, 23 Nov 2026 11:59:59 GMT")),
            Some(10)
        );
        assert_eq!(after("Mon, 23 Nov 2026 11:00:00 GMT", None), Some(0));
        let forever = Some(10 * 365 * 86_400);
        assert_eq!(after("99999999999999999999999", None), forever);
        assert_eq!(after("999999999999", None), forever);
        assert_eq!(after("Fri, 31 Dec 9999 23:59:59 GMT", None), forever);
        for ignored in ["", "-3", "1.5", "soon"] {
            assert_eq!(after(ignored, None), None, "{ignored}");
        }
    }
}
