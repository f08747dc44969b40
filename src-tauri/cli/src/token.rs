//! `token set|status|forget`: an environment's entry in the password store.

use std::time::Duration;

use enrollment_core::{
    environment::Environment,
    tokens::{AccessToken, Account, Keyring, KeyringError, TokenCommand},
};
use jiff::Timestamp;

use crate::{
    args::TokenErrand,
    exit::{Exit, Stop, print},
    interrupts::Interrupts,
    plan, token_input,
};

pub async fn run(errand: TokenErrand, environment: Environment) -> Result<Exit, Stop> {
    let mut interrupts = Interrupts::catch()
        .map_err(|e| Stop::new(Exit::Unable, format!("cannot catch signals: {e}")))?;
    let account = plan::account(&environment);
    let name = &environment.name;
    // One that was kept before a program came to bring it can still be forgotten.
    if let Some(command) = environment.token_command.as_ref()
        && errand != TokenErrand::Forget
    {
        return managed(errand, name, command);
    }
    let (exit, words) = match errand {
        TokenErrand::Set => {
            let token = token_input::read(&mut interrupts).await?;
            let expires = expiry(&token, Timestamp::now());
            unless(&mut interrupts, Keyring::start().write(&account, &token)).await?;
            (Exit::Reached, format!("{name}: kept{expires}"))
        }
        TokenErrand::Status => match stored(&account, &mut interrupts).await? {
            Some(token) => {
                (Exit::Reached, format!("{name}: present{}", expiry(&token, Timestamp::now())))
            }
            None => (Exit::NoToken, format!("{name}: absent")),
        },
        TokenErrand::Forget => {
            unless(&mut interrupts, Keyring::start().forget(&account)).await?;
            (Exit::Reached, format!("{name}: forgotten"))
        }
    };
    // The errand is done, whether or not somebody reads of it.
    let _ = print(&format!("{words}\n"));
    Ok(exit)
}

/// Of a token that a program brings nothing is kept.
fn managed(errand: TokenErrand, name: &str, command: &TokenCommand) -> Result<Exit, Stop> {
    let words = format!(
        "{name}: its tokens come from {}, as the managed policy says, and none is kept",
        command.program().display()
    );
    if errand == TokenErrand::Set {
        return Err(Stop::bad_argument(words));
    }
    let _ = print(&format!("{words}\n"));
    Ok(Exit::Reached)
}

/// The token that the password store has for this account.
///
/// # Errors
/// A password store that does not answer or refuses; a signal.
pub async fn stored(
    account: &Account,
    interrupts: &mut Interrupts,
) -> Result<Option<AccessToken>, Stop> {
    unless(interrupts, Keyring::start().read(account)).await
}

async fn unless<T>(
    interrupts: &mut Interrupts,
    call: impl Future<Output = Result<T, KeyringError>>,
) -> Result<T, Stop> {
    tokio::select! {
        result = call => result.map_err(|e| Stop::new(Exit::NoToken, format!("{e}"))),
        () = interrupts.next() => Err(token_input::interrupted()),
    }
}

/// What a token says of its own end. A hint: the gateway decides.
fn expiry(token: &AccessToken, now: Timestamp) -> String {
    let Some(at) = token.expires() else { return String::new() };
    let at_text = format!("{at:.0}");
    match Duration::try_from(at.duration_since(now)) {
        Ok(left) if left >= Duration::from_secs(60) => {
            format!(", says that it expires at {at_text}, in {} min", left.as_secs() / 60)
        }
        Ok(_) => format!(", says that it expires at {at_text}, within a minute"),
        Err(_) => format!(", says that it expired at {at_text}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expiry_is_told_as_the_tokens_own_word() {
        // {"exp":1790000000}
        let token = AccessToken::from_pasted("e30.eyJleHAiOjE3OTAwMDAwMDB9.x").expect("a token");
        let at = |second| expiry(&token, Timestamp::from_second(second).expect("a time"));
        assert!(at(1_789_999_000).ends_with("2026-09-21T14:13:20Z, in 16 min"), "{}", at(0));
        assert!(at(1_789_999_990).ends_with("within a minute"));
        assert!(at(1_790_000_001).contains("expired at"));
        let opaque = AccessToken::from_pasted("opaque").expect("a token");
        assert_eq!(expiry(&opaque, Timestamp::now()), "");
    }
}
