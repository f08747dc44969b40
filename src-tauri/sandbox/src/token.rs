//! Bearer tokens in the shape of the real ones.
//!
//! The signature is not verified: anybody on this machine can ask for a token anyway, and behind it
//! there is nothing to protect. In return nothing needs to be stored for a token to outlive a restart.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

const ISSUER: &str = "enrollment-sandbox";
const HEADER: &str = r#"{"alg":"none","typ":"JWT"}"#;
const SIGNATURE: &str = "training";

/// 128 bits in 32 hex digits, from the keys of std's hasher, which the operating system seeds:
/// nobody guesses them, and it costs no dependency.
pub(crate) fn unguessable() -> String {
    let keyed = RandomState::new();
    format!("{:016x}{:016x}", keyed.hash_one(0_u8), keyed.hash_one(1_u8))
}

/// The name of one token, its `jti`. It begins with the microsecond of issue in 16 hex digits, so
/// that "every token until now" can be told from later ones within the same second.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct TokenId {
    issued: i64,
    rest: String,
}

impl TokenId {
    fn parse(jti: &str) -> Option<Self> {
        let (issued, rest) = jti.split_once('-')?;
        Some(Self { issued: i64::from_str_radix(issued, 16).ok()?, rest: rest.to_owned() })
    }

    fn jti(&self) -> String {
        format!("{:016x}-{}", self.issued, self.rest)
    }
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    iat: i64,
    exp: i64,
    jti: String,
}

/// What is accepted and what no longer is.
#[derive(Debug)]
pub(crate) struct Tokens {
    lifetime: Duration,
    /// The microsecond of the newest token, or of the newest revocation of all: the next one is later.
    newest: i64,
    revoked_through: Option<i64>,
    revoked: HashSet<TokenId>,
}

impl Tokens {
    pub fn lasting(lifetime: Duration) -> Self {
        Self { lifetime, newest: 0, revoked_through: None, revoked: HashSet::new() }
    }

    pub fn issue(&mut self, now: Timestamp) -> String {
        self.newest = now.as_microsecond().max(self.newest.saturating_add(1));
        let id = TokenId { issued: self.newest, rest: unguessable() };
        let lifetime = i64::try_from(self.lifetime.as_millis()).unwrap_or(i64::MAX);
        let claims = Claims {
            iss: ISSUER.to_owned(),
            iat: now.as_second(),
            exp: now.as_millisecond().saturating_add(lifetime).div_euclid(1_000),
            jti: id.jti(),
        };
        let payload = serde_json::json!(claims).to_string();
        [HEADER, &payload, SIGNATURE].map(|part| URL_SAFE_NO_PAD.encode(part)).join(".")
    }

    /// The token's name, if it was issued by a sandbox, has not expired and is not revoked.
    pub fn accept(&self, token: &str, now: Timestamp) -> Option<TokenId> {
        let claims = read(token)?;
        let id = TokenId::parse(&claims.jti)?;
        let good = claims.iss == ISSUER
            && claims.exp > now.as_second()
            && self.revoked_through.is_none_or(|through| id.issued > through)
            && !self.revoked.contains(&id);
        good.then_some(id)
    }

    pub fn revoke(&mut self, id: TokenId) {
        self.revoked.insert(id);
    }

    pub fn revoke_all(&mut self, now: Timestamp) {
        self.newest = self.newest.max(now.as_microsecond());
        self.revoked_through = Some(self.newest);
        self.revoked.clear();
    }
}

fn read(token: &str) -> Option<Claims> {
    let (_header, rest) = token.split_once('.')?;
    let (payload, signature) = rest.split_once('.')?;
    if signature.contains('.') {
        return None;
    }
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: i64) -> Timestamp {
        Timestamp::constant(1_800_000_000 + second, 0)
    }

    fn hour() -> Tokens {
        Tokens::lasting(Duration::from_secs(3_600))
    }

    #[test]
    fn a_token_is_accepted_until_it_expires() {
        let mut tokens = hour();
        let token = tokens.issue(second(0));
        assert!(tokens.accept(&token, second(3_599)).is_some());
        assert!(tokens.accept(&token, second(3_600)).is_none());
    }

    #[test]
    fn a_token_outlives_the_sandbox_that_issued_it() {
        let token = hour().issue(second(0));
        assert!(hour().accept(&token, second(60)).is_some());
    }

    #[test]
    fn a_token_of_no_length_has_expired_at_once() {
        let mut tokens = Tokens::lasting(Duration::ZERO);
        let token = tokens.issue(second(0));
        assert!(tokens.accept(&token, second(0)).is_none());
    }

    #[test]
    fn the_longest_lifetime_there_is_does_not_overflow() {
        let mut tokens = Tokens::lasting(Duration::MAX);
        let token = tokens.issue(second(0));
        assert!(tokens.accept(&token, Timestamp::MAX).is_some());
    }

    #[test]
    fn revoking_all_spares_a_token_issued_in_the_same_instant_afterwards() {
        let mut tokens = hour();
        let (old, older) = (tokens.issue(second(0)), hour().issue(second(-5)));
        tokens.revoke_all(second(0));
        let new = tokens.issue(second(0));
        assert!(tokens.accept(&older, second(0)).is_none());
        assert!(tokens.accept(&old, second(0)).is_none());
        assert!(tokens.accept(&new, second(0)).is_some());
    }

    #[test]
    fn revoking_one_leaves_the_others() {
        let mut tokens = hour();
        let (one, other) = (tokens.issue(second(0)), tokens.issue(second(0)));
        let id = tokens.accept(&one, second(1)).expect("a fresh token");
        tokens.revoke(id);
        assert!(tokens.accept(&one, second(1)).is_none());
        assert!(tokens.accept(&other, second(1)).is_some());
    }

    #[test]
    fn what_no_sandbox_issued_is_refused() {
        let stranger = r#"{"iss":"somebody","iat":0,"exp":9999999999,"jti":"0-a"}"#;
        let nameless = r#"{"iss":"enrollment-sandbox","iat":0,"exp":9999999999,"jti":"a"}"#;
        let forge = |payload| format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(payload));
        let own = hour().issue(second(0));
        for token in [
            String::new(),
            "..".to_owned(),
            "a.b".to_owned(),
            "Ж.Ж.Ж".to_owned(),
            forge(stranger),
            forge(nameless),
            forge("{}"),
            format!("{own}.more"),
        ] {
            assert!(hour().accept(&token, second(0)).is_none(), "{token}");
        }
    }
}
