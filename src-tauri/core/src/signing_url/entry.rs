use std::{fmt, net::Ipv6Addr, num::NonZeroU16, str::FromStr};

use url::{Host, Url};

use super::{MAX_URL, Rule, ensure};

/// The longest host name and label of DNS, in bytes (RFC 1035 section 2.3.4).
pub(super) const MAX_HOST: usize = 253;
const MAX_LABEL: usize = 63;

/// The port of `https`, which an entry means when it names none.
const HTTPS_PORT: NonZeroU16 = NonZeroU16::new(443).expect("443 is not zero");

/// The port of `http`, which the parser leaves out of what it writes.
const HTTP_PORT: u16 = 80;

/// One line of an allowlist: `host` or `*.host`, optionally `:port`, optionally `/path-prefix/`.
///
/// `*.` stands for one or more whole labels, as in CSP host sources, so never for the bare host.
/// An entry that could match nothing, or hosts of strangers, does not parse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowlistEntry(Target);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Target {
    Site {
        host: HostPattern,
        port: NonZeroU16,
        /// Begins and ends with a slash.
        prefix: Option<String>,
    },
    Sandbox(NonZeroU16),
}

/// Lower-case names.
#[derive(Clone, Debug, PartialEq, Eq)]
enum HostPattern {
    Exact(String),
    Under(String),
}

/// What is wrong with the text of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    #[error("an entry needs a host")]
    NoHost,
    #[error("the entry is too long for any address to match it")]
    TooLong,
    #[error("an entry has no blanks")]
    Blank,
    #[error("an entry has no scheme: begin with the host")]
    Scheme,
    #[error("an entry has no user part")]
    User,
    #[error("an entry has no query")]
    Query,
    #[error("an entry has no fragment")]
    Fragment,
    #[error("a port is a number from 1 to 65535 without leading zeros")]
    Port,
    #[error("a host is a name, not an IP address")]
    IpAddress,
    #[error("a wildcard is a leading *. and nothing else")]
    Wildcard,
    #[error("a host has no empty label and no dot at either end")]
    EmptyLabel,
    #[error("a host is made of ASCII letters, digits, hyphens and dots")]
    HostCharacter,
    #[error("a label neither begins nor ends with a hyphen")]
    Hyphen,
    #[error("a label has at most 63 bytes")]
    LongLabel,
    #[error("a host has at most 253 bytes")]
    LongHost,
    #[error("a host has at least two labels")]
    SingleLabel,
    #[error("this is a public suffix: anybody can have a name under it")]
    PublicSuffix,
    #[error("a wildcard needs a known top-level domain: list the hosts one by one")]
    UnknownSuffix,
    #[error("an xn-- label that encodes no name")]
    Punycode,
    #[error("a path prefix ends with a slash, as in host/sign/")]
    PathEnd,
    #[error("a path prefix has no empty segment: for all of a host leave the path out")]
    EmptySegment,
    #[error("a path prefix has no . or .. segment")]
    DotSegment,
    #[error("a path prefix is made of letters, digits, hyphens, dots, underscores and tildes")]
    PathCharacter,
}

impl AllowlistEntry {
    /// A gateway on this computer: literally `http://127.0.0.1:PORT/`. No text parses to it, so no
    /// configuration can hold it.
    #[must_use]
    pub fn sandbox(port: NonZeroU16) -> Self {
        Self(Target::Sandbox(port))
    }

    /// Whether `text` is literally at the address of a sandbox.
    pub(super) fn is_sandbox_of(&self, text: &str) -> bool {
        let Target::Sandbox(port) = self.0 else {
            return false;
        };
        text.starts_with(&format!("http://127.0.0.1:{port}/"))
            // The parser's own way of writing it, which must pass as well.
            || port.get() == HTTP_PORT && text.starts_with("http://127.0.0.1/")
    }

    /// Whether this entry is for `url`, or else the rule that says how close it came.
    pub(super) fn admits(&self, url: &Url) -> Result<(), Rule> {
        let Target::Site { host, port, prefix } = &self.0 else {
            return Err(Rule::NoEntry);
        };
        host.admits(url.host_str().unwrap_or_default())?;
        if url.port_or_known_default() != Some(port.get()) {
            return Err(Rule::Port);
        }
        match prefix {
            Some(prefix) => admit_path(prefix, url.path()),
            None => Ok(()),
        }
    }
}

impl HostPattern {
    fn admits(&self, host: &str) -> Result<(), Rule> {
        match self {
            Self::Exact(name) if host == name => Ok(()),
            Self::Exact(_) => Err(Rule::NoEntry),
            Self::Under(base) => {
                let labels = host
                    .strip_suffix(base)
                    .and_then(|labels| labels.strip_suffix('.'))
                    .ok_or(Rule::NoEntry)?;
                // A wildcard lets others choose the name, and this one shows as another name.
                let imitates = labels.split('.').any(|label| label.starts_with("xn--"));
                ensure(!imitates, Rule::Punycode)
            }
        }
    }
}

/// The prefix `/sign/` holds `/sign` and all below it. A server may decode `%2f` and `%5c` and
/// then walk out of the prefix.
fn admit_path(prefix: &str, path: &str) -> Result<(), Rule> {
    if !path.starts_with(prefix) && prefix.strip_suffix('/') != Some(path) {
        return Err(Rule::PathPrefix);
    }
    let path = path.to_ascii_lowercase();
    let escaped = path.contains("%2f") || path.contains("%5c");
    ensure(!escaped, Rule::EscapedSlash)
}

impl FromStr for AllowlistEntry {
    type Err = EntryError;

