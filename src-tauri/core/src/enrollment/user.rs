//! Who is enrolled: the id and the type that the gateway's path carries.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A user's id as the CRM numbers them: an int32 of at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct UserId(u32);

/// Why a text is not a user id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum UserIdError {
    #[error("the id is empty: write the customer's number, 1 to 2147483647")]
    Empty,
    #[error("the id holds something other than the digits 0 to 9")]
    NotDigits,
    #[error("the id is not within 1 to 2147483647")]
    OutOfRange,
}

impl UserId {
    /// The largest id an int32 can carry.
    pub const MAX: u32 = i32::MAX as u32;

    /// # Errors
    /// [`UserIdError::OutOfRange`] outside 1 to [`Self::MAX`].
    pub fn new(id: u32) -> Result<Self, UserIdError> {
        if (1..=Self::MAX).contains(&id) { Ok(Self(id)) } else { Err(UserIdError::OutOfRange) }
    }

    #[must_use]
    pub fn get(self) -> u32 {
        self.0
    }

    /// The last two digits of a longer id, for those whom it does not concern. How long it is does
    /// not show.
    #[must_use]
    pub fn masked(self) -> String {
        match self.0 {
            0..=99 => "••".to_owned(),
            long => format!("••{:02}", long % 100),
        }
    }

    /// The text with every number that is this id masked.
    #[must_use]
    pub fn masked_in(self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
            let length = rest[start..].find(|c: char| !c.is_ascii_digit());
            let end = length.map_or(rest.len(), |length| start + length);
            let number = &rest[start..end];
            out.push_str(&rest[..start]);
            if number.parse() == Ok(self.0) {
                out.push_str(&self.masked());
            } else {
                out.push_str(number);
            }
            rest = &rest[end..];
        }
        out.push_str(rest);
        out
    }
}

impl TryFrom<u32> for UserId {
    type Error = UserIdError;

    fn try_from(id: u32) -> Result<Self, UserIdError> {
        Self::new(id)
    }
}

impl From<UserId> for u32 {
    fn from(id: UserId) -> Self {
        id.0
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Reads an id as people paste it: spaces around it and leading zeros are dropped, signs and
/// digits of other scripts are not read at all.
impl FromStr for UserId {
    type Err = UserIdError;

    fn from_str(text: &str) -> Result<Self, UserIdError> {
        let digits = text.trim();
        if digits.is_empty() {
            return Err(UserIdError::Empty);
        }
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(UserIdError::NotDigits);
        }
        // Leading zeros first: "00000000001024" is longer than any int32 and still an id.
        let significant = digits.trim_start_matches('0');
        match significant.len() {
            0 | 11.. => Err(UserIdError::OutOfRange),
            _ => significant
                .parse::<u32>()
                .map_err(|_| UserIdError::OutOfRange)
                .and_then(UserId::new),
        }
    }
}

/// The gateway's `userType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum UserType {
    Individual,
    Merchant,
}

impl UserType {
    /// The number that stands in the path.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Individual => 0,
            Self::Merchant => 1,
        }
    }

    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Individual => Self::Merchant,
            Self::Merchant => Self::Individual,
        }
    }

    /// The word of the command line and of JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Individual => "individual",
            Self::Merchant => "merchant",
        }
    }

    /// The type of that word; `None` where there is none.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Individual, Self::Merchant].into_iter().find(|it| it.word() == word)
    }
}

/// One customer in one role. The same id as Individual and as Merchant is two users.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct User {
    pub id: UserId,
    pub user_type: UserType,
}

impl fmt::Display for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.id, self.user_type.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_people_paste_them() {
        for (text, id) in [("1024", 1024), (" 1024 ", 1024), ("0001024", 1024), ("\t7\n", 7)] {
            assert_eq!(text.parse::<UserId>().map(UserId::get), Ok(id), "{text:?}");
        }
        assert_eq!("2147483647".parse::<UserId>().map(UserId::get), Ok(UserId::MAX));
        assert_eq!("000000000002147483647".parse::<UserId>().map(UserId::get), Ok(UserId::MAX));
    }

    #[test]
    fn what_is_no_int32_above_zero_is_refused_with_the_rule() {
        use UserIdError::{Empty, NotDigits, OutOfRange};
        for (text, why) in [
            ("", Empty),
            ("   ", Empty),
            ("0", OutOfRange),
            ("000", OutOfRange),
            ("2147483648", OutOfRange),
            ("99999999999999999999", OutOfRange),
            ("-1", NotDigits),
            ("+1", NotDigits),
            ("1.5", NotDigits),
            ("1 024", NotDigits),
            ("0x10", NotDigits),
            ("\u{ff11}\u{ff10}\u{ff12}\u{ff14}", NotDigits),
            ("١٠٢٤", NotDigits),
        ] {
            assert_eq!(text.parse::<UserId>(), Err(why), "{text:?}");
        }
    }
}
