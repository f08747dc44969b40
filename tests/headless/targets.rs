//! What reaches a target, what misses it, and what only looks as if.

use serde_json::Value;

use crate::{
    gateway::{Gateway, LINK_CANARY, Reply, Script, User},
    program::{TOKEN, named, watch_json},
};

const QUICK: &str = "--interval 0.05 --cap 1.2";

fn link(port: u16) -> String {
    format!("http://127.0.0.1:{port}/{LINK_CANARY}?a=1")
}

#[test]
fn pre_sign_ends_on_an_allowed_link() {
    let user = (1024, 1);
    let gateway = Gateway::play(|port| {
        let replies = vec![
            Reply::status("STARTED"),
            Reply::processing(),
            Reply::processing(),
            Reply::link(&link(port)),
        ];
        Script::from([(user, replies)])
    });
    let told = watch_json(&gateway, "pre-sign", "--interval 0.05 --cap 5 1024:merchant");
    assert_eq!(told.code, Some(0));
    let end = told.end(user);
    assert_eq!(end["outcome"], "ready-to-sign");
    assert_eq!(end["polls"], 4);
    assert_eq!(end["host"], format!("127.0.0.1:{}", gateway.port()));
    assert_eq!(end["status"], "SIGN_SESSION_ID_SUCCESSFULLY_CREATED");
    let statuses: Vec<&Value> =
        told.of_event(user, "status").iter().map(|line| &line["status"]).collect();
    assert_eq!(statuses, ["STARTED", "PROCESSING", "SIGN_SESSION_ID_SUCCESSFULLY_CREATED"]);
    assert_eq!(gateway.log().len(), 4, "nothing is asked after the target");
    assert!(told.stderr.is_empty(), "{}", told.stderr);
}

#[test]
fn a_request_is_the_contracts_and_nothing_else() {
    let gateway = Gateway::play(|_| {
        Script::from([((7, 0), vec![Reply::signed()]), ((7, 1), vec![Reply::signed()])])
    });
    let told = watch_json(&gateway, "post-sign", "7 7:merchant");
    assert_eq!(told.code, Some(0));
    for kind in [0, 1] {
        let log = gateway.log_of((7, kind));
        assert_eq!(log.len(), 1);
        let head = log[0].head.to_lowercase();
        let path =
            format!("get /enrollment/7/{kind}/true/get-identification-process-status http/1.1");
        assert!(head.starts_with(&path), "{head}");
        assert!(head.contains(&format!("\r\nauthorization: bearer {TOKEN}\r\n")), "{head}");
        for absent in ["content-length", "transfer-encoding", "cookie", "referer"] {
            assert!(!head.contains(absent), "{head}");
        }
    }
}

#[test]
fn a_gateway_may_have_a_path_before() {
    let gateway = Gateway::play(|_| Script::new());
    let base = format!("{}/crm/v1/", gateway.base());
    let ran = crate::program::run(crate::program::watch(&base, "post-sign", "--json 7"));
    assert_eq!(ran.code, Some(5), "the script has no such user");
    assert!(gateway.log()[0].head.starts_with("GET /crm/v1/Enrollment/7/0/true/get-"));
}

