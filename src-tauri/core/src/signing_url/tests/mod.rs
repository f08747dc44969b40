use std::num::NonZeroU16;

use super::*;

mod entries;
mod matches;
mod properties;
mod shown;
mod urls;

/// Columns: the URL, the entry (both as JSON string bodies), `allow` or `deny`, and why.
const VECTORS: &str = include_str!("../vectors.tsv");

struct Vector {
    url: String,
    entry: String,
    allowed: bool,
    why: &'static str,
}

fn vectors() -> Vec<Vector> {
    let decode = |body: &str| -> String {
        serde_json::from_str(&format!("\"{body}\"")).expect("a JSON string body")
    };
    let vector = |line: &'static str| {
        let columns: Vec<_> = line.split('\t').collect();
        let [url, entry, expected, why] = columns[..] else {
            panic!("not four columns: {line}");
        };
        Vector {
            url: decode(url),
            entry: decode(entry),
            allowed: match expected {
                "allow" => true,
                "deny" => false,
                other => panic!("neither allow nor deny: {other}"),
            },
            why,
        }
    };
    VECTORS.lines().skip(1).map(vector).collect()
}

fn entry(text: &str) -> AllowlistEntry {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn list(entries: &[&str]) -> Allowlist {
    Allowlist::new(entries.iter().map(|text| entry(text)).collect())
}

fn sandbox(port: u16) -> AllowlistEntry {
    AllowlistEntry::sandbox(NonZeroU16::new(port).expect("a port"))
}

fn rule(list: &Allowlist, url: &str) -> Option<Rule> {
    list.check(url).err().map(|refusal| refusal.rule)
}

/// Every URL is refused by `sign.borica.bg` with the rule.
fn assert_refused(expected: Rule, urls: &[&str]) {
    for url in urls {
        assert_eq!(rule(&list(&["sign.borica.bg"]), url), Some(expected), "{url}");
    }
}

/// Every entry is refused when it is written, with the reason.
fn assert_bad(expected: EntryError, entries: &[&str]) {
    for text in entries {
        assert_eq!(text.parse::<AllowlistEntry>(), Err(expected), "{text:?}");
    }
}

#[test]
fn every_vector_is_decided_as_it_says() {
    let vectors = vectors();
    assert_eq!(vectors.len(), VECTORS.trim_end().lines().count() - 1);
    for Vector { url, entry, allowed, why } in vectors {
        let parsed = entry.parse::<AllowlistEntry>();
        if why.starts_with("bad entry") {
            assert!(parsed.is_err(), "{entry:?} parsed; {why}");
            continue;
        }
        let parsed = parsed.unwrap_or_else(|error| panic!("{entry:?}: {error}"));
        let answer = Allowlist::new(vec![parsed]).check(&url);
        assert_eq!(answer.is_ok(), allowed, "{url:?} with {entry:?}: {answer:?}; {why}");
    }
}
