//! A made-up customer: gets the signing page's address as a browser would, reads, and presses
//! *Sign*.

use std::time::Duration;

use enrollment_core::{desk::driver::WaysOut, signing_url::SigningUrl};
use reqwest::{StatusCode, redirect};
use tokio::sync::mpsc;
use zeroize::Zeroizing;

/// A page on this machine answers at once.
const PATIENCE: Duration = Duration::from_secs(5);

/// An address on its way to a customer. In memory only.
pub type Address = Zeroizing<String>;

/// Stands in for the system's browser: hands the address on.
pub struct Doorstep(mpsc::UnboundedSender<Address>);

impl Doorstep {
    pub fn new() -> (Self, mpsc::UnboundedReceiver<Address>) {
        let (sender, addresses) = mpsc::unbounded_channel();
        (Self(sender), addresses)
    }
}

impl WaysOut for Doorstep {
    fn open(&self, url: &SigningUrl) -> Result<(), String> {
        let address = Zeroizing::new(url.expose().to_owned());
        self.0.send(address).map_err(|_| "nobody-there".to_owned())
    }

    /// The made-up customer takes it however it comes.
    fn copy(&self, url: &SigningUrl) -> Result<(), String> {
        self.open(url)
    }
}

/// Looks at the signing page for a while and signs.
///
/// # Errors
/// What went wrong, without the address.
pub async fn sign(address: Address, reads: Duration) -> Result<(), &'static str> {
    let http = reqwest::Client::builder()
        .no_proxy()
        .redirect(redirect::Policy::none())
        .timeout(PATIENCE)
        .build()
        .map_err(|_| "no HTTP client")?;
    let page = http.get(address.as_str()).send().await.map_err(|_| "the page did not open")?;
    let at = page.url().clone();
    let page = page.text().await.map_err(|_| "the page broke off")?;
    let form = sign_form(&page).ok_or("the page has no Sign button")?;
    let target = at.join(form).map_err(|_| "the Sign button leads nowhere")?;

    tokio::time::sleep(reads).await;
    let answer = http.post(target).send().await.map_err(|_| "signing broke off")?;
    if answer.status() == StatusCode::SEE_OTHER { Ok(()) } else { Err("signing was not accepted") }
}

/// Where the page's *Sign* form leads.
fn sign_form(page: &str) -> Option<&str> {
    page.split("action=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .find(|target| target.ends_with("/sign"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_form_is_found_beside_others() {
        let page =
            r#"<form action="/sign/a/refuse"></form><form method="post" action="/sign/a/sign">"#;
        assert_eq!(sign_form(page), Some("/sign/a/sign"));
        assert_eq!(sign_form("<p>gone</p>"), None);
    }
}
