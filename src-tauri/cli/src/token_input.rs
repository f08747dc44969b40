//! A token from standard input: piped in whole, or typed at a terminal without showing.

use std::io::{self, IsTerminal as _, Read as _, Write as _};

use crossterm::{
    event::{self, Event, KeyCode, KeyEventKind, KeyModifiers},
    terminal,
};
use enrollment_core::tokens::AccessToken;
use tokio::task::spawn_blocking;
use zeroize::Zeroizing;

use crate::{
    exit::{Exit, Stop, say},
    interrupts::Interrupts,
};

/// Far more than any token: what is longer is refused without being read to its end.
const MOST: u64 = 1024 * 1024;

/// Reads a token, unless a signal comes first.
///
/// # Errors
/// No usable token, with what is wrong with it; a signal.
pub async fn read(interrupts: &mut Interrupts) -> Result<AccessToken, Stop> {
    let reading = spawn_blocking(read_text);
    let text = tokio::select! {
        text = reading => text.map_err(|_| unreadable("reading broke off"))??,
        () = interrupts.next() => {
            // The reading thread stays behind, and may have the terminal in its hands.
            let _ = terminal::disable_raw_mode();
            return Err(interrupted());
        }
    };
    AccessToken::from_pasted(&text).map_err(|e| {
        Stop::new(Exit::NoToken, format!("{e}; write it to standard input, and nothing else"))
    })
}

fn read_text() -> Result<Zeroizing<String>, Stop> {
    if io::stdin().is_terminal() { read_keys() } else { read_pipe() }
}

fn read_pipe() -> Result<Zeroizing<String>, Stop> {
    let mut bytes = Zeroizing::new(Vec::new());
    io::stdin()
        .lock()
        .take(MOST)
        .read_to_end(&mut bytes)
        .map_err(|e| unreadable(&e.to_string()))?;
    str::from_utf8(&bytes)
        .map(|text| Zeroizing::new(text.to_owned()))
        .map_err(|_| unreadable("it is not text"))
}

fn read_keys() -> Result<Zeroizing<String>, Stop> {
    // No line end: the cursor waits behind it, and nothing shows.
    let _ = write!(io::stderr(), "Paste the token and press Enter (nothing will show): ");
    let _ = io::stderr().flush();
    let text = {
        let _raw = RawMode::enter().map_err(|e| unreadable(&e.to_string()))?;
        keys_until_enter()
    };
    say("");
    text
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the other keys mean nothing here")]
fn keys_until_enter() -> Result<Zeroizing<String>, Stop> {
    let mut text = Zeroizing::new(String::new());
    loop {
        let event = event::read().map_err(|e| unreadable(&e.to_string()))?;
        let Event::Key(key) = event else { continue };
        if key.kind == KeyEventKind::Release {
            continue;
        }
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Enter => return Ok(text),
            KeyCode::Char('c') if control => return Err(interrupted()),
            KeyCode::Char('d' | 'j' | 'm') if control => return Ok(text),
            KeyCode::Char('u') if control => text.clear(),
            KeyCode::Char(c) if !control => text.push(c),
            KeyCode::Backspace => drop(text.pop()),
            _ => {}
        }
    }
}

/// A terminal that shows no keys, until this is dropped.
struct RawMode;

impl RawMode {
    fn enter() -> io::Result<Self> {
        terminal::enable_raw_mode().map(|()| Self)
    }
}

impl Drop for RawMode {
    fn drop(&mut self) {
        // The terminal is gone, or takes it back.
        let _ = terminal::disable_raw_mode();
    }
}

fn unreadable(why: &str) -> Stop {
    Stop::new(Exit::NoToken, format!("token: standard input cannot be read: {why}"))
}

pub fn interrupted() -> Stop {
    Stop::new(Exit::Interrupted, "interrupted")
}
