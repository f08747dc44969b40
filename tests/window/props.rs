//! The programs around the window: display, message bus, password store, driver.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs::{self, File},
    io::{BufRead, BufReader, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
};

use super::patience::{PATIENCE, until_now};

pub type Surroundings = BTreeMap<&'static str, OsString>;

/// A program that ends when the test does.
pub struct Prop(Child);

impl Drop for Prop {
    /// Asks it to end, so that it clears its place, and ends it where it does not.
    fn drop(&mut self) {
        let asked =
            Command::new("kill").arg(self.0.id().to_string()).stderr(Stdio::null()).status();
        if asked.is_ok_and(|status| status.success()) {
            until_now(|| self.0.try_wait().ok().flatten());
        }
        // One that has ended is no trouble.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Prop {
    fn start(name: &str, package: &str, command: &mut Command) -> Self {
        let started = command.spawn();
        Self(started.unwrap_or_else(|error| {
            panic!("{name} does not start ({error}): install {package}, as `make test` does")
        }))
    }

    /// The process of that name which this one started. The system cuts names to 15 bytes.
    pub fn child(&self, name: &str) -> Option<u32> {
        children(self.0.id()).into_iter().find(|id| {
            let found = fs::read_to_string(format!("/proc/{id}/comm")).unwrap_or_default();
            name.starts_with(found.trim_end()) && !found.is_empty()
        })
    }

    /// The first line that the program prints.
    fn first_line(&mut self, name: &str) -> String {
        let output = self.0.stdout.take().expect("piped");
        let (send, line) = mpsc::channel();
        thread::spawn(move || {
            let mut line = String::new();
            if BufReader::new(output).read_line(&mut line).is_ok() {
                let _ = send.send(line.trim().to_owned());
            }
        });
        let line = line.recv_timeout(PATIENCE).unwrap_or_default();
        assert!(!line.is_empty(), "{name} has printed nothing");
        line
    }
}

fn program(name: &str, surroundings: &Surroundings) -> Command {
    let mut command = Command::new(name);
    command.env_clear().envs(surroundings).stdin(Stdio::null());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// A display nobody sees. Answers its name.
pub fn display(surroundings: &Surroundings) -> (Prop, String) {
    let mut command = program("Xvfb", surroundings);
    command.args(["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"]);
    let mut prop = Prop::start("Xvfb", "xvfb", command.stdout(Stdio::piped()));
    let number = prop.first_line("Xvfb");
    (prop, format!(":{number}"))
}

/// A message bus for one session. Answers its address.
pub fn bus(surroundings: &Surroundings) -> (Prop, String) {
    let mut command = program("dbus-daemon", surroundings);
    let place = surroundings["XDG_RUNTIME_DIR"].to_string_lossy();
    command.args(["--session", "--nofork", "--print-address"]);
    command.arg(format!("--address=unix:path={place}/bus")).stdout(Stdio::piped());
    let mut prop = Prop::start("dbus-daemon", "dbus", &mut command);
    let address = prop.first_line("dbus-daemon");
    (prop, address)
}

/// A password store, unlocked, on the bus.
pub fn password_store(surroundings: &Surroundings) -> Prop {
    let name = "gnome-keyring-daemon";
    let mut command = program(name, surroundings);
    command.args(["--unlock", "--components=secrets", "--foreground"]).stdin(Stdio::piped());
    let mut prop = Prop::start(name, "gnome-keyring", &mut command);
    let mut password = prop.0.stdin.take().expect("piped");
    password.write_all(b"rehearsal").expect("the store takes its password");
    drop(password);
    until_now(|| store_is_there(surroundings).then_some(())).expect("a password store on the bus");
    prop
}

/// Hears what is said on the desktop; nobody there has to show it.
pub struct Listener {
    _monitor: Prop,
    heard: PathBuf,
}

impl Listener {
    pub fn heard(&self) -> String {
        fs::read_to_string(&self.heard).unwrap_or_default()
    }
}

pub fn listener(surroundings: &Surroundings, heard: &Path) -> Listener {
    let file = fs::File::create(heard).expect("a file");
    let mut command = program("dbus-monitor", surroundings);
    command.args(["--session", "interface='org.freedesktop.Notifications'"]).stdout(file);
    let monitor = Prop::start("dbus-monitor", "dbus", &mut command);
    // Its own name is the first thing that it hears.
    until_now(|| fs::metadata(heard).is_ok_and(|it| it.len() > 0).then_some(()))
        .expect("somebody who listens");
    Listener { _monitor: monitor, heard: heard.to_owned() }
}

fn store_is_there(surroundings: &Surroundings) -> bool {
    let asked = program("dbus-send", surroundings)
        .args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/"])
        .args(["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"])
        .stdout(Stdio::piped())
        .output();
    let answer = asked.unwrap_or_else(|error| {
        panic!("dbus-send does not start ({error}): install dbus, as `make test` does")
    });
    String::from_utf8_lossy(&answer.stdout).contains("boolean true")
}

/// A process and all that it started, and those did.
pub fn descendants(id: u32) -> Vec<u32> {
    let below = children(id).into_iter().flat_map(descendants);
    [id].into_iter().chain(below).collect()
}

/// What a process started, whichever of its threads did.
fn children(id: u32) -> Vec<u32> {
    let threads = fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten().flatten();
    let children = threads.filter_map(|it| fs::read_to_string(it.path().join("children")).ok());
    children
        .flat_map(|ids| ids.split(' ').filter_map(|id| id.parse().ok()).collect::<Vec<_>>())
        .collect()
}

/// How many entries the password store keeps.
pub fn stored_entries(surroundings: &Surroundings) -> usize {
    let asked = program("dbus-send", surroundings)
        .args(["--session", "--print-reply", "--dest=org.freedesktop.secrets"])
        .args(["/org/freedesktop/secrets/aliases/default", "org.freedesktop.DBus.Properties.Get"])
        .args(["string:org.freedesktop.Secret.Collection", "string:Items"])
        .stdout(Stdio::piped())
        .output()
        .expect("dbus-send, as it started before");
    assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
    String::from_utf8_lossy(&asked.stdout).matches("object path").count()
}

/// What drives a window from outside. Answers its address.
///
/// What it and the consoles that it starts print goes into a file, where it is looked for like
/// everything else.
pub fn driver(surroundings: &Surroundings, printed: &Path) -> (Prop, String) {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port();
    let mut command = program("WebKitWebDriver", surroundings);
    let printed = File::create(printed).expect("a file");
    command.arg(format!("--port={port}")).stderr(printed.try_clone().expect("a file"));
    let prop = Prop::start("WebKitWebDriver", "webkit2gtk-driver", command.stdout(printed));
    until_now(|| TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()).expect("a driver");
    (prop, format!("http://127.0.0.1:{port}"))
}
