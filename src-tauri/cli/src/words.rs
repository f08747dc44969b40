//! What happened, in words for people. Whatever the gateway wrote is made visible before.

use std::time::Duration;

use enrollment_core::enrollment::{
    Customer, Entry, Event, Miss, Outcome, Pause, Phase, Problem, Says, TimeoutCause, User,
};

/// One line of the timeline: when, who, what.
pub fn line(user: User, entry: &Entry) -> String {
    let entry = entry.clone().made_visible();
    let clock = entry.at.strftime("%H:%M:%SZ");
    format!("{clock}  {:<21}  {}\n", who(user.id.get(), user.user_type.word()), event(&entry.event))
}

/// `1024 merchant`
pub fn who(id: u32, user_type: &str) -> String {
    format!("{id} {user_type}")
}

fn event(event: &Event) -> String {
    match event {
        Event::Added { customer } => match customer {
            Customer::StillIdentifying => "the customer is still identifying".to_owned(),
            Customer::IdentificationFinished => "added: identification is finished".to_owned(),
            Customer::SigningFinished => "added: signing is finished".to_owned(),
        },
        Event::Stated { says, .. } => match says {
            Says::IdentificationFinished => "stated: identification is finished".to_owned(),
            Says::SigningFinished => "stated: signing is finished".to_owned(),
        },
        Event::Started { phase } => format!("watching {}", phase.word()),
        Event::Status { status, message, backwards, .. } => {
            let back = if *backwards { " (an earlier status came back)" } else { "" };
            format!("{}{back}", self::status(status.as_deref(), message.as_deref()))
        }
        Event::Problem { problem, retry_ms, .. } => {
            let next = retry_ms.map_or_else(String::new, |ms| {
                format!("; next try in {}", seconds(Duration::from_millis(ms)))
            });
            format!("{}{next}", self::problem(problem))
        }
        Event::Paused { why, .. } => format!("paused: {}", pause(*why)),
        Event::Resumed { .. } => "goes on".to_owned(),
        Event::Link { host, .. } => format!("a signing link at {host}"),
        Event::LinkRefused { rule, host } => link_refused(rule, host.as_deref()),
        Event::Opened { host } => format!("opened the signing page at {host}"),
        Event::Copied { host } => format!("copied the link to the signing page at {host}"),
        Event::Shown { host } => format!("showed the signing page at {host} as a QR code"),
        Event::NotOpened { code } => format!("the signing page was not opened ({code})"),
        Event::Checked { status, message } => {
            format!("checked: {}", self::status(status.as_deref(), message.as_deref()))
        }
        Event::LookPlanned { at: Some(at) } => format!("another look is planned for {at}"),
        Event::LookPlanned { at: None } => "the planned look was taken back".to_owned(),
        Event::Ended { phase, result, .. } => outcome(*phase, result),
        Event::Revealed => "the number was shown".to_owned(),
        Event::HandedOn => "handed on".to_owned(),
        Event::Noted { note } if note.is_empty() => "the note was taken away".to_owned(),
        Event::Noted { .. } => "a note was written".to_owned(),
        Event::Removed => "taken off the list".to_owned(),
        Event::Restored => "back on the list".to_owned(),
    }
}

/// `PROCESSING – The identification is being checked.`
pub fn status(status: Option<&str>, message: Option<&str>) -> String {
    let status = status.unwrap_or("no status");
    message.map_or_else(|| status.to_owned(), |message| format!("{status} – {message}"))
}

pub fn problem(problem: &Problem) -> String {
    let http = problem.http.map_or_else(String::new, |http| format!(" (HTTP {http})"));
    let detail = problem.detail.as_ref().map_or_else(String::new, |detail| format!(": {detail}"));
    let trace = problem.trace_id.as_ref().map_or_else(String::new, |id| format!(" [trace {id}]"));
    format!("{}{http}{detail}{trace}", problem.kind.words())
}

pub fn pause(why: Pause) -> &'static str {
    match why {
        Pause::NeedsToken => "the token is not accepted",
        Pause::Offline => "no connection to the gateway",
    }
}

fn outcome(phase: Phase, outcome: &Outcome) -> String {
    match outcome {
        Outcome::ReadyToSign { host } => format!("READY TO SIGN at {host}"),
        Outcome::Signed if phase == Phase::PreSign => "SIGNED already".to_owned(),
        Outcome::Signed => "SIGNED".to_owned(),
        Outcome::Missed(miss) => self::miss(miss),
    }
}

pub fn miss(miss: &Miss) -> String {
    match miss {
        Miss::TimedOut { cause: TimeoutCause::Cap } => {
            "TIMED OUT: not finished while it was watched".to_owned()
        }
        Miss::TimedOut { cause: TimeoutCause::RetryAfter } => {
            "TIMED OUT: the gateway asked to wait beyond the cap".to_owned()
        }
        Miss::TimedOut { cause: TimeoutCause::Offline } => {
            "TIMED OUT: there was no connection at the cap".to_owned()
        }
        Miss::Failed { status } => format!("FAILED: the gateway says {status}"),
        Miss::Rejected { problem } => format!("REJECTED: {}", self::problem(problem)),
        Miss::BlockedUrl { rule, host } => {
            format!("BLOCKED: {}", link_refused(rule, host.as_deref()))
        }
        Miss::Unauthorized => "UNAUTHORIZED: the token is not accepted".to_owned(),
        Miss::GaveUp { .. } => "the customer gave up".to_owned(),
        Miss::Stopped => "stopped".to_owned(),
        Miss::WrongId => "stopped: a wrong id".to_owned(),
        Miss::Interrupted { .. } => "interrupted".to_owned(),
    }
}

fn link_refused(rule: &str, host: Option<&str>) -> String {
    match host {
        Some(host) => format!("a link to {host} is refused (rule {rule})"),
        None => format!("a link is refused (rule {rule})"),
    }
}

/// Whole seconds, or a tenth where that tells more.
pub fn seconds(time: Duration) -> String {
    if time.subsec_millis() < 100 || time >= Duration::from_secs(10) {
        format!("{} s", time.as_secs())
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use enrollment_core::enrollment::{UserId, UserType};

    use super::*;

    #[test]
    fn a_line_holds_nothing_that_cannot_be_seen() {
        let user = User { id: UserId::new(7).expect("an id"), user_type: UserType::Individual };
        let event = Event::Status {
            phase: Phase::PreSign,
            status: Some("A\u{202e}".into()),
            message: Some("one\ntwo\u{1b}[2J".into()),
            backwards: false,
        };
        let at = "2026-11-23T12:00:00.5Z".parse().expect("a time");
        assert_eq!(
            line(user, &Entry { seq: 1, at, by: None, event }),
            "12:00:00Z  7 individual           A\\u{202e} – one\\u{a}two\\u{1b}[2J\n"
        );
    }

    #[test]
    fn times_are_short() {
        let ms = |ms| seconds(Duration::from_millis(ms));
        assert_eq!([ms(2_000), ms(2_450), ms(16_700)], ["2 s", "2.5 s", "16 s"]);
    }
}
