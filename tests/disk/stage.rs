//! A journal under test, and all that it told.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc, OnceLock,
        mpsc::{Receiver, RecvTimeoutError, TryRecvError, channel},
    },
    thread,
    time::{Duration, Instant},
};

use enrollment_core::{
    enrollment::{Entry, Key},
    journal::{Batch, Folder, Health, Journal, KeepDays, Kept, Notice, Report},
};

use crate::book::Held;

pub const PATIENCE: Duration = Duration::from_secs(20);
const GLANCE: Duration = Duration::from_micros(300);

pub struct Stage {
    journal: Journal,
    reports: Receiver<(Instant, Report)>,
    started: Instant,
    told: Vec<(Instant, Report)>,
    saved: u64,
    is_gone: bool,
    /// Where the system counts the time of the journal's thread.
    clock: Arc<OnceLock<PathBuf>>,
}

impl Stage {
    pub fn open(path: &Path) -> Held<Self> {
        Self::open_with(path, |_| {})
    }

    /// `each` is told of every report on the journal's own thread.
    pub fn open_with(path: &Path, each: impl Fn(&Report) + Send + 'static) -> Held<Self> {
        let started = Instant::now();
        let folder = Folder::claim(path).map_err(|error| format!("claiming: {error}"))?;
        let (sender, reports) = channel();
        let clock = Arc::new(OnceLock::new());
        let own = Arc::clone(&clock);
        let tell = move |report| {
            own.get_or_init(|| {
                let thread = fs::read_link("/proc/thread-self").unwrap_or_default();
                Path::new("/proc").join(thread).join("schedstat")
            });
            each(&report);
            let _ = sender.send((Instant::now(), report));
        };
        let journal = Journal::start(folder, KeepDays::default(), tell)
            .map_err(|error| format!("starting: {error}"))?;
        Ok(Self { journal, reports, started, told: Vec::new(), saved: 0, is_gone: false, clock })
    }

    /// Opens it and waits for the list, which must come within two seconds.
    pub fn opened(path: &Path) -> Held<Self> {
        let mut stage = Self::open(path)?;
        stage.restored()?;
        Ok(stage)
    }

    /// Waits for the list. Says how long after the start it came.
    pub fn restored(&mut self) -> Held<Duration> {
        self.until("the list", PATIENCE, |it| it.list().is_some() && it.health().is_some())?;
        let came = self.told.iter().find(|(_, it)| matches!(it, Report::Restored { .. }));
        Ok(came.map_or(PATIENCE, |(at, _)| at.duration_since(self.started)))
    }

    /// Takes what was told meanwhile.
    pub fn pump(&mut self) {
        loop {
            match self.reports.try_recv() {
                Ok(told) => self.told.push(told),
                Err(error) => {
                    self.is_gone |= error == TryRecvError::Disconnected;
                    break;
                }
            }
        }
        match self.journal.news() {
            Some(Report::Saved { upto, .. }) => self.saved = upto,
            Some(other) => self.told.push((Instant::now(), other)),
            None => {}
        }
    }

    /// Waits until something holds.
    pub fn until(&mut self, what: &str, most: Duration, holds: impl Fn(&Self) -> bool) -> Held {
        let end = Instant::now() + most;
        loop {
            self.pump();
            if holds(self) {
                return Ok(());
            }
            if self.is_gone {
                return Err(format!("waiting for {what}: the journal's thread is gone"));
            }
            if Instant::now() >= end {
                return Err(format!("{what} did not come in {most:?}; told: {:?}", self.brief()));
            }
            thread::sleep(GLANCE);
        }
    }

    /// Goes on for so long, and has `each` look at every glance.
    pub fn during(&mut self, time: Duration, mut each: impl FnMut(&Self)) {
        let end = Instant::now() + time;
        while Instant::now() < end {
            self.pump();
            each(self);
            thread::sleep(GLANCE);
        }
    }