    fn from_str(text: &str) -> Result<Self, EntryError> {
        check_whole(text)?;
        let (authority, path) = text.split_at(text.find('/').unwrap_or(text.len()));
        let (host, port) = host_and_port(authority)?;
        Ok(Self(Target::Site {
            host: host.parse()?,
            port: port.map_or(Ok(HTTPS_PORT), parse_port)?,
            prefix: (!path.is_empty()).then(|| parse_prefix(path)).transpose()?,
        }))
    }
}

/// What an address has and an entry has not.
fn check_whole(text: &str) -> Result<(), EntryError> {
    if "https://".len() + text.len() > MAX_URL {
        return Err(EntryError::TooLong);
    }
    let foreign = [
        (text.contains(char::is_whitespace), EntryError::Blank),
        (text.contains("://"), EntryError::Scheme),
        (text.contains('?'), EntryError::Query),
        (text.contains('#'), EntryError::Fragment),
    ];
    match foreign.into_iter().find(|(found, _)| *found) {
        Some((_, error)) => Err(error),
        None => Ok(()),
    }
}

fn host_and_port(authority: &str) -> Result<(&str, Option<&str>), EntryError> {
    if authority.contains('@') {
        return Err(EntryError::User);
    }
    if authority.starts_with('[') || authority.parse::<Ipv6Addr>().is_ok() {
        return Err(EntryError::IpAddress);
    }
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    if host.is_empty() {
        return Err(EntryError::NoHost);
    }
    Ok((host, port))
}

fn parse_port(text: &str) -> Result<NonZeroU16, EntryError> {
    // Rust's own parser takes `+443` and `0443`.
    if !text.starts_with(|first: char| matches!(first, '1'..='9')) {
        return Err(EntryError::Port);
    }
    text.parse().map_err(|_| EntryError::Port)
}

/// The segments may hold only what needs no escape (RFC 3986 section 2.3): an escape can be
/// written in two ways, and the prefix would silently match one of them.
fn parse_prefix(path: &str) -> Result<String, EntryError> {
    let open = path.strip_suffix('/').ok_or(EntryError::PathEnd)?;
    for segment in open.strip_prefix('/').unwrap_or_default().split('/') {
        let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        match segment {
            "" => return Err(EntryError::EmptySegment),
            "." | ".." => return Err(EntryError::DotSegment),
            other if !other.bytes().all(unreserved) => return Err(EntryError::PathCharacter),
            _ => {}
        }
    }
    Ok(path.to_owned())
}

impl FromStr for HostPattern {
    type Err = EntryError;

    fn from_str(text: &str) -> Result<Self, EntryError> {
        let text = text.to_ascii_lowercase();
        // With the `*` counted as the shortest label it can stand for.
        if text.len() > MAX_HOST {
            return Err(EntryError::LongHost);
        }
        let base = text.strip_prefix("*.");
        let name = base.unwrap_or(&text);
        if name.contains('*') {
            return Err(EntryError::Wildcard);
        }
        check_labels(name)?;
        check_is_no_number(name)?;
        check_ownership(name, base.is_some())?;
        check_punycode(name)?;
        Ok(match base {
            Some(base) => Self::Under(base.to_owned()),
            None => Self::Exact(text),
        })
    }
}

/// Whether `name` is one or more labels of letters, digits and inner hyphens (RFC 1123
/// section 2.1).
pub(super) fn check_labels(name: &str) -> Result<(), EntryError> {
    for label in name.split('.') {
        if label.is_empty() {
            return Err(EntryError::EmptyLabel);
        }
        if !label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return Err(EntryError::HostCharacter);
        }
        if label.starts_with('-') || label.ends_with('-') {
            return Err(EntryError::Hyphen);
        }
        if label.len() > MAX_LABEL {
            return Err(EntryError::LongLabel);
        }
    }
    Ok(())
}

/// WHATWG reads a host as an IPv4 address when its last label is a number, in hex also when that
/// is a bare `0x`: `0x7f.1`, `2130706433` and `017700000001` are all 127.0.0.1.
fn check_is_no_number(name: &str) -> Result<(), EntryError> {
    let last = name.rsplit('.').next().unwrap_or_default();
    let decimal = last.bytes().all(|byte| byte.is_ascii_digit());
    let hex = last
        .strip_prefix("0x")
        .is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    ensure(!decimal && !hex, EntryError::IpAddress)
}

/// Whether the names an entry covers belong to one owner, by the Public Suffix List.
///
/// Both its parts count, registries (`bg`) and companies that give names away (`github.io`).
/// Under a top-level domain that it does not know, which is a private network's or newer than the
/// list, nobody can say where strangers begin: one host may be listed there, a wildcard not.
fn check_ownership(name: &str, wildcard: bool) -> Result<(), EntryError> {
    let suffix = psl::suffix(name.as_bytes()).filter(psl::Suffix::is_known);
    if suffix.is_some_and(|suffix| suffix == name) {
        return Err(EntryError::PublicSuffix);
    }
    if !name.contains('.') {
        return Err(EntryError::SingleLabel);
    }
    if wildcard && suffix.is_none() {
        return Err(EntryError::UnknownSuffix);
    }
    Ok(())
}

/// The parser refuses some `xn--` labels (CVE-2024-12224), so no URL could match such an entry.
fn check_punycode(name: &str) -> Result<(), EntryError> {
    ensure(Host::parse(name).is_ok(), EntryError::Punycode)
}

impl fmt::Display for AllowlistEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Target::Sandbox(port) => write!(f, "http://127.0.0.1:{port}/"),
            Target::Site { host, port, prefix } => {
                match host {
                    HostPattern::Exact(name) => f.write_str(name)?,
                    HostPattern::Under(base) => write!(f, "*.{base}")?,
                }
                if *port != HTTPS_PORT {
                    write!(f, ":{port}")?;
                }
                f.write_str(prefix.as_deref().unwrap_or_default())
            }
        }
    }
}
