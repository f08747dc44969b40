//! Everything around one test's console, and nothing of the computer it runs on.

use std::{
    env,
    ffi::OsString,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

use super::{
    clipboard,
    console::Console,
    frame,
    patience::{ended, until, until_now},
    props::{self, Listener, Prop, Surroundings},
};
use crate::canary::Canary;

/// Notes what it was asked to open, each in a file of its own that appears whole.
const RECORDER: &str = r#"#!/bin/sh
home=$(dirname "$(dirname "$0")")
printf '%s' "$1" > "$home/draft.$$" && mv "$home/draft.$$" "$home/opened/$$"
"#;

const CONSOLE: &str = "enrollment-console";

/// A display, a session and a home. A console may start here again and again.
pub struct Stage {
    driver: String,
    surroundings: Surroundings,
    // They end in this order, the display late: a window left over by a failure ends with it.
    driver_prop: Prop,
    _store: Prop,
    _display: Prop,
    _bus: Prop,
    home: TempDir,
}

impl Stage {
    pub fn set() -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let mut surroundings = furnish(home.path());
        let (display, name) = props::display(&surroundings);
        surroundings.insert("DISPLAY", name.into());
        let (bus, address) = props::bus(&surroundings);
        surroundings.insert("DBUS_SESSION_BUS_ADDRESS", address.into());
        let store = props::password_store(&surroundings);
        let (driver_prop, driver) = props::driver(&surroundings, &home.path().join("printed"));
        Self {
            driver,
            surroundings,
            driver_prop,
            _store: store,
            _display: display,
            _bus: bus,
            home,
        }
    }

    /// A console, once its window is painted. One before it has ended by then.
    pub async fn start(&self) -> Console {
        self.start_at(Path::new(env!("CARGO_BIN_EXE_enrollment-console"))).await
    }

    /// The same from another place.
    pub async fn start_at(&self, program: &Path) -> Console {
        self.is_free().await;
        Console::open(&self.driver, program, &[]).await
    }

    /// The same by a policy of the test's own.
    pub async fn start_ruled(&self) -> Console {
        self.start_ruled_with(&[]).await
    }

    /// The same, told of each change by itself.
    pub async fn start_told_one_by_one(&self) -> Console {
        self.start_ruled_with(&["one-by-one"]).await
    }

    async fn start_ruled_with(&self, more: &[&str]) -> Console {
        let policy = self.policy();
        let arguments = [&[policy.to_str().expect("UTF-8")], more].concat();
        Console::open(&self.driver, &ruled_console(), &arguments).await
    }

    /// A window with nothing in it.
    pub async fn start_empty(&self) -> Console {
        self.is_free().await;
        Console::open(&self.driver, &example("empty-window"), &[]).await
    }

    /// Which process the running console is.
    pub fn console(&self) -> u32 {
        self.running().expect("a running console")
    }

    fn running(&self) -> Option<u32> {
        let names = [CONSOLE, "ruled-console", "empty-window"];
        names.iter().find_map(|name| self.driver_prop.child(name))
    }

    /// What the console is to find as it was chosen before.
    pub fn settings(&self, json: &str) {
        let folder = self.home.path().join("config/enrollment-console");
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("settings.json"), json).expect("written");
    }

    /// Ends at once: there is no display to ask anybody anything.
    pub fn start_ruled_without_display(&self) -> Output {
        let mut console = Command::new(ruled_console());
        let surroundings = self.surroundings.iter().filter(|(name, _)| **name != "DISPLAY");
        console.arg(self.policy()).env_clear().envs(surroundings);
        ended(console, |_| ())
    }

    pub fn policy(&self) -> PathBuf {
        self.home.path().join("policy.toml")
    }

    /// Puts a policy in the place of the one before, as an administrator should.
    pub fn decree(&self, policy: &str) {
        let draft = self.home.path().join("policy.new");
        fs::write(&draft, policy).expect("written");
        fs::rename(draft, self.policy()).expect("in its place");
    }

    /// Waits for the console before to have ended.
    pub async fn is_free(&self) {
        let ended = until(async || self.running().is_none().then_some(()));
        ended.await.expect("the console before has ended");
    }

    /// Where the console keeps its journal.
    pub fn journal(&self) -> PathBuf {
        self.home.path().join("data/enrollment-console/journal")
    }

    /// Ends the running console as a crash would.
    pub fn kill(&self) {
        let console = self.driver_prop.child(CONSOLE).expect("a running console");
        let killed = Command::new("kill").args(["-9", &console.to_string()]).status();
        assert!(killed.is_ok_and(|status| status.success()), "the console is killed");
        until_now(|| (!Path::new(&format!("/proc/{console}/exe")).exists()).then_some(()))
            .expect("the console is gone");
    }

    /// Starts the console once more beside the one that runs, which it asks for its window.
    pub fn start_again(&self) -> Output {
        ended(self.another(&[]), |_| ())
    }

    /// Starts it once more with a link, as the system does.
    pub fn start_for(&self, link: &str) -> Output {
        let mut console = self.another(&[]);
        console.arg(link);
        ended(console, |_| ())
    }

    /// The same where it cannot reach the one that runs, and its last words are read.
    pub fn start_in_vain(&self) -> Output {
        let nowhere = [("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")];
        ended(self.another(&nowhere), |console| self.close_window_of(console))
    }

    fn another(&self, changes: &[(&str, &str)]) -> Command {
        let mut console = Command::new(env!("CARGO_BIN_EXE_enrollment-console"));
        console.env_clear().envs(&self.surroundings).envs(changes.iter().copied());
        console
    }

    /// Waits for the console to end by itself after this.
    pub async fn ends(&self, after: impl AsyncFnOnce()) {
        let console = self.driver_prop.child(CONSOLE).expect("a running console");
        after().await;
        let gone = async || (!Path::new(&format!("/proc/{console}/exe")).exists()).then_some(());
        until(gone).await.expect("the console ends");
    }

    /// Whether any file of the journal holds these words.
    pub fn journal_holds(&self, words: &str) -> bool {
        holds(&self.journal(), words.as_bytes())
    }

    pub async fn journal_forgets(&self, words: &str) {
        let forgotten = until(async || (!self.journal_holds(words)).then_some(()));
        forgotten.await.unwrap_or_else(|| panic!("the journal still holds {words}"));
    }

    pub fn stored_entries(&self) -> usize {
        props::stored_entries(&self.surroundings)
    }

    /// No file of this home holds it but what the browser was asked to open. Answers how much was
    /// read.
    pub fn holds_nowhere(&self, canary: &Canary) -> usize {
        let opened = self.home.path().join("opened");
        canary.is_in_no_file(self.home.path(), &|path| path == opened)
    }

    /// Lays what is in an archive into this home. Answers how many files those are.
    pub fn unpack(&self, archive: &Path) -> usize {
        let archive = fs::File::open(archive).expect("an archive's file");
        let mut archive = zip::ZipArchive::new(archive).expect("an archive");
        archive.extract(self.home.path().join("unpacked")).expect("unpacked");
        archive.len()
    }

    /// Nor do the arguments and the environment of the console and all that it started. Answers how
    /// many programs those are.
    pub fn programs_say_nowhere(&self, canary: &Canary) -> usize {
        let console = self.driver_prop.child(CONSOLE).expect("a running console");
        let programs = props::descendants(console);
        for (id, what) in programs.iter().flat_map(|id| [(id, "cmdline"), (id, "environ")]) {
            let file = format!("/proc/{id}/{what}");
            // One that has ended says nothing any more.
            canary.is_not_in(&fs::read(&file).unwrap_or_default(), &file);
        }
        programs.len()
    }

    /// How many folders there are of a web view.
    pub fn web_folders(&self) -> usize {
        let folders = fs::read_dir(self.home.path().join("runtime")).expect("a folder").flatten();
        let is_one = |name: &str| name.starts_with("enrollment-console-web-");
        folders.filter(|entry| is_one(&entry.file_name().to_string_lossy())).count()
    }

    /// Closes the window as its frame's button does.
    pub fn close_window(&self) {
        self.close_window_of(self.driver_prop.child(CONSOLE).expect("a running console"));
    }

    fn close_window_of(&self, console: u32) {
        frame::close(&self.surroundings["DISPLAY"].to_string_lossy(), console);
    }

    pub fn title(&self) -> String {
        let console = self.driver_prop.child(CONSOLE).expect("a running console");
        frame::title(&self.surroundings["DISPLAY"].to_string_lossy(), console)
    }

    /// Where the session's programs find each other.
    pub fn bus(&self) -> String {
        self.surroundings["DBUS_SESSION_BUS_ADDRESS"].to_string_lossy().into_owned()
    }

    /// Writes down what programs ask the desktop to say.
    pub fn listen(&self) -> Listener {
        props::listener(&self.surroundings, &self.home.path().join("said"))
    }

    /// What somebody would paste.
    pub fn clipboard(&self) -> Option<String> {
        clipboard::text(&self.surroundings["DISPLAY"].to_string_lossy())
    }

    pub fn clipboard_hint(&self) -> Option<String> {
        clipboard::hint(&self.surroundings["DISPLAY"].to_string_lossy())
    }

    pub async fn clipboard_is_empty(&self) {
        let empty = until(async || self.clipboard().is_none().then_some(())).await;
        empty.unwrap_or_else(|| panic!("the clipboard still holds {:?}", self.clipboard()));
    }

    /// The one link that the browser was asked to open.
    pub async fn opened_link(&self) -> String {
        let opened = until(async || {
            let opened = self.opened_links();
            (!opened.is_empty()).then_some(opened)
        });
        let mut opened = opened.await.expect("the browser was asked to open a link");
        assert_eq!(opened.len(), 1, "one press opens one link: {opened:?}");
        opened.remove(0)
    }

    pub fn opened_links(&self) -> Vec<String> {
        fs::read_dir(self.home.path().join("opened"))
            .expect("a folder")
            .map(|entry| fs::read_to_string(entry.expect("a file").path()).expect("a link"))
            .collect()
    }

    /// Waits until the console has written down these settings.
    pub async fn settings_say(&self, words: &str) {
        let file = self.home.path().join("config/enrollment-console/settings.json");
        let written = until(async || {
            fs::read_to_string(&file).is_ok_and(|json| json.contains(words)).then_some(())
        });
        written.await.unwrap_or_else(|| panic!("the settings never said {words}"));
    }
}

