//! The classes of answers. The HTTP status decides; a body only explains.

use std::{fmt, time::Duration};

use zeroize::Zeroizing;

use crate::{
    enrollment::{Problem, Status},
    signing_url::{Allowlist, Refusal, SigningUrl},
};

/// One call's result, told apart by what it asks of a watch.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// 200 with a body of the gateway's shape.
    Status(StatusAnswer),
    /// 401: the token is not accepted.
    Unauthorized,
    /// 3xx, and every 4xx but 401, 408 and 429: this watch cannot go on.
    Refused(Problem),
    /// An HTTP answer that says nothing of the enrollment; worth another try.
    Faulty { problem: Problem, retry_after: Option<Duration> },
    /// No HTTP answer arrived.
    Silent(Problem),
}

/// The members of a 200.
#[derive(Clone, Debug, PartialEq)]
pub struct StatusAnswer {
    pub status: Status,
    pub url: Option<UntrustedUrl>,
    /// The gateway's own words, as they came.
    pub message: Option<String>,
}

/// A `videoIdentificationUrl` as the gateway sent it. Nothing can be done with it but to have it
/// checked; it never shows and is wiped when dropped.
#[derive(Clone, PartialEq)]
pub struct UntrustedUrl(Zeroizing<String>);

impl UntrustedUrl {
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// # Errors
    /// The rule of the policy that refuses it.
    pub fn check(&self, allow: &Allowlist) -> Result<SigningUrl, Refusal> {
        allow.check(&self.0)
    }
}

impl fmt::Debug for UntrustedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UntrustedUrl(…)")
    }
}
