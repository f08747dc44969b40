use std::{cell::Cell, num::NonZeroU16};

use proptest::{prelude::*, sample::select};
use url::{Host, Url};

use super::*;

/// Pieces that parsers trip over, put together at random.
const PIECES: &[&str] = &[
    "https://",
    "http://",
    "HTTPS:",
    "//",
    "/",
    "\\",
    "?",
    "#",
    "@",
    ":",
    "::",
    ".",
    "..",
    "%",
    "%2e",
    "%2F",
    "%5c",
    "%00",
    "%zz",
    "'",
    "*",
    "[",
    "]",
    " ",
    "\t",
    "\n",
    "\0",
    "\u{ad}",
    "\u{3002}",
    "\u{ff0f}",
    "\u{430}",
    "443",
    ":443",
    ":8443",
    ":0443",
    "sign.borica.bg",
    "b-trust.bg",
    ".b-trust.bg",
    "evil.com",
    "SIGN",
    "xn--",
    "xn--80ak6aa92e",
    "127.0.0.1",
    "127.0.0.1:8080",
    "0x7f",
    "sign",
    "/sign/",
    "-",
    "_",
    "a",
];

const ENTRIES: &[&str] =
    &["sign.borica.bg", "sign.borica.bg:8443", "pay.borica.bg/sign/", "*.b-trust.bg"];

fn full_list() -> Allowlist {
    let parsed = ENTRIES.iter().map(|text| text.parse().expect("a good entry"));
    let sandbox = AllowlistEntry::sandbox(NonZeroU16::new(8080).expect("a port"));
    Allowlist::new(parsed.chain([sandbox]).collect())
}

/// Text that begins as something acceptable does, so that many reach the last steps.
fn near_misses() -> impl Strategy<Value = String> {
    let start = select(&[
        "https://sign.borica.bg",
        "https://SIGN.borica.bg:8443/",
        "https://pay.borica.bg/sign/",
        "https://a.b-trust.bg/",
        "http://127.0.0.1:8080/",
        "",
    ]);
    let rest = prop::collection::vec(select(PIECES), 0..6);
    (start, rest).prop_map(|(start, rest)| format!("{start}{}", rest.concat()))
}

/// A vector with one piece put in, in place of up to two characters.
fn mutated_vectors() -> impl Strategy<Value = String> {
    let urls: Vec<_> = vectors().into_iter().map(|vector| vector.url).collect();
    (select(urls), any::<prop::sample::Index>(), 0..3_usize, select(PIECES)).prop_map(
        |(url, at, cut, piece)| {
            let at = at.index(url.chars().count() + 1);
            let before = url.chars().take(at);
            let after = url.chars().skip(at + cut);
            before.chain(piece.chars()).chain(after).collect()
        },
    )
}

fn hostile_text() -> impl Strategy<Value = String> {
    prop_oneof![near_misses(), mutated_vectors(), any::<String>(), "[ -~]{0,60}"]
}

/// What holds of every accepted URL, told without the code that accepts it.
fn assert_harmless(list: &Allowlist, url: &SigningUrl) {
    let text = url.expose();
    assert_eq!(list.check(text).as_ref(), Ok(url), "not the same when checked again");
    assert!(text.len() <= 2048 && text.is_ascii(), "{text}");

    let violations = Cell::new(0);
    let count = |_| violations.set(violations.get() + 1);
    let parsed = Url::options().syntax_violation_callback(Some(&count)).parse(text).expect("a URL");
    assert_eq!(violations.get(), 0, "{text}");
    assert_eq!(parsed.as_str(), text);
    assert!(parsed.username().is_empty() && parsed.password().is_none(), "{text}");

    let at = (parsed.scheme(), parsed.host().expect("a host"), parsed.port());
    let listed = match at {
        ("http", Host::Ipv4(ip), Some(8080)) => ip.octets() == [127, 0, 0, 1],
        ("https", Host::Domain("sign.borica.bg"), None | Some(8443)) => true,
        ("https", Host::Domain("pay.borica.bg"), None) => {
            let mut segments = parsed.path_segments().expect("a path");
            segments.next() == Some("sign")
        }
        ("https", Host::Domain(name), None) => name.len() > 11 && name.ends_with(".b-trust.bg"),
        _ => false,
    };
    assert!(listed, "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_accepted_is_harmless_and_the_same_when_checked_again(text in hostile_text()) {
        let list = full_list();
        if let Ok(url) = list.check(&text) {
            assert_harmless(&list, &url);
        }
    }

    #[test]
    fn whatever_is_refused_shows_no_more_than_a_host(text in hostile_text()) {
        if let Err(Refusal { host: Some(host), .. }) = full_list().check(&text) {
            let in_hosts = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte);
            prop_assert!((1..=253).contains(&host.len()) && host.bytes().all(in_hosts), "{}", host);
        }
    }

    #[test]
    fn whatever_parses_as_an_entry_is_given_back(
        text in prop_oneof![
            prop::collection::vec(select(PIECES), 0..5).prop_map(|pieces| pieces.concat()),
            r"(\*\.)?([a-zA-Z0-9-]{1,4}\.){1,3}(bg|co\.uk|internal|0x1)(:[0-9]{1,5})?(/[a-z.%]{0,3}/?){0,2}",
            any::<String>(),
        ],
    ) {
        if let Ok(entry) = text.parse::<AllowlistEntry>() {
            prop_assert_eq!(entry.to_string().parse(), Ok(entry.clone()));
            // It matches something: itself, with a label in place of its wildcard.
            let url = format!("https://{}", entry.to_string().replace('*', "a"));
            prop_assert!(Allowlist::new(vec![entry]).check(&url).is_ok(), "{}", url);
        }
    }
}
