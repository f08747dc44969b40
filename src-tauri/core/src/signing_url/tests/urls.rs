//! Steps 1 to 7 of the check: the text itself.

use super::*;

#[test]
fn a_length_of_1_to_2048_bytes_passes_before_and_after_parsing() {
    let of_length = |start: &str, len: usize| format!("{start}{}", "a".repeat(len - start.len()));
    let list = list(&["sign.borica.bg"]);

    assert_eq!(rule(&list, ""), Some(Rule::Length));
    let longest = of_length("https://sign.borica.bg/", 2048);
    assert_eq!(list.check(&longest).expect("2048 bytes").expose(), longest);
    assert_eq!(rule(&list, &format!("{longest}a")), Some(Rule::Length));
    // The parser adds a slash.
    assert_eq!(rule(&list, &of_length("https://sign.borica.bg?", 2047)), None);
    assert_eq!(rule(&list, &of_length("https://sign.borica.bg?", 2048)), Some(Rule::Length));
    // The parser writes %27.
    assert_eq!(rule(&list, &of_length("https://sign.borica.bg/?'", 2046)), None);
    assert_eq!(rule(&list, &of_length("https://sign.borica.bg/?'", 2047)), Some(Rule::Length));
}

#[test]
fn characters_that_readers_disagree_on_are_refused_anywhere() {
    for bad in "\\\"<>^`{}| \t\r\n\0\u{7f}\u{80}\u{a0}\u{e9}\u{2028}\u{fffd}\u{1f600}".chars() {
        let urls = [
            format!("{bad}https://sign.borica.bg/"),
            format!("https://sign{bad}.borica.bg/"),
            format!("https://sign.borica.bg{bad}"),
            format!("https://sign.borica.bg/a{bad}b"),
            format!("https://sign.borica.bg/?a{bad}"),
            format!("https://sign.borica.bg/#{bad}"),
        ];
        assert_refused(Rule::Character, &urls.each_ref().map(String::as_str));
    }
    assert_refused(
        Rule::Character,
        &["https:\\\\sign.borica.bg\\", "https://evil.com\\@sign.borica.bg/", "-a Calculator"],
    );
}

#[test]
fn a_scheme_is_literally_https_and_two_slashes() {
    assert_refused(
        Rule::Scheme,
        &[
            "http://sign.borica.bg/",
            "https:/sign.borica.bg/",
            "https:sign.borica.bg/",
            "https",
            "//sign.borica.bg/",
            "sign.borica.bg",
            "wss://sign.borica.bg/",
            "javascript:alert(1)//https://sign.borica.bg/",
            "view-source:https://sign.borica.bg/",
            "blob:https://sign.borica.bg/1",
            "file:///etc/passwd",
            "-https://sign.borica.bg/",
            "http://127.0.0.1:8080/",
        ],
    );
}

#[test]
fn an_authority_with_an_at_sign_a_percent_or_a_bracket_is_refused() {
    assert_refused(
        Rule::Authority,
        &[
            "https://sign.borica.bg@evil.com/",
            "https://sign.borica.bg:443@evil.com/",
            "https://a:b@sign.borica.bg/",
            "https://sign.borica.bg@",
            "https://%73ign.borica.bg/",
            "https://sign.borica.bg%2eevil.com/",
            "https://sign.borica.bg%",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]:443/",
            "https://[sign.borica.bg/",
        ],
    );
}

#[test]
fn what_the_parser_cannot_read_is_refused() {
    assert_refused(
        Rule::Unparsable,
        &[
            "https://",
            "https://?sign.borica.bg",
            "https://#",
            "https://:443/",
            "https://sign.borica.bg:65536/",
            "https://sign.borica.bg:x/",
            "https://sign.borica.bg:+443/",
            "https://sign.borica.bg:443:443/",
            "https://sign.borica.bg]/",
            "https://1.2.3.256/",
            "https://sign.borica.1/",
            "https://xn--sign.borica.bg/",
        ],
    );
}

#[test]
fn what_the_standard_calls_a_violation_is_refused() {
    assert_refused(
        Rule::Violation,
        &[
            "https:///sign.borica.bg/",
            "https:////sign.borica.bg/",
            "https://sign.borica.bg/a[1]",
            "https://sign.borica.bg/?a]",
            "https://sign.borica.bg/#a#b",
        ],
    );
}

