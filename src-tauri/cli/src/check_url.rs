//! `check-url`: the allowlist's decision on one link, without opening it.

use enrollment_core::signing_url::Allowlist;

use crate::{
    args::CheckUrlArgs,
    exit::{Exit, Stop, print},
    plan::entries,
};

pub fn run(args: &CheckUrlArgs) -> Result<Exit, Stop> {
    let allow = Allowlist::new(entries(&args.allow)?);
    // What is no text holds characters that no address may hold, and is refused as such.
    match allow.check(&args.url.to_string_lossy()) {
        Ok(url) => match print(&format!("{}\n", url.host())) {
            Ok(()) => Ok(Exit::Reached),
            Err(_) => Ok(Exit::Interrupted),
        },
        Err(refusal) => {
            let words = format!("{refusal} (rule {})", refusal.rule.code());
            Err(Stop::new(Exit::UrlRefused, words))
        }
    }
}
