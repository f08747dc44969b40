//! Who may uncover the list of a shared account.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, SeqAccess, Visitor},
};

use crate::enrollment::is_unseen;

const LONGEST_NAME: usize = 80;
const MOST_NAMES: usize = 500;

/// How whoever uncovers the list says who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operators {
    /// They type their name.
    Ask,
    /// They choose from these.
    Choose(Vec<String>),
}

impl Operators {
    /// The names to choose from; none where they are typed.
    #[must_use]
    pub fn names(&self) -> &[String] {
        match self {
            Self::Ask => &[],
            Self::Choose(names) => names,
        }
    }
}

impl<'de> Deserialize<'de> for Operators {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(AskOrNames)
    }
}

struct AskOrNames;

impl<'de> Visitor<'de> for AskOrNames {
    type Value = Operators;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"ask\" or a list of names")
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<Operators, E> {
        match word {
            "ask" => Ok(Operators::Ask),
            other => Err(E::custom(format!("operator-names: {other:?} is not \"ask\""))),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Operators, A::Error> {
        let mut names: Vec<String> = Vec::new();
        while let Some(name) = from.next_element::<String>()? {
            let wrong =
                |rule: &str| Err(A::Error::custom(format!("operator-names: {name:?} {rule}")));
            if name.trim().is_empty() || name.chars().count() > LONGEST_NAME {
                return wrong("has not 1 to 80 characters");
            }
            if name.trim() != name || name.chars().any(is_unseen) {
                return wrong("holds something that cannot be seen");
            }
            if names.contains(&name) {
                return wrong("stands in the list twice");
            }
            names.push(name);
        }
        match names.len() {
            0 => Err(A::Error::custom("operator-names: the list is empty")),
            1..=MOST_NAMES => Ok(Operators::Choose(names)),
            many => Err(A::Error::custom(format!("operator-names: {many} names, more than 500"))),
        }
    }
}
