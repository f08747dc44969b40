//! A running journal meets a fault of its disk, which goes away again.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use enrollment_core::{
    enrollment::Key,
    journal::{Batch, Health, Reader, Report, Trouble},
};
use enrollment_faulty_disk::{Fault, Injected, install};
use fastrand::Rng;
use rusqlite::Connection;

use crate::{
    author::{Author, Shape},
    bases::Bases,
    book::{Book, Held, last_of},
    look,
    rounds::Outcome,
    stage::{PATIENCE, Stage},
};

/// Handing over never takes this long, whatever the disk does: a machine with much else to do may.
pub const AT_ONCE: Duration = Duration::from_millis(250);
/// The longest wait between two tries, and the longest that one try is kept waiting.
const RECOVERY: Duration = Duration::from_millis(5_000 + 2_000 + 1_500);

#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    InMidFlow,
    FromTheStart,
    ToTheEnd,
}

impl When {
    fn words(self) -> &'static str {
        match self {
            Self::InMidFlow => "in mid-flow",
            Self::FromTheStart => "from the start",
            Self::ToTheEnd => "to the end",
        }
    }
}

/// What a fault may be told as.
fn troubles(fault: Fault) -> &'static [Trouble] {
    match fault {
        Fault::Full => &[Trouble::Full],
        // Files that were open for writing by then answer as a failing disk does.
        Fault::ReadOnly => &[Trouble::ReadOnly, Trouble::Io, Trouble::CannotOpen],
        Fault::Busy => &[Trouble::Busy],
        Fault::CannotOpen => &[Trouble::CannotOpen],
        Fault::Io | Fault::SyncFails | Fault::ReadFails | Fault::SlowSync(_) => &[Trouble::Io],
    }
}

fn is_trouble(report: &Report, among: &[Trouble]) -> bool {
    matches!(report, Report::Health(Health::Troubled { trouble }) if among.contains(trouble))
}

struct Flow {
    stage: Stage,
    base: Book,
    batches: Vec<Batch>,
    author: Author,
    dice: Rng,
}

pub fn play(fault: Fault, seed: u64, bases: &Bases) -> Held<Outcome> {
    let mut dice = Rng::with_seed(seed);
    let when = [When::InMidFlow, When::FromTheStart, When::InMidFlow, When::ToTheEnd]
        [usize::try_from(seed % 4).unwrap_or(0)];
    let (_place, folder) = look::place()?;
    let base = begin(fault, seed, bases, &folder)?;
    let author = Author::after(seed, &base);
    let on =
        if when == When::FromTheStart { Some(inject(fault, &folder, &mut dice)?) } else { None };
    let stage = Stage::open(&folder)?;
    let mut flow = Flow { stage, base, batches: Vec::new(), author, dice };
    let on = match on {
        Some(on) => on,
        None => flow.go_until_saved(&folder, fault)?,
    };
    let spoilt = flow.suffer(&on, fault, &folder)?;
    let outcome = if when == When::ToTheEnd {
        flow.end(on, &folder)?
    } else {
        on.lift()?;
        flow.recover(&folder)?
    };
    let met = if spoilt { outcome } else { "not met" };
    let what = format!("{fault:?}, {}", when.words());
    Ok(Outcome { counts: vec![(what, met.to_owned())], restart: Duration::ZERO })
}

/// Reading fails where not everything is in memory; the others meet a small journal, or none yet.
fn begin(fault: Fault, seed: u64, bases: &Bases, folder: &Path) -> Held<Book> {
    let base = match (fault, seed % 3) {
        (Fault::ReadFails, _) => bases.large(),
        (_, 0) => {
            return std::fs::create_dir(folder)
                .map(|()| Book::default())
                .map_err(|error| error.to_string());
        }
        (_, 1) => bases.closed(),
        _ => bases.crashed(),
    };
    look::copy(&base.folder, folder).map_err(|error| error.to_string())?;
    Ok(base.book())
}

/// What holds a fault up.
enum On {
    Injected(Injected),
    /// Another program writes, and does not come to an end.
    Writing(Connection),
}

