//! What the journal does once a day: a backup, and deleting what was kept long enough.

use std::{
    panic::catch_unwind,
    thread,
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};

use super::{
    Notice, Report, Trouble, backups, fault::Fault, line::Request, store::Store, writer::Writer,
};

/// The backup of a day is made again when it is older, so that a day's work is in it.
const AGE: Duration = Duration::from_secs(4 * 3_600);
/// How often it is looked whether another day has begun, or a failed backup can be made.
const ROUND: Duration = Duration::from_secs(3_600);

#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing to do, for itself")]
pub(super) struct Rounds {
    next: Instant,
    backing_up: bool,
    /// The day on which it was last looked for what was kept long enough.
    swept: Option<String>,
    /// The day of which it was told that there is no backup.
    told: Option<String>,
    /// The backups may hold somebody who is to be forgotten.
    scrub: bool,
    /// What was left of unfinished copies is gone.
    cleared: bool,
    /// It could not be read to its end.
    unchecked: bool,
}

impl Default for Rounds {
    fn default() -> Self {
        Self {
            next: Instant::now(),
            backing_up: false,
            swept: None,
            told: None,
            scrub: true,
            cleared: false,
            unchecked: false,
        }
    }
}

impl Rounds {
    pub fn next(&self) -> Instant {
        self.next
    }

    pub fn sweep_again(&mut self) {
        self.swept = None;
        self.next = Instant::now();
    }

    pub fn scrub_again(&mut self) {
        self.scrub = true;
        self.next = Instant::now();
    }
}

impl Writer {
    /// Does what is due. Nothing is deleted before the day has its backup: a clock that is wrong
    /// by years would otherwise delete everything for good.
    pub(super) fn round(&mut self) -> Result<(), Fault> {
        let now = Instant::now();
        if self.store().is_none() || now < self.rounds.next {
            return Ok(());
        }
        // Whatever fails here is tried again in the next round.
        self.rounds.next = now + ROUND;
        if self.rounds.scrub && !self.rounds.backing_up {
            self.rounds.scrub = !self.scrub()?;
        }
        if std::mem::take(&mut self.rounds.unchecked) {
            self.check_aside();
        }
        let day = backups::day(Timestamp::now());
        let age = backups::age(self.folder.path(), &day);
        if !self.rounds.cleared {
            // Halves of copies hold customers as whole ones do.
            self.rounds.cleared = backups::clear_halves(self.folder.path()).is_ok();
        }
        if age.is_some() && self.rounds.swept.as_ref() != Some(&day) {
            self.sweep()?;
            self.rounds.swept = Some(day.clone());
        }
        let old = age.is_none_or(|age| age >= AGE) && !store_is_empty(self.store())?;
        if old && !self.rounds.backing_up {
            self.back_up(day);
        }
        Ok(())
    }

    /// Has the backups forget whom they have still to forget; says whether they did.
    fn scrub(&self) -> Result<bool, Fault> {
        let Some(store) = self.store() else { return Ok(false) };
        let whom = store.forgotten()?;
        // Nothing that is wrong with a backup is wrong with the journal.
        if whom.is_empty() || backups::forget(self.folder.path(), &whom).is_err() {
            return Ok(whom.is_empty());
        }
        store.backups_forgot(&whom)?;
        Ok(true)
    }

    /// Asks the desk for what was kept long enough: it alone knows what somebody went on with.
    fn sweep(&self) -> Result<(), Fault> {
        let days = i64::from(u16::from(self.keep_days));
        let age = SignedDuration::from_hours(24 * days);
        let cutoff = Timestamp::now().saturating_sub(age).unwrap_or(Timestamp::MIN);
        let Some(store) = self.store() else { return Ok(()) };
        store.delete_orphans(cutoff)?;
        let due = store.due(cutoff)?;
        if !due.is_empty() {
            (self.tell)(Report::Due(due));
        }
        Ok(())
    }

    /// A copy reads all of the journal, which would keep changes waiting here.
    fn back_up(&mut self, day: String) {
        let (folder, own) = (self.folder.path().to_owned(), self.own.clone());
        let mends = self.mends;
        let work = move || {
            // However it ends, it has to be told.
            let result = catch_unwind(|| backups::make(&folder, &day));
            let result = result.unwrap_or(Err(Fault::Trouble(Trouble::Other)));
            // Whoever waited for it may have closed meanwhile.
            let _ = own.send(Request::BackedUp { day, mends, result });
        };
        let begun = thread::Builder::new().name("journal-backup".into()).spawn(work);
        self.rounds.backing_up = begun.is_ok();
    }

    pub(super) fn backed_up(
        &mut self,
        day: String,
        mends: u32,
        result: Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.rounds.backing_up = false;
        match result {
            // What it was to copy has been moved aside meanwhile.
            Err(_) if mends != self.mends => self.rounds.next = Instant::now(),
            // It may hold somebody who was forgotten as it was made.
            Ok(()) => self.rounds.scrub_again(),
            Err(Fault::Damaged(why)) => return Err(Fault::Damaged(why)),
            Err(fault) => {
                if self.rounds.told.as_ref() != Some(&day) {
                    (self.tell)(Report::Notice(Notice::NoBackup { trouble: fault.trouble() }));
                    self.rounds.told = Some(day);
                }
            }
        }
        Ok(())
    }

    /// After a crash all of the journal is read, which the list does not wait for.
    pub(super) fn check_aside(&self) {
        let (path, own) = (self.folder.database(), self.own.clone());
        let mends = self.mends;
        let work = move || {
            let result = backups::open_to_read(&path).and_then(|db| backups::check(&db));
            let _ = own.send(Request::Checked { mends, result });
        };
        // The day's backup reads all of it as well.
        let _ = thread::Builder::new().name("journal-check".into()).spawn(work);
    }

    pub(super) fn checked(&mut self, mends: u32, result: Result<(), Fault>) -> Result<(), Fault> {
        match result {
            Err(Fault::Damaged(why)) if mends == self.mends => Err(Fault::Damaged(why)),
            // What was mended has been read as it was put together.
            Ok(()) | Err(Fault::Damaged(_)) => Ok(()),
            Err(Fault::Trouble(_) | Fault::Newer) => {
                self.rounds.unchecked = true;
                Ok(())
            }
        }
    }
}

fn store_is_empty(store: Option<&Store>) -> Result<bool, Fault> {
    store.map_or(Ok(true), Store::is_empty)
}
