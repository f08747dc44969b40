//! Runs the real program, and checks what must hold for every run.

use std::{
    collections::BTreeMap,
    io::{Read, Write as _},
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use enrollment_core::enrollment::is_unseen;
use serde_json::Value;

use crate::gateway::{Gateway, LINK_CANARY};

/// Looks like no word of any output.
pub const TOKEN: &str = "t0ken-5ecret-c4nary.e30.x";

/// A run that takes longer than this hangs.
const PATIENCE: Duration = Duration::from_secs(40);

/// The program, with nothing of this machine's settings.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_enrollment-watch"));
    command
        .env_clear()
        .env("USER", "tester")
        .env("HOME", "/nonexistent")
        // Whatever listens to these says all that it can.
        .env("RUST_LOG", "trace")
        .env("RUST_BACKTRACE", "full")
        // Proxies that nobody asked for would see the token.
        .env("HTTP_PROXY", "http://127.0.0.1:1")
        .env("http_proxy", "http://127.0.0.1:1")
        .env("ALL_PROXY", "http://127.0.0.1:1")
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// `watch` against this gateway, with more arguments behind.
pub fn watch(base: &str, phase: &str, more: &str) -> Command {
    let mut command = program();
    command.args(["watch", "--gateway", base, "--phase", phase, "--token-stdin"]);
    command.args(more.split_whitespace()).stdin(Stdio::piped());
    command
}

/// The arguments that name these users.
pub fn named(users: impl IntoIterator<Item = (u32, u8)>) -> String {
    let kind = |kind: u8| ["individual", "merchant"][usize::from(kind)];
    let users: Vec<String> =
        users.into_iter().map(|(id, user_type)| format!("{id}:{}", kind(user_type))).collect();
    users.join(" ")
}

/// A program on its way.
pub struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Option<JoinHandle<String>>,
    stderr: JoinHandle<String>,
    ended: bool,
}