    /// Hands a batch over. Says how long that took.
    pub fn keep(&mut self, batch: Batch) -> Duration {
        let begin = Instant::now();
        self.journal.keep(batch);
        begin.elapsed()
    }

    pub fn saved(&self) -> u64 {
        self.saved
    }

    pub fn told(&self) -> impl DoubleEndedIterator<Item = &Report> {
        self.told.iter().map(|(_, report)| report)
    }

    pub fn list(&self) -> Option<&[Kept]> {
        self.told().find_map(|it| {
            if let Report::Restored { kept, .. } = it { Some(kept.as_slice()) } else { None }
        })
    }

    pub fn health(&self) -> Option<Health> {
        self.told()
            .rev()
            .find_map(|it| if let Report::Health(health) = it { Some(*health) } else { None })
    }

    /// What was told last of what waits, and of what is lost.
    pub fn waiting(&self) -> (u32, u32) {
        let newest = self.told().rev().find_map(|it| {
            if let Report::Waiting { waiting, lost } = it { Some((*waiting, *lost)) } else { None }
        });
        newest.unwrap_or((0, 0))
    }

    /// The last notice of damage, where there was one.
    pub fn salvaged(&self) -> Option<&Notice> {
        self.told().rev().find_map(|it| match it {
            Report::Notice(notice @ Notice::Salvaged { .. }) => Some(notice),
            Report::Notice(
                Notice::UnknownEnvironment { .. }
                | Notice::NoFolder { .. }
                | Notice::NoBackup { .. },
            )
            | Report::Restored { .. }
            | Report::Saved { .. }
            | Report::Health(_)
            | Report::Waiting { .. }
            | Report::Due(_) => None,
        })
    }

    /// All lines of a timeline, as the window asks for them: from the newest on.
    pub fn timeline(&mut self, key: Key) -> Held<Vec<Entry>> {
        let mut all = Vec::new();
        let mut before = u32::MAX;
        loop {
            let (sender, found) = channel();
            let reply = move |lines| {
                let _ = sender.send(lines);
            };
            self.journal.timeline(key, before, Box::new(reply));
            let lines: Option<Vec<Entry>> = found.recv_timeout(PATIENCE).map_err(|error| {
                let gone = error == RecvTimeoutError::Disconnected;
                format!("no timeline of {key:?}{}", if gone { ": nobody is there" } else { "" })
            })?;
            let mut lines = lines.unwrap_or_default();
            let Some(first) = lines.first().map(|line| line.seq) else { return Ok(all) };
            before = first;
            lines.append(&mut all);
            all = lines;
        }
    }

    /// With nothing to do it uses no processor; known on Linux alone.
    pub fn idles(&mut self) -> Held {
        const WHILE: Duration = Duration::from_millis(100);
        let Some(before) = self.worked() else { return Ok(()) };
        self.during(WHILE, |_| {});
        let worked = self.worked().unwrap_or_default().saturating_sub(before);
        if worked > WHILE / 3 {
            Err(format!("idle, it works {worked:?} of {WHILE:?}"))
        } else {
            Ok(())
        }
    }

    fn worked(&self) -> Option<Duration> {
        let counts = fs::read_to_string(self.clock.get()?).ok()?;
        Some(Duration::from_nanos(counts.split(' ').next()?.parse().ok()?))
    }

    /// Closes it; says whether it says that all is saved.
    pub fn close(mut self) -> Held<bool> {
        self.pump();
        let (done, closed) = channel();
        self.journal.close(done);
        closed.recv_timeout(PATIENCE).map_err(|_| "it does not close".to_owned())
    }

    /// What was told, without the lists.
    pub fn brief(&self) -> Vec<String> {
        let brief = |report: &Report| match report {
            Report::Restored { kept, .. } => format!("a list of {}", kept.len()),
            Report::Due(due) => format!("{} due", due.len()),
            Report::Saved { .. }
            | Report::Health(_)
            | Report::Waiting { .. }
            | Report::Notice(_) => format!("{report:?}"),
        };
        self.told().map(brief).collect()
    }
}
