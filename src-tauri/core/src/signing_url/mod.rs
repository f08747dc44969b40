//! Which signing URLs may be opened.
//!
//! The gateway's `videoIdentificationUrl` is untrusted text, and handing such text to a desktop's
//! URL opener has run programs and leaked credentials in well-known clients (CVE-2026-1046,
//! CVE-2025-31477). This module is the one choke point: [`Allowlist::check`] is the only maker of
//! a [`SigningUrl`], and whatever opens, copies, draws or exports a link takes a [`SigningUrl`].
//!
//! **Invariants.** Text is refused, never trimmed or repaired. What passes is handed on as the
//! parser wrote it, never as it came. An accepted URL, checked again, passes and stays the same.

use std::fmt;

use url::Url;
use zeroize::Zeroizing;

pub use self::{
    check::Allowlist,
    entry::{AllowlistEntry, EntryError},
    refusal::{Refusal, Rule},
};

mod check;
mod entry;
mod refusal;

#[cfg(test)]
mod tests;

/// The longest URL that is opened, in bytes.
/// Browsers and openers agree on about this much; a signing link is a tenth of it.
const MAX_URL: usize = 2048;

/// A URL that an [`Allowlist`] has accepted.
///
/// Whoever holds the whole of it can act as the customer, so it shows no more than its host, and
/// its memory is wiped when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningUrl {
    whole: Zeroizing<String>,
    host: String,
}

impl SigningUrl {
    /// Private, so that only the check can call it.
    fn accepted(url: Url) -> Self {
        let name = url.host_str().unwrap_or_default();
        let host = match url.port() {
            Some(port) => format!("{name}:{port}"),
            None => name.to_owned(),
        };
        Self { whole: Zeroizing::new(url.into()), host }
    }

    /// The host as people are shown it, with the port where it is not the scheme's own.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The whole URL, as the parser wrote it. For what carries it out of the console, alone.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.whole
    }
}

impl fmt::Display for SigningUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.host)
    }
}

impl fmt::Debug for SigningUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SigningUrl").field(&self.host).finish()
    }
}

fn ensure<E>(holds: bool, error: E) -> Result<(), E> {
    if holds { Ok(()) } else { Err(error) }
}
