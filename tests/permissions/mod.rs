//! What may be asked of the console, from where: through the real check of permissions.

mod home;
mod inputs;

use serde_json::{Value, json};
use tauri::{WebviewUrl, WebviewWindowBuilder};

use home::{OWN_PAGE, ask, enrollment, in_an_own_home, main_window, settings};

/// The console's commands as the permission names them.
const PERMISSION: &str = include_str!("../../src-tauri/permissions/console.toml");

/// What nobody has asked for: Tauri's own plugins and the shell's, and commands that do not exist.
const FOREIGN_COMMANDS: &[&str] = &[
    "plugin:shell|open",
    "plugin:shell|execute",
    "plugin:shell|spawn",
    "plugin:shell|kill",
    "plugin:shell|stdin_write",
    "plugin:event|listen",
    "plugin:event|unlisten",
    "plugin:event|emit",
    "plugin:event|emit_to",
    "plugin:window|create",
    "plugin:window|close",
    "plugin:window|destroy",
    "plugin:window|set_title",
    "plugin:window|set_fullscreen",
    "plugin:window|get_all_windows",
    "plugin:webview|create_webview",
    "plugin:webview|create_webview_window",
    "plugin:webview|print",
    "plugin:webview|internal_toggle_devtools",
    "plugin:app|version",
    "plugin:app|name",
    "plugin:app|set_app_theme",
    "plugin:path|resolve_directory",
    "plugin:path|join",
    "plugin:resources|close",
    "plugin:menu|new",
    "plugin:tray|new",
    "plugin:image|new",
    "plugin:image|from_path",
    "plugin:fs|read_file",
    "plugin:nowhere|nothing",
    "nothing",
    "open",
    "Start",
    "",
];

/// Pages that are not the console's own.
const FOREIGN_PAGES: &[&str] = &[
    "https://evil.example/",
    "https://tauri.localhost.evil.example/",
    "http://localhost/",
    "http://127.0.0.1:1430/",
    "tauri://evil.example/",
    "data:text/html,x",
    "about:blank",
];

#[track_caller]
fn assert_not_allowed(answer: &Result<Value, Value>, what: &str) {
    let refused = matches!(answer, Err(Value::String(words)) if words.contains("not allowed"));
    assert!(refused, "{what}: {answer:?}");
}

/// Each of the console's commands, with something to ask.
fn own_commands() -> Vec<(&'static str, Value)> {
    let nowhere = json!({ "environment": "nowhere" });
    vec![
        ("start", json!({})),
        ("subscribe", json!({ "channel": "__CHANNEL__:7" })),
        ("read_list", json!({ "bytes": b"7731;merchant" })),
        ("add", json!({ "enrollment": enrollment("0") })),
        ("act", json!({ "key": 7, "state": 0, "action": { "do": "stop" } })),
        ("timeline", json!({ "key": 7 })),
        ("numbers", json!({ "environment": "nowhere", "since": 1_790_000_000_000_i64 })),
        ("set_token", json!({ "environment": "nowhere", "token": "x", "sessionOnly": true })),
        ("use_training_token", nowhere.clone()),
        ("forget_token", nowhere.clone()),
        ("read_token", nowhere.clone()),
        ("fetch_token", nowhere.clone()),
        ("reach", nowhere),
        ("choose", json!({ "settings": settings() })),
        ("tell", json!({ "words": "1 customer is ready to sign.", "sound": false })),
        ("hide", json!({})),
        ("come", json!({ "name": "Мария Петрова" })),
        ("end_shift", json!({})),
        ("hand_over_shift", json!({})),
        ("read_shift", json!({ "bytes": b"{}" })),
        ("take_in_shift", json!({ "bytes": b"{}" })),
        ("save_list", json!({ "rows": [vec!["x"; 33]] })),
        ("support_bundle", json!({})),
        ("links", json!({ "channel": "__CHANNEL__:9" })),
        ("closing", json!({ "channel": "__CHANNEL__:8" })),
        ("stay", json!({})),
        (
            "say_in_tray",
            json!({ "words": { "waiting": 1, "title": "t", "show": "s", "quit": "q" } }),
        ),
        ("to_tray", json!({})),
        ("quit", json!({})),
    ]
}