/// What a run has left behind.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Running {
    /// Starts it; its standard output is read from the beginning.
    pub fn start(command: Command) -> Self {
        let mut running = Self::unread(command);
        let stdout = running.child.stdout.take().expect("piped");
        running.stdout = Some(reading(stdout));
        running
    }

    /// Starts it; nobody reads its standard output.
    pub fn unread(mut command: Command) -> Self {
        let mut child = command.spawn().expect("the program starts");
        let stderr = reading(child.stderr.take().expect("piped"));
        let stdin = child.stdin.take();
        Self { child, stdin, stdout: None, stderr, ended: false }
    }

    /// Writes to its standard input and closes it.
    pub fn input(mut self, text: &[u8]) -> Self {
        if let Some(mut stdin) = self.stdin.take() {
            // It may have ended before it would have read.
            let _ = stdin.write_all(text);
        }
        self
    }

    pub fn close_output(&mut self) {
        drop(self.child.stdout.take());
    }

    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status();
        assert!(sent.is_ok_and(|status| status.success()), "the signal was not sent");
    }

    /// Waits for its end.
    pub fn end(mut self) -> Ran {
        let status = self.wait();
        self.ended = true;
        let stdout = self.stdout.take().map_or_else(String::new, text_of);
        let stderr = std::mem::replace(&mut self.stderr, thread::spawn(String::new));
        Ran { code: status.code(), stdout, stderr: text_of(stderr) }
    }

    fn wait(&mut self) -> ExitStatus {
        let patience = Instant::now() + PATIENCE;
        loop {
            self.says_no_secret_to_other_programs();
            if let Some(status) = self.child.try_wait().expect("it is a child") {
                return status;
            }
            assert!(Instant::now() < patience, "the program hangs");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

#[cfg(target_os = "linux")]
impl Running {
    /// Neither its arguments nor its environment hold one, where they can be read at all.
    fn says_no_secret_to_other_programs(&self) {
        for what in ["cmdline", "environ"] {
            let read = std::fs::read(format!("/proc/{}/{what}", self.child.id()));
            let read = String::from_utf8_lossy(&read.unwrap_or_default()).into_owned();
            assert!(!read.contains(TOKEN) && !read.contains(LINK_CANARY), "its {what} says one");
        }
    }
}

#[cfg(not(target_os = "linux"))]
impl Running {
    fn says_no_secret_to_other_programs(&self) {}
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.ended {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

fn reading(mut stream: impl Read + Send + 'static) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before the stream broke is what there is.
        let _ = stream.read_to_end(&mut bytes);
        String::from_utf8(bytes).expect("UTF-8")
    })
}

fn text_of(reading: JoinHandle<String>) -> String {
    reading.join().expect("read")
}

/// Runs a command to its end with a token on standard input.
pub fn run(command: Command) -> Ran {
    Running::start(command).input(TOKEN.as_bytes()).end().without_secrets()
}

/// Runs `watch --json` to its end, and checks what holds for every such run.
pub fn watch_json(gateway: &Gateway, phase: &str, more: &str) -> Told {
    let ran = run(watch(&gateway.base(), phase, &format!("--json {more}")));
    Told::of(ran, phase)
}

impl Ran {
    /// Checks that no output holds the token, or more of a link than its host.
    pub fn without_secrets(self) -> Self {
        for output in [&self.stdout, &self.stderr] {
            for secret in [TOKEN, LINK_CANARY, "get-identification-process-status"] {
                assert!(!output.contains(secret), "{secret} shows: {output}");
            }
        }
        self
    }
}

/// A run's JSON lines.
#[derive(Debug)]
pub struct Told {
    pub code: Option<i32>,
    pub lines: Vec<Value>,
    pub stderr: String,
}

impl Told {
    pub fn of(ran: Ran, phase: &str) -> Self {
        let lines: Vec<Value> = ran.stdout.lines().map(|line| read(line, phase)).collect();
        assert!(ran.stdout.is_empty() || ran.stdout.ends_with('\n'), "a broken line");
        let told = Self { code: ran.code, lines, stderr: ran.stderr };
        told.check_ends();
        told
    }

    /// Every user has one `started`, and one `ended` behind everything else.
    fn check_ends(&self) {
        let mut users: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for line in &self.lines {
            let event = line["event"].as_str().expect("a word");
            users.entry(line["user"].to_string()).or_default().push(event);
        }
        for (user, events) in users {
            let count = |event| events.iter().filter(|e| **e == event).count();
            assert_eq!((count("started"), count("ended")), (1, 1), "{user}: {events:?}");
            assert_eq!((events[0], events[events.len() - 1]), ("started", "ended"), "{user}");
        }
    }

    pub fn events(&self, user: (u32, u8)) -> Vec<&Value> {
        let kind = ["individual", "merchant"][usize::from(user.1)];
        self.lines
            .iter()
            .filter(|line| line["user"]["id"] == user.0 && line["user"]["type"] == kind)
            .collect()
    }

    pub fn of_event(&self, user: (u32, u8), event: &str) -> Vec<&Value> {
        self.events(user).into_iter().filter(|line| line["event"] == event).collect()
    }

    pub fn end(&self, user: (u32, u8)) -> &Value {
        self.of_event(user, "ended").first().copied().unwrap_or_else(|| panic!("{user:?}: no end"))
    }

    pub fn outcome(&self, user: (u32, u8)) -> &str {
        self.end(user)["outcome"].as_str().expect("a word")
    }
}

/// Reads a line that keeps to the contract.
fn read(line: &str, phase: &str) -> Value {
    assert!(!line.chars().any(is_unseen), "an unseen character stands raw in {line:?}");
    let value: Value = serde_json::from_str(line).expect(line);
    let (id, kind) = (&value["user"]["id"], value["user"]["type"].as_str().expect(line));
    let time = value["time"].as_str().expect(line);
    assert!(time.ends_with('Z') && time.parse::<jiff::Timestamp>().is_ok(), "{line}");
    let event = value["event"].as_str().expect(line);
    let start = format!(
        r#"{{"time":"{time}","user":{{"id":{id},"type":"{kind}"}},"phase":"{phase}","event":"{event}""#
    );
    assert!(line.starts_with(&start), "{line} does not begin with {start}");
    let known = ["started", "status", "problem", "paused", "resumed", "ended"];
    assert!(known.contains(&event), "{line}");
    value
}
