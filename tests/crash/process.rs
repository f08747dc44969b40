//! A console under test, and how it is killed.

use std::{
    env,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    path::Path,
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use enrollment_core::enrollment::Key;
use jiff::Timestamp;

use crate::{arguments::AS_CHILD, child::CLOSE, facts::Fact};

/// Whoever starts waits so long for the list; what is asserted is less.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Console {
    process: Child,
    orders: Option<ChildStdin>,
    lines: Receiver<(Instant, Vec<u8>)>,
    complaints: Option<JoinHandle<String>>,
    began: Instant,
    facts: Vec<Fact>,
}

/// What a console told until its end, and when that was.
pub struct Ended {
    pub facts: Vec<Fact>,
    pub at: Timestamp,
}

/// What it is started with.
pub struct Start<'a> {
    pub folder: &'a Path,
    pub gateway: &'a str,
    pub seed: u64,
    /// Where its new users are numbered from, where somebody acts.
    pub users_from: Option<u32>,
    pub waits: bool,
}

impl Console {
    pub fn start(start: &Start<'_>) -> Result<Self> {
        let mut command = Command::new(env::current_exe()?);
        command.arg(AS_CHILD).arg("--folder").arg(start.folder);
        command.args(["--gateway", start.gateway, "--seed", &start.seed.to_string()]);
        if let Some(users) = start.users_from {
            command.args(["--users-from", &users.to_string()]);
        }
        if start.waits {
            command.arg("--waits");
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let began = Instant::now();
        let mut process = command.spawn().context("the console could not be started")?;
        let orders = process.stdin.take();
        let (told, complaints) = (process.stdout.take(), process.stderr.take());
        let (sender, lines) = channel();
        let (told, mut complaints) = (told.context("no output")?, complaints.context("no output")?);
        thread::spawn(move || {
            let mut told = BufReader::new(told);
            let mut line = Vec::new();
            // A line that the kill cut off was never told.
            while told.read_until(b'\n', &mut line).is_ok() && line.ends_with(b"\n") {
                let _ = sender.send((Instant::now(), std::mem::take(&mut line)));
            }
        });
        let complaints = thread::spawn(move || {
            let mut text = String::new();
            let _ = complaints.read_to_string(&mut text);
            text
        });
        let complaints = Some(complaints);
        Ok(Self { process, orders, lines, complaints, began, facts: Vec::new() })
    }

    /// Waits for the list. Who is on it, and how long that took from the start.
    pub fn list(&mut self) -> Result<(Vec<Key>, Duration)> {
        let end = Instant::now() + PATIENCE;
        while let Some(at) = self.hear(end)? {
            if let Some(Fact::Listed { keys }) = self.facts.last() {
                return Ok((keys.clone(), at - self.began));
            }
        }
        let complaints = self.kill_and_listen()?;
        bail!("it ended without its list: {:?} {complaints}", self.facts.last());
    }

    /// Waits for the first thing that it tells; `None` where it tells nothing until it ends.
    pub fn first_word(&mut self) -> Result<Option<Fact>> {
        Ok(self.hear(Instant::now() + PATIENCE)?.and_then(|_| self.facts.first().cloned()))
    }

    /// Takes the next fact; when it came, `None` where there are no more.
    fn hear(&mut self, end: Instant) -> Result<Option<Instant>> {
        let left = end.saturating_duration_since(Instant::now());
        match self.lines.recv_timeout(left) {
            Ok((at, line)) => {
                self.facts.push(serde_json::from_slice(&line).context("not a fact")?);
                Ok(Some(at))
            }
            Err(RecvTimeoutError::Disconnected) => Ok(None),
            Err(RecvTimeoutError::Timeout) => bail!("the console says nothing for too long"),
        }
    }

    /// Lets a console go on that waits before it claims the folder.
    pub fn go(&mut self) -> Result<()> {
        self.began = Instant::now();
        self.order("go")
    }

    fn order(&mut self, order: &str) -> Result<()> {
        writeln!(self.orders.as_mut().context("no input")?, "{order}")?;
        Ok(())
    }

    pub fn age(&self) -> Duration {
        self.began.elapsed()
    }

    /// Kills it, as the system would: nothing of it runs any more. All that it told before counts.
    pub fn kill(mut self) -> Result<Ended> {
        let complaints = self.kill_and_listen()?;
        let at = Timestamp::now();
        ensure!(complaints.is_empty(), "it complained: {complaints}");
        Ok(Ended { facts: std::mem::take(&mut self.facts), at })
    }

    fn kill_and_listen(&mut self) -> Result<String> {
        self.process.kill()?;
        self.process.wait()?;
        while self.hear(Instant::now() + PATIENCE)?.is_some() {}
        Ok(self.complaints.take().and_then(|it| it.join().ok()).unwrap_or_default())
    }

    /// Closes it as people do.
    pub fn close(mut self) -> Result<Ended> {
        self.order(CLOSE)?;
        let status = self.wait()?;
        ensure!(status.success(), "it closed with {status}");
        let saved = self.facts.iter().any(|fact| matches!(fact, Fact::Closed { saved: true }));
        ensure!(saved, "it closed and not all was saved");
        self.kill()
    }

    /// Waits until it has ended by itself.
    pub fn wait(&mut self) -> Result<ExitStatus> {
        while self.hear(Instant::now() + PATIENCE)?.is_some() {}
        Ok(self.process.wait()?)
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        // It has ended already, unless something went wrong.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
