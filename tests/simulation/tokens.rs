//! The tokens that a gateway knows, and what people and the keyring hand over instead.

use std::time::Duration;

use enrollment_core::{desk::view::TokenState, time::Mono, tokens::AccessToken};

use crate::dice::Dice;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Good,
    /// Nothing that the gateway ever issued.
    Bad,
    /// Accepted, and not for this.
    WrongScope,
}

struct Issued {
    token: AccessToken,
    kind: Kind,
    until: Mono,
}

/// One gateway's tokens.
#[derive(Default)]
pub struct Tokens {
    issued: Vec<Issued>,
}

impl Tokens {
    /// A token of that kind, good for `life`.
    pub fn issue(&mut self, kind: Kind, now: Mono, life: Duration) -> AccessToken {
        let text = format!("token-{}", self.issued.len());
        let token = AccessToken::from_pasted(&text).expect("a token");
        self.issued.push(Issued { token: token.clone(), kind, until: now + life });
        token
    }

    /// Whether the gateway lets a request with this token in.
    pub fn judge(&self, token: &AccessToken, now: Mono) -> Kind {
        let known = self.issued.iter().find(|it| it.token == *token);
        known.filter(|it| now < it.until).map_or(Kind::Bad, |it| it.kind)
    }

    /// The gateway takes back everything that it ever issued.
    pub fn revoke(&mut self, now: Mono) {
        for it in &mut self.issued {
            it.until = it.until.min(now);
        }
    }
}

/// Longer than any run.
pub const FOR_GOOD: Duration = Duration::from_secs(365 * 86_400);

/// How long a token is good for: for some minutes, or as long as anybody watches.
pub fn life(dice: &mut Dice) -> Duration {
    if dice.chance(400) { dice.millis(10_000, 600_000) } else { FOR_GOOD }
}

/// Why a keyring has no token to give.
pub const EMPTY_HANDED: [(TokenState, &str); 5] = [
    (TokenState::Missing, "keyring: missing"),
    (TokenState::Locked, "keyring: locked"),
    (TokenState::Busy, "keyring: busy"),
    (TokenState::Denied, "keyring: denied"),
    (TokenState::NoneHere, "keyring: none here"),
];
