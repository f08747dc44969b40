//! Words that come from elsewhere, without what nobody outside may read.

use crate::enrollment::{shortened, visible};

/// The longest piece of text that can be no token.
const SHORT: usize = 24;
/// The longest text that is kept.
const LONGEST: usize = 400;
const REMOVED: &str = "[removed]";

/// The text with everything taken out that could be a token or more of a link than its host: every
/// run of 25 or more characters that tokens are made of and words are not, and whatever follows the host of an address.
/// A W3C trace context (`00-…-…-00`), by which a gateway's people find a request, stays.
#[must_use]
pub fn redacted(text: &str) -> String {
    let words = visible(text);
    let mut out = String::with_capacity(words.len().min(4 * LONGEST));
    for piece in words.split_inclusive(|c: char| c.is_whitespace() || "\"'`()<>,;".contains(c)) {
        let (word, end) = split_end(piece);
        out.push_str(&redacted_word(word));
        out.push_str(end);
    }
    shortened(&out, LONGEST)
}

fn split_end(piece: &str) -> (&str, &str) {
    let last = piece.chars().next_back().filter(|c| c.is_whitespace() || "\"'`()<>,;".contains(*c));
    piece.split_at(piece.len() - last.map_or(0, char::len_utf8))
}

fn redacted_word(word: &str) -> String {
    match word.split_once("://") {
        Some((scheme, rest)) if scheme.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
            let ends = authority.len() == rest.len();
            let more = if ends { String::new() } else { format!("/{REMOVED}") };
            // Whoever is named before the host may have a password.
            let host = authority.rsplit('@').next().unwrap_or_default();
            format!("{scheme}://{}{more}", without_tokens(host))
        }
        Some(_) | None => without_tokens(word),
    }
}

fn without_tokens(word: &str) -> String {
    if is_trace(word) {
        return word.to_owned();
    }
    let mut out = String::with_capacity(word.len());
    let mut run = String::new();
    for c in word.chars() {
        if is_token_character(c) {
            run.push(c);
        } else {
            close(&mut run, &mut out);
            out.push(c);
        }
    }
    close(&mut run, &mut out);
    out
}

fn close(run: &mut String, out: &mut String) {
    out.push_str(if run.len() > SHORT && !is_words(run) { REMOVED } else { run });
    run.clear();
}

/// `SIGN_SESSION_ID_SUCCESSFULLY_CREATED`, `crm.branches.example.bg`: letters of one case and what
/// joins them. Nobody makes tokens of so little.
fn is_words(run: &str) -> bool {
    let of_case = |is: fn(&u8) -> bool| run.bytes().all(|b| is(&b) || b"-_.".contains(&b));
    of_case(u8::is_ascii_lowercase) || of_case(u8::is_ascii_uppercase)
}

/// Paths and names of hosts have dots and slashes, and so have tokens: a dot joins the parts of one,
/// a slash does not.
fn is_token_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_.+=~%".contains(c)
}

/// `traceparent` of the W3C's Trace Context: version, trace, span and flags.
fn is_trace(word: &str) -> bool {
    let parts: Vec<&str> = word.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let hexadecimal = |part: &&str| part.bytes().all(|b| b.is_ascii_hexdigit());
    lengths == [2, 32, 16, 2] && parts.iter().all(hexadecimal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_a_token_is_taken_out_wherever_it_stands() {
        let token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYWRlLXVwIn0.c2lnbmF0dXJl";
        for (text, shown) in [
            (format!("Bearer {token}"), "Bearer [removed]"),
            (format!("token=\"{token}\""), "token=\"[removed]\""),
            (format!("({token}), then"), "([removed]), then"),
            (format!("a/{token}/b"), "a/[removed]/b"),
        ] {
            assert_eq!(redacted(&text), shown);
        }
    }

    #[test]
    fn of_an_address_its_host_is_left() {
        for (text, shown) in [
            ("https://sign.example.bg/s/4711?t=x", "https://sign.example.bg/[removed]"),
            ("https://user:secret@crm.example.bg:8443", "https://crm.example.bg:8443"),
            ("see <http://127.0.0.1:9/x#y>.", "see <http://127.0.0.1:9/[removed]>."),
            ("https://evil.example\\@sign.example.bg", "https://evil.example/[removed]"),
        ] {
            assert_eq!(redacted(text), shown);
        }
    }

    #[test]
    fn words_paths_and_trace_contexts_stay() {
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        for text in [
            "environments.toml: line 3: unknown field `tokens`",
            "/home/m.petrova/.config/enrollment-console/settings.json: Няма такъв файл",
            "SIGN_SESSION_ID_SUCCESSFULLY_CREATED at crm.of-all-branches.example.bg",
            trace,
        ] {
            assert_eq!(redacted(text), text);
        }
        assert_eq!(redacted(&trace.replacen("00-", "00", 1)), REMOVED);
    }

    #[test]
    fn it_can_be_looked_at_and_has_an_end() {
        assert_eq!(redacted("a\u{202e}b"), "a\\u{202e}b");
        assert_eq!(redacted(&"ab ".repeat(1_000)).chars().count(), LONGEST + 1);
    }
}
