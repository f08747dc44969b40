use std::cell::Cell;

use url::{Host, SyntaxViolation, Url};

use super::{
    AllowlistEntry, MAX_URL, Refusal, Rule, SigningUrl, ensure,
    entry::{MAX_HOST, check_labels},
};

/// The signing hosts of one environment. An empty one accepts nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowlist(Vec<AllowlistEntry>);

impl Allowlist {
    #[must_use]
    pub fn new(entries: Vec<AllowlistEntry>) -> Self {
        Self(entries)
    }

    #[must_use]
    pub fn entries(&self) -> &[AllowlistEntry] {
        &self.0
    }

    /// Decides whether `text` may be opened. To be asked at the moment of use, every time.
    ///
    /// # Errors
    /// The first rule that `text` breaks. Where several entries came close, the rule is that of
    /// the closest.
    pub fn check(&self, text: &str) -> Result<SigningUrl, Refusal> {
        self.decide(text).map_err(|rule| Refusal::new(rule, text))
    }

    /// One line for each step of the policy, in its order.
    ///
    /// The sandbox's URLs are `http` to an IP address, so steps 2, 5 and 8 do not fit them: being
    /// literally at the sandbox's address stands in for all three, and step 6 makes sure that the
    /// parser saw the same address.
    fn decide(&self, text: &str) -> Result<SigningUrl, Rule> {
        let sandbox = self.0.iter().any(|entry| entry.is_sandbox_of(text));

        check_characters(text)?;
        let (authority, rest) = split(text, if sandbox { "http://" } else { "https://" })?;
        check_authority(authority)?;
        let url = parse(text)?;
        if !sandbox {
            check_host(&url)?;
        }
        check_round_trip(authority, &url)?;
        check_escapes(rest)?;
        check_segments(rest)?;
        if !sandbox {
            self.check_entries(&url)?;
        }
        check_length(url.as_str())?;
        Ok(SigningUrl::accepted(url))
    }

    /// Step 8, and what step 7 asks of entries with a path prefix.
    ///
    /// Each entry says how far it went along with the URL, and rules are ordered by just that.
    fn check_entries(&self, url: &Url) -> Result<(), Rule> {
        let mut closest = Rule::NoEntry;
        for entry in &self.0 {
            match entry.admits(url) {
                Ok(()) => return Ok(()),
                Err(rule) => closest = closest.max(rule),
            }
        }
        Err(closest)
    }
}

/// Step 1. WHATWG parsers drop tabs and line breaks, trim blanks and read `\` as `/`, while other
/// readers of the same text do not; quotes and brackets break out of markup and shells; what is
/// not ASCII can imitate another name or turn the text around.
fn check_characters(text: &str) -> Result<(), Rule> {
    check_length(text)?;
    let harmless = |byte: u8| byte.is_ascii_graphic() && !br#"\"<>^`{}|"#.contains(&byte);
    ensure(text.bytes().all(harmless), Rule::Character)
}

/// Steps 1 and 9. The parser can lengthen a URL (it adds a first `/` and escapes `'` in a query),
/// and what it writes has to pass this check again.
fn check_length(text: &str) -> Result<(), Rule> {
    ensure((1..=MAX_URL).contains(&text.len()), Rule::Length)
}

/// Step 2, without which a link could start any program that has claimed a scheme (`file:`, `smb:`,
/// `ms-msdt:`). Literally, because WHATWG also reads `https:/host` and `https:host` as `https`.
///
/// The authority as written, and all that follows it.
fn split<'t>(text: &'t str, scheme: &str) -> Result<(&'t str, &'t str), Rule> {
    let (start, after) = text.split_at_checked(scheme.len()).ok_or(Rule::Scheme)?;
    if !start.eq_ignore_ascii_case(scheme) {
        return Err(Rule::Scheme);
    }
    let end = after.find(['/', '?', '#']).unwrap_or(after.len());
    Ok(after.split_at(end))
}

/// Step 3. Before `@` anything may stand that looks like a host and is none; `%` is decoded in
/// hosts by some parsers (WHATWG) and kept by others (RFC 3986); `[` begins an IP address.
fn check_authority(authority: &str) -> Result<(), Rule> {
    ensure(!authority.contains(['@', '%', '[']), Rule::Authority)
}

/// Step 4. A violation is what the parser puts up with but the standard calls wrong: parsers
/// differ most in how they repair.
fn parse(text: &str) -> Result<Url, Rule> {
    let violation = Cell::new(None);
    let note = |found| violation.set(violation.get().or(Some(found)));
    let url = Url::options()
        .syntax_violation_callback(Some(&note))
        .parse(text)
        .map_err(|_| Rule::Unparsable)?;
    match violation.get() {
        None => Ok(url),
        Some(SyntaxViolation::PercentDecode) => Err(Rule::BrokenEscape),
        Some(_) => Err(Rule::Violation),
    }
}

/// Step 5. WHATWG takes more for a host than DNS does (`p!ortal`, `-a`, labels of any length).
fn check_host(url: &Url) -> Result<(), Rule> {
    match url.host() {
        Some(Host::Domain(name)) if name.len() <= MAX_HOST && check_labels(name).is_ok() => Ok(()),
        Some(Host::Domain(_)) => Err(Rule::HostName),
        Some(Host::Ipv4(_) | Host::Ipv6(_)) | None => Err(Rule::IpAddress),
    }
}

/// Step 6. Whatever else a parser may do to an authority, it shows here: the host that was
/// written is the host that is opened.
fn check_round_trip(authority: &str, url: &Url) -> Result<(), Rule> {
    let host = url.host_str().unwrap_or_default();
    let parsed = match url.port_or_known_default() {
        Some(port) if authority.contains(':') => format!("{host}:{port}"),
        _ => host.to_owned(),
    };
    ensure(authority.eq_ignore_ascii_case(&parsed), Rule::RoundTrip)
}

/// Step 7, escapes. A server or a log that decodes a control character can be made to see two
/// lines, or a text cut off at a NUL.
fn check_escapes(rest: &str) -> Result<(), Rule> {
    for escape in rest.split('%').skip(1) {
        // The parser reports broken escapes too; this does not lean on it.
        let digits = escape
            .get(..2)
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .ok_or(Rule::BrokenEscape)?;
        let byte = u8::from_str_radix(digits, 16).map_err(|_| Rule::BrokenEscape)?;
        if byte.is_ascii_control() {
            return Err(Rule::EscapedControl);
        }
    }
    Ok(())
}

/// Step 7, dot segments. They are resolved before the request (RFC 3986 section 5.2.4), and by
/// WHATWG when escaped as well: the path that was judged would not be the path that is opened.
fn check_segments(rest: &str) -> Result<(), Rule> {
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let is_dots = |segment: &str| {
        let plain = segment.to_ascii_lowercase().replace("%2e", ".");
        plain == "." || plain == ".."
    };
    ensure(!path.split('/').any(is_dots), Rule::DotSegment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escape_is_two_hex_digits_whatever_the_parser_says() {
        for rest in ["/%", "/%4", "/%4g", "/%g4", "/%+4", "/%%41", "/a%u0041", "/?q=%", "/#%x"] {
            assert_eq!(check_escapes(rest), Err(Rule::BrokenEscape), "{rest}");
        }
        assert_eq!(check_escapes("/%41%d0?%b8#%7e"), Ok(()));
    }
}
