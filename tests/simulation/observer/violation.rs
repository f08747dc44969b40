//! A rule that does not hold.

use enrollment_core::desk::view::Key;

#[derive(Debug)]
pub struct Violation {
    /// The rule in words.
    pub rule: &'static str,
    /// What was seen instead.
    pub seen: String,
    pub site: Option<usize>,
    pub key: Option<Key>,
}

pub type Holds = Result<(), Violation>;

/// Where and of whom a rule is spoken.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub site: Option<usize>,
    pub key: Option<Key>,
}

impl Place {
    pub const EVERYWHERE: Self = Self { site: None, key: None };

    pub fn site(site: usize) -> Self {
        Self { site: Some(site), key: None }
    }

    pub fn of(site: usize, key: Key) -> Self {
        Self { site: Some(site), key: Some(key) }
    }

    /// The rule, unless it holds.
    pub fn ensure(self, holds: bool, rule: &'static str, seen: impl FnOnce() -> String) -> Holds {
        if holds {
            return Ok(());
        }
        Err(Violation { rule, seen: seen(), site: self.site, key: self.key })
    }
}
