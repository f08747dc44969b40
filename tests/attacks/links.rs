//! The link check against a million mutated links: whatever it accepts is read alike by three other
//! parsers, leads to a listed host, and is the same when it is checked again.

#[path = "../harness.rs"]
mod harness;

mod dice;
mod draw_links;
mod mutate;
mod run;

use std::process::ExitCode;

use enrollment_attacks::link::{Listed, judge};

use crate::{
    dice::Dice,
    draw_links::{Link, draw},
    run::{Attack, Census},
};

/// Lists with the kinds of entry there are, and with none.
pub const LISTS: [&str; 8] = [
    "sign.borica.bg",
    "*.b-trust.bg",
    "pay.borica.bg/sign/",
    "*.b-trust.bg:8443/Sign/v1/",
    "xn--80ak6aa92e.com sign.borica.bg:8443",
    "http://127.0.0.1:8080/",
    "sign.borica.bg pay.borica.bg/sign/ *.b-trust.bg http://127.0.0.1:80/ sign.borica.bg:8443",
    "",
];

/// The codes of all rules that a run has to reach.
const RULES: [&str; 17] = [
    "Length",
    "Character",
    "Scheme",
    "Authority",
    "Unparsable",
    "Violation",
    "IpAddress",
    "HostName",
    "RoundTrip",
    "BrokenEscape",
    "EscapedControl",
    "DotSegment",
    "NoEntry",
    "Punycode",
    "Port",
    "PathPrefix",
    "EscapedSlash",
];

struct Links {
    listed: Vec<Listed>,
    vectors: Vec<String>,
}

impl Attack for Links {
    const NAME: &'static str = "links";
    const COUNT: u64 = 1_000_000;
    type Case = Link;

    fn draw(&self, dice: &mut Dice) -> Link {
        draw(&self.vectors, dice)
    }

    fn judge(&self, case: &Link, census: &mut Census) {
        match judge(&self.listed[case.list], &case.text) {
            Ok(()) => census.note(if case.good { "accepted" } else { "accepted though mutated" }),
            Err(rule) => {
                assert!(!case.good, "a good link is refused: {rule:?}");
                census.note(&format!("refused: {rule:?}"));
                census.note("refused");
            }
        }
    }

    fn missing(&self, census: &Census, count: u64) -> Vec<String> {
        let parts = [("accepted", 5), ("accepted though mutated", 20), ("refused", 5)];
        let parts = parts.map(|(what, part)| (what.to_owned(), part));
        let rules = RULES.map(|rule| (format!("refused: {rule}"), 10_000));
        let rare = |(what, part): &(String, u64)| census.of(what) < count / part;
        parts.into_iter().chain(rules).filter(rare).map(|(what, _)| what).collect()
    }
}

fn main() -> ExitCode {
    let decode = |line: &str| {
        let body = line.split('\t').next().unwrap_or_default();
        serde_json::from_str(&format!("\"{body}\"")).expect("a JSON string body")
    };
    let vectors = include_str!("../../src-tauri/core/src/signing_url/vectors.tsv");
    let listed = |text: &&str| Listed::new(text).expect("good entries");
    run::main(&Links {
        listed: LISTS.iter().map(listed).collect(),
        vectors: vectors.lines().skip(1).map(decode).collect(),
    })
}