/// Twenty users side by side, each with an end of its own, and one exit code.
#[test]
fn pre_sign_tells_every_answer_apart() {
    const SIGN: &str = r#""videoIdentificationStatus":"SIGN_SESSION_ID_SUCCESSFULLY_CREATED""#;
    let cases: Vec<(User, &str)> = vec![
        ((1, 0), "ready-to-sign"),
        ((2, 1), "signed"),
        ((3, 0), "failed"),
        ((4, 0), "rejected"),
        ((5, 1), "blocked-url"),
        ((6, 0), "timed-out"),
        ((7, 0), "timed-out"),
        ((8, 0), "timed-out"),
        ((9, 0), "timed-out"),
        ((10, 0), "timed-out"),
        ((11, 0), "timed-out"),
        ((12, 0), "timed-out"),
        ((13, 1), "blocked-url"),
        ((14, 0), "blocked-url"),
        ((15, 0), "blocked-url"),
        ((16, 0), "ready-to-sign"),
        ((17, 1), "signed"),
        ((18, 0), "timed-out"),
        ((19, 0), "timed-out"),
        ((2_147_483_647, 1), "ready-to-sign"),
    ];
    let gateway = Gateway::play(|port| {
        let good = link(port);
        let json = |rest: &str| Reply::json(&format!("{{{rest}}}"));
        let with_url = |status: &str| {
            json(&format!(
                r#""videoIdentificationUrl":"{good}","videoIdentificationStatus":{status}"#
            ))
        };
        Script::from([
            ((1, 0), vec![Reply::processing(), Reply::link(&good)]),
            ((2, 1), vec![Reply::signed()]),
            ((3, 0), vec![Reply::processing(), Reply::status("ERROR")]),
            ((4, 0), vec![Reply::processing(), Reply::http("404 Not Found", &[], "")]),
            ((5, 1), vec![Reply::link(&format!("https://evil.example.net/{LINK_CANARY}"))]),
            ((6, 0), vec![Reply::processing()]),
            // The target's status without a usable link.
            ((7, 0), vec![json(SIGN)]),
            ((8, 0), vec![json(&format!(r#"{SIGN},"videoIdentificationUrl":null"#))]),
            ((9, 0), vec![json(&format!(r#"{SIGN},"videoIdentificationUrl":" \t ""#))]),
            // A usable link beside another status.
            ((10, 0), vec![with_url(r#""PROCESSING""#)]),
            ((11, 0), vec![with_url(r#""sign_session_id_successfully_created""#)]),
            ((12, 0), vec![with_url("null")]),
            ((13, 1), vec![Reply::link(&format!("https://127.0.0.1:{port}/x"))]),
            ((14, 0), vec![Reply::link(&format!("http://127.0.0.1:{port}@evil.example.net/"))]),
            ((15, 0), vec![Reply::link("javascript:alert(1)")]),
            // What the gateway's page does not name is ignored.
            (
                (16, 0),
                vec![json(&format!(
                    r#"{SIGN},"videoIdentificationUrl":"{good}","new":{{"a":[1,2]}},"Status":7"#
                ))],
            ),
            ((17, 1), vec![with_url(r#""DOCUMENT_SIGN_SUCCESS""#)]),
            ((18, 0), vec![Reply::status("DOCUMENT_SIGN_SUCCESS ")]),
            ((19, 0), vec![Reply::status("AWAITING_OPERATOR_REVIEW")]),
            ((2_147_483_647, 1), vec![Reply::link(&good)]),
        ])
    });
    let told = watch_json(
        &gateway,
        "pre-sign",
        &format!("{QUICK} {}", named(cases.iter().map(|case| case.0))),
    );
    for (user, outcome) in &cases {
        assert_eq!(told.outcome(*user), *outcome, "{user:?}");
        let polls = told.end(*user)["polls"].as_u64().expect("a number");
        assert_eq!(polls, gateway.log_of(*user).len() as u64, "{user:?}");
    }
    assert_eq!(told.code, Some(8));
    assert_eq!(told.end((3, 0))["status"], "ERROR");
    assert_eq!(told.end((4, 0))["http"], 404);
    assert_eq!(told.end((5, 1))["host"], "evil.example.net");
    assert_eq!(told.end((5, 1))["reason"], "no-entry");
    assert_eq!(told.end((15, 0))["reason"], "scheme");
    assert_eq!(told.end((6, 0))["reason"], "cap");
    assert_eq!(told.of_event((12, 0), "status")[0]["status"], Value::Null);
}

#[test]
fn post_sign_ends_on_its_own_target_alone() {
    let cases: Vec<(User, &str)> = vec![
        ((1, 0), "signed"),
        ((2, 1), "signed"),
        ((3, 0), "timed-out"),
        ((4, 0), "failed"),
        ((5, 0), "rejected"),
        ((6, 0), "timed-out"),
        ((7, 0), "signed"),
    ];
    let gateway = Gateway::play(|port| {
        let evil = Reply::link(&format!("https://evil.example.net/{LINK_CANARY}"));
        Script::from([
            ((1, 0), vec![Reply::link(&link(port)), Reply::signed()]),
            ((2, 1), vec![Reply::processing(), Reply::signed()]),
            ((3, 0), vec![Reply::link(&link(port))]),
            ((4, 0), vec![Reply::status("ERROR")]),
            ((5, 0), vec![Reply::http("400 Bad Request", &[], "")]),
            // A link that is refused is noted once, and ends nothing here.
            ((6, 0), vec![evil.clone()]),
            ((7, 0), vec![Reply::link(&link(port)), evil, Reply::processing(), Reply::signed()]),
        ])
    });
    let told = watch_json(
        &gateway,
        "post-sign",
        &format!("{QUICK} {}", named(cases.iter().map(|case| case.0))),
    );
    for (user, outcome) in &cases {
        assert_eq!(told.outcome(*user), *outcome, "{user:?}");
    }
    assert_eq!(told.code, Some(8));
    let noted = told.of_event((6, 0), "problem");
    assert_eq!(noted.len(), 1, "{noted:?}");
    assert_eq!(
        (&noted[0]["reason"], &noted[0]["host"]),
        (&"no-entry".into(), &"evil.example.net".into())
    );
    let back: Vec<bool> =
        told.of_event((7, 0), "status").iter().map(|line| line["backwards"] == true).collect();
    assert_eq!(back, [false, true, false], "PROCESSING after the signing session goes backwards");
}

#[test]
fn one_kind_of_miss_is_the_exit_code() {
    let evil = Reply::link("https://evil.example.net/");
    for (reply, code) in [
        (Reply::signed(), 0),
        (Reply::processing(), 3),
        (Reply::status("ERROR"), 4),
        (Reply::http("410 Gone", &[], ""), 5),
        (Reply::http("401 Unauthorized", &[], ""), 6),
        (evil, 7),
    ] {
        let gateway =
            Gateway::play(|_| Script::from([((1, 0), vec![reply.clone()]), ((2, 0), vec![reply])]));
        let told = watch_json(&gateway, "pre-sign", "--interval 0.1 --cap 0.4 1 2");
        assert_eq!(told.code, Some(code));
    }
}
