//! A token in a password store whose entries are small: Windows keeps 2,560 bytes in one.
//!
//! A large token is cut into parts, which stand in one of two places by turns; the account's own
//! entry says in which, how many there are, and what they add up to. That entry is written last, so
//! whenever the power goes the old token is there or the new one, and never some of both.

use std::fmt;

use keyring_core::Error;
use zeroize::Zeroizing;

use super::AccessToken;

/// What goes into one entry, in bytes.
const LARGEST: usize = 2_048;
/// The largest token has 16 KiB.
const MOST_PARTS: usize = 8;

/// Entries of a password store by their names.
pub(super) trait Entries {
    fn get(&mut self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Error>;
    fn set(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error>;
    /// There being none is no error.
    fn delete(&mut self, name: &str) -> Result<(), Error>;
}

/// Where parts stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    A,
    B,
}

/// What the account's own entry says of parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Head {
    place: Place,
    parts: usize,
    checksum: u32,
}

/// The token of an account. What somebody else wrote under our name, and is no token, counts as
/// none, and so do parts that do not add up.
pub(super) fn read(entries: &mut dyn Entries, account: &str) -> Result<Option<AccessToken>, Error> {
    let Some(entry) = entries.get(account)? else { return Ok(None) };
    let Some(head) = Head::read(&entry) else { return Ok(token(&entry)) };
    let mut whole = Zeroizing::new(Vec::with_capacity(head.parts * LARGEST));
    for part in 0..head.parts {
        let Some(bytes) = entries.get(&head.place.name(account, part))? else { return Ok(None) };
        whole.extend_from_slice(&bytes);
    }
    let adds_up = crc32fast::hash(&whole) == head.checksum;
    Ok(token(&whole).filter(|_| adds_up))
}

/// Keeps a token in place of an older one.
pub(super) fn write(
    entries: &mut dyn Entries,
    account: &str,
    token: &AccessToken,
) -> Result<(), Error> {
    let bytes = token.secret().as_bytes();
    if bytes.len() <= LARGEST {
        entries.set(account, bytes)?;
        sweep(entries, account, |_, _| true);
        return Ok(());
    }
    let before = entries.get(account)?.and_then(|entry| Head::read(&entry));
    let place = before.map_or(Place::A, |head| head.place.other());
    let chunks = bytes.chunks(LARGEST);
    let head = Head { place, parts: chunks.len(), checksum: crc32fast::hash(bytes) };
    for (part, chunk) in chunks.enumerate() {
        entries.set(&place.name(account, part), chunk)?;
    }
    entries.set(account, head.to_string().as_bytes())?;
    sweep(entries, account, |at, part| at != place || part >= head.parts);
    Ok(())
}

/// Forgets the token, and whatever writings that broke off have left.
pub(super) fn forget(entries: &mut dyn Entries, account: &str) -> Result<(), Error> {
    entries.delete(account)?;
    for (place, part) in all_parts() {
        entries.delete(&place.name(account, part))?;
    }
    Ok(())
}

/// Deletes what the token that has just been kept has no use for. What cannot be deleted now is with
/// the next token.
fn sweep(entries: &mut dyn Entries, account: &str, is_old: impl Fn(Place, usize) -> bool) {
    for (place, part) in all_parts().filter(|(place, part)| is_old(*place, *part)) {
        if entries.delete(&place.name(account, part)).is_err() {
            break;
        }
    }
}

fn all_parts() -> impl Iterator<Item = (Place, usize)> {
    [Place::A, Place::B].into_iter().flat_map(|place| (0..MOST_PARTS).map(move |n| (place, n)))
}

fn token(bytes: &[u8]) -> Option<AccessToken> {
    AccessToken::from_pasted(str::from_utf8(bytes).ok()?).ok()
}

impl Place {
    fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::A => "a",
            Self::B => "b",
        }
    }

    /// No account ends like that: behind its last blank stands a gateway.
    fn name(self, account: &str, part: usize) -> String {
        format!("{account} part {}{part}", self.word())
    }
}

impl Head {
    /// `None` where the entry is no head; no token has a blank in it, and every head has.
    fn read(entry: &[u8]) -> Option<Self> {
        let mut words = str::from_utf8(entry).ok()?.strip_prefix("parts ")?.split(' ');
        let place = match words.next()? {
            "a" => Place::A,
            "b" => Place::B,
            _ => return None,
        };
        let parts = words.next()?.parse().ok().filter(|parts| (2..=MOST_PARTS).contains(parts))?;
        let checksum = u32::from_str_radix(words.next()?, 16).ok()?;
        words.next().is_none().then_some(Self { place, parts, checksum })
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "parts {} {} {:08x}", self.place.word(), self.parts, self.checksum)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const ACCOUNT: &str = "Test https://crm.example.bg";

