//! *Look again at half past two*: one single poll at a moment that somebody chose, of an enrollment
//! that nobody watches.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;

use super::{
    Desk, Ticket,
    record::{Purpose, Record, Step},
    view::{Key, Refused},
    ways_out::PATIENCE,
};
use crate::{
    enrollment::{Event, Look, Miss, Phase},
    time::{Moment, Mono},
};

/// Nobody plans further ahead: the next shift has its own plans.
const FURTHEST: Duration = Duration::from_secs(24 * 3_600);

impl Desk {
    /// Plans the look at `at` (Unix time in milliseconds), in place of another one; none takes it
    /// back.
    pub(super) fn plan_look(
        &mut self,
        key: Key,
        at: Option<i64>,
        now: Moment,
    ) -> Result<(), Refused> {
        let record = self.table.get(&key).ok_or(Refused::UnknownEnrollment)?;
        let Some(ms) = at else {
            if self.drop_look(key) {
                self.note(key, Event::LookPlanned { at: None }, now);
            }
            return Ok(());
        };
        if !record.may_be_checked() {
            return Err(Refused::NotNow);
        }
        let at = Timestamp::from_millisecond(ms).map_err(|_| Refused::BadTime)?;
        let ahead = Duration::try_from(at.duration_since(now.wall)).unwrap_or_default();
        if ahead.is_zero() || ahead > FURTHEST {
            return Err(Refused::BadTime);
        }
        self.set_look(key, Some(Look { at, by: Arc::clone(&self.operator) }));
        self.note(key, Event::LookPlanned { at: Some(at) }, now);
        Ok(())
    }

    /// Says whether there was one.
    pub(super) fn drop_look(&mut self, key: Key) -> bool {
        self.set_look(key, None).is_some()
    }

    /// Where a look comes and goes, so that the order of all looks stays true.
    pub(super) fn set_look(&mut self, key: Key, look: Option<Look>) -> Option<Look> {
        let record = self.table.get_mut(&key)?;
        let before = record.look.take();
        if let Some(before) = &before {
            self.looks.remove(&(before.at, key));
        }
        if let Some(look) = look {
            self.looks.insert((look.at, key));
            record.look = Some(Box::new(look));
        } else if before.is_none() {
            return None;
        }
        self.changes.rows.insert(key);
        self.ledger.row(key);
        before.map(|look| *look)
    }

    /// Asks for everybody whose time has come. Where nothing can be asked at the moment (no token,
    /// no connection), the look waits until something can.
    pub(super) fn look_again(&mut self, now: Moment) {
        let due: Vec<Key> =
            self.looks.iter().take_while(|(at, _)| *at <= now.wall).map(|(_, key)| *key).collect();
        for key in due {
            let Some(record) = self.table.get(&key).filter(|_| self.may_ask_for(key)) else {
                continue;
            };
            // What is on its way already is the look.
            let asks = record.single.is_none();
            let earliest = record.earliest(now.mono);
            if asks && earliest.since(now.mono) > PATIENCE {
                let put_off = |look: &Look| Look { at: now.wall_at(earliest), ..look.clone() };
                let later = record.look.as_deref().map(put_off);
                self.set_look(key, later);
                continue;
            }
            let Some(Look { by, .. }) = self.set_look(key, None) else { continue };
            if asks {
                // Its site has no pause and its wait is over, so there is nothing to refuse.
                let _ = self.ask_once_for(key, Ticket::NOBODY, Purpose::CheckNow, by, now);
            }
        }
    }

    fn may_ask_for(&self, key: Key) -> bool {
        let record = self.table.get(&key);
        record.is_some_and(|record| self.sites[record.environment].pause().is_none())
    }

    /// When the next look is due that can be asked for.
    pub(super) fn next_look(&self, now: Moment) -> Option<Mono> {
        let next = self.looks.iter().find(|(_, key)| self.may_ask_for(*key));
        // One that waited for its environment is due now, and not since it was first due.
        next.map(|(at, _)| now.mono_at(*at).max(now.mono))
    }
}

impl Record {
    /// Whether a single poll may ask for it: somebody stated what its phase begins on, and no watch
    /// polls already.
    pub(super) fn may_be_checked(&self) -> bool {
        match &self.step {
            Step::Ready(_) | Step::Signing(_) => self.has_stated(Phase::PreSign.begins_on()),
            Step::Ended { phase, miss } => {
                *miss != Miss::WrongId && self.has_stated(phase.begins_on())
            }
            Step::Expected
            | Step::PreSign(_)
            | Step::PostSign { .. }
            | Step::Signed
            | Step::HandedOn => false,
        }
    }
}
