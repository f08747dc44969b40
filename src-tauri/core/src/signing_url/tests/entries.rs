//! Entries as they are written.

use super::*;

#[test]
fn no_text_parses_to_a_sandbox() {
    assert_eq!(sandbox(8080).to_string(), "http://127.0.0.1:8080/");
    assert_bad(EntryError::Scheme, &["http://127.0.0.1:8080/"]);
    assert_bad(EntryError::IpAddress, &["127.0.0.1:8080", "127.0.0.1:8080/"]);
}

#[test]
fn an_entry_is_only_a_host_a_port_and_a_path() {
    assert_bad(EntryError::NoHost, &["", ":443", "/sign/", "//sign.borica.bg/"]);
    assert_bad(EntryError::Scheme, &["https://sign.borica.bg", "https://sign.borica.bg/sign/"]);
    assert_bad(EntryError::User, &["me@sign.borica.bg", "me:x@sign.borica.bg", "@sign.borica.bg"]);
    assert_bad(EntryError::Query, &["sign.borica.bg?q", "sign.borica.bg/sign/?q"]);
    assert_bad(EntryError::Fragment, &["sign.borica.bg#f", "sign.borica.bg/sign/#f"]);
    assert_bad(
        EntryError::Blank,
        &[
            " sign.borica.bg",
            "sign.borica.bg ",
            "sign. borica.bg",
            "sign.borica.bg\n",
            "\t",
            "sign.borica.bg\u{a0}",
        ],
    );
    assert_bad(
        EntryError::Port,
        &[
            "sign.borica.bg:",
            "sign.borica.bg:0",
            "sign.borica.bg:0443",
            "sign.borica.bg:+443",
            "sign.borica.bg:-1",
            "sign.borica.bg:65536",
            "sign.borica.bg:x",
            "sign.borica.bg:*",
            "sign.borica.bg:443:443",
            "sign.borica.bg:\u{664}",
            "sign.borica.bg:/sign/",
        ],
    );
}

#[test]
fn an_entry_names_hosts_of_one_owner() {
    assert_bad(
        EntryError::IpAddress,
        &[
            "127.0.0.1",
            "0x7f.1",
            "2130706433",
            "017700000001",
            "0X7F000001",
            "a.1",
            "a.0x",
            "1.2.3.400",
            "*.0.0.1",
            "[::1]",
            "[::1]:443",
            "::1",
            "fe80::1",
        ],
    );
    assert_bad(
        EntryError::Wildcard,
        &["*", "**.borica.bg", "*borica.bg", "a.*.borica.bg", "borica.*", "*.*.borica.bg"],
    );
    assert_bad(
        EntryError::EmptyLabel,
        &["*.", ".", ".borica.bg", "borica.bg.", "sign..borica.bg", "*..borica.bg"],
    );
    assert_bad(
        EntryError::HostCharacter,
        &["sign_1.borica.bg", "sign.bori\u{441}a.bg", "sign.borica.bg%2e", "a\\b.bg", "a,b.bg"],
    );
    assert_bad(
        EntryError::Hyphen,
        &["-sign.borica.bg", "sign-.borica.bg", "*.-borica.bg", "sign.borica.bg-"],
    );
    assert_bad(EntryError::SingleLabel, &["localhost", "*.localhost", "intranet:8443"]);
    assert_bad(
        EntryError::PublicSuffix,
        &[
            "bg",
            "*.bg",
            "BG",
            "*.co.uk",
            "co.uk",
            "github.io",
            "*.github.io",
            "*.a.bg",
            "*.xn--90ae",
            "anything.ck",
        ],
    );
    assert_bad(EntryError::UnknownSuffix, &["*.sign.internal", "*.borica.bgg"]);
    assert_bad(EntryError::Punycode, &["xn--sign.borica.bg", "*.xn--sign.borica.bg"]);
}

#[test]
fn an_entrys_path_is_plain_whole_segments() {
    assert_bad(EntryError::PathEnd, &["sign.borica.bg/sign", "sign.borica.bg/sign/v1"]);
    assert_bad(
        EntryError::EmptySegment,
        &["sign.borica.bg/", "sign.borica.bg//", "sign.borica.bg//a/", "sign.borica.bg/a//"],
    );
    assert_bad(
        EntryError::DotSegment,
        &["sign.borica.bg/./", "sign.borica.bg/../", "sign.borica.bg/a/../x/"],
    );
    assert_bad(
        EntryError::PathCharacter,
        &[
            "sign.borica.bg/*/",
            "sign.borica.bg/%2e/",
            "sign.borica.bg/a:b/",
            "sign.borica.bg/a\\b/",
            "sign.borica.bg/\u{43f}/",
        ],
    );
}

#[test]
fn an_entry_fits_into_a_url_that_can_match_it() {
    let label = |len: usize| format!("{}.borica.bg", "a".repeat(len));
    assert!(label(63).parse::<AllowlistEntry>().is_ok());
    assert_bad(EntryError::LongLabel, &[&label(64)]);

    // 4 labels of 49 bytes and their dots are 200 bytes, .borica.bg is 10.
    let host = |len: usize| {
        let labels = format!("{}.", "a".repeat(49)).repeat(4);
        format!("{labels}{}.borica.bg", "b".repeat(len - 210))
    };
    assert!(host(253).parse::<AllowlistEntry>().is_ok());
    assert_bad(EntryError::LongHost, &[&host(254), &format!("*.{}", host(252))]);
    assert!(format!("*.{}", host(251)).parse::<AllowlistEntry>().is_ok());

    let path = |len: usize| format!("sign.borica.bg/{}/", "a".repeat(len - 16));
    let longest = path(2040);
    assert_eq!(rule(&list(&[&longest]), &format!("https://{longest}")), None);
    assert_bad(EntryError::TooLong, &[&path(2041)]);
}

#[test]
fn an_entry_is_shown_in_its_shortest_lower_case_form() {
    for (written, shown) in [
        ("sign.example.bg", "sign.example.bg"),
        ("SIGN.Example.bg", "sign.example.bg"),
        ("*.B-Trust.bg", "*.b-trust.bg"),
        ("sign.example.bg:443", "sign.example.bg"),
        ("sign.example.bg:8443/Sign/", "sign.example.bg:8443/Sign/"),
        ("*.b-trust.bg:1/a/b-._~9/", "*.b-trust.bg:1/a/b-._~9/"),
        ("me.github.io", "me.github.io"),
        ("gateway.internal", "gateway.internal"),
        ("127.0.0.1.example.bg", "127.0.0.1.example.bg"),
        ("0xg.0xg", "0xg.0xg"),
    ] {
        let parsed = entry(written);
        assert_eq!(parsed.to_string(), shown);
        assert_eq!(entry(shown), parsed);
    }
}
