//! The certificate authorities that alone may vouch for a gateway.

use std::{
    fs::{self, File},
    io::{self, Read as _},
    path::Path,
    sync::Arc,
};

use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject as _},
};

/// More than any bundle of a company's own authorities takes, in bytes.
const LARGEST: u64 = 64 * 1024;

/// One or several certificates; each can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorities(Arc<[CertificateDer<'static>]>);

/// Why a file holds no authorities.
#[derive(Debug, thiserror::Error)]
pub enum AuthoritiesError {
    #[error("cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    #[error("is not a file")]
    NotAFile,
    #[error("is larger than 64 KiB")]
    TooLarge,
    #[error("holds a private key, which belongs on the gateway alone")]
    PrivateKey,
    #[error("holds something other than certificates: {0}")]
    Other(String),
    #[error("is not PEM")]
    NotPem,
    #[error("holds no certificate (-----BEGIN CERTIFICATE-----)")]
    Empty,
    /// Counted from 1.
    #[error("certificate {0} in it cannot be used")]
    Unusable(usize),
}

impl Authorities {
    /// Reads a PEM file.
    ///
    /// # Errors
    /// As [`Self::parse`], and a file that is none, is too large, or cannot be read.
    pub fn read(path: &Path) -> Result<Self, AuthoritiesError> {
        // Opening a pipe would wait for somebody who writes.
        if !fs::metadata(path)?.is_file() {
            return Err(AuthoritiesError::NotAFile);
        }
        let mut pem = Vec::new();
        File::open(path)?.take(LARGEST + 1).read_to_end(&mut pem)?;
        Self::parse(&pem)
    }

    /// Reads PEM text of certificates and nothing else; what stands between them is ignored.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn parse(pem: &[u8]) -> Result<Self, AuthoritiesError> {
        if pem.len() as u64 > LARGEST {
            return Err(AuthoritiesError::TooLarge);
        }
        check_sections(pem)?;
        let certificates: Vec<_> = CertificateDer::pem_slice_iter(pem)
            .collect::<Result<_, _>>()
            .map_err(|_| AuthoritiesError::NotPem)?;
        if certificates.is_empty() {
            return Err(AuthoritiesError::Empty);
        }
        for (n, certificate) in (1..).zip(&certificates) {
            RootCertStore::empty()
                .add(certificate.clone())
                .map_err(|_| AuthoritiesError::Unusable(n))?;
        }
        Ok(Self(certificates.into()))
    }

    pub(super) fn certificates(&self) -> reqwest::Result<Vec<reqwest::Certificate>> {
        self.0.iter().map(|der| reqwest::Certificate::from_der(der)).collect()
    }
}

/// A reader of certificates passes over all else; here nothing else may be.
fn check_sections(pem: &[u8]) -> Result<(), AuthoritiesError> {
    for line in pem.split(|byte| *byte == b'\n' || *byte == b'\r') {
        let Some(label) = line.strip_prefix(b"-----BEGIN ") else { continue };
        let label = String::from_utf8_lossy(label);
        let label = label.trim_end().trim_end_matches('-');
        if label.ends_with("PRIVATE KEY") {
            return Err(AuthoritiesError::PrivateKey);
        }
        if label != "CERTIFICATE" {
            let shown = crate::enrollment::visible(&crate::enrollment::shortened(label, 40));
            return Err(AuthoritiesError::Other(shown));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    fn authority(name: &str) -> rcgen::CertifiedKey<rcgen::KeyPair> {
        rcgen::generate_simple_self_signed(vec![name.to_owned()]).expect("a certificate")
    }

    #[test]
    fn a_file_holds_one_or_several_certificates() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ca.pem");
        let (one, two) = (authority("one").cert.pem(), authority("two").cert.pem());
        fs::write(&path, format!("# the head office\n{one}\n# and the branch\r\n{two}"))
            .expect("written");
        let read = Authorities::read(&path).expect("good");
        assert_eq!(read.0.len(), 2);
        assert_eq!(read, Authorities::parse(format!("{one}{two}").as_bytes()).expect("the same"));
    }

    #[test]
    fn what_holds_no_authorities_says_why() {
        let made = authority("one");
        let (good, key) = (made.cert.pem(), made.signing_key.serialize_pem());
        let encrypted = key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
        let padded = "A".repeat(70_000);
        for (pem, why) in [
            (String::new(), "holds no certificate"),
            (format!("{good}{key}"), "holds a private key"),
            (format!("{good}{encrypted}"), "holds a private key"),
            (good.replace("CERTIFICATE", "X509 CRL"), "other than certificates: X509 CRL"),
            (good.replace("CERTIFICATE", "TRUSTED CERTIFICATE"), "TRUSTED CERTIFICATE"),
            (good.replace("-----END CERTIFICATE-----", ""), "is not PEM"),
            (good.replace("MI", "**"), "is not PEM"),
            (good.replacen("MII", "AII", 1), "certificate 1 in it cannot be used"),
            (format!("{good}{}", good.replacen("MII", "AII", 1)), "certificate 2 in it"),
            (padded, "is larger than 64 KiB"),
        ] {
            let error = Authorities::parse(pem.as_bytes()).expect_err(why).to_string();
            assert!(error.contains(why), "{why:?} is not in {error:?}");
        }
    }

    #[test]
    fn a_file_that_is_none_says_so() {
        let folder = tempfile::tempdir().expect("a folder");
        let missing = Authorities::read(&folder.path().join("ca.pem"));
        assert!(matches!(missing, Err(AuthoritiesError::Unreadable(_))), "{missing:?}");
        let a_folder = Authorities::read(folder.path());
        assert!(matches!(a_folder, Err(AuthoritiesError::NotAFile)), "{a_folder:?}");
        let mut large = authority("one").cert.pem();
        for _ in 0..1_100 {
            writeln!(large, "# {}", "x".repeat(60)).expect("written");
        }
        let path = folder.path().join("large.pem");
        fs::write(&path, large).expect("written");
        let large = Authorities::read(&path);
        assert!(matches!(large, Err(AuthoritiesError::TooLarge)), "{large:?}");
    }
}
