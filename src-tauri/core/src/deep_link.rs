//! A link into the console, from the CRM or from the page that a customer returns to.
//!
//! Whoever can have this computer's browser open a link can send one: it fills something in or says
//! something, and never adds, opens or reveals anything by itself.

use std::{collections::HashSet, str::FromStr};

use serde::Serialize;
use url::Url;

use crate::enrollment::{LONGEST_LABEL, Says, UserId, UserIdError, UserType, shortened, visible};

/// What the links begin with.
const SCHEME: &str = "enrollment-console";
/// The longest one, in bytes.
const LONGEST: usize = 2_048;

/// What a link asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(tag = "link", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum DeepLink {
    /// `enrollment-console://add?id=1024&type=merchant&label=Delta`: fills in who is to be added.
    Add {
        #[cfg_attr(test, ts(type = "number"))]
        id: UserId,
        user_type: Option<UserType>,
        label: String,
    },
    /// `enrollment-console://finished?id=1024&type=merchant&step=signing`: the customer reached the
    /// Success page of a step.
    Finished {
        #[cfg_attr(test, ts(type = "number"))]
        id: UserId,
        user_type: Option<UserType>,
        says: Says,
    },
}

/// Why a link is none of the console's. It names the field and the rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeepLinkError {
    #[error("the link is longer than 2,048 bytes")]
    TooLong,
    #[error(
        "the link does not begin with enrollment-console://add? or enrollment-console://finished?"
    )]
    NotOurs,
    #[error("the link has a field that is not known: {0}")]
    UnknownField(String),
    #[error("the link has a field twice: {0}")]
    Twice(String),
    #[error("id: {0}")]
    Id(UserIdError),
    #[error("type: is neither individual nor merchant")]
    Type,
    #[error("label: is longer than 80 characters")]
    Label,
    #[error("step: is neither identification nor signing")]
    Step,
}

impl FromStr for DeepLink {
    type Err = DeepLinkError;

    fn from_str(text: &str) -> Result<Self, DeepLinkError> {
        if text.len() > LONGEST {
            return Err(DeepLinkError::TooLong);
        }
        let url = Url::parse(text).map_err(|_| DeepLinkError::NotOurs)?;
        let plain = matches!(url.path(), "" | "/") && url.fragment().is_none();
        let nobody = url.username().is_empty() && url.password().is_none() && url.port().is_none();
        if url.scheme() != SCHEME || !plain || !nobody {
            return Err(DeepLinkError::NotOurs);
        }
        match url.host_str() {
            Some("add") => Fields::of(&url, &["id", "type", "label"])?.add(),
            Some("finished") => Fields::of(&url, &["id", "type", "step"])?.finished(),
            Some(_) | None => Err(DeepLinkError::NotOurs),
        }
    }
}

/// What a link says, each field once at the most.
struct Fields(Vec<(String, String)>);

impl Fields {
    fn of(url: &Url, known: &[&str]) -> Result<Self, DeepLinkError> {
        let mut met = HashSet::new();
        let fields: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        for (name, _) in &fields {
            let shown = || shortened(&visible(name), 24);
            if !known.contains(&name.as_str()) {
                return Err(DeepLinkError::UnknownField(shown()));
            }
            if !met.insert(name) {
                return Err(DeepLinkError::Twice(shown()));
            }
        }
        Ok(Self(fields))
    }

    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(it, _)| it == name).map_or("", |(_, value)| value)
    }

    fn id(&self) -> Result<UserId, DeepLinkError> {
        self.get("id").parse().map_err(DeepLinkError::Id)
    }

    fn user_type(&self) -> Result<Option<UserType>, DeepLinkError> {
        match self.get("type") {
            "" => Ok(None),
            word => UserType::of_word(word).map(Some).ok_or(DeepLinkError::Type),
        }
    }

    fn add(&self) -> Result<DeepLink, DeepLinkError> {
        let label = visible(self.get("label").trim());
        if label.chars().count() > LONGEST_LABEL {
            return Err(DeepLinkError::Label);
        }
        Ok(DeepLink::Add { id: self.id()?, user_type: self.user_type()?, label })
    }

    fn finished(&self) -> Result<DeepLink, DeepLinkError> {
        let says = match self.get("step") {
            "identification" => Says::IdentificationFinished,
            "" | "signing" => Says::SigningFinished,
            _ => return Err(DeepLinkError::Step),
        };
        Ok(DeepLink::Finished { id: self.id()?, user_type: self.user_type()?, says })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(id: u32) -> UserId {
        UserId::new(id).expect("in range")
    }

    #[test]
    fn a_link_says_who_and_what() {
        for (link, said) in [
            (
                "enrollment-console://add?id=1024",
                DeepLink::Add { id: id(1024), user_type: None, label: String::new() },
            ),
            (
                "enrollment-console://add/?id=7731&type=merchant&label=Delta%20OOD%E2%80%AE",
                DeepLink::Add {
                    id: id(7731),
                    user_type: Some(UserType::Merchant),
                    label: "Delta OOD\\u{202e}".into(),
                },
            ),
            (
                "enrollment-console://finished?id=5&step=identification&type=individual",
                DeepLink::Finished {
                    id: id(5),
                    user_type: Some(UserType::Individual),
                    says: Says::IdentificationFinished,
                },
            ),
            (
                "ENROLLMENT-CONSOLE://finished?id=5",
                DeepLink::Finished { id: id(5), user_type: None, says: Says::SigningFinished },
            ),
        ] {
            assert_eq!(link.parse(), Ok(said), "{link}");
        }
    }

    #[test]
    fn what_is_not_the_consoles_is_refused_with_the_field_and_the_rule() {
        let long = format!("enrollment-console://add?id=1&label={}", "x".repeat(2_048));
        for (link, why) in [
            (long.as_str(), DeepLinkError::TooLong),
            ("https://add/?id=1", DeepLinkError::NotOurs),
            ("enrollment-console:add?id=1", DeepLinkError::NotOurs),
            ("enrollment-console://open?id=1", DeepLinkError::NotOurs),
            ("enrollment-console://add/x?id=1", DeepLinkError::NotOurs),
            ("enrollment-console://user@add?id=1", DeepLinkError::NotOurs),
            ("enrollment-console://add:80?id=1", DeepLinkError::NotOurs),
            ("enrollment-console://add?id=1#x", DeepLinkError::NotOurs),
            ("--help", DeepLinkError::NotOurs),
            (
                "enrollment-console://add?id=1&url=https://evil.example",
                DeepLinkError::UnknownField("url".into()),
            ),
            (
                "enrollment-console://finished?id=1&label=x",
                DeepLinkError::UnknownField("label".into()),
            ),
            ("enrollment-console://add?id=1&id=2", DeepLinkError::Twice("id".into())),
            ("enrollment-console://add?label=x", DeepLinkError::Id(UserIdError::Empty)),
            ("enrollment-console://add?id=-1", DeepLinkError::Id(UserIdError::NotDigits)),
            ("enrollment-console://add?id=1&type=1", DeepLinkError::Type),
            ("enrollment-console://finished?id=1&step=all", DeepLinkError::Step),
        ] {
            assert_eq!(link.parse::<DeepLink>(), Err(why), "{link}");
        }
        let label = format!("enrollment-console://add?id=1&label={}", "x".repeat(81));
        assert_eq!(label.parse::<DeepLink>(), Err(DeepLinkError::Label));
    }
}