    /// Entries in memory, of which so many calls succeed.
    #[derive(Clone, Debug, Default)]
    struct Kept {
        entries: BTreeMap<String, Vec<u8>>,
        calls_left: Option<usize>,
    }

    impl Kept {
        fn call(&mut self) -> Result<(), Error> {
            match &mut self.calls_left {
                Some(0) => Err(Error::NoStorageAccess("the power is gone".into())),
                Some(left) => {
                    *left -= 1;
                    Ok(())
                }
                None => Ok(()),
            }
        }
    }

    impl Entries for Kept {
        fn get(&mut self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
            self.call()?;
            Ok(self.entries.get(name).cloned().map(Zeroizing::new))
        }

        fn set(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
            self.call()?;
            assert!(bytes.len() <= LARGEST, "{} bytes in one entry", bytes.len());
            self.entries.insert(name.to_owned(), bytes.to_vec());
            Ok(())
        }

        fn delete(&mut self, name: &str) -> Result<(), Error> {
            self.call()?;
            self.entries.remove(name);
            Ok(())
        }
    }

    fn of(letter: char, length: usize) -> AccessToken {
        AccessToken::from_pasted(&letter.to_string().repeat(length)).expect("a token")
    }

    #[test]
    fn a_token_of_every_size_comes_back_and_is_forgotten_without_a_trace() {
        let mut kept = Kept::default();
        for length in [1, 2_048, 2_049, 4_096, 16_384, 5_000, 7, 3_000] {
            let token = of('x', length);
            write(&mut kept, ACCOUNT, &token).expect("kept");
            assert_eq!(read(&mut kept, ACCOUNT).expect("read"), Some(token));
            let entries = if length <= LARGEST { 1 } else { 1 + length.div_ceil(LARGEST) };
            assert_eq!(
                kept.entries.len(),
                entries,
                "{length} bytes, and nothing of the one before"
            );
        }
        forget(&mut kept, ACCOUNT).expect("forgotten");
        assert!(kept.entries.is_empty());
        assert_eq!(read(&mut kept, ACCOUNT).expect("read"), None);
    }

    #[test]
    fn whenever_the_power_goes_the_old_token_is_there_or_the_new_one() {
        let (old, new) = (9_000, 6_000);
        for (before, after) in [(None, new), (Some(5), new), (Some(old), new), (Some(old), 5)] {
            let before = before.map(|length| of('o', length));
            let after = of('n', after);
            let mut start = Kept::default();
            if let Some(before) = &before {
                write(&mut start, ACCOUNT, before).expect("kept");
            }
            for calls in 0.. {
                let mut kept = Kept { calls_left: Some(calls), ..start.clone() };
                let written = write(&mut kept, ACCOUNT, &after);
                let swept = kept.calls_left != Some(0);
                kept.calls_left = None;
                let found = read(&mut kept, ACCOUNT).expect("read");
                assert!(found == before || found.as_ref() == Some(&after), "{calls} calls");
                assert!(written.is_err() || found.as_ref() == Some(&after), "{calls} calls");
                let mut cleared = kept.clone();
                forget(&mut cleared, ACCOUNT).expect("forgotten");
                assert!(cleared.entries.is_empty(), "{calls} calls: {cleared:?}");
                write(&mut kept, ACCOUNT, &before.clone().unwrap_or(of('a', 3_000))).expect("kept");
                if swept {
                    break;
                }
            }
        }
    }

    #[test]
    fn parts_that_do_not_add_up_are_no_token() {
        let mut whole = Kept::default();
        write(&mut whole, ACCOUNT, &of('x', 5_000)).expect("kept");
        let parts: Vec<String> =
            whole.entries.keys().filter(|name| *name != ACCOUNT).cloned().collect();
        assert_eq!(parts.len(), 3);
        for part in parts {
            let mut kept = whole.clone();
            kept.entries.remove(&part);
            assert_eq!(read(&mut kept, ACCOUNT).expect("read"), None);
            kept.entries.insert(part, b"y".repeat(904));
            assert_eq!(read(&mut kept, ACCOUNT).expect("read"), None);
        }
        for head in
            ["parts", "parts c 3 0", "parts a 1 0", "parts a 9 0", "parts a 3 x", "parts a 3 0 0"]
        {
            assert_eq!(Head::read(head.as_bytes()), None, "{head}");
            whole.entries.insert(ACCOUNT.to_owned(), head.into());
            let read = read(&mut whole, ACCOUNT).expect("read");
            assert_eq!(read.is_some(), head == "parts", "a blank stands in no token");
        }
    }
}
