//! Why no HTTP answer arrived. Read from the types of an error's causes; their words are never
//! looked at and never printed, since they may hold the address.

use std::{error::Error, io, iter};

use hyper_util::client::legacy::connect::{HttpConnector, proxy::Tunnel};
use jiff::Timestamp;
use rustls::{CertificateError, pki_types::UnixTime};
use tower_service::Service;

use crate::enrollment::{Problem, ProblemKind, shortened};

/// What the way through a proxy fails with. It has no public name of its own.
type TunnelError = <Tunnel<HttpConnector> as Service<http::Uri>>::Error;

/// How much is kept of the names in a certificate.
const MOST_NAMES: usize = 200;

/// What kept an answer from arriving.
pub(super) fn reason(error: &reqwest::Error) -> Problem {
    if let Some(tunnel) = find(error) {
        return Problem::new(proxy(tunnel));
    }
    if error.is_timeout() {
        return Problem::new(ProblemKind::Timeout);
    }
    if error.is_dns() {
        return Problem::new(ProblemKind::Name);
    }
    if let Some(tls) = find(error) {
        return secure(tls);
    }
    Problem::new(if error.is_connect() { ProblemKind::Connect } else { ProblemKind::Reset })
}

fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    iter::successors(Some(error), |error| cause(*error)).find_map(|it| it.downcast_ref())
}

/// An I/O error's own source leaves out the very error it was made of.
fn cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}

fn proxy(error: &TunnelError) -> ProblemKind {
    match error {
        TunnelError::ConnectFailed(_) | TunnelError::Io(_) | TunnelError::TunnelUnexpectedEof => {
            ProblemKind::ProxyUnreachable
        }
        TunnelError::ProxyAuthRequired => ProblemKind::ProxyLogin,
        TunnelError::MissingHost
        | TunnelError::ProxyHeadersTooLong
        | TunnelError::TunnelUnsuccessful => ProblemKind::ProxyRefused,
    }
}

fn secure(error: &rustls::Error) -> Problem {
    let rustls::Error::InvalidCertificate(error) = error else {
        return Problem::new(ProblemKind::Tls);
    };
    let (kind, detail) = certificate(error);
    Problem { detail, ..Problem::new(kind) }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the list of reasons may grow")]
fn certificate(error: &CertificateError) -> (ProblemKind, Option<String>) {
    match error {
        CertificateError::UnknownIssuer => (ProblemKind::CertificateUnknown, None),
        CertificateError::Expired => (ProblemKind::CertificateExpired, None),
        CertificateError::ExpiredContext { not_after, .. } => {
            (ProblemKind::CertificateExpired, moment(*not_after))
        }
        CertificateError::NotValidYet => (ProblemKind::CertificateNotYet, None),
        CertificateError::NotValidYetContext { not_before, .. } => {
            (ProblemKind::CertificateNotYet, moment(*not_before))
        }
        CertificateError::NotValidForName => (ProblemKind::CertificateName, None),
        CertificateError::NotValidForNameContext { presented, .. } => {
            (ProblemKind::CertificateName, names(presented))
        }
        CertificateError::Revoked => (ProblemKind::CertificateRevoked, None),
        _ => (ProblemKind::CertificateInvalid, None),
    }
}

fn moment(at: UnixTime) -> Option<String> {
    let at = Timestamp::from_second(at.as_secs().try_into().ok()?).ok()?;
    Some(at.to_string())
}

/// The certificate's names. Whoever answered wrote them, so they are text like a gateway's.
fn names(presented: &[String]) -> Option<String> {
    let names: Vec<&str> = presented.iter().map(|name| bare(name)).collect();
    (!names.is_empty()).then(|| shortened(&names.join(", "), MOST_NAMES))
}

/// A name without what TLS puts around it: `DnsName("…")`.
fn bare(name: &str) -> &str {
    let inner = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    inner.unwrap_or(name).trim_matches('"')
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rustls::pki_types::ServerName;

    use super::*;

    fn told(error: CertificateError) -> (ProblemKind, Option<String>) {
        let problem = secure(&rustls::Error::InvalidCertificate(error));
        (problem.kind, problem.detail)
    }

    #[test]
    fn a_certificate_that_is_refused_says_why() {
        use CertificateError as Why;
        use ProblemKind as Kind;
        let noon = UnixTime::since_unix_epoch(Duration::from_secs(1_795_435_200));
        let noon_told = Some("2026-11-23T12:00:00Z".to_owned());
        for (why, kind, detail) in [
            (Why::UnknownIssuer, Kind::CertificateUnknown, None),
            (Why::Expired, Kind::CertificateExpired, None),
            (
                Why::ExpiredContext { time: UnixTime::now(), not_after: noon },
                Kind::CertificateExpired,
                noon_told.clone(),
            ),
            (Why::NotValidYet, Kind::CertificateNotYet, None),
            (
                Why::NotValidYetContext { time: UnixTime::now(), not_before: noon },
                Kind::CertificateNotYet,
                noon_told,
            ),
            (Why::NotValidForName, Kind::CertificateName, None),
            (Why::Revoked, Kind::CertificateRevoked, None),
            (Why::BadSignature, Kind::CertificateInvalid, None),
            (Why::BadEncoding, Kind::CertificateInvalid, None),
            (Why::InvalidPurpose, Kind::CertificateInvalid, None),
            (Why::UnknownRevocationStatus, Kind::CertificateInvalid, None),
        ] {
            assert_eq!(told(why.clone()), (kind, detail), "{why:?}");
        }
    }

    #[test]
    fn a_certificate_of_another_host_tells_a_few_of_its_names() {
        let names: Vec<String> =
            (0..100).map(|n| format!("DnsName(\"host-{n}.example.bg\")")).collect();
        let expected = ServerName::try_from("crm.example.bg").expect("a name");
        let (kind, told) =
            told(CertificateError::NotValidForNameContext { expected, presented: names });
        let told = told.expect("names");
        assert_eq!(kind, ProblemKind::CertificateName);
        assert!(told.starts_with("host-0.example.bg, host-1.example.bg, "), "{told}");
        assert!(told.len() < 2 * MOST_NAMES, "{told}");
    }

    #[test]
    fn an_io_error_is_looked_into() {
        let inner = io::Error::new(io::ErrorKind::InvalidData, rustls::Error::HandshakeNotComplete);
        let outer = io::Error::other(inner);
        assert!(find::<rustls::Error>(&outer).is_some());
        assert!(find::<rustls::Error>(&io::Error::other("words")).is_none());
    }
}
