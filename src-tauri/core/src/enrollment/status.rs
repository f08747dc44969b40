//! The gateway's statuses.

use std::fmt;

/// A `videoIdentificationStatus`. Only the exact values of the gateway's page have a meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// Not there yet.
    Processing,
    /// Identification was begun and the customer has not finished it.
    Started,
    /// The target of pre-sign, where a usable URL stands beside it.
    SignSessionCreated,
    /// The target of post-sign: the documents are signed.
    DocumentSigned,
    /// A value that this product does not know, as it came.
    Other(Box<str>),
    /// `null`, or no member at all.
    Absent,
}

impl Status {
    const KNOWN: [(&'static str, Self); 4] = [
        ("PROCESSING", Self::Processing),
        ("STARTED", Self::Started),
        ("SIGN_SESSION_ID_SUCCESSFULLY_CREATED", Self::SignSessionCreated),
        ("DOCUMENT_SIGN_SUCCESS", Self::DocumentSigned),
    ];

    #[must_use]
    pub fn from_gateway(value: Option<&str>) -> Self {
        let Some(value) = value else { return Self::Absent };
        Self::KNOWN
            .into_iter()
            .find_map(|(name, status)| (name == value).then_some(status))
            .unwrap_or_else(|| Self::Other(value.into()))
    }

    /// The value as the gateway wrote it; `None` for null.
    #[must_use]
    pub fn raw(&self) -> Option<&str> {
        match self {
            Self::Processing => Some(Self::KNOWN[0].0),
            Self::Started => Some(Self::KNOWN[1].0),
            Self::SignSessionCreated => Some(Self::KNOWN[2].0),
            Self::DocumentSigned => Some(Self::KNOWN[3].0),
            Self::Other(value) => Some(value),
            Self::Absent => None,
        }
    }

    /// Whether the gateway's page names it.
    #[must_use]
    pub fn is_known(&self) -> bool {
        !matches!(self, Self::Other(_) | Self::Absent)
    }

    /// How far along a status stands; a lower one after a higher one goes backwards.
    /// Values without a place in the order have none.
    #[must_use]
    pub fn rank(&self) -> Option<u8> {
        match self {
            Self::Started => Some(0),
            Self::Processing => Some(1),
            Self::SignSessionCreated => Some(2),
            Self::DocumentSigned => Some(3),
            Self::Other(_) | Self::Absent => None,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.raw().unwrap_or("null"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_words_have_a_meaning() {
        for (name, status) in Status::KNOWN {
            assert_eq!(Status::from_gateway(Some(name)), status);
            assert_eq!(status.raw(), Some(name));
        }
        for near in
            ["document_sign_success", " DOCUMENT_SIGN_SUCCESS", "DOCUMENT_SIGN_SUCCESS ", ""]
        {
            assert_eq!(Status::from_gateway(Some(near)), Status::Other(near.into()));
        }
        assert_eq!(Status::from_gateway(None), Status::Absent);
    }
}
