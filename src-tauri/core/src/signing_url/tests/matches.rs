//! Step 8 of the check: the entries.

use super::*;

#[test]
fn a_host_that_no_entry_names_is_refused() {
    assert_refused(
        Rule::NoEntry,
        &[
            "https://borica.bg/",
            "https://localhost/",
            "https://sign.borica.bg.evil.com/",
            "https://sign-borica.bg/",
            "https://evil.com/https://sign.borica.bg/",
            "https://evil.com?sign.borica.bg",
            "https://evil.com#@sign.borica.bg/",
            "https://xn--sgn-nma.borica.bg/",
        ],
    );
}

#[test]
fn an_empty_list_accepts_nothing() {
    let empty = list(&[]);
    assert_eq!(rule(&empty, "https://sign.borica.bg/"), Some(Rule::NoEntry));
    assert_eq!(rule(&empty, "http://127.0.0.1:8080/"), Some(Rule::Scheme));
}

#[test]
fn a_wildcard_is_for_one_or_more_labels_none_of_them_punycode() {
    let under = list(&["*.b-trust.bg"]);
    for (url, expected) in [
        ("https://a.b-trust.bg/", None),
        ("https://a.b.b-trust.bg/", None),
        ("https://axn--b.b-trust.bg/", None),
        ("https://b-trust.bg/", Some(Rule::NoEntry)),
        ("https://ab-trust.bg/", Some(Rule::NoEntry)),
        ("https://b-trust.bg.evil.com/", Some(Rule::NoEntry)),
        ("https://xn--80ak6aa92e.b-trust.bg/", Some(Rule::Punycode)),
        ("https://XN--80AK6AA92E.b-trust.bg/", Some(Rule::Punycode)),
        ("https://a.xn--80ak6aa92e.b-trust.bg/", Some(Rule::Punycode)),
        ("https://xn--80ak6aa92e.a.b-trust.bg/", Some(Rule::Punycode)),
    ] {
        assert_eq!(rule(&under, url), expected, "{url}");
    }
}

#[test]
fn punycode_that_an_administrator_wrote_is_matched() {
    let exact = list(&["XN--80AK6AA92E.com"]);
    assert_eq!(rule(&exact, "https://xn--80ak6aa92e.com/"), None);
    let under = list(&["*.xn--80ak6aa92e.com"]);
    assert_eq!(rule(&under, "https://sign.xn--80ak6aa92e.com/"), None);
}

#[test]
fn a_port_is_the_entrys_or_443() {
    for (entry, url, expected) in [
        ("sign.borica.bg", "https://sign.borica.bg:443/", None),
        ("sign.borica.bg:443", "https://sign.borica.bg/", None),
        ("sign.borica.bg:8443", "https://sign.borica.bg:8443/", None),
        ("*.borica.bg:65535", "https://sign.borica.bg:65535/", None),
        ("sign.borica.bg:80", "https://sign.borica.bg:80/", None),
        ("sign.borica.bg", "https://sign.borica.bg:80/", Some(Rule::Port)),
        ("sign.borica.bg", "https://sign.borica.bg:0/", Some(Rule::Port)),
        ("sign.borica.bg:8443", "https://sign.borica.bg/", Some(Rule::Port)),
        ("sign.borica.bg:8443", "https://sign.borica.bg:8444/", Some(Rule::Port)),
    ] {
        assert_eq!(rule(&list(&[entry]), url), expected, "{url} with {entry}");
    }
}

#[test]
fn a_path_prefix_ends_on_a_segment_boundary_and_has_no_escaped_slashes() {
    let under = list(&["sign.borica.bg/sign/v1/"]);
    for (path, expected) in [
        ("/sign/v1", None),
        ("/sign/v1?q=%2f", None),
        ("/sign/v1#%5c", None),
        ("/sign/v1/a%20b", None),
        ("/sign/v1//", None),
        ("/sign/v1/%252f", None),
        ("/sign/v10", Some(Rule::PathPrefix)),
        ("/sign/", Some(Rule::PathPrefix)),
        ("/Sign/v1/", Some(Rule::PathPrefix)),
        ("//sign/v1/", Some(Rule::PathPrefix)),
        ("/%73ign/v1/", Some(Rule::PathPrefix)),
        ("?/sign/v1/", Some(Rule::PathPrefix)),
        ("/sign%2fv1/", Some(Rule::PathPrefix)),
        ("/sign/v1/%2f", Some(Rule::EscapedSlash)),
        ("/sign/v1/..%2F..", Some(Rule::EscapedSlash)),
        ("/sign/v1/..%5C", Some(Rule::EscapedSlash)),
        ("/sign/v1/..%5cx?q", Some(Rule::EscapedSlash)),
        ("/sign/v1/../x", Some(Rule::DotSegment)),
    ] {
        let url = format!("https://sign.borica.bg{path}");
        assert_eq!(rule(&under, &url), expected, "{url}");
    }
}

