//! What a fuzzer calls: bytes in, and a panic where a property does not hold.

use std::borrow::Cow;

use enrollment_core::signing_url::{Allowlist, AllowlistEntry};

use crate::{
    answer::{self, Sent},
    environments,
    link::{self, Listed},
    token,
};

/// One target: its name, which is also its corpus' folder, and what it does.
pub type Target = (&'static str, fn(&[u8]));

pub const ALL: [Target; 5] = [
    ("answer", answer),
    ("environments", environments),
    ("link", link),
    ("problem", problem),
    ("token", token),
];

/// A line of allowlist entries, then the link.
pub fn link(data: &[u8]) {
    let text = text(data);
    let (entries, url) = text.split_once('\n').unwrap_or(("sign.borica.bg", &text));
    if let Some(listed) = Listed::new(entries) {
        let _refused = link::judge(&listed, url);
    }
}

/// Lines of the HTTP status, `Retry-After` and `Date`, then the body.
pub fn answer(data: &[u8]) {
    let mut parts = data.splitn(4, |byte| *byte == b'\n');
    let mut line = || text(parts.next().unwrap_or_default()).into_owned();
    let (http, wait, dated) = (line(), line(), line());
    let http = http.parse().ok().filter(|http| (100..=999).contains(http)).unwrap_or(200);
    judge(http, wait, dated, parts.next().unwrap_or_default());
}

/// The body of a 400.
pub fn problem(data: &[u8]) {
    judge(400, String::new(), String::new(), data);
}

fn judge(http: u16, retry_after: String, date: String, body: &[u8]) {
    let some = |text: String| (!text.is_empty()).then_some(text);
    let body = body.get(..enrollment_core::gateway::LARGEST_BODY).unwrap_or(body).to_vec();
    let sent = Sent { http, retry_after: some(retry_after), date: some(date), body };
    let allow: AllowlistEntry = "*.b-trust.bg".parse().expect("a good entry");
    let _meaning = answer::judge(&sent, &["ERROR".to_owned()], &Allowlist::new(vec![allow]));
}

/// What somebody pastes.
pub fn token(data: &[u8]) {
    let _refused = token::judge(&text(data));
}

/// A whole file.
pub fn environments(data: &[u8]) {
    let _refused = environments::judge(&text(data));
}

fn text(data: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(data)
}
