//! The journal's thread: gathers what is to be kept, and keeps it.

use std::{
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};

use jiff::Timestamp;

use super::{
    Folder, Health, KeepDays, Report, Trouble,
    fault::Fault,
    line::{Request, Saved},
    mend::mend,
    pending::Pending,
    rounds::Rounds,
    store::{Opened, Store},
};

/// What arrives within so long is kept together.
const GATHER: Duration = Duration::from_millis(50);
/// While anything is watched it is noted this often that the console runs.
const BEAT: Duration = Duration::from_secs(10);
/// How soon the log is emptied that somebody who read it kept from that.
const LOG_TELLS: Duration = Duration::from_secs(1);
const FIRST_RETRY: Duration = Duration::from_millis(100);
const MOST_MENDS: u32 = 3;
const LONGEST_RETRY: Duration = Duration::from_secs(5);

enum Base {
    Closed,
    Open(Store),
    /// A newer console's, to read from alone.
    Newer(Store),
}

struct Retry {
    at: Instant,
    after: Duration,
}

pub(super) struct Writer {
    pub(super) folder: Folder,
    pub(super) tell: Box<dyn Fn(Report) + Send>,
    requests: mpsc::Receiver<Request>,
    /// For the threads that check and back up.
    pub(super) own: mpsc::Sender<Request>,
    saved: Arc<Saved>,
    base: Base,
    pending: Pending,
    health: Health,
    waiting: (u32, u32),
    retry: Option<Retry>,
    /// The list was handed over.
    restored: bool,
    /// How often it was mended: what was begun before is about another file.
    pub(super) mends: u32,
    live: bool,
    wrote: Instant,
    /// The log still holds what was deleted.
    log_tells: bool,
    pub(super) keep_days: KeepDays,
    pub(super) rounds: Rounds,
}

/// The console closes; whoever waits for the end is told whether all is saved.
struct Closing(Option<mpsc::Sender<bool>>);

impl Writer {
    pub fn new(
        folder: Folder,
        keep_days: KeepDays,
        tell: Box<dyn Fn(Report) + Send>,
        requests: mpsc::Receiver<Request>,
        own: mpsc::Sender<Request>,
        saved: Arc<Saved>,
        pending: Pending,
    ) -> Self {
        Self {
            folder,
            tell,
            requests,
            own,
            saved,
            base: Base::Closed,
            pending,
            health: Health::Opening,
            waiting: (0, 0),
            retry: None,
            restored: false,
            mends: 0,
            live: false,
            wrote: Instant::now(),
            log_tells: false,
            keep_days,
            rounds: Rounds::default(),
        }
    }

    pub fn run(mut self) {
        self.work();
        let closing = loop {
            if let Err(closing) = self.gather() {
                break closing;
            }
            self.work();
        };
        // The last chance does not wait for the next try, and begins nothing else.
        self.retry = None;
        self.try_to_save();
        let all = self.pending.is_empty();
        if let Base::Open(store) = std::mem::replace(&mut self.base, Base::Closed) {
            // Where it cannot be emptied now, the next start reads the log.
            let _ = store.close();
        }
        // The folder is free again.
        drop(self);
        if let Closing(Some(done)) = closing {
            let _ = done.send(all);
        }
    }

    /// Waits for something to do, and takes what arrives within a moment of it.
    fn gather(&mut self) -> Result<(), Closing> {
        let first = match self.requests.recv_timeout(self.patience()) {
            Ok(first) => first,
            Err(mpsc::RecvTimeoutError::Timeout) => return Ok(()),
            Err(mpsc::RecvTimeoutError::Disconnected) => return Err(Closing(None)),
        };
        self.take(first)?;
        let end = Instant::now() + GATHER;
        while !self.pending.is_empty() {
            let left = end.saturating_duration_since(Instant::now());
            let Ok(next) = self.requests.recv_timeout(left) else { break };
            self.take(next)?;
        }
        Ok(())
    }

    fn patience(&self) -> Duration {
        let next = match (&self.retry, &self.base) {
            // Until then nothing is tried at all.
            (Some(retry), _) => retry.at,
            // It has just been mended.
            (None, Base::Open(_)) if !self.pending.is_empty() => return Duration::ZERO,
            (None, Base::Open(_)) if self.log_tells => self.wrote + LOG_TELLS,
            (None, Base::Open(_)) if self.live => self.rounds.next().min(self.wrote + BEAT),
            (None, Base::Open(_)) => self.rounds.next(),
            (None, Base::Closed | Base::Newer(_)) => return BEAT,
        };
        next.saturating_duration_since(Instant::now())
    }

    fn take(&mut self, request: Request) -> Result<(), Closing> {
        match request {
            Request::Keep(batch) => {
                self.live = batch.live;
                self.pending.take(batch);
            }
            Request::Timeline { key, before, reply } => {
                self.look_up(|store| store.timeline(key, before), reply);
            }
            Request::Timelines { of, reply } => {
                let all = |store: &Store| {
                    of.into_iter().map(|(key, before)| store.timeline(key, before)).collect()
                };
                self.look_up(all, reply);
            }
            Request::KeepDays(days) => {
                self.keep_days = days;
                self.rounds.sweep_again();
            }
            Request::BackedUp { day, mends, result } => {
                if let Err(fault) = self.backed_up(day, mends, result) {
                    self.failed(&fault);
                }
            }
            Request::Checked { mends, result } => {
                if let Err(fault) = self.checked(mends, result) {
                    self.failed(&fault);
                }
            }
            Request::Close(done) => return Err(Closing(done)),
        }
        Ok(())
    }

