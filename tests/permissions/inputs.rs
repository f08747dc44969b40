//! What is asked with: typed to the last field, no larger than it has to be, and where a policy has
//! decided not asked at all.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    thread,
};

use serde_json::{Value, json};

use super::home::{
    OWN_PAGE, ask, enrollment, in_a_ruled_home, in_an_own_home, is_at_home, main_window, settings,
};

#[test]
fn a_field_that_no_command_knows_is_refused() {
    in_an_own_home("inputs::a_field_that_no_command_knows_is_refused", |app| {
        let window = main_window(app);
        let mut add = enrollment("1001");
        add["url"] = json!("https://evil.example/");
        let mut chosen = settings();
        chosen["gateway"] = json!("https://evil.example/");
        let open = json!({ "do": "hand-over", "way": "browser", "generation": 1, "confirmed": true, "here": true, "url": "x" });
        for (command, body) in [
            ("add", json!({ "enrollment": add })),
            ("act", json!({ "key": 1, "state": 0, "action": open })),
            ("choose", json!({ "settings": chosen })),
        ] {
            let answer = ask(&window, OWN_PAGE, command, &body);
            let refused =
                matches!(&answer, Err(Value::String(words)) if words.contains("unknown field"));
            assert!(refused, "{command} {body}: {answer:?}");
        }
        let added = ask(&window, OWN_PAGE, "timeline", &json!({ "key": 1 }));
        assert_eq!(added, Ok(json!([])), "nothing was added");
    });
}

#[test]
fn what_the_administrator_has_decided_cannot_be_chosen() {
    let policy = "keep-days = 7\nhide-after = 5";
    in_a_ruled_home(
        "inputs::what_the_administrator_has_decided_cannot_be_chosen",
        Some(policy),
        |app| {
            let window = main_window(app);
            let choose = |settings: &Value| {
                ask(&window, OWN_PAGE, "choose", &json!({ "settings": settings }))
            };
            let started = || {
                let started = ask(&window, OWN_PAGE, "start", &json!({})).expect("a start");
                started["settings"].clone()
            };
            let before = started();
            let managed = || Err(json!({ "code": "managed" }));
            for (name, value) in [("keepDays", json!(90)), ("hideAfter", json!(null))] {
                let mut chosen = before.clone();
                chosen[name] = value;
                assert_eq!(choose(&chosen), managed(), "{name}");
                assert_eq!(started(), before, "{name}: nothing changed");
            }
            let mut chosen = before.clone();
            chosen["theme"] = json!("dark");
            assert_eq!(choose(&chosen), Ok(Value::Null));
            assert_eq!(started(), chosen);
        },
    );
}

#[test]
fn a_token_that_a_program_brings_cannot_be_entered() {
    let policy = r#"
        [[environment]]
        name = "Central"
        kind = "production"
        gateway = "https://crm.example.bg"
        allow = []
        token-command = ["/bin/false"]
    "#;
    in_a_ruled_home(
        "inputs::a_token_that_a_program_brings_cannot_be_entered",
        Some(policy),
        |app| {
            let window = main_window(app);
            let token = json!({ "environment": "Central", "token": "x", "sessionOnly": true });
            let answer = ask(&window, OWN_PAGE, "set_token", &token);
            assert_eq!(answer, Err(json!({ "code": "fetched" })));
            let central = json!({ "environment": "Central" });
            assert_eq!(ask(&window, OWN_PAGE, "fetch_token", &central), Ok(Value::Null));
        },
    );
}

#[test]
fn a_gateway_is_tried_without_a_token_and_about_nobody() {
    let gateway = TcpListener::bind("127.0.0.1:0").expect("a port");
    let closed = TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = |listener: &TcpListener| listener.local_addr().expect("an address");
    let environment = |name: &str, listener: &TcpListener| {
        let gateway = at(listener);
        format!(
            "[[environment]]\nname = {name:?}\nkind = \"test\"\n\
             gateway = \"http://{gateway}/crm\"\nallow = []\n"
        )
    };
    let policy = environment("Open", &gateway) + &environment("Closed", &closed);
    drop(closed);
    let asked = thread::spawn(move || answer_once(&gateway));
    let test = "inputs::a_gateway_is_tried_without_a_token_and_about_nobody";
    in_a_ruled_home(test, Some(&policy), |app| {
        let window = main_window(app);
        let reach = |name: &str| ask(&window, OWN_PAGE, "reach", &json!({ "environment": name }));
        let token = json!({ "environment": "Open", "token": "made-up", "sessionOnly": true });
        assert_eq!(ask(&window, OWN_PAGE, "set_token", &token), Ok(Value::Null));
        let answer = reach("Open").expect("an answer");
        assert_eq!((&answer["reach"], &answer["http"]), (&json!("answers"), &json!(404)));
        let answer = reach("Closed").expect("an answer");
        let (reach_is, kind) = (&answer["reach"], &answer["problem"]["kind"]);
        assert_eq!((reach_is, kind), (&json!("silent"), &json!("connect")));
        assert_eq!(reach("Sandbox").expect("an answer")["reach"], json!("answers"));
        assert_eq!(reach("nowhere"), Err(Value::Null));
    });
    // The gateway is out here: nobody asks the one that the test has at home.
    if !is_at_home() {
        let asked = asked.join().expect("a request");
        assert!(asked.starts_with("GET /crm/ HTTP/1.1\r\n"), "{asked}");
        let asked = asked.to_lowercase();
        assert!(!asked.contains("authorization") && !asked.contains("made-up"), "{asked}");
    }
}

