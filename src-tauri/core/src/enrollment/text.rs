//! Text that came from outside, made safe to look at.

/// Characters that change how the text around them looks, or that cannot be seen at all:
/// controls, bidi controls, zero-width characters, line separators and tags.
#[must_use]
pub fn is_unseen(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The text with every unseen character written out as `\u{202e}`.
#[must_use]
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unseen(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// The first `most` characters, with an ellipsis where something was cut.
#[must_use]
pub fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        assert_eq!(visible("a\u{202e}b\nc\u{7f}"), "a\\u{202e}b\\u{a}c\\u{7f}");
        assert_eq!(visible("Иванова, М. – ok"), "Иванова, М. – ok");
    }

    #[test]
    fn a_cut_falls_between_characters_and_shows() {
        assert_eq!(shortened("Иванова", 3), "Ива…");
        assert_eq!(shortened("Ива", 3), "Ива");
    }
}
