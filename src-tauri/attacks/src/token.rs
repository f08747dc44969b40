//! What is taken for a token.

use enrollment_core::tokens::{AccessToken, TokenError};

/// The largest token, in bytes.
const LONGEST: usize = 16 * 1024;

/// # Errors
/// Why the text is no token.
///
/// # Panics
/// Where a property does not hold.
pub fn judge(text: &str) -> Result<(), TokenError> {
    let read = AccessToken::from_pasted(text);
    match &read {
        Ok(token) => {
            assert_eq!(format!("{token:?}"), "AccessToken(…)");
            if let Some(expires) = token.expires() {
                assert!(text.contains('.'), "{expires} of a token that is no JWT");
            }
            // Whatever people paste around a token leads to the same one.
            for pasted in
                [format!("Bearer {text}"), format!(" \"{text}\"\r\n"), format!("'{text}'")]
            {
                assert_eq!(AccessToken::from_pasted(&pasted).as_ref(), Ok(token), "{pasted:?}");
            }
        }
        Err(TokenError::Empty) => {
            let around = |c: char| c.is_whitespace() || c == '"' || c == '\'';
            let left = text.to_ascii_lowercase().replace("bearer", "");
            assert!(left.chars().all(around), "{text:?} is not empty");
        }
        Err(TokenError::InnerBlank) => assert!(text.contains(char::is_whitespace), "{text:?}"),
        Err(TokenError::BadCharacter) => assert!(!text.is_ascii() || has_control(text), "{text:?}"),
        Err(TokenError::TooLong) => assert!(text.len() > LONGEST),
    }
    // What needs no cleaning is a token.
    let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\'';
    if (1..=LONGEST).contains(&text.len()) && text.bytes().all(plain) {
        assert!(read.is_ok(), "{text:?}: {read:?}");
    }
    read.map(|_| ())
}

fn has_control(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_control())
}
