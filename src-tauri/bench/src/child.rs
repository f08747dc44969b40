//! Processes of the benchmark. Each is asked over its standard input, a line at a time, and ends
//! where that ends: whatever becomes of the benchmark, nothing of it stays.

use std::{
    io::{self, BufRead as _, BufReader, Write as _},
    process::{self, ChildStdin, ChildStdout, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde::{Serialize, de::DeserializeOwned};

/// A process that was told to end has this long.
const ENDING: Duration = Duration::from_secs(60);
/// How often it is looked whether it has.
const LOOK: Duration = Duration::from_millis(20);

pub struct Child {
    process: process::Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Child {
    pub fn start(mut command: Command) -> Result<Self> {
        let name = command.get_program().display().to_string();
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{name} could not be started"))?;
        let questions = process.stdin.take();
        let answers = BufReader::new(process.stdout.take().context("no standard output")?);
        Ok(Self { process, questions, answers })
    }

    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Asks for a report.
    pub fn ask<T: DeserializeOwned>(&mut self) -> Result<T> {
        let mut questions = self.questions.as_ref().context("it was told to end")?;
        questions.write_all(b"report\n").context("a process of the benchmark has ended")?;
        self.hear()
    }

    /// Waits for a line that it says unasked.
    pub fn hear<T: DeserializeOwned>(&mut self) -> Result<T> {
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            bail!("a process of the benchmark has ended");
        }
        serde_json::from_str(&line).with_context(|| format!("not understood: {line}"))
    }

    /// # Errors
    /// Where it has ended.
    pub fn must_run(&mut self) -> Result<()> {
        match self.process.try_wait()? {
            Some(status) => bail!("a process of the benchmark has ended: {status}"),
            None => Ok(()),
        }
    }

    /// Tells it to end and waits until it has.
    pub fn end(mut self) -> Result<()> {
        drop(self.questions.take());
        self.wait(ENDING)
    }

    /// Waits until it has ended well.
    pub fn wait(&mut self, patience: Duration) -> Result<()> {
        let until = Instant::now() + patience;
        while Instant::now() < until {
            match self.process.try_wait()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => bail!("a process of the benchmark failed: {status}"),
                None => thread::sleep(LOOK),
            }
        }
        bail!("a process of the benchmark does not end")
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // It may have ended already, which is just as well.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The other side: says a line.
pub fn say(report: &impl Serialize) -> Result<()> {
    let mut line = serde_json::to_string(report)?;
    line.push('\n');
    io::stdout().write_all(line.as_bytes())?;
    io::stdout().flush()?;
    Ok(())
}

/// The other side: answers every line with a report, until there are no more.
pub fn answer<T: Serialize>(report: impl Fn() -> T) -> Result<()> {
    for line in io::stdin().lines() {
        line?;
        say(&report())?;
    }
    Ok(())
}
