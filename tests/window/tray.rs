//! A desktop with a tray: the window is closed, watching goes on, and there is a way back.

use std::sync::{Arc, Mutex};

use zbus::{
    blocking::{Connection, Proxy, connection::Builder, proxy},
    interface,
    proxy::CacheProperties,
};

use super::{console::Console, patience::until, stage::Stage};

/// Takes icons in, as a desktop's panel does.
struct Watcher(Arc<Mutex<Vec<String>>>);

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: String) {
        self.0.lock().expect("a lock").push(service);
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        !self.0.is_poisoned()
    }

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.0.lock().expect("a lock").clone()
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        self.0.lock().map_or(0, |_| 0)
    }
}

struct Panel {
    bus: Connection,
    icons: Arc<Mutex<Vec<String>>>,
}

impl Panel {
    fn on(stage: &Stage) -> Self {
        let icons = Arc::<Mutex<Vec<String>>>::default();
        let bus = Builder::address(&*stage.bus())
            .and_then(|it| it.name("org.kde.StatusNotifierWatcher"))
            .and_then(|it| it.serve_at("/StatusNotifierWatcher", Watcher(Arc::clone(&icons))))
            .and_then(Builder::build)
            .expect("a panel on the bus");
        Self { bus, icons }
    }

    async fn icon(&self) -> Proxy<'static> {
        let name = until(async || self.icons.lock().expect("a lock").last().cloned()).await;
        let name = name.expect("an icon in the panel");
        // Its words change without the signal that a memory of them would wait for.
        proxy::Builder::new(&self.bus)
            .cache_properties(CacheProperties::No)
            .destination(name)
            .and_then(|it| it.path("/StatusNotifierItem"))
            .and_then(|it| it.interface("org.kde.StatusNotifierItem"))
            .and_then(proxy::Builder::build)
            .expect("the icon's own words")
    }
}

/// Shows words on the desktop, and lets the test press them.
struct Desktop {
    bus: Connection,
    shown: Arc<Mutex<u32>>,
}

impl Desktop {
    fn on(stage: &Stage) -> Self {
        let shown = Arc::<Mutex<u32>>::default();
        let bus = Builder::address(&*stage.bus())
            .and_then(|it| it.name("org.freedesktop.Notifications"))
            .and_then(|it| {
                it.serve_at("/org/freedesktop/Notifications", Notices(Arc::clone(&shown)))
            })
            .and_then(Builder::build)
            .expect("a desktop on the bus");
        Self { bus, shown }
    }

    /// The number of the words that it shows.
    async fn word(&self) -> u32 {
        let shown = || Some(*self.shown.lock().expect("a lock")).filter(|number| *number > 0);
        until(async || shown()).await.expect("a word on the desktop")
    }

    fn press(&self, word: u32) {
        let (path, interface) = ("/org/freedesktop/Notifications", "org.freedesktop.Notifications");
        let pressed = &(word, "default");
        let sent = self.bus.emit_signal(None::<&str>, path, interface, "ActionInvoked", pressed);
        sent.expect("everybody is told of the press");
    }
}

struct Notices(Arc<Mutex<u32>>);

#[interface(name = "org.freedesktop.Notifications")]
impl Notices {
    #[expect(clippy::too_many_arguments, reason = "so the specification has it")]
    fn notify(
        &self,
        program: String,
        replaces: u32,
        icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        hints: std::collections::HashMap<String, zbus::zvariant::OwnedValue>,
        expires: i32,
    ) -> u32 {
        // Nobody sees them.
        drop((program, icon, summary, body, hints, expires));
        assert!(actions.into_iter().any(|action| action == "default"));
        *self.0.lock().expect("a lock") = replaces;
        replaces
    }

    fn get_capabilities(&self) -> Vec<String> {
        let capabilities = if self.0.is_poisoned() { [].as_slice() } else { &["actions", "body"] };
        capabilities.iter().map(|&it| it.to_owned()).collect()
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        let version = if self.0.is_poisoned() { "0" } else { "1.2" };
        let words = ["rehearsal", "rehearsal", "1", version];
        words.map(str::to_owned).into()
    }
}

async fn title(icon: &Proxy<'_>, expected: &str) {
    let title = || icon.get_property::<String>("Title").unwrap_or_default();
    let says = until(async || (title() == expected).then_some(())).await;
    says.unwrap_or_else(|| panic!("the icon says {}", title()));
}

async fn is_seen(console: &Console, seen: bool) {
    const SCRIPT: &str = "arguments[1](document.visibilityState)";
    let expected = if seen { "visible" } else { "hidden" };
    let is = until(async || (console.try_out(SCRIPT, "").await == expected).then_some(())).await;
    is.unwrap_or_else(|| panic!("the window is never {expected}"));
}

/// The page presses for itself, once the button has settled: a driver whose window goes away under
/// its press waits for ever.
const PRESS: &str = r"
    const also = document.querySelector('#quit-dialog [data-answer=\'also\']');
    setTimeout(() => also.click(), 900);
    arguments[1](true);
";

async fn goes_on_in_the_tray(stage: &Stage, console: &Console) {
    stage.close_window();
    console.says("#quit-dialog", "1 customer is being watched.").await;
    console.try_out(PRESS, "").await;
    is_seen(console, false).await;
}

#[tokio::test]
async fn the_window_can_be_closed_while_watching_goes_on_and_never_without_a_way_back() {
    let stage = Stage::set();
    let panel = Panel::on(&stage);
    let console = stage.start().await;
    console.press_away("#first-token", "#first-token").await;
    console.add("7000", "identification-finished", "Иванова").await;
    console.shows(r#".row[data-situation="pre-sign"]"#).await;
    let icon = panel.icon().await;
    title(&icon, "Enrollment Console").await;

    goes_on_in_the_tray(&stage, &console).await;
    icon.call_method("Activate", &(0, 0)).expect("a press on the icon");
    is_seen(&console, true).await;
    console.shows(r#".row[data-situation="pre-sign"]"#).await;

    goes_on_in_the_tray(&stage, &console).await;
    // A word on the desktop is another way back.
    let desktop = Desktop::on(&stage);
    icon.call_method("Activate", &(0, 0)).expect("a press on the icon");
    is_seen(&console, true).await;
    console.try_out("document.hasFocus = () => false; arguments[1]();", "").await;
    console.add("1001", "identification-finished", "Петрова").await;
    let word = desktop.word().await;
    title(&icon, "(1) Enrollment Console").await;
    goes_on_in_the_tray(&stage, &console).await;
    desktop.press(word);
    is_seen(&console, true).await;

    goes_on_in_the_tray(&stage, &console).await;
    drop(icon);
    panel.bus.close().expect("the panel is gone");
    is_seen(&console, true).await;
    stage.close_window();
    console.shows("#quit-dialog").await;
    assert_eq!(console.count(r#"#quit-dialog [data-answer="also"]"#).await, 0, "no way back");
    console.press_away(r#"#quit-dialog [data-answer="no"]"#, "#quit-dialog").await;
    console.close().await;
}
