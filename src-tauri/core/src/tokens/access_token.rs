//! A bearer token in memory.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use jiff::Timestamp;
use reqwest::header::HeaderValue;
use serde::Deserialize;
use zeroize::Zeroizing;

/// Longer ones fit into no gateway's header limits.
const LONGEST: usize = 16 * 1024;

/// A token that an `Authorization` header can carry. It shows nowhere and is wiped when the last
/// clone is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken(HeaderValue);

/// What stands before the token in the header.
const SCHEME: &str = "Bearer ";

/// Why a pasted text is not a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("token: it is empty")]
    Empty,
    #[error("token: a blank or a line end stands inside it")]
    InnerBlank,
    #[error("token: a character stands inside it that no HTTP header may carry")]
    BadCharacter,
    #[error("token: longer than 16 KiB")]
    TooLong,
}

impl AccessToken {
    /// Reads a token as people paste it: blanks and line ends around it, one pair of quotes and a
    /// leading `Bearer ` are dropped; inside, only visible ASCII is accepted.
    ///
    /// # Errors
    /// The rule that the text breaks.
    pub fn from_pasted(text: &str) -> Result<Self, TokenError> {
        let token = strip(text);
        if token.is_empty() {
            return Err(TokenError::Empty);
        }
        if token.len() > LONGEST {
            return Err(TokenError::TooLong);
        }
        if token.chars().any(char::is_whitespace) {
            return Err(TokenError::InnerBlank);
        }
        if !token.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(TokenError::BadCharacter);
        }
        // The header is built once, every poll carries it, and its memory is the token's only one.
        let bearer = Bytes::from_owner(Zeroizing::new(format!("{SCHEME}{token}").into_bytes()));
        let mut header =
            HeaderValue::from_maybe_shared(bearer).map_err(|_| TokenError::BadCharacter)?;
        header.set_sensitive(true);
        Ok(Self(header))
    }

    /// When a JWT says that it expires. A hint for a countdown, never trusted.
    #[must_use]
    pub fn expires(&self) -> Option<Timestamp> {
        #[derive(Deserialize)]
        struct Claims {
            exp: f64,
        }
        let payload = self.secret().split('.').nth(1)?;
        let json = Zeroizing::new(URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?);
        let claims: Claims = serde_json::from_slice(&json).ok()?;
        #[expect(clippy::cast_possible_truncation, reason = "`as` saturates, and jiff checks")]
        Timestamp::from_second(claims.exp as i64).ok()
    }

    pub(crate) fn header(&self) -> HeaderValue {
        self.0.clone()
    }

    pub(super) fn secret(&self) -> &str {
        // The constructor let only visible ASCII in, behind the scheme.
        self.0.to_str().ok().and_then(|text| text.strip_prefix(SCHEME)).unwrap_or_default()
    }
}

fn strip(text: &str) -> &str {
    let mut token = text.trim();
    loop {
        let before = token;
        for quote in ['"', '\''] {
            token = token
                .strip_prefix(quote)
                .and_then(|t| t.strip_suffix(quote))
                .map_or(token, str::trim);
        }
        if let Some((scheme, rest)) = token.split_once(char::is_whitespace)
            && scheme.eq_ignore_ascii_case("bearer")
        {
            token = rest.trim();
        }
        if token == before {
            return token;
        }
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_paste_around_a_token_is_dropped() {
        for pasted in
            ["abc.def", " abc.def\r\n", "\"abc.def\"", "Bearer abc.def", " 'bearer  abc.def' \n"]
        {
            let token = AccessToken::from_pasted(pasted).expect(pasted);
            assert_eq!(token.secret(), "abc.def");
            assert_eq!(token.header().to_str().ok(), Some("Bearer abc.def"));
        }
    }

    #[test]
    fn what_stands_inside_is_refused_with_the_rule() {
        let long = "a".repeat(LONGEST + 1);
        for (pasted, why) in [
            ("", TokenError::Empty),
            (" \n", TokenError::Empty),
            ("\"\"", TokenError::Empty),
            ("abc def", TokenError::InnerBlank),
            ("abc\ndef", TokenError::InnerBlank),
            ("abc\u{a0}def", TokenError::InnerBlank),
            ("токен", TokenError::BadCharacter),
            ("abc\0def", TokenError::BadCharacter),
            (&long, TokenError::TooLong),
        ] {
            assert_eq!(AccessToken::from_pasted(pasted).err(), Some(why), "{pasted:?}");
        }
    }

    #[test]
    fn it_never_shows() {
        let token = AccessToken::from_pasted("canary").expect("a token");
        assert!(!format!("{token:?} {:?}", token.header()).contains("canary"));
    }

    #[test]
    fn the_expiry_of_a_jwt_is_a_hint() {
        let jwt = |claims: &str| {
            let text = format!("e30.{}.x", URL_SAFE_NO_PAD.encode(claims));
            AccessToken::from_pasted(&text).expect("a token").expires().map(Timestamp::as_second)
        };
        assert_eq!(jwt(r#"{"exp":1790000000,"iss":"x"}"#), Some(1_790_000_000));
        for none in ["", "{}", r#"{"exp":"soon"}"#, r#"{"exp":1e300}"#] {
            assert_eq!(jwt(none), None, "{none}");
        }
        assert_eq!(AccessToken::from_pasted("opaque").expect("a token").expires(), None);
    }
}
