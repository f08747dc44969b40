//! What an HTTP answer is taken for.

use std::{
    fmt,
    time::{Duration, Instant, SystemTime},
};

use enrollment_core::{
    enrollment::{Phase, Problem, ProblemKind, is_unseen, visible},
    gateway::{Answer, FOREVER, LARGEST_BODY, StatusAnswer, read, retry_after},
    signing_url::Allowlist,
    watch::reading::{Reading, read as reading},
};

use crate::body::{Member, NAMES, members};

/// What a gateway sends.
#[derive(Clone)]
pub struct Sent {
    /// From 100 to 999, which is what the HTTP library lets through.
    pub http: u16,
    pub retry_after: Option<String>,
    pub date: Option<String>,
    pub body: Vec<u8>,
}

/// The body as bytes in escapes, which a person can read.
impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { http, retry_after, date, body } = self;
        write!(f, "HTTP {http}, {retry_after:?}, {date:?}\n{}", body.escape_ascii())
    }
}

/// What became of it, for counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meaning {
    Ready,
    Signed,
    Failed,
    Blocked,
    Waiting,
    Unauthorized,
    Refused,
    Faulty(&'static str),
}

/// The longest texts, in characters: of words and of a trace id, each with its ellipsis.
const LONGEST_WORDS: usize = 501;
const LONGEST_TRACE: usize = 129;

/// A body of 64 KiB is read in a few milliseconds, without optimisation in some dozens.
const SLOWEST: Duration = Duration::from_millis(500);

/// # Panics
/// Where a property does not hold.
#[must_use]
pub fn judge(sent: &Sent, failures: &[String], allow: &Allowlist) -> Meaning {
    let wait = sent
        .retry_after
        .as_deref()
        .and_then(|after| retry_after(after, sent.date.as_deref(), SystemTime::UNIX_EPOCH));
    assert!(wait.is_none_or(|wait| wait <= FOREVER), "{wait:?}");
    let answer = read_in_time(sent, wait);
    is_decided_by_the_status(sent.http, &answer);
    match answer {
        Answer::Status(answer) => {
            is_what_the_body_says(sent, &answer);
            target(sent, &answer, failures, allow)
        }
        Answer::Unauthorized => Meaning::Unauthorized,
        Answer::Refused(problem) => {
            is_bounded(&problem);
            Meaning::Refused
        }
        Answer::Faulty { problem, retry_after } => {
            is_bounded(&problem);
            assert_eq!(retry_after, wait);
            is_no_answer(sent);
            Meaning::Faulty(problem.kind.code())
        }
        Answer::Silent(problem) => panic!("an answer over HTTP is not silence: {problem:?}"),
    }
}

/// A busy machine may be slow once; the same body is not slow three times.
fn read_in_time(sent: &Sent, wait: Option<Duration>) -> Answer {
    assert!(sent.body.len() <= LARGEST_BODY, "no larger body reaches the reading");
    let mut least = Duration::MAX;
    for _ in 0..3 {
        let begin = Instant::now();
        let answer = read(sent.http, wait, Ok(&sent.body));
        least = least.min(begin.elapsed());
        if least <= SLOWEST {
            return answer;
        }
    }
    panic!("{least:?} for a body of {} bytes", sent.body.len());
}

fn is_decided_by_the_status(http: u16, answer: &Answer) {
    let fits = match answer {
        Answer::Status(_) => http == 200,
        Answer::Unauthorized => http == 401,
        Answer::Refused(problem) => {
            let expected = if http < 400 { ProblemKind::Redirect } else { ProblemKind::Refused };
            (300..500).contains(&http)
                && ![401, 408, 429].contains(&http)
                && (problem.kind, problem.http) == (expected, Some(http))
        }
        Answer::Faulty { problem, .. } => {
            problem.http == Some(http)
                && match problem.kind {
                    ProblemKind::NotJson | ProblemKind::WrongType | ProblemKind::Truncated => {
                        http == 200
                    }
                    ProblemKind::UnexpectedSuccess => http < 300 && http != 200,
                    ProblemKind::Busy => [408, 429].contains(&http),
                    ProblemKind::ServerError => http >= 500,
                    ProblemKind::Oversized
                    | ProblemKind::Unauthorized
                    | ProblemKind::Refused
                    | ProblemKind::Redirect
                    | ProblemKind::Name
                    | ProblemKind::Connect
                    | ProblemKind::ProxyUnreachable
                    | ProblemKind::ProxyLogin
                    | ProblemKind::ProxyRefused
                    | ProblemKind::Tls
                    | ProblemKind::CertificateUnknown
                    | ProblemKind::CertificateExpired
                    | ProblemKind::CertificateNotYet
                    | ProblemKind::CertificateName
                    | ProblemKind::CertificateRevoked
                    | ProblemKind::CertificateInvalid
                    | ProblemKind::Reset
                    | ProblemKind::Timeout => false,
                }
        }
        Answer::Silent(_) => false,
    };
    assert!(fits, "HTTP {http} was taken for {answer:?}");
}

