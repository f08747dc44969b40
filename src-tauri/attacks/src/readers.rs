//! Where a URL leads, read by parsers that share no code.

use std::str::FromStr;

use ada_url::Url as Ada;
use fluent_uri::Uri;
use url::Url;

/// Where a request for a URL goes.
#[derive(Debug, PartialEq, Eq)]
pub struct Place {
    pub scheme: String,
    /// In lower case.
    pub host: String,
    pub port: u16,
    /// `/` where none is written.
    pub path: String,
}

impl Place {
    /// `None` where there is something that only this product refuses: a user, or no port.
    fn new(scheme: &str, user: bool, host: &str, port: Option<u16>, path: &str) -> Option<Self> {
        let scheme = scheme.to_ascii_lowercase();
        let usual = match &*scheme {
            "https" => Some(443),
            "http" => Some(80),
            _ => None,
        };
        Some(Self {
            port: port.or(usual).filter(|_| !user)?,
            host: host.to_ascii_lowercase(),
            path: if path.is_empty() { "/" } else { path }.to_owned(),
            scheme,
        })
    }
}

/// The parser that the product uses: WHATWG, in Rust.
pub fn ours(text: &str) -> Option<Place> {
    let url = Url::parse(text).ok()?;
    let user = !url.username().is_empty() || url.password().is_some();
    Place::new(url.scheme(), user, url.host_str()?, url.port(), url.path())
}

/// WHATWG in C++: what Node and others use.
pub fn whatwg(url: &Ada) -> Option<Place> {
    let port = if url.has_port() { Some(url.port().parse().ok()?) } else { None };
    let scheme = url.protocol().strip_suffix(':')?;
    Place::new(scheme, url.has_credentials(), url.hostname(), port, url.pathname())
}

/// RFC 3986, to the letter.
pub fn rfc(text: &str) -> Option<Place> {
    let uri = Uri::parse(text).ok()?;
    let authority = uri.authority()?;
    let port = authority.port_to_u16().ok()?;
    let (scheme, host) = (uri.scheme().as_str(), authority.host());
    Place::new(scheme, authority.has_userinfo(), host, port, uri.path().as_str())
}

/// What HTTP clients in Rust send a request by.
pub fn client(text: &str) -> Option<Place> {
    let uri = http::Uri::from_str(text).ok()?;
    let authority = uri.authority()?;
    let user = authority.as_str().contains('@');
    Place::new(uri.scheme_str()?, user, authority.host(), authority.port_u16(), uri.path())
}
