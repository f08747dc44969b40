//! What is opened, and what people see.

use super::*;

#[test]
fn what_is_opened_is_what_the_parser_wrote() {
    for (written, opened) in [
        ("HTTPS://SIGN.Borica.BG:443/S?x='#F", "https://sign.borica.bg/S?x=%27#F"),
        ("https://sign.borica.bg", "https://sign.borica.bg/"),
        ("https://sign.borica.bg?q", "https://sign.borica.bg/?q"),
        ("https://sign.borica.bg/a//b/...;x", "https://sign.borica.bg/a//b/...;x"),
        (
            "https://sign.borica.bg/%C3%a9?a=%2e%2e/../",
            "https://sign.borica.bg/%C3%a9?a=%2e%2e/../",
        ),
    ] {
        let url = list(&["sign.borica.bg"]).check(written).expect(written);
        assert_eq!(url.expose(), opened);
    }
}

#[test]
fn a_signing_url_shows_its_host_and_nothing_else() {
    let list =
        Allowlist::new(vec![entry("sign.borica.bg"), entry("sign.borica.bg:8443"), sandbox(8080)]);
    for (text, host) in [
        ("https://SIGN.borica.bg:443/secret?secret#secret", "sign.borica.bg"),
        ("https://sign.borica.bg:8443/secret", "sign.borica.bg:8443"),
        ("http://127.0.0.1:8080/secret", "127.0.0.1:8080"),
    ] {
        let url = list.check(text).expect(text);
        assert_eq!(url.host(), host);
        assert_eq!(url.to_string(), host);
        assert_eq!(format!("{url:?}"), format!("SigningUrl({host:?})"));
    }
}

#[test]
fn signing_urls_are_equal_only_as_a_whole() {
    let list = list(&["sign.borica.bg"]);
    let check = |text: &str| list.check(text).expect(text);
    assert_eq!(check("https://sign.borica.bg/a"), check("https://SIGN.borica.bg:443/a"));
    assert_ne!(check("https://sign.borica.bg/a"), check("https://sign.borica.bg/a#"));
}

#[test]
fn a_refusal_shows_the_host_that_a_browser_would_have_opened() {
    let refused = |text: &str| list(&["sign.borica.bg"]).check(text).expect_err(text);
    for (text, host) in [
        ("https://evil.com/sign.borica.bg", Some("evil.com")),
        ("https://sign.borica.bg:443@EVIL.com:8443/", Some("evil.com")),
        ("https://evil.com\\@sign.borica.bg/", Some("evil.com")),
        ("https://secret:secret@sign.borica.bg/", Some("sign.borica.bg")),
        (" https://evil.com/", Some("evil.com")),
        ("https://sign.bori\u{441}\u{430}.bg/", Some("sign.xn--bori-83d5h.bg")),
        ("https://[::1]/", Some("[::1]")),
        ("https://evil_1.evil-1.com/", Some("evil_1.evil-1.com")),
        ("x:///secret", None),
        ("https://2130706433/", Some("127.0.0.1")),
        ("smb://evil.com/secret", Some("evil.com")),
        ("x://a'b/", None),
        ("x://a%0ab/", None),
        ("javascript:secret", None),
        ("file:///secret", None),
        ("secret", None),
        ("", None),
    ] {
        assert_eq!(refused(text).host.as_deref(), host, "{text}");
    }
    let host =
        |len: usize| format!("{}.com", "a.".repeat((len - 4) / 2) + &"a".repeat((len - 4) % 2));
    assert_eq!(refused(&format!("https://{}/", host(253))).host, Some(host(253)));
    assert_eq!(refused(&format!("https://{}/", host(254))).host, None);
}

#[test]
fn a_refusal_says_the_host_and_the_rule_in_words() {
    let refused = |text: &str| list(&[]).check(text).expect_err(text).to_string();
    assert_eq!(
        refused("https://evil.com/secret"),
        "host evil.com refused: the host is not on the allowlist"
    );
    assert_eq!(
        refused("javascript:secret"),
        "link refused: the address does not begin with https://"
    );
}
