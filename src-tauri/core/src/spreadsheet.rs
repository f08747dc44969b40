//! What a spreadsheet may be shown.

use crate::enrollment::{is_unseen, visible};

/// The text without anything unseen, and with an apostrophe before whatever a spreadsheet would
/// take for a formula. Where the system's lists are separated by semicolons, as in Bulgarian, a
/// spreadsheet begins a new cell behind each of them.
#[must_use]
pub fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    for (i, part) in text.split(';').enumerate() {
        if i > 0 {
            out.push(';');
        }
        if begins_formula(part) {
            out.push('\'');
        }
        out.push_str(&visible(part));
    }
    out
}

fn begins_formula(text: &str) -> bool {
    if text.starts_with(['\t', '\r']) {
        return true;
    }
    let seen = text.trim_start_matches(|c: char| c.is_whitespace() || is_unseen(c));
    // Also as wide, as small and as mathematical characters, which some take for the same.
    seen.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫', '−'])
}
