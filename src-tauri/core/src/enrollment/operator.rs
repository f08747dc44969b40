//! Whoever sits at the console.

use serde::{Deserialize, Serialize};

use super::is_unseen;

const LONGEST_NAME: usize = 60;

/// Whoever sits at the console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Operator {
    /// The operating system's name of the user.
    pub account: Box<str>,
    /// The person's own name, where one is given: several people may share an account.
    pub name: Option<Box<str>>,
}

/// Why something is no person's name. The window translates the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum NameError {
    #[error("it is empty")]
    Empty,
    #[error("it is longer than 60 characters")]
    TooLong,
    #[error("it holds a character that cannot be seen")]
    Unseen,
}

impl Operator {
    /// Somebody known by the operating system alone.
    #[must_use]
    pub fn account(account: &str) -> Self {
        Self { account: account.into(), name: None }
    }

    /// Nobody at this computer: the administrator, by the managed policy. No account of any system
    /// has such a name.
    #[must_use]
    pub fn policy() -> Self {
        Self::account("(policy)")
    }

    /// Reads a person's name as it was typed; blanks around it do not count.
    ///
    /// # Errors
    /// Where it is empty, longer than 60 characters, or cannot be seen whole.
    pub fn read_name(typed: &str) -> Result<Box<str>, NameError> {
        let name = typed.trim();
        if name.is_empty() {
            Err(NameError::Empty)
        } else if name.chars().any(is_unseen) {
            Err(NameError::Unseen)
        } else if name.chars().count() > LONGEST_NAME {
            Err(NameError::TooLong)
        } else {
            Ok(name.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_to_sixty_characters_that_can_be_seen() {
        assert_eq!(Operator::read_name("  Мария Петрова "), Ok("Мария Петрова".into()));
        assert_eq!(Operator::read_name(&"я".repeat(60)), Ok("я".repeat(60).into()));
        assert_eq!(Operator::read_name(&"я".repeat(61)), Err(NameError::TooLong));
        assert_eq!(Operator::read_name(" \u{a0} "), Err(NameError::Empty));
        for hidden in ["Мария\u{202e}", "Мария\nПетрова", "Ма\u{200b}рия", "\u{feff}М"]
        {
            assert_eq!(Operator::read_name(hidden), Err(NameError::Unseen), "{hidden:?}");
        }
    }
}
