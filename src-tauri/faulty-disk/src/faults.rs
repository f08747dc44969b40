//! Which faults are on, and what an operation meets.

use std::ffi::c_int;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::ffi;

use crate::STATE;

/// One way in which a disk fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing more fits: writing answers `SQLITE_FULL`.
    Full,
    /// The disk is going: writing and syncing answer `SQLITE_IOERR`.
    Io,
    /// Writing works, syncing does not. What it would have made safe may be lost for good: no
    /// later sync makes up for it.
    SyncFails,
    /// Reading answers `SQLITE_IOERR_READ`.
    ReadFails,
    /// The file system has become read-only. Who opens a file gets it for reading, or not at all
    /// where it would have to be made (as a database in WAL mode needs its `-shm`). Files that
    /// were open for writing by then answer as `SQLite` has it from Unix: `SQLITE_IOERR_WRITE`,
    /// not `SQLITE_READONLY`.
    ReadOnly,
    /// Another process is writing: locks answer `SQLITE_BUSY`. In WAL mode a connection that has
    /// read before still reads.
    Busy,
    /// Opening answers `SQLITE_CANTOPEN`.
    CannotOpen,
    /// Syncing takes this long, and then works.
    SlowSync(Duration),
}

impl Fault {
    /// The fault, beginning after this many operations that it is about.
    #[must_use]
    pub fn after(self, operations: u64) -> Plan {
        Plan::from(self).after(operations)
    }

    /// The fault, for this many operations that it is about.
    #[must_use]
    pub fn times(self, operations: u64) -> Plan {
        Plan::from(self).times(operations)
    }

    fn refused(self) -> &'static [(Operation, c_int)] {
        match self {
            Self::Full => &[(Operation::Write, ffi::SQLITE_FULL)],
            Self::Io => &[
                (Operation::Write, ffi::SQLITE_IOERR_WRITE),
                (Operation::Sync, ffi::SQLITE_IOERR_FSYNC),
            ],
            Self::SyncFails => &[(Operation::Sync, ffi::SQLITE_IOERR_FSYNC)],
            Self::ReadFails => &[(Operation::Read, ffi::SQLITE_IOERR_READ)],
            Self::ReadOnly => &[
                (Operation::Write, ffi::SQLITE_IOERR_WRITE),
                (Operation::Truncate, ffi::SQLITE_IOERR_TRUNCATE),
                (Operation::Delete, ffi::SQLITE_IOERR_DELETE),
                (Operation::CreateShm, ffi::SQLITE_CANTOPEN),
            ],
            Self::Busy => &[(Operation::Lock, ffi::SQLITE_BUSY)],
            Self::CannotOpen => &[(Operation::Open, ffi::SQLITE_CANTOPEN)],
            Self::SlowSync(_) => &[],
        }
    }

    fn effect(self, operation: Operation) -> Option<Effect> {
        match self {
            Self::SlowSync(time) if operation == Operation::Sync => Some(Effect::Delay(time)),
            Self::ReadOnly if operation == Operation::Open => Some(Effect::OnlyReading),
            Self::Full
            | Self::Io
            | Self::SyncFails
            | Self::ReadFails
            | Self::ReadOnly
            | Self::Busy
            | Self::CannotOpen
            | Self::SlowSync(_) => {
                let refused = self.refused().iter().find(|(about, _)| *about == operation);
                refused.map(|(_, code)| Effect::Refuse(*code))
            }
        }
    }
}

/// A fault, and which of the operations that it is about it spoils: all of them, unless said
/// otherwise.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    fault: Fault,
    after: u64,
    times: u64,
}

impl Plan {
    /// The first so many operations work as ever.
    #[must_use]
    pub fn after(self, operations: u64) -> Self {
        Self { after: operations, ..self }
    }

    /// Only so many operations are spoilt; the disk is well again by itself then.
    #[must_use]
    pub fn times(self, operations: u64) -> Self {
        Self { times: operations, ..self }
    }
}

impl From<Fault> for Plan {
    fn from(fault: Fault) -> Self {
        Self { fault, after: 0, times: u64::MAX }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Open,
    Read,
    Write,
    Truncate,
    Sync,
    Lock,
    Delete,
    CreateShm,
}

enum Effect {
    Refuse(c_int),
    Delay(Duration),
    OnlyReading,
}

/// What an operation has to put up with. Several faults may be on at once.
#[derive(Default)]
pub(crate) struct Met {
    pub refused: Option<c_int>,
    pub only_reading: bool,
    pub delay: Duration,
}

struct Active {
    id: u64,
    place: PathBuf,
    plan: Plan,
    met: u64,
    hits: u64,
}

pub(crate) struct Faults(Mutex<Known>);

struct Known {
    active: Vec<Active>,
    next: u64,
}

impl Faults {
    pub const fn new() -> Self {
        Self(Mutex::new(Known { active: Vec::new(), next: 0 }))
    }

    pub fn inject(&self, place: PathBuf, plan: Plan) -> Injected {
        let mut known = self.known();
        let id = known.next;
        known.next += 1;
        known.active.push(Active { id, place, plan, met: 0, hits: 0 });
        Injected { id }
    }

    pub fn meet(&self, path: &Path, operation: Operation) -> Met {
        let mut met = Met::default();
        for active in self.known().active.iter_mut().filter(|it| path.starts_with(&it.place)) {
            let Some(effect) = active.plan.fault.effect(operation) else { continue };
            active.met += 1;
            if active.met <= active.plan.after || active.hits >= active.plan.times {
                continue;
            }
            active.hits += 1;
            match effect {
                Effect::Refuse(code) => met.refused = met.refused.or(Some(code)),
                Effect::Delay(time) => met.delay += time,
                Effect::OnlyReading => met.only_reading = true,
            }
        }
        met
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A fault that is on, for as long as this lives.
#[derive(Debug)]
#[must_use = "the fault is switched off when this is dropped"]
pub struct Injected {
    id: u64,
}

impl Injected {
    /// How many operations it has spoilt so far.
    #[must_use]
    pub fn hits(&self) -> u64 {
        let known = STATE.faults.known();
        known.active.iter().find(|it| it.id == self.id).map_or(0, |it| it.hits)
    }
}

impl Drop for Injected {
    fn drop(&mut self) {
        STATE.faults.known().active.retain(|it| it.id != self.id);
    }
}