/// Answers the first request that there is nothing, and says how it began.
fn answer_once(gateway: &TcpListener) -> String {
    let (mut asked, _) = gateway.accept().expect("a connection");
    let (mut head, mut piece) = (Vec::new(), [0; 1024]);
    while !head.ends_with(b"\r\n\r\n") {
        let read = asked.read(&mut piece).expect("a request");
        assert!(read > 0, "a whole request");
        head.extend_from_slice(&piece[..read]);
    }
    asked.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").expect("answered");
    String::from_utf8(head).expect("UTF-8")
}

/// More than anybody has to say.
fn huge() -> String {
    "x".repeat(1 << 20)
}

#[test]
fn what_is_larger_than_it_may_be_is_refused_with_the_rule_and_changes_nothing() {
    let policy = "operator-names = \"ask\"";
    let test = "inputs::what_is_larger_than_it_may_be_is_refused_with_the_rule_and_changes_nothing";
    in_a_ruled_home(test, Some(policy), |app| {
        let window = main_window(app);
        let asked = |command: &str, body: &Value| ask(&window, OWN_PAGE, command, body);
        let code = |answer: Result<Value, Value>| answer.expect_err("refused")["code"].clone();
        assert_eq!(code(asked("come", &json!({ "name": huge() }))), "bad-name");
        asked("come", &json!({ "name": "Мария Петрова" })).expect("somebody is here");

        let mut label = enrollment("1500");
        label["label"] = json!(huge());
        assert_eq!(code(asked("add", &json!({ "enrollment": label }))), "label-too-long");
        let mut elsewhere = enrollment("1500");
        elsewhere["environment"] = json!(huge());
        assert_eq!(code(asked("add", &json!({ "enrollment": elsewhere }))), "unknown-environment");
        let id = json!({ "enrollment": enrollment(&huge()) });
        assert_eq!(code(asked("add", &id)), "bad-id");
        let added = asked("add", &json!({ "enrollment": enrollment("1500") })).expect("added");
        let list = vec![b'1'; 256 * 1024 + 1];
        assert_eq!(code(asked("read_list", &json!({ "bytes": list }))), "too-large");
        let note = json!({ "do": "note", "note": huge() });
        let note = json!({ "key": added["key"], "state": 1, "action": note });
        assert_eq!(code(asked("act", &note)), "note-too-long");
        let token = json!({ "environment": "Sandbox", "token": huge(), "sessionOnly": true });
        assert_eq!(code(asked("set_token", &token)), "too-long");
        for command in ["use_training_token", "forget_token", "read_token", "fetch_token"] {
            let body = json!({ "environment": huge() });
            assert_eq!(code(asked(command, &body)), "unknown-environment", "{command}");
        }
        let before = asked("start", &json!({})).expect("a start");
        let mut chosen = settings();
        chosen["environment"] = json!(huge());
        let refused = asked("choose", &json!({ "settings": chosen })).expect_err("refused");
        let words = refused.as_str().expect("words");
        assert!(words.contains("environment: longer than 40 characters"), "{words}");
        assert_eq!(asked("start", &json!({})), Ok(before), "nothing changed");
    });
}

#[test]
fn what_is_of_another_type_is_refused_with_the_field() {
    in_an_own_home("inputs::what_is_of_another_type_is_refused_with_the_field", |app| {
        let window = main_window(app);
        let mut typed = enrollment("1500");
        typed["userType"] = json!("company");
        for (command, body, field) in [
            ("add", json!({ "enrollment": typed }), "enrollment"),
            ("add", json!({ "enrollment": "1500" }), "enrollment"),
            ("act", json!({ "key": -1, "state": 0, "action": { "do": "stop" } }), "key"),
            ("act", json!({ "key": 1, "state": 0, "action": { "do": "pay" } }), "action"),
            ("timeline", json!({ "key": "1" }), "key"),
            ("numbers", json!({ "environment": "Sandbox" }), "since"),
            ("read_list", json!({ "bytes": "1024" }), "bytes"),
            (
                "set_token",
                json!({ "environment": 7, "token": "x", "sessionOnly": true }),
                "environment",
            ),
            ("set_token", json!({ "environment": "Sandbox", "token": "x" }), "sessionOnly"),
            ("choose", json!({}), "settings"),
            ("come", json!({ "name": ["x"] }), "name"),
        ] {
            let answer = ask(&window, OWN_PAGE, command, &body);
            let refused = matches!(&answer, Err(Value::String(words)) if words.contains(field));
            assert!(refused, "{command} {body}: {answer:?}");
        }
    });
}
