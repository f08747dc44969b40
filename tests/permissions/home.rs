//! A console in a process and a home of its own, and whoever asks it something.

use std::{env, fs, path::Path, process::Command};

use enrollment_console::Setup;
use enrollment_core::policy::PolicyFile;
use serde_json::{Value, json};
use tauri::{
    App, Manager, WebviewWindow,
    http::HeaderMap,
    ipc::{CallbackFn, InvokeBody},
    test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder},
    webview::InvokeRequest,
};

pub const OWN_PAGE: &str = "tauri://localhost/index.html";

/// Where that home is.
const MARK: &str = "CONSOLE_TEST_HOME";
const POLICY: &str = "policy.toml";

/// Runs a test in a process with a home of its own and no password store: the console keeps what
/// it is told to keep.
pub fn in_an_own_home(test: &str, body: impl FnOnce(&App<MockRuntime>)) {
    in_a_ruled_home(test, None, body);
}

/// The same where a policy holds.
pub fn in_a_ruled_home(test: &str, policy: Option<&str>, body: impl FnOnce(&App<MockRuntime>)) {
    if let Some(home) = env::var_os(MARK) {
        let file = PolicyFile::draft(&Path::new(&home).join(POLICY));
        let setup = Setup { policy: file, ..Setup::default() };
        let app = enrollment_console::build::<MockRuntime>(mock_builder(), setup);
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

/// Whether this is the test that runs in a home of its own.
pub fn is_at_home() -> bool {
    env::var_os(MARK).is_some()
}

pub fn main_window(app: &App<MockRuntime>) -> WebviewWindow<MockRuntime> {
    app.get_webview_window("main").expect("the one window")
}

pub fn ask(
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

pub fn enrollment(id: &str) -> Value {
    json!({
        "environment": "Sandbox", "id": id, "userType": "individual", "label": "",
        "place": "desk", "customer": "still-identifying", "bothTypes": false,
    })
}

pub fn settings() -> Value {
    json!({
        "environment": "Sandbox", "language": "bg", "theme": "dark", "place": "desk",
        "keepDays": 7, "hideAfter": 5, "singleKeys": true, "order": "name", "headsUp": "names", "muted": ["ended"], "sound": true,
        "density": "compact", "zoom": "150", "hideNumbers": false,
    })
}