#[test]
fn the_window_may_ask_for_each_of_the_consoles_commands() {
    in_an_own_home("the_window_may_ask_for_each_of_the_consoles_commands", |app| {
        let window = main_window(app);
        let unknown_environment = || Err(json!({ "code": "unknown-environment" }));
        let answers = [
            Ok(Value::Null),
            Ok(json!([{
                "number": 1, "text": "7731; merchant",
                "verdict": { "verdict": "good", "id": 7731, "userType": "merchant", "label": "" },
            }])),
            Err(json!({ "code": "bad-id", "rule": "out-of-range" })),
            Err(json!({ "code": "unknown-enrollment" })),
            Ok(json!([])),
            Err(Value::Null),
            unknown_environment(),
            unknown_environment(),
            unknown_environment(),
            unknown_environment(),
            unknown_environment(),
            Err(Value::Null),
            Ok(Value::Null),
            Ok(Value::Null),
            Ok(json!({ "done": "done" })),
            Err(json!({ "code": "not-now" })),
            Ok(json!({ "interrupted": 0, "tokensLeft": [] })),
            Err(json!({ "code": "nothing" })),
            Err(json!({ "code": "no-shift" })),
            Err(json!({ "code": "no-shift" })),
            Err(json!({ "code": "too-large" })),
            Ok(Value::Null),
            Ok(Value::Null),
            Ok(Value::Null),
        ];
        let mut commands = own_commands().into_iter();
        let (start, nothing) = commands.next().expect("start");
        let started = ask(&window, OWN_PAGE, start, &nothing).expect("a start");
        assert_eq!(started["version"], env!("CARGO_PKG_VERSION"));
        assert_eq!(started["settings"]["environment"], "Sandbox");
        assert_eq!(started["environmentsTrouble"], Value::Null);
        // All but the last, which ends the console: the window's own tests do that. Where a bundle
        // is nobody knows before.
        let commands = commands.filter(|(command, _)| *command != "support_bundle");
        for ((command, body), answer) in commands.zip(answers) {
            assert_eq!(ask(&window, OWN_PAGE, command, &body), answer, "{command}");
        }
        let started = ask(&window, OWN_PAGE, start, &nothing).expect("a start");
        assert_eq!(started["settings"], settings(), "what was chosen holds");
    });
}

#[test]
fn a_bundle_for_support_is_a_file_that_was_not_there_before() {
    in_an_own_home("a_bundle_for_support_is_a_file_that_was_not_there_before", |app| {
        let window = main_window(app);
        let [first, second] = [(), ()].map(|()| {
            let place = ask(&window, OWN_PAGE, "support_bundle", &json!({})).expect("written");
            place.as_str().expect("a place").to_owned()
        });
        assert_ne!(first, second);
        for place in [first, second] {
            assert!(std::fs::read(&place).expect("there").starts_with(b"PK"), "{place}");
        }
    });
}

#[test]
fn the_permission_names_those_commands_and_no_other() {
    let named: Vec<_> = PERMISSION
        .lines()
        .filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix("\","))
        .collect();
    let asked: Vec<_> = own_commands().iter().map(|(command, _)| *command).collect();
    assert_eq!(named, asked);
}

#[test]
fn nothing_but_the_consoles_commands_is_allowed() {
    in_an_own_home("nothing_but_the_consoles_commands_is_allowed", |app| {
        let window = main_window(app);
        let body = json!({ "path": "https://evil.example/", "program": "sh", "event": "x" });
        for command in FOREIGN_COMMANDS {
            assert_not_allowed(&ask(&window, OWN_PAGE, command, &body), command);
        }
    });
}

#[test]
fn a_foreign_page_may_ask_for_nothing() {
    in_an_own_home("a_foreign_page_may_ask_for_nothing", |app| {
        let window = main_window(app);
        for page in FOREIGN_PAGES {
            for (command, body) in own_commands() {
                let answer = ask(&window, page, command, &body);
                assert_not_allowed(&answer, &format!("{command} from {page}"));
            }
            for command in FOREIGN_COMMANDS {
                let answer = ask(&window, page, command, &json!({}));
                assert_not_allowed(&answer, &format!("{command} from {page}"));
            }
        }
    });
}

#[test]
fn another_window_may_ask_for_nothing() {
    in_an_own_home("another_window_may_ask_for_nothing", |app| {
        let other = WebviewWindowBuilder::new(app, "other", WebviewUrl::App("index.html".into()))
            .build()
            .expect("another window");
        for page in FOREIGN_PAGES.iter().chain([&OWN_PAGE]) {
            for (command, body) in own_commands() {
                let answer = ask(&other, page, command, &body);
                assert_not_allowed(&answer, &format!("{command} from {page}"));
            }
        }
    });
}
