//! A journal lives for a while and is recorded. Then the power is lost, at some points of that
//! life, and each time the journal is opened again.

use std::{
    fs,
    path::Path,
    sync::{Arc, OnceLock},
    time::Duration,
};

use enrollment_core::journal::{Batch, Health, Report, Trouble};
use enrollment_faulty_disk::{Fault, Injected, Recording, install};
use fastrand::Rng;

use crate::{
    author::{Author, Shape},
    bases::{Bases, record},
    book::{Book, Held, last_of},
    look,
    rounds::Outcome,
    stage::{PATIENCE, Stage},
};

/// So many times the power is lost in each life.
const LOSSES: usize = 4;

/// A life that was recorded.
struct Life {
    name: &'static str,
    recording: Arc<Recording>,
    base: Book,
    batches: Vec<Batch>,
    /// Where the list was handed over for the first time: by then the identity was noted.
    opened: usize,
    identity: Vec<u8>,
    /// Right behind each acknowledgement.
    acknowledged: Vec<usize>,
    closing: usize,
    closed: usize,
    /// What a console showed that found what was never acknowledged, and from where on.
    shown: Option<(usize, usize)>,
}

pub fn play(seed: u64, bases: &Bases, syncs_fail: bool) -> Held<Outcome> {
    let mut dice = Rng::with_seed(seed ^ 0x5eed);
    let (name, base, from) = match seed % 4 {
        0 => ("first", Book::default(), None),
        1 => ("again", bases.closed().book(), Some(&bases.closed().folder)),
        2 => ("after a crash", bases.crashed().book(), Some(&bases.crashed().folder)),
        _ => ("older tables", bases.older().book(), Some(&bases.older().folder)),
    };
    let (_place, folder) = look::place()?;
    let prepared = match from {
        Some(from) => look::copy(from, &folder),
        None => fs::create_dir(&folder),
    };
    prepared.map_err(|error| error.to_string())?;
    let life = live(name, base, &folder, &mut dice, syncs_fail)?;
    let mut all = Outcome { counts: Vec::new(), restart: Duration::ZERO };
    for nth in 0..LOSSES {
        let (phase, at) = life.moment(&mut dice);
        let told = |wrong| format!("{name}, {phase}, at {at} of {}: {wrong}", life.recording.len());
        let outcome = life.lose(at, nth == 0, &mut dice, &mut all).map_err(told)?;
        all.counts.push((phase.to_owned(), outcome.to_owned()));
    }
    Ok(all)
}

/// Opens, feeds and closes a journal, some of them twice.
fn live(
    name: &'static str,
    base: Book,
    folder: &Path,
    dice: &mut Rng,
    syncs_fail: bool,
) -> Held<Life> {
    let recording = Arc::new(record(folder)?);
    let opened = Arc::new(OnceLock::new());
    let many = dice.u8(..8) == 0;
    let shape = if many {
        // The log grows until it is written back by itself.
        Shape { rows: 100..=200, lines: 1..=3, newcomers: 3, deletions: 0 }
    } else {
        // Each deletion empties the log.
        Shape { deletions: 3, ..Shape::default() }
    };
    let mut author = Author::after(dice.u64(..), &base);
    let batches = author.batches(dice.usize(6..=16), &shape);
    let mut acknowledged = Vec::new();
    let (mut closing, mut marked) = (0, 0);
    let twice = dice.usize(0..=batches.len());
    for part in [&batches[..twice], &batches[twice..]] {
        if part.is_empty() {
            continue;
        }
        let opens_badly = syncs_fail && dice.bool();
        let failing = if opens_badly { Some(spoil_opening(folder)?) } else { None };
        let (log, first) = (Arc::clone(&recording), Arc::clone(&opened));
        let mut stage = Stage::open_with(folder, move |report| {
            if matches!(report, Report::Restored { .. }) {
                first.get_or_init(|| log.len());
            }
        })?;
        feed(&mut stage, folder, part, dice, syncs_fail, |stage| {
            acknowledged.extend(mark(&recording, stage, &mut marked));
        })?;
        drop(failing);
        closing = recording.len();
        if !stage.close()? {
            return Err("it closes with something unsaved".to_owned());
        }
        look::backup_is_made(folder)?;
    }
    look::nothing_aside(folder)?;
    let opened = opened.get().copied().ok_or("no list")?;
    let identity = fs::read(folder.join("lock")).map_err(|error| error.to_string())?;
    let (closed, shown) = (recording.len(), None);
    let life = Life {
        name,
        recording,
        base,
        batches,
        opened,
        identity,
        acknowledged,
        closing,
        closed,
        shown,
    };
    if syncs_fail && dice.bool() { life.goes_on_unsynced(folder, author) } else { Ok(life) }
}