    /// Reads what somebody asked for. What was handed over before is part of it.
    fn look_up<T>(
        &mut self,
        read: impl FnOnce(&Store) -> Result<T, Fault>,
        reply: Box<dyn FnOnce(Option<T>) + Send>,
    ) {
        self.save_if_due();
        let found = match &self.base {
            Base::Open(store) | Base::Newer(store) => read(store),
            Base::Closed => Err(Fault::Trouble(Trouble::Other)),
        };
        match found {
            Ok(found) => reply(Some(found)),
            Err(fault) => {
                reply(None);
                if self.is_open() {
                    self.failed(&fault);
                }
            }
        }
    }

    fn work(&mut self) {
        if self.retry.as_ref().is_some_and(|retry| retry.at > Instant::now()) {
            return self.tell_waiting();
        }
        self.try_to_save();
        if let Err(fault) = self.round() {
            self.failed(&fault);
        }
        self.tell_waiting();
    }

    fn try_to_save(&mut self) {
        if matches!(self.base, Base::Closed) {
            self.open();
        }
        self.save();
    }

    fn save_if_due(&mut self) {
        if self.retry.is_none() {
            self.save();
        }
    }

    pub(super) fn store(&self) -> Option<&Store> {
        match &self.base {
            Base::Open(store) => Some(store),
            Base::Closed | Base::Newer(_) => None,
        }
    }

    fn is_open(&self) -> bool {
        self.store().is_some()
    }

    fn open(&mut self) {
        let now = Timestamp::now();
        match Store::open(&mut self.folder, now).and_then(|opened| self.opened(opened)) {
            Ok(()) => {}
            Err(Fault::Newer) => self.open_newer(),
            Err(fault) => self.failed(&fault),
        }
    }

    fn opened(&mut self, Opened { store, unclean }: Opened) -> Result<(), Fault> {
        if !self.restored {
            let (kept, seen) = (store.list()?, store.seen()?);
            (self.tell)(Report::Restored { kept, seen: Some(seen) });
            self.restored = true;
        }
        self.base = Base::Open(store);
        self.is_well();
        if unclean {
            self.check_aside();
        }
        Ok(())
    }

    fn open_newer(&mut self) {
        match Store::open_newer(&self.folder) {
            Ok(store) => {
                self.set_health(Health::Newer);
                let kept = store.list_what_can_be_read();
                (self.tell)(Report::Restored { kept, seen: None });
                self.restored = true;
                self.base = Base::Newer(store);
            }
            Err(fault) => self.failed(&fault),
        }
    }

    fn save(&mut self) {
        let Base::Open(store) = &mut self.base else { return };
        let now = Timestamp::now();
        // After trouble it is found out whether there still is any.
        let due = self.retry.is_some()
            || (self.live && self.wrote.elapsed() >= BEAT)
            || (self.log_tells && self.wrote.elapsed() >= LOG_TELLS);
        let result = if !self.pending.is_empty() {
            store.commit(&self.pending, now)
        } else if due {
            store.beat(now)
        } else {
            return;
        };
        if let Err(fault) = result {
            return self.failed(&fault);
        }
        if !store.is_still_there(&self.folder.database()) {
            return self.failed(&Fault::Damaged("its file is gone".to_owned()));
        }
        self.wrote = Instant::now();
        if self.pending.forgets() {
            self.rounds.scrub_again();
        }
        self.log_tells |= self.pending.wipes();
        self.pending.clear();
        self.saved.set(self.pending.upto, now);
        // All of it is saved by now, whatever comes of this.
        if self.log_tells {
            match store.empty_log() {
                Ok(emptied) => self.log_tells = !emptied,
                Err(fault) => return self.failed(&fault),
            }
        }
        self.is_well();
    }

    /// Nothing is lost by it: what waits goes on waiting, and what is damaged is mended.
    pub(super) fn failed(&mut self, fault: &Fault) {
        let trouble = match fault {
            Fault::Trouble(trouble) => *trouble,
            Fault::Damaged(_) => match self.mended() {
                Ok(()) => return,
                Err(trouble) => trouble,
            },
            Fault::Newer => Trouble::Other,
        };
        self.set_health(Health::Troubled { trouble });
        let after = self.retry.as_ref().map_or(FIRST_RETRY, |it| (it.after * 2).min(LONGEST_RETRY));
        self.retry = Some(Retry { at: Instant::now() + after, after });
    }

    fn mended(&mut self) -> Result<(), Trouble> {
        self.base = Base::Closed;
        // A disk that damages whatever is written to it is not mended by writing more.
        if self.mends == MOST_MENDS {
            return Err(Trouble::Other);
        }
        self.mends += 1;
        // It may take a while.
        self.set_health(Health::Opening);
        let notice = mend(&mut self.folder, Timestamp::now()).map_err(|fault| fault.trouble())?;
        let opened = Store::open(&mut self.folder, Timestamp::now());
        opened.and_then(|opened| self.opened(opened)).map_err(|fault| fault.trouble())?;
        // The backups have filled gaps, and may have to forget somebody themselves.
        self.rounds.scrub_again();
        (self.tell)(Report::Notice(notice));
        Ok(())
    }

    fn is_well(&mut self) {
        self.retry = None;
        self.set_health(Health::Well);
    }

    fn set_health(&mut self, health: Health) {
        if self.health != health {
            self.health = health;
            (self.tell)(Report::Health(health));
        }
    }

    /// How much waits is told where it does not go away by itself.
    fn tell_waiting(&mut self) {
        let waiting = if self.health == Health::Well { 0 } else { self.pending.waiting() };
        let now = (waiting, self.pending.lost);
        if std::mem::replace(&mut self.waiting, now) != now {
            (self.tell)(Report::Waiting { waiting: now.0, lost: now.1 });
        }
    }
}
