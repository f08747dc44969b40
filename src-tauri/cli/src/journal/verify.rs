//! `journal verify`: whether what is kept is what was written.

use enrollment_core::{
    enrollment::{shortened, visible},
    journal::{AuditLine, Chain, Counts, ReadError, Reader},
};

use super::{audit, named};
use crate::{
    args::VerifyArgs,
    exit::{Exit, Stop, print},
    json::time,
};

/// A hash in hexadecimal digits.
const HASH: usize = 64;
const LONGEST_NAME: usize = 40;

/// What was found of a part of the journal, in lines for people.
struct Found {
    lines: Vec<String>,
    is_whole: bool,
}

pub fn verify(args: &VerifyArgs) -> Result<Exit, Stop> {
    let noted = args.head.as_deref().map(hash).transpose()?;
    let path = named(args.journal.as_ref())?;
    let reader = Reader::open(&path)?;
    let audit = audit_of(&reader, noted)?;
    let rest = rest_of(&reader)?;
    let lines: Vec<String> = [path.display().to_string()]
        .into_iter()
        .chain(audit.lines)
        .chain(rest.lines)
        .map(|line| line + "\n")
        .collect();
    let printed = print(&lines.concat());
    if !(audit.is_whole && rest.is_whole) {
        // The code tells, also where nobody reads the rest.
        return Err(Stop::new(Exit::NotWhole, "the journal is not whole"));
    }
    Ok(if printed.is_ok() { Exit::Reached } else { Exit::Interrupted })
}

fn hash(text: &str) -> Result<&str, Stop> {
    if text.len() == HASH && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        Ok(text)
    } else {
        Err(Stop::bad_argument(format!("--head: a head has {HASH} hexadecimal digits")))
    }
}

fn audit_of(reader: &Reader, noted: Option<&str>) -> Result<Found, Stop> {
    match reader.chain() {
        Ok(Chain::Whole { lines, head }) => {
            let said = match lines {
                0 => "no lines yet".to_owned(),
                1 => "1 line, which begins it".to_owned(),
                more => format!("{more} lines, each follows from the one before"),
            };
            let mut lines = vec![part("audit", &said), part("head", &head)];
            let is_whole = match noted {
                None => {
                    lines.push(part("", "(noted down, it tells later that none was cut off)"));
                    true
                }
                Some(noted) if reader.holds(noted)? => {
                    lines.push(part("", "the noted head is part of it"));
                    true
                }
                Some(_) => {
                    let said = "the noted head is not part of it: lines were cut off or replaced";
                    lines.push(part("", said));
                    false
                }
            };
            Ok(Found { lines, is_whole })
        }
        Ok(Chain::Broken { line, why }) => {
            let said = format!("broken at line {}: {why}", named_line(&line));
            Ok(Found { lines: vec![part("audit", &said)], is_whole: false })
        }
        Err(ReadError::Damaged { why, .. }) => Ok(damaged("audit", &why)),
        Err(error) => Err(error.into()),
    }
}

fn rest_of(reader: &Reader) -> Result<Found, Stop> {
    match reader.check() {
        Ok(Counts { enrollments, lines, lost_enrollments, lost_lines }) => Ok(Found {
            lines: vec![
                part("enrollments", &counted(enrollments, "enrollment", lost_enrollments)),
                part("timelines", &counted(lines, "line", lost_lines)),
            ],
            is_whole: lost_enrollments == 0 && lost_lines == 0,
        }),
        Err(ReadError::Damaged { why, .. }) => Ok(damaged("the rest", &why)),
        Err(error) => Err(error.into()),
    }
}

fn damaged(what: &str, why: &str) -> Found {
    Found { lines: vec![part(what, &format!("damaged: {}", visible(why)))], is_whole: false }
}

fn part(name: &str, said: &str) -> String {
    format!("{name:<12} {said}").trim_end().to_owned()
}

/// `3 lines, all whole`
fn counted(there: u32, what: &str, lost: u32) -> String {
    let plural = if there == 1 { "" } else { "s" };
    let lost = if lost == 0 { "all whole".to_owned() } else { format!("{lost} missing") };
    format!("{there} {what}{plural}, {lost}")
}

/// `3 (2026-11-23T12:00:00.000Z, maria, handed-on)`
fn named_line(AuditLine { seq, deed }: &AuditLine) -> String {
    match deed {
        Ok(deed) => {
            let by = visible(&shortened(&deed.by.account, LONGEST_NAME));
            format!("{seq} ({}, {by}, {})", time(deed.at), audit::word(&deed.did))
        }
        Err(_) => format!("{seq} (it cannot be understood)"),
    }
}