#[test]
fn one_matching_entry_is_enough() {
    let several = list(&["a.borica.bg/x/", "a.borica.bg:8443", "*.borica.bg"]);
    assert_eq!(rule(&several, "https://a.borica.bg/y%2f"), None);
}

#[test]
fn a_refusal_is_told_by_the_entry_that_came_closest_whatever_their_order() {
    let mut entries = ["evil.com", "a.borica.bg:8443", "a.borica.bg/x/", "*.borica.bg:1"];
    for _ in 0..entries.len() {
        entries.rotate_left(1);
        let several = list(&entries);
        for (url, expected) in [
            ("https://borica.bg/", Rule::NoEntry),
            ("https://xn--80ak6aa92e.borica.bg:1/", Rule::Punycode),
            ("https://a.borica.bg:2/", Rule::Port),
            ("https://a.borica.bg/", Rule::PathPrefix),
            ("https://a.borica.bg/x/%2f", Rule::EscapedSlash),
        ] {
            assert_eq!(rule(&several, url), Some(expected), "{url} with {entries:?}");
        }
    }
}

#[test]
fn a_sandbox_is_literally_at_its_own_address() {
    let mixed = Allowlist::new(vec![entry("sign.borica.bg"), sandbox(8080)]);
    for (url, expected) in [
        ("http://127.0.0.1:8080/", None),
        ("http://127.0.0.1:8080/sign?user=1#x", None),
        ("https://sign.borica.bg/", None),
        ("http://127.0.0.1:8080", Some(Rule::Scheme)),
        ("http://127.0.0.1:8080?q", Some(Rule::Scheme)),
        ("HTTP://127.0.0.1:8080/", Some(Rule::Scheme)),
        ("http://127.0.0.1:8080@evil.com/", Some(Rule::Scheme)),
        ("http://127.0.0.1:8080.evil.com/", Some(Rule::Scheme)),
        ("http://x@127.0.0.1:8080/", Some(Rule::Scheme)),
        ("http://127.0.0.1:8081/", Some(Rule::Scheme)),
        ("http://127.0.0.1:80800/", Some(Rule::Scheme)),
        ("http://127.0.0.1:08080/", Some(Rule::Scheme)),
        ("http://127.0.0.1/", Some(Rule::Scheme)),
        ("http://127.1:8080/", Some(Rule::Scheme)),
        ("http://0x7f000001:8080/", Some(Rule::Scheme)),
        ("http://localhost:8080/", Some(Rule::Scheme)),
        ("http://[::1]:8080/", Some(Rule::Scheme)),
        ("http://sign.borica.bg/", Some(Rule::Scheme)),
        ("https://127.0.0.1:8080/", Some(Rule::IpAddress)),
        ("https://localhost:8080/", Some(Rule::NoEntry)),
        ("http://127.0.0.1:8080/\\evil.com", Some(Rule::Character)),
        ("http://127.0.0.1:8080/[", Some(Rule::Violation)),
        ("http://127.0.0.1:8080/%0a", Some(Rule::EscapedControl)),
        ("http://127.0.0.1:8080/%2e%2e/", Some(Rule::DotSegment)),
    ] {
        assert_eq!(rule(&mixed, url), expected, "{url}");
    }
}

#[test]
fn a_sandbox_on_the_port_of_http_is_also_known_without_it() {
    let list = Allowlist::new(vec![sandbox(80)]);
    let url = list.check("http://127.0.0.1:80/x").expect("literally its address");
    assert_eq!(url.expose(), "http://127.0.0.1/x");
    assert_eq!(list.check(url.expose()), Ok(url));
    assert_eq!(rule(&list, "http://127.0.0.1:8080/"), Some(Rule::Scheme));
}

#[test]
fn a_list_gives_its_entries_back() {
    let entries = vec![entry("*.b-trust.bg"), sandbox(8080)];
    assert_eq!(Allowlist::new(entries.clone()).entries(), entries);
}
