//! One cell of an export, and what a spreadsheet may be shown of it.

use enrollment_core::spreadsheet::harmless;
use serde::Serialize;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Cell {
    /// Null.
    #[default]
    Empty,
    Text(String),
    Number(i64),
    Flag(bool),
}

impl Cell {
    pub fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    pub fn some<T>(value: Option<T>) -> Self
    where
        Self: From<T>,
    {
        value.map_or(Self::Empty, Self::from)
    }

    /// A word that the journal itself keeps: the name of a variant without data.
    pub fn word(value: &impl Serialize) -> Self {
        match serde_json::to_value(value) {
            Ok(serde_json::Value::String(word)) => Self::Text(word),
            Ok(_) | Err(_) => Self::Empty,
        }
    }

    /// As a spreadsheet gets it.
    pub fn for_spreadsheet(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => harmless(text),
            Self::Number(number) => number.to_string(),
            Self::Flag(flag) => flag.to_string(),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<u16> for Cell {
    fn from(number: u16) -> Self {
        Self::Number(number.into())
    }
}

impl From<u32> for Cell {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        // Milliseconds, far below.
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_gets_no_formula_and_nothing_unseen() {
        for (text, shown) in [
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(1)", "'@SUM(1)"),
            ("\tx", "'\\u{9}x"),
            ("\rx", "'\\u{d}x"),
            ("  =1", "'  =1"),
            ("\u{a0}\u{3000}=1", "'\u{a0}\u{3000}=1"),
            ("\n\u{200b}=1", "'\\u{a}\\u{200b}=1"),
            ("\u{feff}＝1", "'\\u{feff}＝1"),
            ("＋1", "'＋1"),
            ("－1", "'－1"),
            ("＠x", "'＠x"),
            ("a;=1; +2;b", "a;'=1;' +2;b"),
            ("a=1-2+3@4", "a=1-2+3@4"),
            ("'=1", "'=1"),
            ("Иванова, М.", "Иванова, М."),
            ("a\u{202e}b", "a\\u{202e}b"),
            ("", ""),
        ] {
            assert_eq!(Cell::text(text).for_spreadsheet(), shown, "{text:?}");
        }
        assert_eq!(Cell::Number(-1).for_spreadsheet(), "-1", "a number is none");
    }

    #[test]
    fn a_word_is_the_name_of_a_variant_alone() {
        use enrollment_core::enrollment::{Phase, Says};
        assert_eq!(Cell::word(&Phase::PreSign), Cell::text("pre-sign"));
        assert_eq!(Cell::word(&Some(Says::SigningFinished)), Cell::text("signing-finished"));
        assert_eq!(Cell::word(&1), Cell::Empty);
    }
}