#[test]
fn an_ip_address_in_any_notation_is_refused() {
    assert_refused(
        Rule::IpAddress,
        &[
            "https://127.0.0.1/",
            "https://127.0.0.1:8080/",
            "https://127.1/",
            "https://2130706433/",
            "https://017700000001/",
            "https://0x7f.1/",
            "https://0X7F000001/",
            "https://0x/",
            "https://1.1.1.1./",
        ],
    );
}

#[test]
fn a_host_is_made_of_letter_digit_hyphen_labels() {
    assert_refused(
        Rule::HostName,
        &[
            "https://sign.borica.bg./",
            "https://.sign.borica.bg/",
            "https://sign..borica.bg/",
            "https://sign_1.borica.bg/",
            "https://-sign.borica.bg/",
            "https://sign-.borica.bg/",
            "https://sign.borica.bg;evil.com/",
            "https://sign.borica.bg,evil.com/",
            "https://sign.borica.bg$(id)/",
            "https://sign.borica.bg&x/",
            "https://*.borica.bg/",
            "https://'sign.borica.bg'/",
        ],
    );
}

#[test]
fn a_label_has_at_most_63_bytes_and_a_host_253() {
    let under = list(&["*.b-trust.bg"]);
    let label = |len: usize| format!("https://{}.b-trust.bg/", "a".repeat(len));
    assert_eq!(rule(&under, &label(63)), None);
    assert_eq!(rule(&under, &label(64)), Some(Rule::HostName));

    // 4 labels of 49 bytes and their dots are 200 bytes, .b-trust.bg is 11: 42 are left.
    let host = |len: usize| {
        let labels = format!("{}.", "a".repeat(49)).repeat(4);
        format!("https://{labels}{}.b-trust.bg/", "b".repeat(len - 211))
    };
    assert_eq!(rule(&under, &host(253)), None);
    assert_eq!(rule(&under, &host(254)), Some(Rule::HostName));
}

#[test]
fn a_port_is_written_as_the_parser_writes_it() {
    assert_refused(
        Rule::RoundTrip,
        &[
            "https://sign.borica.bg:",
            "https://sign.borica.bg:/",
            "https://sign.borica.bg:?q",
            "https://sign.borica.bg:0443/",
            "https://sign.borica.bg:00000000443/",
        ],
    );
}

#[test]
fn a_percent_sign_begins_an_escape_of_two_hex_digits() {
    assert_refused(
        Rule::BrokenEscape,
        &[
            "https://sign.borica.bg/%",
            "https://sign.borica.bg/100%/",
            "https://sign.borica.bg/%zz",
            "https://sign.borica.bg/%u0041",
            "https://sign.borica.bg/?a=%4",
            "https://sign.borica.bg/#%+1",
            // The parser says so before the port is compared.
            "https://sign.borica.bg:/%",
        ],
    );
}

#[test]
fn escaped_control_characters_are_refused_anywhere() {
    for code in (0x00..=0x1f).chain([0x7f]) {
        for start in ["/a", "/?q=", "/#"] {
            let url = format!("https://sign.borica.bg{start}%{code:02x}");
            assert_refused(Rule::EscapedControl, &[&url, &url.replace("%7f", "%7F")]);
        }
    }
    for harmless in ["%20", "%7e", "%80", "%250a", "%ff"] {
        let url = format!("https://sign.borica.bg/{harmless}");
        assert_eq!(rule(&list(&["sign.borica.bg"]), &url), None, "{url}");
    }
}

#[test]
fn dot_segments_are_refused_in_the_path_alone() {
    for dots in [".", "..", "%2e", "%2E", ".%2e", "%2E.", "%2e%2E", "%2E%2e"] {
        for path in
            [format!("/{dots}"), format!("/a/{dots}/b"), format!("/{dots}?q"), format!("/{dots}#f")]
        {
            assert_refused(Rule::DotSegment, &[&format!("https://sign.borica.bg{path}")]);
        }
        for elsewhere in [
            format!("/?/{dots}/"),
            format!("/#/{dots}/"),
            format!("/x{dots}/"),
            format!("/...{dots}"),
        ] {
            let url = format!("https://sign.borica.bg{elsewhere}");
            assert_eq!(rule(&list(&["sign.borica.bg"]), &url), None, "{url}");
        }
    }
}