/// Marks in the recording what was acknowledged, as soon as it is.
fn mark(recording: &Recording, stage: &Stage, marked: &mut u64) -> Option<usize> {
    (stage.saved() > *marked).then(|| {
        *marked = stage.saved();
        recording.mark(*marked);
        recording.len()
    })
}

fn feed(
    stage: &mut Stage,
    folder: &Path,
    batches: &[Batch],
    dice: &mut Rng,
    syncs_fail: bool,
    mut each: impl FnMut(&Stage),
) -> Held {
    let mut failing: Option<Injected> = None;
    for batch in batches {
        if syncs_fail && dice.u8(..3) == 0 {
            failing = Some(spoil(folder, dice)?);
        }
        stage.keep(batch.clone());
        let pause = dice.choice([0, 0, 5, 30, 70, 120]).unwrap_or(0);
        stage.during(Duration::from_millis(pause), &mut each);
    }
    drop(failing);
    let newest = batches.last().map_or(0, |batch| batch.number);
    stage.until("saving", PATIENCE, |it| it.saved() == newest)?;
    each(stage);
    Ok(())
}

/// The first time that the database itself is synced.
fn spoil_opening(folder: &Path) -> Held<Injected> {
    let plan = Fault::SyncFails.times(1);
    install().inject(&folder.join("journal.db"), plan).map_err(|error| error.to_string())
}

/// Now and then writing fails as well.
fn spoil(folder: &Path, dice: &mut Rng) -> Held<Injected> {
    let fault = [Fault::SyncFails, Fault::SyncFails, Fault::Io, Fault::Full][dice.usize(..4)];
    // The database itself is written where the log is to be emptied.
    let (place, after) = if dice.bool() {
        (folder.join("journal.db"), 0)
    } else {
        (folder.to_owned(), dice.u64(..6))
    };
    install()
        .inject(&place, fault.after(after).times(dice.u64(1..4)))
        .map_err(|error| error.to_string())
}

impl Life {
    /// No sync works any more, and the console closes with changes that it could not save. The next
    /// one may find them all the same, and then shows them as saved.
    fn goes_on_unsynced(mut self, folder: &Path, mut author: Author) -> Held<Self> {
        let mut stage = Stage::opened(folder)?;
        let shape = Shape { rows: 1..=4, deletions: 0, ..Shape::default() };
        // A log that is there already: to begin one takes a sync.
        self.hand_over(&mut stage, author.batch(&shape));
        let acknowledged = self.batches.len();
        stage.until("saving", PATIENCE, |it| it.saved() > 0)?;
        self.recording.mark(stage.saved());
        let failing = install().inject(folder, Fault::SyncFails).map_err(|it| it.to_string())?;
        for _ in 0..3 {
            self.hand_over(&mut stage, author.batch(&shape));
        }
        stage.until("trouble", PATIENCE, |it| {
            matches!(it.health(), Some(Health::Troubled { trouble: Trouble::Io }))
        })?;
        if stage.close()? {
            return Err("it says that all is saved, and no sync worked".to_owned());
        }
        drop(failing);
        let mut stage = Stage::opened(folder)?;
        let from = self.recording.len();
        stage.pump();
        let (found, _) = look::whole(folder)?;
        self.shown = Some((from, last_of(&self.base, &self.batches, acknowledged, &found)?));
        stage.close()?;
        Ok(self)
    }

    fn hand_over(&mut self, stage: &mut Stage, batch: Batch) {
        stage.keep(batch.clone());
        self.batches.push(batch);
    }

    /// When the power is lost, and what the journal was about.
    fn moment(&self, dice: &mut Rng) -> (&'static str, usize) {
        // Between, while what never reached the disk is being read back, a power loss does harm.
        if let Some((from, _)) = self.shown.filter(|_| dice.bool()) {
            return ("shown", dice.usize(from..=self.recording.len()));
        }
        match dice.u8(..5) {
            0 => ("opening", dice.usize(0..=self.opened)),
            1 => ("opened", self.opened),
            2 => ("closing", dice.usize(self.closing..=self.closed)),
            3 if !self.acknowledged.is_empty() => {
                ("acknowledged", self.acknowledged[dice.usize(..self.acknowledged.len())])
            }
            _ => ("running", dice.usize(self.opened.min(self.closing)..=self.closing)),
        }
    }

