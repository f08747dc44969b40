//! What may be asked of the console, from where: through the real check of permissions.

use std::{env, fs, path::Path, process::Command};

use enrollment_core::policy::PolicyFile;
use serde_json::{Value, json};
use tauri::{
    App, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    http::HeaderMap,
    ipc::{CallbackFn, InvokeBody},
    test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder},
    webview::InvokeRequest,
};

const OWN_PAGE: &str = "tauri://localhost/index.html";

/// The console's commands as the permission names them.
const PERMISSION: &str = include_str!("../src-tauri/permissions/console.toml");

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

const POLICY: &str = "policy.toml";

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

/// Runs a test in a process with a home of its own and no password store: the console keeps what
/// it is told to keep.
fn in_an_own_home(test: &str, body: impl FnOnce(&App<MockRuntime>)) {
    in_a_ruled_home(test, None, body);
}

/// The same where a policy holds.
fn in_a_ruled_home(test: &str, policy: Option<&str>, body: impl FnOnce(&App<MockRuntime>)) {
    const MARK: &str = "CONSOLE_TEST_HOME";
    if let Some(home) = env::var_os(MARK) {
        let file = PolicyFile::draft(&Path::new(&home).join(POLICY));
        let app = enrollment_console::build::<MockRuntime>(mock_builder(), file);
        return body(&app.expect("a console"));
    }
    let home = tempfile::tempdir().expect("a folder");
    if let Some(policy) = policy {
        fs::write(home.path().join(POLICY), policy).expect("written");
    }
    let mut again = Command::new(env::current_exe().expect("this test"));
    again
        .args(["--exact", &format!("permissions::{test}")])
        .env(MARK, home.path())
        .env("HOME", home.path())
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
    for folder in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"] {
        let path = home.path().join(folder);
        fs::create_dir(&path).expect("a folder");
        again.env(folder, path);
    }
    let output = again.output().expect("this test ran again");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && told.contains("1 passed"),
        "{told}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn main_window(app: &App<MockRuntime>) -> WebviewWindow<MockRuntime> {
    app.get_webview_window("main").expect("the one window")
}

fn ask(
    window: &WebviewWindow<MockRuntime>,
    page: &str,
    command: &str,
    body: &Value,
) -> Result<Value, Value> {
    let request = InvokeRequest {
        cmd: command.to_owned(),
        callback: CallbackFn(0),
        error: CallbackFn(1),
        url: page.parse().expect("a URL"),
        body: InvokeBody::Json(body.clone()),
        headers: HeaderMap::new(),
        invoke_key: INVOKE_KEY.to_owned(),
    };
    get_ipc_response(window, request).map(|body| body.deserialize().expect("JSON"))
}

#[track_caller]
fn assert_not_allowed(answer: &Result<Value, Value>, what: &str) {
    let refused = matches!(answer, Err(Value::String(words)) if words.contains("not allowed"));
    assert!(refused, "{what}: {answer:?}");
}

fn enrollment(id: &str) -> Value {
    json!({
        "environment": "Sandbox", "id": id, "userType": "individual", "label": "",
        "place": "desk", "customer": "still-identifying", "bothTypes": false,
    })
}

fn settings() -> Value {
    json!({
        "environment": "Sandbox", "language": "bg", "theme": "dark", "place": "desk",
        "keepDays": 7, "hideAfter": 5, "singleKeys": true,
    })
}

/// Each of the console's commands, with something to ask.
fn own_commands() -> Vec<(&'static str, Value)> {
    let nowhere = json!({ "environment": "nowhere" });
    vec![
        ("start", json!({})),
        ("subscribe", json!({ "channel": "__CHANNEL__:7" })),
        ("add", json!({ "enrollment": enrollment("0") })),
        ("act", json!({ "key": 7, "state": 0, "action": { "do": "stop" } })),
        ("timeline", json!({ "key": 7 })),
        ("set_token", json!({ "environment": "nowhere", "token": "x", "sessionOnly": true })),
        ("use_training_token", nowhere.clone()),
        ("forget_token", nowhere.clone()),
        ("read_token", nowhere.clone()),
        ("fetch_token", nowhere),
        ("choose", json!({ "settings": settings() })),
        ("hide", json!({})),
        ("come", json!({ "name": "Мария Петрова" })),
        ("end_shift", json!({})),
        ("closing", json!({ "channel": "__CHANNEL__:8" })),
        ("stay", json!({})),
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
            Err(json!({ "code": "bad-id", "rule": "out-of-range" })),
            Err(json!({ "code": "unknown-enrollment" })),
            Ok(json!([])),
            unknown_environment(),
            unknown_environment(),
            unknown_environment(),
            unknown_environment(),
            unknown_environment(),
            Ok(Value::Null),
            Ok(json!({ "done": "done" })),
            Err(json!({ "code": "not-now" })),
            Ok(json!({ "interrupted": 0, "tokensLeft": [] })),
            Ok(Value::Null),
            Ok(Value::Null),
        ];
        let mut commands = own_commands().into_iter();
        let (start, nothing) = commands.next().expect("start");
        let started = ask(&window, OWN_PAGE, start, &nothing).expect("a start");
        assert_eq!(started["version"], env!("CARGO_PKG_VERSION"));
        assert_eq!(started["settings"]["environment"], "Sandbox");
        assert_eq!(started["environmentsTrouble"], Value::Null);
        // All but the last, which ends the console: the window's own tests do that.
        for ((command, body), answer) in commands.zip(answers) {
            assert_eq!(ask(&window, OWN_PAGE, command, &body), answer, "{command}");
        }
        let started = ask(&window, OWN_PAGE, start, &nothing).expect("a start");
        assert_eq!(started["settings"], settings(), "what was chosen holds");
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
fn a_field_that_no_command_knows_is_refused() {
    in_an_own_home("a_field_that_no_command_knows_is_refused", |app| {
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
    in_a_ruled_home("what_the_administrator_has_decided_cannot_be_chosen", Some(policy), |app| {
        let window = main_window(app);
        let choose =
            |settings: &Value| ask(&window, OWN_PAGE, "choose", &json!({ "settings": settings }));
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
    });
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
    in_a_ruled_home("a_token_that_a_program_brings_cannot_be_entered", Some(policy), |app| {
        let window = main_window(app);
        let token = json!({ "environment": "Central", "token": "x", "sessionOnly": true });
        let answer = ask(&window, OWN_PAGE, "set_token", &token);
        assert_eq!(answer, Err(json!({ "code": "fetched" })));
        let central = json!({ "environment": "Central" });
        assert_eq!(ask(&window, OWN_PAGE, "fetch_token", &central), Ok(Value::Null));
    });
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
        for (command, body) in own_commands() {
            assert_not_allowed(&ask(&other, OWN_PAGE, command, &body), command);
        }
    });
}
