//! Where a gateway is.

use std::{fmt, net::IpAddr, str::FromStr};

use url::{Host, Url};

use crate::enrollment::User;

/// The base of a gateway's addresses: `https`, or `http` on a loopback address; a path prefix may
/// follow, and nothing else.
#[derive(Clone, PartialEq, Eq)]
pub struct GatewayUrl(Url);

/// Why a text is not the base of a gateway.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GatewayUrlError {
    #[error("gateway: not an address such as https://crm.example.bg")]
    NotAUrl,
    #[error(
        "gateway: must begin with https:// (http:// only for a loopback address such as http://127.0.0.1:8080)"
    )]
    NotHttps,
    #[error("gateway: a user or password may not stand in it")]
    Credentials,
    #[error("gateway: a query (?) or fragment (#) may not stand in it")]
    QueryOrFragment,
}

impl FromStr for GatewayUrl {
    type Err = GatewayUrlError;

    fn from_str(text: &str) -> Result<Self, GatewayUrlError> {
        let text = text.trim();
        let mut url = Url::parse(text).map_err(|_| GatewayUrlError::NotAUrl)?;
        // The parser would mend a missing slash or a backslash; an address that needs mending was
        // not meant.
        let authority = text.split_once("://").map_or("", |(_, rest)| rest);
        if authority.is_empty() || authority.starts_with(['/', '\\']) || text.contains('\\') {
            return Err(GatewayUrlError::NotAUrl);
        }
        match url.scheme() {
            "https" => {}
            "http" if loopback(&url) => {}
            _ => return Err(GatewayUrlError::NotHttps),
        }
        if authority_has_at(authority) {
            return Err(GatewayUrlError::Credentials);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(GatewayUrlError::QueryOrFragment);
        }
        let path = format!("{}/", url.path().trim_end_matches('/'));
        url.set_path(&path);
        Ok(Self(url))
    }
}

impl GatewayUrl {
    /// Whether it is on this machine, by its address; a name such as `localhost` is not.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        loopback(&self.0)
    }

    /// Whether it is asked over TLS; without it, it is on this machine.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    #[must_use]
    pub fn port(&self) -> u16 {
        // Both schemes have a default port.
        self.0.port_or_known_default().unwrap_or_default()
    }

    /// Where whoever only wants to know whether somebody answers asks.
    pub(super) fn address(&self) -> Url {
        self.0.clone()
    }

    /// The address of the one call there is. `isIdentificationCompleted` is always true: a watch
    /// begins on the statement that the step before succeeded.
    pub(super) fn poll_address(&self, user: User) -> Url {
        let mut address = self.0.clone();
        let path = format!(
            "{}Enrollment/{}/{}/true/get-identification-process-status",
            self.0.path(),
            user.id,
            user.user_type.code()
        );
        address.set_path(&path);
        address
    }
}

fn loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => IpAddr::from(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::from(ip).is_loopback(),
        Some(Host::Domain(_)) | None => false,
    }
}

fn authority_has_at(authority: &str) -> bool {
    authority.split(['/', '?', '#']).next().is_some_and(|a| a.contains('@'))
}

/// Scheme, host, port and prefix: nothing in it is secret.
impl fmt::Display for GatewayUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

impl fmt::Debug for GatewayUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enrollment::{UserId, UserType};

    #[test]
    fn a_gateway_is_https_or_on_this_machine() {
        use GatewayUrlError::{Credentials, NotAUrl, NotHttps, QueryOrFragment};
        for good in [
            "https://api-test.10npay.com",
            "https://crm.example.bg/prefix/",
            "https://crm.example.bg:8443/a/b",
            "http://127.0.0.1:8080",
            "http://127.9.9.9",
            "http://[::1]:80",
        ] {
            assert!(good.parse::<GatewayUrl>().is_ok(), "{good}");
        }
        for (bad, why) in [
            ("", NotAUrl),
            ("crm.example.bg", NotAUrl),
            ("https:crm.example.bg", NotAUrl),
            ("https:///crm.example.bg", NotAUrl),
            ("https:\\\\crm.example.bg", NotAUrl),
            ("http://crm.example.bg", NotHttps),
            ("http://127.0.0.1.example.bg", NotHttps),
            ("http://localhost:8080", NotHttps),
            ("http://10.0.0.1", NotHttps),
            ("ftp://127.0.0.1", NotHttps),
            ("https://user@crm.example.bg", Credentials),
            ("https://@crm.example.bg", Credentials),
            ("https://:secret@crm.example.bg", Credentials),
            ("https://us\ter:secret@crm.example.bg/a", Credentials),
            ("https://crm.example.bg/?a=b", QueryOrFragment),
            ("https://crm.example.bg/#a", QueryOrFragment),
        ] {
            assert_eq!(bad.parse::<GatewayUrl>().err(), Some(why), "{bad}");
        }
    }

    #[test]
    fn it_knows_its_port_and_whether_it_is_on_this_machine() {
        for (base, port, loopback) in [
            ("https://crm.example.bg", 443, false),
            ("https://crm.example.bg:8443/a", 8443, false),
            ("http://127.0.0.1", 80, true),
            ("https://[::1]:8443", 8443, true),
        ] {
            let base: GatewayUrl = base.parse().expect("a gateway");
            assert_eq!((base.port(), base.is_loopback()), (port, loopback), "{base}");
        }
    }

    #[test]
    fn the_path_is_the_contracts_behind_any_prefix() {
        let user = User { id: UserId::new(7).expect("in range"), user_type: UserType::Merchant };
        for (base, address) in [
            ("https://a.bg", "https://a.bg/Enrollment/7/1/true/get-identification-process-status"),
            (
                "https://a.bg/x/",
                "https://a.bg/x/Enrollment/7/1/true/get-identification-process-status",
            ),
        ] {
            let base: GatewayUrl = base.parse().expect("a gateway");
            assert_eq!(base.poll_address(user).as_str(), address);
        }
    }
}
