//! How a watch ends, and what went wrong on the way.

use serde::{Deserialize, Serialize};

use super::GaveUp;

/// How a watch ended. Exactly one per watch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// The target of pre-sign: a link that the allowlist accepts.
    ReadyToSign { host: String },
    /// `DOCUMENT_SIGN_SUCCESS`.
    Signed,
    #[serde(untagged)]
    Missed(Miss),
}

/// Every way to miss the target, each told apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Miss {
    /// Not finished while we watched. It says nothing of the customer.
    TimedOut {
        cause: TimeoutCause,
    },
    /// The gateway named a status that means failure.
    Failed {
        status: String,
    },
    /// The gateway refused the request itself.
    Rejected {
        problem: Problem,
    },
    /// The gateway sent a link that the policy refuses. `rule` is a code of `signing_url::Rule`.
    BlockedUrl {
        rule: String,
        host: Option<String>,
    },
    /// The token was refused, and this watch does not wait for another.
    Unauthorized,
    GaveUp {
        reason: GaveUp,
    },
    /// An agent stopped it.
    Stopped,
    /// Stopped because it watched somebody else's enrollment.
    WrongId,
    /// The console could not watch.
    Interrupted {
        why: Interruption,
    },
}

/// What kept the console from watching.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Interruption {
    /// There was no connection for too long.
    Offline,
    /// The console ended, in whatever way, while it watched.
    Closed,
    /// The managed policy took the environment away, or named another gateway for it.
    Reconfigured,
    /// Whoever watched went home, and the tokens with them.
    ShiftEnded,
    /// Another desk goes on with it.
    HandedOver,
    /// It came from another desk, and nobody has gone on with it here.
    TakenIn,
}

impl Outcome {
    /// As [`Problem::made_visible`].
    #[must_use]
    pub fn made_visible(self) -> Self {
        match self {
            Self::Missed(miss) => Self::Missed(miss.made_visible()),
            same @ (Self::ReadyToSign { .. } | Self::Signed) => same,
        }
    }

    /// The word of the headless contract.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::ReadyToSign { .. } => "ready-to-sign",
            Self::Signed => "signed",
            Self::Missed(miss) => miss.word(),
        }
    }
}

impl Miss {
    /// The word of the headless contract, where every end that people decide is `cancelled`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::TimedOut { .. } => "timed-out",
            Self::Failed { .. } => "failed",
            Self::Rejected { .. } => "rejected",
            Self::BlockedUrl { .. } => "blocked-url",
            Self::Unauthorized => "unauthorized",
            Self::GaveUp { .. } | Self::Stopped | Self::WrongId | Self::Interrupted { .. } => {
                "cancelled"
            }
        }
    }
}

/// What used the time up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum TimeoutCause {
    Cap,
    /// The gateway asked to wait beyond the cap.
    RetryAfter,
    /// There was no connection when the cap was reached.
    Offline,
}

/// Something that kept an answer from being a status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    pub kind: ProblemKind,
    pub http: Option<u16>,
    /// What the gateway's problem details say, in its own words. Of a certificate that has run out
    /// or is not valid yet, that moment (RFC 3339, UTC); of another host's, its names.
    pub detail: Option<String>,
    /// What support quotes when it escalates.
    pub trace_id: Option<String>,
}

/// The kinds of problem. Those from `Name` on never reached an HTTP answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// 5xx.
    ServerError,
    /// 408 and 429.
    Busy,
    /// A 2xx that is not 200.
    UnexpectedSuccess,
    /// A 200 whose body is not JSON.
    NotJson,
    /// A 200 whose members have the wrong type.
    WrongType,
    Truncated,
    Oversized,
    /// 401.
    Unauthorized,
    /// 400, 403, 404 and every other 4xx.
    Refused,
    /// 3xx: never followed, the token must not travel.
    Redirect,
    /// The gateway's name could not be resolved.
    Name,
    Connect,
    /// The proxy cannot be reached, or broke off.
    ProxyUnreachable,
    /// The proxy answered 407.
    ProxyLogin,
    /// The proxy gave another answer than a way through.
    ProxyRefused,
    /// No secure connection came about, for another reason than the certificate.
    Tls,
    /// Nobody who is trusted here vouches for the gateway's certificate.
    CertificateUnknown,
    CertificateExpired,
    CertificateNotYet,
    /// The certificate is another host's.
    CertificateName,
    CertificateRevoked,
    /// Anything else that is wrong with a certificate: its signature, its form, its purpose.
    CertificateInvalid,
    Reset,
    Timeout,
}

