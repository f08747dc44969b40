//! Gateways and subjects as processes, and what is seen of them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{
    args::GatewayArgs,
    certificate::{self, Certificate},
    child::Child,
    contract::{INTERVAL, TOKEN},
    gateway::{Listening, Report},
    process::{Threads, Usage},
    statistics::number,
    subjects::POLLER,
};

/// How often the gateway is asked whether it has seen enough.
const LOOK: Duration = Duration::from_millis(200);
/// A window in which a thread ended is measured anew, so often.
const TRIES: u32 = 3;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    Engine,
    TaskPerWatch,
    RawHyper,
    NodeFetch,
}

impl Subject {
    /// Its name in the keys of figures.
    pub fn key(self) -> &'static str {
        match self {
            Self::Engine => "engine",
            Self::TaskPerWatch => "task_per_watch",
            Self::RawHyper => "raw_hyper",
            Self::NodeFetch => "node_fetch",
        }
    }
}

/// How a gateway behaves.
#[derive(Clone, Copy, Debug)]
pub struct Scene {
    pub users: u32,
    pub answers: Answers,
    pub seed: u64,
    pub flips: bool,
    pub target_at: Option<u32>,
}

impl Scene {
    /// A gateway over a network, where nothing happens.
    pub fn of(users: u32) -> Self {
        Self { users, answers: Answers::Delayed, seed: 1, flips: false, target_at: None }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    AtOnce,
    /// After 40 to 100 ms, as over a network.
    Delayed,
}

impl Answers {
    fn millis(self) -> (u64, u64) {
        match self {
            Self::AtOnce => (0, 0),
            Self::Delayed => (40, 100),
        }
    }
}

/// What every process of a run shares.
pub struct Stage {
    pub folder: PathBuf,
    program: PathBuf,
    certificate: Certificate,
    poller: PathBuf,
}

impl Stage {
    pub fn set(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        let folder = folder.canonicalize()?;
        let poller = folder.join("poller.mjs");
        fs::write(&poller, POLLER)?;
        Ok(Self {
            certificate: certificate::make(&folder)?,
            program: std::env::current_exe()?,
            poller,
            folder,
        })
    }

    pub fn gateway(&self, scene: Scene) -> Result<Gateway> {
        let (least_ms, most_ms) = scene.answers.millis();
        let args = GatewayArgs {
            certificate: self.certificate.chain.clone(),
            key: self.certificate.key.clone(),
            users: scene.users,
            least_ms,
            most_ms,
            seed: scene.seed,
            flips: scene.flips,
            target_at: scene.target_at,
        };
        let mut command = Command::new(&self.program);
        command.args(args.to_command());
        let mut child = Child::start(command)?;
        let Listening { port } = child.hear()?;
        Ok(Gateway { child, url: format!("https://127.0.0.1:{port}") })
    }

    /// This program with the arguments of a subject, behind `before` where that is not empty.
    pub fn subject(&self, before: &[&str], program: Program, args: &[&str]) -> Command {
        let program = match program {
            Program::Plain => self.program.clone(),
            Program::CountingHeap => self.program.with_file_name("enrollment-bench-heap"),
        };
        let mut command = match before {
            [] => Command::new(program),
            [first, rest @ ..] => {
                let mut command = Command::new(first);
                command.args(rest).arg(program);
                command
            }
        };
        command.args(args).env("SSL_CERT_FILE", &self.certificate.authority);
        command
    }

    fn command(&self, subject: Subject, users: u32, url: &str) -> Command {
        let users = users.to_string();
        let play =
            |name| self.subject(&[], Program::Plain, &[name, "--users", &users, "--gateway", url]);
        match subject {
            Subject::Engine => play("engine"),
            Subject::TaskPerWatch => play("task-per-watch"),
            Subject::RawHyper => play("raw-hyper"),
            Subject::NodeFetch => {
                let mut command = Command::new("node");
                command
                    .arg(&self.poller)
                    .args([url, &users, TOKEN, &INTERVAL.as_millis().to_string()])
                    .env("NODE_EXTRA_CA_CERTS", &self.certificate.authority);
                command
            }
        }
    }

    pub fn play(&self, subject: Subject, scene: Scene) -> Result<Play> {
        let gateway = self.gateway(scene)?;
        let subject = Child::start(self.command(subject, scene.users, &gateway.url))?;
        Ok(Play { subject, gateway })
    }

    /// A process that eats a core for as long as it is kept.
    pub fn spin(&self) -> Result<Child> {
        Child::start(self.subject(&[], Program::Plain, &["spin"]))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    Plain,
    /// The build that counts its heap.
    CountingHeap,
}

/// Whether a program that a part needs is here.
pub fn is_here(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

pub struct Gateway {
    child: Child,
    pub url: String,
}

impl Gateway {
    pub fn report(&mut self) -> Result<Report> {
        self.child.ask()
    }
}

/// A subject and the gateway that it polls. The subject is dropped first: it would complain of a
/// gateway that is gone.
pub struct Play {
    pub subject: Child,
    pub gateway: Gateway,
}

/// What happened between two moments.
#[derive(Clone, Debug)]
pub struct Window {
    pub time: Duration,
    pub used: Usage,
    pub before: Report,
    pub after: Report,
}

impl Play {
    /// Waits until every user was polled so often.
    pub fn until_polled(&mut self, times: u32, patience: Duration) -> Result<Report> {
        self.until(patience, |report| report.fewest >= times)
    }

    pub fn until(
        &mut self,
        patience: Duration,
        enough: impl Fn(&Report) -> bool,
    ) -> Result<Report> {
        let end = Instant::now() + patience;
        loop {
            let report = self.gateway.report()?;
            if enough(&report) {
                return Ok(report);
            }
            self.subject.must_run()?;
            if Instant::now() > end {
                bail!("the gateway waited for polls in vain: {report:?}");
            }
            thread::sleep(LOOK);
        }
    }

    /// Measures for `time`.
    pub fn window(&mut self, time: Duration) -> Result<Window> {
        for _ in 0..TRIES {
            let start = Instant::now();
            let before = self.gateway.report()?;
            let threads = Threads::of(self.subject.id())?;
            thread::sleep(time);
            let used = Threads::of(self.subject.id())?.since(&threads);
            let after = self.gateway.report()?;
            self.subject.must_run()?;
            if let Some(used) = used {
                return Ok(Window { time: start.elapsed(), used, before, after });
            }
        }
        bail!("a thread of the subject ended in every window")
    }
}

impl Window {
    pub fn polls(&self) -> f64 {
        number(self.after.polls - self.before.polls)
    }

    pub fn cpu_micros_per_poll(&self) -> f64 {
        self.used.cpu.as_secs_f64() * 1e6 / self.polls()
    }

    pub fn core_share(&self) -> f64 {
        self.used.cpu.as_secs_f64() / self.time.as_secs_f64()
    }

    pub fn switches_per_second(&self) -> f64 {
        number(self.used.voluntary + self.used.involuntary) / self.time.as_secs_f64()
    }
}
