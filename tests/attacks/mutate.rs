//! What is done to a good text to make it a bad one.

use crate::dice::Dice;

/// Changes `text` once, in one of a dozen ways; `pieces` are what this kind of text is sensitive to.
pub fn mutate(text: &mut Vec<u8>, pieces: &[&str], dice: &mut Dice) {
    let at = dice.within(0, text.len());
    let end = text.len().min(at + dice.within(1, 8));
    match dice.below(12) {
        0..=2 => insert(text, at, dice.pick(pieces).as_bytes()),
        3 => {
            text.splice(at..end, dice.pick(pieces).bytes());
        }
        4 => {
            text.drain(at..end);
        }
        5 => {
            let again = text[at..end].to_vec();
            insert(text, at, &again);
        }
        6 => text.truncate(at),
        7 => change(text, at, |byte| byte ^ (1 << dice.below(8))),
        8 => change(text, at, |_| dice.byte()),
        9 => change(text, at, |byte| byte ^ 0x20),
        10 => escape(text, at),
        _ => {
            let other = dice.within(0, text.len());
            if at < text.len() && other < text.len() {
                text.swap(at, other);
            }
        }
    }
}

fn insert(text: &mut Vec<u8>, at: usize, piece: &[u8]) {
    text.splice(at..at, piece.iter().copied());
}

fn change(text: &mut [u8], at: usize, to: impl FnOnce(u8) -> u8) {
    if let Some(byte) = text.get_mut(at) {
        *byte = to(*byte);
    }
}

/// One byte as `%xx`; a `%` too, which escapes an escape.
fn escape(text: &mut Vec<u8>, at: usize) {
    if let Some(byte) = text.get(at).copied() {
        text.splice(at..=at, format!("%{byte:02x}").into_bytes());
    }
}
