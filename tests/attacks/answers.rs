//! The reading of answers against mutated ones: the HTTP status decides, only the exact status with
//! a link that may be opened is a target, and nothing is longer or slower than it may be.

#[path = "../harness.rs"]
mod harness;

mod dice;
mod draw_answers;
mod mutate;
mod run;

use std::process::ExitCode;

use enrollment_attacks::answer::{Meaning, Sent, judge};
use enrollment_core::signing_url::{Allowlist, AllowlistEntry};

use crate::{
    dice::Dice,
    draw_answers::draw,
    run::{Attack, Census},
};

/// What a run has to reach, and in which part of all cases at least.
const PARTS: [(&str, u64); 13] = [
    ("Ready", 50),
    ("Signed", 100),
    ("Failed", 200),
    ("Blocked", 200),
    ("Waiting", 20),
    ("Unauthorized", 200),
    ("Refused", 20),
    ("not-json", 50),
    ("wrong-type", 50),
    ("truncated", 50),
    ("unexpected-success", 500),
    ("busy", 200),
    ("server-error", 50),
];

struct Answers {
    allow: Allowlist,
    failures: Vec<String>,
}

impl Attack for Answers {
    const NAME: &'static str = "answers";
    const COUNT: u64 = 100_000;
    type Case = Sent;

    fn draw(&self, dice: &mut Dice) -> Sent {
        draw(dice)
    }

    fn judge(&self, case: &Sent, census: &mut Census) {
        match judge(case, &self.failures, &self.allow) {
            Meaning::Faulty(kind) => census.note(kind),
            meaning @ (Meaning::Ready
            | Meaning::Signed
            | Meaning::Failed
            | Meaning::Blocked
            | Meaning::Waiting
            | Meaning::Unauthorized
            | Meaning::Refused) => census.note(&format!("{meaning:?}")),
        }
    }

    fn missing(&self, census: &Census, count: u64) -> Vec<String> {
        let rare = |(what, part): &(&str, u64)| census.of(what) < count / part;
        PARTS.into_iter().filter(rare).map(|(what, _)| what.to_owned()).collect()
    }
}

fn main() -> ExitCode {
    let entry: AllowlistEntry = "*.b-trust.bg".parse().expect("a good entry");
    run::main(&Answers {
        allow: Allowlist::new(vec![entry]),
        failures: vec!["ERROR".to_owned(), "REJECTED_BY_OPERATOR".to_owned()],
    })
}
