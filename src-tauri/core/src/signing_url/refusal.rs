use std::{error::Error, fmt};

use url::Url;

use super::entry::MAX_HOST;

/// Why a URL may not be opened. Safe to show and to log: of the URL it holds the host alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub rule: Rule,
    /// Where a browser would have gone, as far as that can be told and safely shown.
    pub host: Option<String>,
}

impl Refusal {
    pub(super) fn new(rule: Rule, text: &str) -> Self {
        Self { rule, host: showable_host(text) }
    }
}

/// The parser's host, not the written one: an imitated name shows as its `xn--` form, and a name
/// before an `@` does not show at all.
///
/// In schemes that browsers do not open a host is free text; the small alphabet keeps that out.
fn showable_host(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let host = url.host_str()?;
    let showable = host.len() <= MAX_HOST
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte));
    showable.then(|| host.to_owned())
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            Some(host) => write!(f, "host {host} refused: {}", self.rule),
            None => write!(f, "link refused: {}", self.rule),
        }
    }
}

impl Error for Refusal {}

/// What a refused URL broke, in the order in which it is looked at: a greater rule was reached by
/// passing the lesser ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    Length,
    Character,
    Scheme,
    Authority,
    Unparsable,
    Violation,
    IpAddress,
    HostName,
    RoundTrip,
    BrokenEscape,
    EscapedControl,
    DotSegment,
    /// No entry is for this host. Also the answer of an empty list.
    NoEntry,
    Punycode,
    Port,
    PathPrefix,
    EscapedSlash,
}

impl Rule {
    /// A stable key for translators.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.told().0
    }

    fn told(self) -> (&'static str, &'static str) {
        match self {
            Self::Length => ("length", "the address is empty or longer than 2,048 bytes"),
            Self::Character => ("character", "a character that does not belong in an address"),
            Self::Scheme => ("scheme", "the address does not begin with https://"),
            Self::Authority => ("authority", "the host has an @, % or [ beside it"),
            Self::Unparsable => ("unparsable", "the address cannot be read"),
            Self::Violation => ("violation", "the address is not well-formed"),
            Self::IpAddress => ("ip-address", "the host is an IP address"),
            Self::HostName => ("host-name", "the host is not a valid host name"),
            Self::RoundTrip => ("round-trip", "the host or port is written in an unusual way"),
            Self::BrokenEscape => ("broken-escape", "a % without two hex digits after it"),
            Self::EscapedControl => ("escaped-control", "an escaped control character"),
            Self::DotSegment => ("dot-segment", "the path has a . or .. segment"),
            Self::NoEntry => ("no-entry", "the host is not on the allowlist"),
            Self::Punycode => ("punycode", "an xn-- label under a wildcard"),
            Self::Port => ("port", "the port is not the one on the allowlist"),
            Self::PathPrefix => ("path-prefix", "the path is not under the one on the allowlist"),
            Self::EscapedSlash => ("escaped-slash", "an escaped slash or backslash in the path"),
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.told().1)
    }
}