impl ProblemKind {
    /// The code that stands in JSON and in translations.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::ServerError => "server-error",
            Self::Busy => "busy",
            Self::UnexpectedSuccess => "unexpected-success",
            Self::NotJson => "not-json",
            Self::WrongType => "wrong-type",
            Self::Truncated => "truncated",
            Self::Oversized => "oversized",
            Self::Unauthorized => "unauthorized",
            Self::Refused => "refused",
            Self::Redirect => "redirect",
            Self::Name => "name",
            Self::Connect => "connect",
            Self::ProxyUnreachable => "proxy-unreachable",
            Self::ProxyLogin => "proxy-login",
            Self::ProxyRefused => "proxy-refused",
            Self::Tls => "tls",
            Self::CertificateUnknown => "certificate-unknown",
            Self::CertificateExpired => "certificate-expired",
            Self::CertificateNotYet => "certificate-not-yet",
            Self::CertificateName => "certificate-name",
            Self::CertificateRevoked => "certificate-revoked",
            Self::CertificateInvalid => "certificate-invalid",
            Self::Reset => "reset",
            Self::Timeout => "timeout",
        }
    }

    /// Plain words for the command line.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::ServerError => "the gateway failed",
            Self::Busy => "the gateway is busy",
            Self::UnexpectedSuccess => "an answer without a status",
            Self::NotJson => "the answer is not JSON",
            Self::WrongType => "the answer has members of the wrong type",
            Self::Truncated => "the answer broke off",
            Self::Oversized => "the answer is larger than 64 KiB",
            Self::Unauthorized => "the token is not accepted",
            Self::Refused => "the gateway refused the request",
            Self::Redirect => "a redirect, which is never followed",
            Self::Name => "the gateway's name was not found",
            Self::Connect => "no connection to the gateway",
            Self::ProxyUnreachable => "no connection to the proxy",
            Self::ProxyLogin => "the proxy asks for a login",
            Self::ProxyRefused => "the proxy gives no way to the gateway",
            Self::Tls => "no secure connection to the gateway",
            Self::CertificateUnknown => {
                "nobody who is trusted here vouches for the gateway's certificate"
            }
            Self::CertificateExpired => {
                "the gateway's certificate has run out, or this machine's clock is wrong"
            }
            Self::CertificateNotYet => {
                "the gateway's certificate is not valid yet, or this machine's clock is wrong"
            }
            Self::CertificateName => "the gateway's certificate is another host's",
            Self::CertificateRevoked => "the gateway's certificate was revoked",
            Self::CertificateInvalid => "the gateway's certificate is not valid",
            Self::Reset => "the connection broke",
            Self::Timeout => "no answer in time",
        }
    }
}

impl Problem {
    #[must_use]
    pub fn new(kind: ProblemKind) -> Self {
        Self { kind, http: None, detail: None, trace_id: None }
    }

    #[must_use]
    pub fn with_http(kind: ProblemKind, http: u16) -> Self {
        Self { http: Some(http), ..Self::new(kind) }
    }
}

impl Problem {
    /// The same, with everything in the gateway's words that cannot be seen written out.
    #[must_use]
    pub fn made_visible(self) -> Self {
        let visible = |text: Option<String>| text.map(|t| super::visible(&t));
        Self { detail: visible(self.detail), trace_id: visible(self.trace_id), ..self }
    }
}

impl Miss {
    /// As [`Problem::made_visible`].
    #[must_use]
    pub fn made_visible(self) -> Self {
        match self {
            Self::Failed { status } => Self::Failed { status: super::visible(&status) },
            Self::Rejected { problem } => Self::Rejected { problem: problem.made_visible() },
            same @ (Self::TimedOut { .. }
            | Self::BlockedUrl { .. }
            | Self::Unauthorized
            | Self::GaveUp { .. }
            | Self::Stopped
            | Self::WrongId
            | Self::Interrupted { .. }) => same,
        }
    }
}