/// The console that takes a policy from anybody; `cargo build --all-targets` puts it there.
fn ruled_console() -> PathBuf {
    example("ruled-console")
}

fn example(name: &str) -> PathBuf {
    let shipped = Path::new(env!("CARGO_BIN_EXE_enrollment-console"));
    shipped.with_file_name("examples").join(name)
}

/// Lays out a home, and says where things are in it.
fn furnish(home: &Path) -> Surroundings {
    let folder = |name: &str| -> PathBuf {
        let path = home.join(name);
        fs::create_dir(&path).expect("a folder");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).expect("a private folder");
        path
    };
    let programs = folder("bin");
    folder("opened");
    let recorder = programs.join("xdg-open");
    fs::write(&recorder, RECORDER).expect("a script");
    fs::set_permissions(&recorder, fs::Permissions::from_mode(0o755)).expect("a program");
    let mut path = programs.into_os_string();
    path.push(":");
    path.push(env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into()));
    let mut surroundings: Surroundings = [
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_DATA_HOME", "data"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_STATE_HOME", "state"),
        ("XDG_RUNTIME_DIR", "runtime"),
    ]
    .map(|(name, under)| (name, folder(under).into_os_string()))
    .into();
    let plain = [
        ("LANG", "en_US.UTF-8"),
        ("USER", "rehearsal"),
        // Whatever listens to it says all that it can.
        ("RUST_LOG", "trace"),
        ("GDK_BACKEND", "x11"),
        ("NO_AT_BRIDGE", "1"),
        ("TAURI_WEBVIEW_AUTOMATION", "true"),
    ];
    surroundings.extend(plain.map(|(name, value)| (name, OsString::from(value))));
    surroundings.insert("HOME", home.into());
    surroundings.insert("PATH", path);
    surroundings
}

fn holds(folder: &Path, words: &[u8]) -> bool {
    fs::read_dir(folder).expect("a folder").flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return holds(&path, words);
        }
        // One that is gone by now holds nothing.
        fs::read(&path).unwrap_or_default().windows(words.len()).any(|it| it == words)
    })
}