    /// Loses the power, opens what is left, and looks for what was acknowledged.
    fn lose(
        &self,
        at: usize,
        again: bool,
        dice: &mut Rng,
        all: &mut Outcome,
    ) -> Held<&'static str> {
        let (_place, folder) = look::place()?;
        let survived = self.recording.power_loss(dice.u64(..), at, &folder);
        let marks = survived.map_err(|error| error.to_string())?.marks;
        self.leave_lock(at, &folder, dice)?;
        let marked = usize::try_from(marks.last().copied().unwrap_or(0)).unwrap_or(usize::MAX);
        let shown = self.shown.filter(|(from, _)| at >= *from).map_or(0, |(_, last)| last);
        let acked = marked.max(shown);
        if again {
            return self.lose_again(&folder, acked, dice, all);
        }
        let (found, took) = look::at_whole(&folder)?;
        all.restart = all.restart.max(took);
        let last = last_of(&self.base, &self.batches, acked, &found)?;
        Ok(if last > acked { "more than the acknowledged" } else { "just the acknowledged" })
    }

    /// What was shown after the first loss must still be there after one that follows.
    fn lose_again(
        &self,
        folder: &Path,
        acked: usize,
        dice: &mut Rng,
        all: &mut Outcome,
    ) -> Held<&'static str> {
        let recording = Arc::new(record(folder)?);
        let opened = Arc::new(OnceLock::new());
        let (log, first) = (Arc::clone(&recording), Arc::clone(&opened));
        let stage = Stage::open_with(folder, move |report| {
            if matches!(report, Report::Restored { .. }) {
                first.get_or_init(|| log.len());
            }
        })?;
        let (found, took) = look::at_stage(folder, stage)?;
        all.restart = all.restart.max(took);
        let last = last_of(&self.base, &self.batches, acked, &found)?;
        let opened = opened.get().copied().ok_or("no list")?;
        let identity = self.identity_of(folder)?;
        let batches = self.batches.clone();
        let second = Self {
            name: self.name,
            recording,
            base: self.base.clone(),
            batches,
            opened,
            identity,
            acknowledged: Vec::new(),
            closing: opened,
            closed: opened,
            shown: None,
        };
        let (_place, again) = look::place()?;
        let (_, at) = second.moment(dice);
        let survived = second.recording.power_loss(dice.u64(..), at, &again);
        survived.map_err(|error| error.to_string())?;
        second.leave_lock(at, &again, dice)?;
        let acked = if at >= opened { last } else { acked };
        let whole = look::at_whole(&again).and_then(|(found, took)| {
            all.restart = all.restart.max(took);
            last_of(&self.base, &self.batches, acked, &found)
        });
        whole.map_err(|wrong| format!("lost again at {at}, opened at {opened}: {wrong}"))?;
        Ok("whole after a second loss")
    }

    fn identity_of(&self, folder: &Path) -> Held<Vec<u8>> {
        let identity = fs::read(folder.join("lock")).map_err(|error| error.to_string())?;
        let is_ours = identity == self.identity || self.name == "first";
        if is_ours { Ok(identity) } else { Err("another identity".to_owned()) }
    }

    /// The identity is written beside SQLite, at the end of the first opening: before, there may
    /// be an empty file; at that moment, anything.
    fn leave_lock(&self, at: usize, folder: &Path, dice: &mut Rng) -> Held {
        let lock = folder.join("lock");
        let is_whole = fs::read(&lock).is_ok_and(|it| it == self.identity);
        let length = self.identity.len();
        let left = match at.cmp(&self.opened) {
            std::cmp::Ordering::Less => dice.bool().then_some(0),
            std::cmp::Ordering::Equal => {
                [None, Some(0), Some(dice.usize(..length)), Some(length)][dice.usize(..4)]
            }
            std::cmp::Ordering::Greater => Some(length),
        };
        match left.filter(|_| !is_whole) {
            Some(left) => fs::write(lock, &self.identity[..left]).map_err(|it| it.to_string()),
            None => Ok(()),
        }
    }
}