impl On {
    fn has_hit(&self) -> bool {
        match self {
            Self::Injected(it) => it.hits() > 0,
            Self::Writing(_) => true,
        }
    }

    /// The fault goes away.
    fn lift(self) -> Held {
        match self {
            Self::Injected(it) => drop(it),
            Self::Writing(db) => {
                db.execute_batch("ROLLBACK").map_err(|error| error.to_string())?;
            }
        }
        Ok(())
    }
}

fn inject(fault: Fault, folder: &Path, dice: &mut Rng) -> Held<On> {
    // Files are opened and locked too seldom to wait for.
    let begins_late = dice.bool() && !matches!(fault, Fault::Busy | Fault::CannotOpen);
    let after = if begins_late { dice.u64(..12) } else { 0 };
    // What is new goes to the log; where the database itself fails, that cannot be emptied.
    let is_half = dice.u8(..3) == 0 && matches!(fault, Fault::Full | Fault::Io);
    let place = if is_half { folder.join("journal.db") } else { folder.to_owned() };
    install()
        .inject(&place, fault.after(if is_half { 0 } else { after }))
        .map(On::Injected)
        .map_err(|error| error.to_string())
}

fn another_program(folder: &Path) -> Held<On> {
    let db = Connection::open(folder.join("journal.db")).map_err(|error| error.to_string())?;
    db.busy_timeout(Duration::from_secs(2)).map_err(|error| error.to_string())?;
    db.execute_batch("BEGIN IMMEDIATE").map_err(|error| error.to_string())?;
    Ok(On::Writing(db))
}

impl Flow {
    fn hand_over(&mut self, shape: &Shape) -> Held {
        let batch = self.author.batch(shape);
        self.batches.push(batch.clone());
        let took = self.stage.keep(batch);
        if took > AT_ONCE { Err(format!("handing over took {took:?}")) } else { Ok(()) }
    }

    fn saved(&self) -> usize {
        usize::try_from(self.stage.saved()).unwrap_or(usize::MAX)
    }

    fn everything_is_saved(&mut self, most: Duration) -> Held {
        let all = u64::try_from(self.batches.len()).unwrap_or(u64::MAX);
        self.stage.until("saving", most, |it| it.saved() == all)
    }

    /// Runs for a while; then the fault begins.
    fn go_until_saved(&mut self, folder: &Path, fault: Fault) -> Held<On> {
        self.stage.restored()?;
        for _ in 0..self.dice.usize(1..4) {
            self.hand_over(&Shape::default())?;
            self.stage.during(Duration::from_millis(self.dice.u64(..60)), |_| {});
        }
        self.everything_is_saved(PATIENCE)?;
        if fault == Fault::Busy && self.dice.bool() {
            another_program(folder)
        } else {
            inject(fault, folder, &mut self.dice)
        }
    }

    /// Goes on while the fault is there, as far as it is met.
    fn suffer(&mut self, on: &On, fault: Fault, folder: &Path) -> Held<bool> {
        let end = Instant::now() + Duration::from_millis(self.dice.u64(300..1_200));
        let met_by = Instant::now() + PATIENCE;
        loop {
            self.hand_over(&Shape::default())?;
            let pause = Duration::from_millis(self.dice.u64(1..40));
            self.stage.during(pause, |_| {});
            self.read_something(fault)?;
            let troubled = self.stage.told().any(|it| is_trouble(it, troubles(fault)));
            // Only who opens it anew meets this one.
            let is_met = on.has_hit() && fault != Fault::CannotOpen;
            let over = Instant::now() >= end && (troubled || !is_met);
            if over || Instant::now() >= met_by {
                break;
            }
        }
        let is_told = self.stage.told().any(|it| is_trouble(it, troubles(fault)));
        match self.stage.health() {
            Some(Health::Troubled { .. }) if is_told => {}
            // Writing works, so it is well again until the next reading.
            Some(Health::Well) if is_told && fault == Fault::ReadFails => {}
            _ if !on.has_hit() => return Ok(false),
            // It met those that back up and check, who try again by themselves.
            Some(Health::Well) if matches!(fault, Fault::CannotOpen | Fault::ReadFails) => {
                return Ok(false);
            }
            _ => return Err(format!("{fault:?} was met, and told is {:?}", self.stage.brief())),
        }
        self.counts_tell()?;
        if matches!(fault, Fault::Full | Fault::Io) && self.stage.list().is_some() {
            self.what_is_saved_is_there(folder)?;
        }
        Ok(true)
    }

