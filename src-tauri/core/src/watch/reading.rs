//! What an answer means in a phase.

use crate::{
    enrollment::{Phase, Status},
    gateway::StatusAnswer,
    signing_url::{Allowlist, Refusal, SigningUrl},
};

/// What a 200 says to somebody who watches a phase.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// The target of pre-sign: the exact status with a link that the allowlist accepts.
    Ready(SigningUrl),
    /// The target of post-sign. Seen in pre-sign, the customer has signed already.
    Signed,
    Failed(Status),
    /// Pre-sign's status with a link that the policy refuses.
    Blocked(Refusal),
    /// Not there yet. In post-sign the link beside the signing session's status replaces the
    /// older one; a refused one is only noted.
    Waiting(Option<Result<SigningUrl, Refusal>>),
}

/// Reads an answer. A URL counts only beside `SIGN_SESSION_ID_SUCCESSFULLY_CREATED`, and a blank
/// one is none.
#[must_use]
pub fn read(
    phase: Phase,
    answer: &StatusAnswer,
    failures: &[String],
    allow: &Allowlist,
) -> Reading {
    match &answer.status {
        Status::DocumentSigned => Reading::Signed,
        Status::SignSessionCreated => {
            let link =
                answer.url.as_ref().filter(|url| !url.is_blank()).map(|url| url.check(allow));
            match (phase, link) {
                (Phase::PreSign, Some(Ok(url))) => Reading::Ready(url),
                (Phase::PreSign, Some(Err(refusal))) => Reading::Blocked(refusal),
                (Phase::PreSign, None) => Reading::Waiting(None),
                (Phase::PostSign, link) => Reading::Waiting(link),
            }
        }
        status @ Status::Other(value) if failures.iter().any(|f| **f == **value) => {
            Reading::Failed(status.clone())
        }
        Status::Processing | Status::Started | Status::Other(_) | Status::Absent => {
            Reading::Waiting(None)
        }
    }
}
