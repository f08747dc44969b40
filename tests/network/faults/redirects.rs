//! Redirects, which would take the token somewhere else.

use enrollment_core::enrollment::ProblemKind as Kind;

use super::{Fault, GOOD, Stage, http};
use crate::round::{Due, Play};

pub const FAULTS: &[Fault] = &[
    Fault::new("redirect-301", |stage| away(stage, "301 Moved Permanently", 301)),
    Fault::new("redirect-302", |stage| away(stage, "302 Found", 302)),
    Fault::new("redirect-303", |stage| away(stage, "303 See Other", 303)),
    Fault::new("redirect-307", |stage| away(stage, "307 Temporary Redirect", 307)),
    Fault::new("redirect-308", |stage| away(stage, "308 Permanent Redirect", 308)),
    Fault::new("pointed-away", |stage| {
        // Whatever else could lead to another place leads nowhere.
        let there = there(stage);
        let alternative = format!("Alt-Svc: h2=\"127.0.0.1:{}\"; ma=60", stage.elsewhere);
        let header = stage.pick(&["Location", "Content-Location", "Refresh", "Link"]);
        let header = format!("{header}: {there}");
        stage.says(http("200 OK", &[&header, &alternative], GOOD), Due::Processing)
    }),
];

fn away(stage: &mut Stage, status: &str, code: u16) -> Play {
    let location = format!("Location: {}", there(stage));
    let body = stage.pick(&["", GOOD]);
    let headers = [location.as_str(), "Retry-After: 1"];
    stage.says(http(status, &headers, body), Due::Refused(Kind::Redirect, code))
}

fn there(stage: &mut Stage) -> String {
    let scheme = stage.pick(&["http:", "https:", ""]);
    format!("{scheme}//127.0.0.1:{}/Enrollment/1/0/true/", stage.elsewhere)
}
