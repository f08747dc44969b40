//! The link check.

use ada_url::Url as Ada;
use enrollment_core::signing_url::{Allowlist, AllowlistEntry, Refusal, Rule, SigningUrl};

use crate::readers::{Place, client, ours, rfc, whatwg};

/// An allowlist, beside the text that it was made from.
pub struct Listed {
    list: Allowlist,
    entries: Vec<String>,
}

impl Listed {
    /// As an administrator writes entries, with blanks between. `http://127.0.0.1:PORT/` stands for
    /// the sandbox's, which no text parses to. `None` where an entry is refused.
    ///
    /// # Panics
    /// Where an entry is not the same when it is read again.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let (mut list, mut entries) = (Vec::new(), Vec::new());
        for text in text.split(' ').filter(|text| !text.is_empty()) {
            let entry = match text.strip_prefix("http://127.0.0.1:") {
                Some(port) => AllowlistEntry::sandbox(port.strip_suffix('/')?.parse().ok()?),
                None => read_entry(text)?,
            };
            list.push(entry);
            entries.push(text.to_owned());
        }
        Some(Self { list: Allowlist::new(list), entries })
    }
}

fn read_entry(text: &str) -> Option<AllowlistEntry> {
    let entry: AllowlistEntry = text.parse().ok()?;
    assert_eq!(entry.to_string().parse(), Ok(entry.clone()), "the entry {text:?} read again");
    Some(entry)
}

/// Checks `text`, and then all that must hold of the decision. The rule is told of a refusal.
///
/// # Errors
/// The rule that refused it.
///
/// # Panics
/// Where a property does not hold.
pub fn judge(listed: &Listed, text: &str) -> Result<(), Rule> {
    match listed.list.check(text) {
        Ok(url) => {
            is_read_alike_by_all(text, &url);
            is_listed(listed, &url);
            is_spelled_as_it_came(text, &url);
            assert_eq!(listed.list.check(url.expose()).as_ref(), Ok(&url), "checked again");
            shows_no_more_than_its_host(&url);
            Ok(())
        }
        Err(refusal) => {
            shows_no_more_than_a_host(text, &refusal);
            Err(refusal.rule)
        }
    }
}

/// What came and what is opened lead to the same place, whoever reads it.
fn is_read_alike_by_all(text: &str, url: &SigningUrl) {
    let opened = url.expose();
    let place = ours(opened);
    assert!(place.is_some(), "{opened:?} leads nowhere");
    for written in [text, opened] {
        let ada = Ada::parse(written, None).expect("a URL for the other WHATWG parser");
        assert_eq!(ada.href(), opened, "the other WHATWG parser, of {written:?}");
        assert_eq!(whatwg(&ada), place, "the other WHATWG parser, of {written:?}");
        assert_eq!(rfc(written), place, "RFC 3986, of {written:?}");
        assert_eq!(client(written), place, "an HTTP client, of {written:?}");
    }
}

fn is_listed(listed: &Listed, url: &SigningUrl) {
    let place = rfc(url.expose()).expect("a place, as was asked before");
    let covered = listed.entries.iter().any(|entry| covers(entry, &place));
    assert!(covered, "{place:?} is under none of {:?}", listed.entries);
}

/// The policy's words on entries, told without the code that reads them.
fn covers(entry: &str, place: &Place) -> bool {
    if let Some(sandbox) = entry.strip_prefix("http://127.0.0.1:") {
        let here = place.scheme == "http" && place.host == "127.0.0.1";
        return here && sandbox.strip_suffix('/') == Some(&place.port.to_string());
    }
    let (authority, prefix) = entry.split_at(entry.find('/').unwrap_or(entry.len()));
    let authority = authority.to_ascii_lowercase();
    let (host, port) = authority.split_once(':').unwrap_or((&authority, "443"));
    let named = match host.strip_prefix("*.") {
        None => place.host == host,
        Some(base) => place.host.strip_suffix(base).is_some_and(|labels| {
            let labels: Vec<&str> = labels.split('.').collect();
            labels.len() > 1
                && labels.last() == Some(&"")
                && labels[..labels.len() - 1]
                    .iter()
                    .all(|label| !label.is_empty() && !label.starts_with("xn--"))
        }),
    };
    let escaped = |slash: &str| place.path.to_ascii_lowercase().contains(slash);
    let beneath = format!("{}/", place.path).starts_with(prefix);
    let within = prefix.is_empty() || beneath && !escaped("%2f") && !escaped("%5c");
    place.scheme == "https" && named && place.port.to_string() == port && within
}

/// Nothing is repaired: the scheme and the host are written small, the usual port and an empty path
/// as parsers write them, a quote in the query is escaped. All the rest is as it came.
fn is_spelled_as_it_came(text: &str, url: &SigningUrl) {
    let (scheme, after) = text.split_once("://").expect("a scheme");
    let (authority, rest) = after.split_at(after.find(['/', '?', '#']).unwrap_or(after.len()));
    let scheme = scheme.to_ascii_lowercase();
    let usual = if scheme == "https" { ":443" } else { ":80" };
    let authority = authority.to_ascii_lowercase();
    let authority = authority.strip_suffix(usual).unwrap_or(&authority);
    let (before, fragment) = rest.split_at(rest.find('#').unwrap_or(rest.len()));
    let (path, query) = before.split_at(before.find('?').unwrap_or(before.len()));
    let path = if path.is_empty() { "/" } else { path };
    let query = query.replace('\'', "%27");
    assert_eq!(url.expose(), format!("{scheme}://{authority}{path}{query}{fragment}"));
}

fn shows_no_more_than_its_host(url: &SigningUrl) {
    let shown = format!("{url} {url:?}");
    assert_eq!(shown, format!("{0} SigningUrl({0:?})", url.host()));
    let ada = Ada::parse(url.expose(), None).expect("a URL, as was asked before");
    assert_eq!(url.host(), ada.host());
}

/// The host that a refusal shows is what a browser would make of the text, and all that it shows.
fn shows_no_more_than_a_host(text: &str, refusal: &Refusal) {
    let Refusal { rule, host } = refusal;
    let told = match host {
        Some(host) => format!("host {host} refused: {rule}"),
        None => format!("link refused: {rule}"),
    };
    assert_eq!(refusal.to_string(), told);
    assert_eq!(format!("{refusal:?}"), format!("Refusal {{ rule: {rule:?}, host: {host:?} }}"));
    let Some(host) = host else { return };
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte);
    assert!((1..=253).contains(&host.len()) && host.bytes().all(letters), "{host:?}");
    if let Ok(ada) = Ada::parse(text, None) {
        assert_eq!(host, ada.hostname(), "shown for {text:?}");
    }
}