/// A name that stands for something else than text, or twice.
#[derive(Debug)]
struct Unclear;

/// The one text of that name, where the body is an object that says it once or not at all.
fn said<'m>(members: &'m [(String, Member)], name: &str) -> Result<Option<&'m str>, Unclear> {
    let mut found = members.iter().filter(|(key, _)| key == name).map(|(_, member)| member);
    match (found.next(), found.next()) {
        (None | Some(Member::Null), None) => Ok(None),
        (Some(Member::Text(text)), None) => Ok(Some(text)),
        (_, Some(_)) | (Some(Member::Other), None) => Err(Unclear),
    }
}

fn is_what_the_body_says(sent: &Sent, answer: &StatusAnswer) {
    let members = members(&sent.body).expect("one JSON object");
    let status = said(&members, "videoIdentificationStatus").expect("one status or none");
    let url = said(&members, "videoIdentificationUrl").expect("one link or none");
    let message = said(&members, "message").expect("one message or none");
    assert_eq!(answer.status.is_known(), status.is_some_and(is_a_known_status), "{status:?}");
    assert_eq!(answer.url.is_some(), url.is_some());
    assert_eq!(answer.message.is_some(), message.is_some_and(|words| !words.is_empty()));
    is_text(&answer.status.to_string(), LONGEST_WORDS);
    answer.message.iter().for_each(|words| is_text(words, LONGEST_WORDS));
}

fn is_a_known_status(text: &str) -> bool {
    ["PROCESSING", "STARTED", "SIGN_SESSION_ID_SUCCESSFULLY_CREATED", "DOCUMENT_SIGN_SUCCESS"]
        .contains(&text)
}

/// A 200 that is faulty is no object of the gateway's shape.
fn is_no_answer(sent: &Sent) {
    if let (200, Some(members)) = (sent.http, members(&sent.body)) {
        assert!(NAMES.iter().any(|name| said(&members, name).is_err()), "it is well-formed");
    }
}

/// Ready and signed are told by the exact status alone, and ready by a link that may be opened.
fn target(sent: &Sent, answer: &StatusAnswer, failures: &[String], allow: &Allowlist) -> Meaning {
    let members = members(&sent.body).expect("one JSON object, as was asked before");
    let status = said(&members, "videoIdentificationStatus").ok().flatten();
    let url = said(&members, "videoIdentificationUrl").ok().flatten();
    let link = url.filter(|url| !url.trim().is_empty()).map(|url| allow.check(url));
    let session = status == Some("SIGN_SESSION_ID_SUCCESSFULLY_CREATED");
    let link = link.filter(|_| session);
    let seen = reading(Phase::PostSign, answer, failures, allow);
    let expected = match status {
        Some("DOCUMENT_SIGN_SUCCESS") => Meaning::Signed,
        Some(other) if failures.iter().any(|failure| failure == other) => Meaning::Failed,
        Some(_) | None => Meaning::Waiting,
    };
    assert_eq!(meaning(&seen), expected, "in post-sign");
    let expected = match &link {
        Some(Ok(_)) => Meaning::Ready,
        Some(Err(_)) => Meaning::Blocked,
        None => expected,
    };
    let seen = meaning(&reading(Phase::PreSign, answer, failures, allow));
    assert_eq!(seen, expected, "in pre-sign");
    seen
}

fn meaning(reading: &Reading) -> Meaning {
    match reading {
        Reading::Ready(_) => Meaning::Ready,
        Reading::Signed => Meaning::Signed,
        Reading::Failed(_) => Meaning::Failed,
        Reading::Blocked(_) => Meaning::Blocked,
        Reading::Waiting(_) => Meaning::Waiting,
    }
}

fn is_bounded(problem: &Problem) {
    problem.detail.iter().for_each(|words| is_text(words, LONGEST_WORDS));
    problem.trace_id.iter().for_each(|id| is_text(id, LONGEST_TRACE));
}

/// Bounded, and with nothing unseen in it once it is shown.
fn is_text(text: &str, most: usize) {
    assert!(text.chars().count() <= most, "{} characters", text.chars().count());
    assert!(!visible(text).chars().any(is_unseen), "{text:?}");
}