    fn read_something(&mut self, fault: Fault) -> Held {
        // Under a lock each of these would wait for two seconds.
        if fault == Fault::Busy || self.dice.u8(..4) > 0 {
            return Ok(());
        }
        let nth = self.dice.usize(..self.base.rows.len().max(1));
        let key = self.base.rows.keys().nth(nth).copied().unwrap_or(Key(1));
        let lines = self.stage.timeline(key)?;
        // Lines that wait are no part of it yet, nor is it known that somebody is deleted.
        let mut known = (self.saved()..=self.batches.len())
            .map(|last| self.base.timeline_with(&self.batches[..last], key));
        if lines.is_empty() || known.any(|it| it == lines) {
            return Ok(());
        }
        Err(format!("the timeline of {key:?} is none that was"))
    }

    /// What waits is told, and is just what was not acknowledged.
    fn counts_tell(&mut self) -> Held {
        // Everything is taken within a moment; another try takes two seconds where it must wait.
        self.stage.during(Duration::from_millis(150), |_| {});
        let wanted = |it: &Self| {
            let waits = &it.batches[it.saved()..];
            let changes = Book::default().with(waits);
            let deleted: usize = waits.iter().map(|batch| batch.deleted.len()).sum();
            let others = deleted + changes.deeds.len();
            let (rows, lines) = (changes.rows.len(), changes.lines.len());
            (rows.max(lines) + others, rows + lines + others)
        };
        let end = Instant::now() + RECOVERY;
        loop {
            self.stage.pump();
            let (least, most) = wanted(self);
            let (told, lost) = self.stage.waiting();
            if lost == 0 && (least..=most).contains(&usize::try_from(told).unwrap_or(usize::MAX)) {
                return Ok(());
            }
            if Instant::now() >= end {
                let told = self.stage.brief();
                return Err(format!("{least} to {most} wait; told: {told:?}"));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn what_is_saved_is_there(&self, folder: &Path) -> Held {
        let reader = Reader::open(folder).map_err(|error| format!("a reader: {error}"))?;
        let found = look::read(&reader).map_err(|error| format!("a reader: {error}"))?;
        last_of(&self.base, &self.batches, self.saved(), &found).map(drop)
    }

    /// The fault is gone: it goes on by itself.
    fn recover(mut self, folder: &Path) -> Held<&'static str> {
        self.everything_is_saved(RECOVERY)?;
        let well = |it: &Stage| it.health() == Some(Health::Well) && it.waiting() == (0, 0);
        self.stage.until("health", RECOVERY, well)?;
        self.stage.idles()?;
        self.hand_over(&Shape::default())?;
        self.everything_is_saved(RECOVERY)?;
        let book = self.base.with(&self.batches);
        if self.stage.salvaged().is_some() {
            return Err("trouble was taken for damage".to_owned());
        }
        if !self.stage.close()? {
            return Err("it closes with something unsaved".to_owned());
        }
        let (found, _) = look::at_whole(folder)?;
        if found == book { Ok("recovered") } else { Err(book.difference(&found)) }
    }

    /// The console closes while the fault is there.
    fn end(self, on: On, folder: &Path) -> Held<&'static str> {
        let Self { mut stage, base, batches, .. } = self;
        stage.pump();
        let saved = usize::try_from(stage.saved()).unwrap_or(usize::MAX);
        let says_all = stage.close()?;
        on.lift()?;
        let least = if says_all { batches.len() } else { saved };
        let (found, _) = look::at_whole(folder)?;
        last_of(&base, &batches, least, &found)?;
        Ok(if says_all { "closed with all saved" } else { "closed, saying so" })
    }
}
