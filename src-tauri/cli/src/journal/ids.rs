//! What an export shows of whom it is about.

use enrollment_core::enrollment::UserId;

use super::cell::Cell;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ids {
    /// Whole, with labels and notes.
    Plain,
    Masked,
}

impl Ids {
    pub fn cell(self, id: UserId) -> Cell {
        match self {
            Self::Plain => id.get().into(),
            Self::Masked => Cell::Text(id.masked()),
        }
    }

    /// Words that may name the id.
    pub fn in_words(self, id: Option<UserId>, words: Cell) -> Cell {
        match (self, id, words) {
            (Self::Masked, Some(id), Cell::Text(text)) => Cell::Text(id.masked_in(&text)),
            (Self::Masked | Self::Plain, _, words) => words,
        }
    }

    /// Words of people, which may name anybody.
    pub fn personal(self, words: &str) -> Option<Cell> {
        match self {
            Self::Plain => Some(words.into()),
            Self::Masked => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(id: u32) -> UserId {
        UserId::new(id).expect("an id")
    }

    #[test]
    fn a_masked_id_shows_two_digits_at_most_and_not_its_length() {
        for (number, shown) in [
            (1, "••"),
            (99, "••"),
            (100, "••00"),
            (1_024, "••24"),
            (1_003, "••03"),
            (2_147_483_647, "••47"),
        ] {
            assert_eq!(Ids::Masked.cell(id(number)), Cell::text(shown), "{number}");
        }
        assert_eq!(Ids::Plain.cell(id(1_024)), Cell::Number(1_024));
    }

    #[test]
    fn words_that_name_the_id_are_masked_with_it() {
        let shown = |text: &str| Ids::Masked.in_words(Some(id(1_024)), Cell::text(text));
        assert_eq!(shown("user 1024, № 001024."), Cell::text("user ••24, № ••24."));
        assert_eq!(shown("1024"), Cell::text("••24"));
        assert_eq!(shown("10240 и 51024, 99999999999"), Cell::text("10240 и 51024, 99999999999"));
        assert_eq!(shown(""), Cell::text(""));
        let plain = Cell::text("user 1024");
        assert_eq!(Ids::Plain.in_words(Some(id(1_024)), plain.clone()), plain);
        assert_eq!(Ids::Masked.personal("Иванова"), None);
    }
}
