//! A shift that goes from one desk to the next.

use std::collections::HashSet;

use super::{
    Desk, Reply,
    record::{Record, Step},
    view::{Done, Key, Refused},
};
use crate::{
    enrollment::{Customer, Event, Interruption, Miss, Outcome, Phase, User},
    journal::Did,
    shift::{Handed, Shift, Stands, Verdict},
    time::Moment,
};

/// How a watch ends here that somebody else goes on with.
pub(super) const HANDED_OVER: Miss = Miss::Interrupted { why: Interruption::HandedOver };
/// How it stands at the desk that took it in.
const TAKEN_IN: Miss = Miss::Interrupted { why: Interruption::TakenIn };

impl Desk {
    /// Whoever still needs somebody, as another desk can go on with them, and which they are here.
    ///
    /// # Errors
    /// Where nobody has said who is here.
    pub fn shift(&self, now: Moment) -> Result<(Shift, Vec<Key>), Refused> {
        self.somebody_is_here()?;
        let listed = self.table.values().filter(|record| record.removed.is_none());
        let (enrollments, keys) = listed
            .filter_map(|record| {
                let environment = &self.sites[record.environment].environment.name;
                Some((record.handed(environment)?, record.key))
            })
            .unzip();
        Ok((Shift::new(now.wall, self.operator.clone(), enrollments), keys))
    }

    /// Stops here what is in a file by now: somebody else goes on with it.
    pub(super) fn handed_over(&mut self, keys: &[Key], now: Moment) -> Reply {
        self.somebody_is_here()?;
        if self.is_read_only() {
            return Err(Refused::ReadOnly);
        }
        let mut enrollments = 0;
        for key in keys {
            // Somebody may have finished one of them while the file was written.
            if self.table.get(key).is_some_and(|record| record.stands().is_some()) {
                self.end(*key, HANDED_OVER, now);
                enrollments += 1;
            }
        }
        self.audit(Did::HandedOver { enrollments }, None, now);
        Ok(Done::HandedOver { enrollments })
    }

    /// What this desk makes of each enrollment of a shift. Nothing changes.
    #[must_use]
    pub fn judge(&self, shift: &Shift) -> Vec<Verdict> {
        let mut met = HashSet::new();
        let judged = shift.enrollments.iter().map(|handed| {
            let Some(site) = self.site(&handed.environment) else {
                return Verdict::UnknownEnvironment;
            };
            if self.room_for(site, handed.user).is_err() {
                Verdict::AlreadyHere
            } else if met.insert((site, handed.user)) {
                Verdict::Good
            } else {
                Verdict::Twice
            }
        });
        judged.collect()
    }

    /// Takes in what of a shift is good. Nothing of it is watched before somebody says so.
    pub(super) fn take_in(&mut self, shift: &Shift, now: Moment) -> Reply {
        self.somebody_is_here()?;
        if self.is_read_only() {
            return Err(Refused::ReadOnly);
        }
        let mut enrollments = 0;
        for handed in &shift.enrollments {
            let Some(site) = self.site(&handed.environment) else { continue };
            // Of two that are the same user the second one is on the list by then.
            let Ok(removed) = self.room_for(site, handed.user) else { continue };
            if let Some(gone) = removed.filter(|key| self.is_elsewhere(*key)) {
                self.take_off(gone, now);
            }
            let key = self.place_new(site, handed.user, removed, now);
            self.take_in_one(key, handed, now);
            enrollments += 1;
        }
        let from = shift.by.name.as_ref().unwrap_or(&shift.by.account).clone();
        self.audit(Did::TookIn { enrollments, from }, None, now);
        Ok(Done::TakenIn { enrollments })
    }

    /// As [`Desk::check_new`], but that what this desk handed over may come back to it: the place in
    /// the list that it left is then taken anew.
    fn room_for(&self, site: usize, user: User) -> Result<Option<Key>, Refused> {
        match self.check_new(site, user, true) {
            Err(Refused::AlreadyHere { key }) if self.is_elsewhere(key) => Ok(Some(key)),
            other => other,
        }
    }

    /// Whether another desk goes on with it, as far as this one knows.
    fn is_elsewhere(&self, key: Key) -> bool {
        self.table.get(&key).is_some_and(|record| {
            record.removed.is_none()
                && matches!(&record.step, Step::Ended { miss, .. } if *miss == HANDED_OVER)
        })
    }

    fn take_in_one(&mut self, key: Key, handed: &Handed, now: Moment) {
        if let Some(record) = self.table.get_mut(&key) {
            record.label.clone_from(&handed.label);
            record.place = handed.place;
            record.statements.clone_from(&handed.statements);
            record.note = handed.note.as_str().into();
            record.step = match (handed.stands, handed.stands.phase()) {
                (Stands::Signed, _) => Step::Signed,
                (_, Some(phase)) => Step::Ended { phase, miss: TAKEN_IN },
                (_, None) => Step::Expected,
            };
        }
        let customer = match handed.stands {
            Stands::Expected => Customer::StillIdentifying,
            Stands::PreSign => Customer::IdentificationFinished,
            Stands::PostSign | Stands::Signed => Customer::SigningFinished,
        };
        self.note(key, Event::Added { customer }, now);
        if let Some(phase) = handed.stands.phase() {
            let result = Box::new(Outcome::Missed(TAKEN_IN));
            self.note(key, Event::Ended { phase, result, polls: 0 }, now);
        }
        if !handed.note.is_empty() {
            self.note(key, Event::Noted { note: handed.note.as_str().into() }, now);
        }
    }
}

impl Record {
    /// As another desk can go on with it; `None` where nobody has to.
    fn handed(&self, environment: &str) -> Option<Handed> {
        Some(Handed {
            environment: environment.to_owned(),
            user: self.user,
            label: self.label.clone(),
            place: self.place,
            stands: self.stands()?,
            statements: self.statements.clone(),
            note: self.note.to_string(),
        })
    }

    fn stands(&self) -> Option<Stands> {
        let watched_on = |phase| match phase {
            Phase::PreSign => Stands::PreSign,
            Phase::PostSign => Stands::PostSign,
        };
        match &self.step {
            Step::Expected => Some(Stands::Expected),
            Step::PreSign(_) | Step::Ready(_) | Step::Signing(_) => Some(Stands::PreSign),
            Step::PostSign { .. } => Some(Stands::PostSign),
            Step::Signed => Some(Stands::Signed),
            Step::HandedOn => None,
            Step::Ended { phase, miss } => match miss {
                Miss::TimedOut { .. }
                | Miss::Failed { .. }
                | Miss::Rejected { .. }
                | Miss::BlockedUrl { .. }
                | Miss::Unauthorized => Some(watched_on(*phase)),
                Miss::Interrupted { why } => {
                    // Somebody has it already.
                    (*why != Interruption::HandedOver).then(|| watched_on(*phase))
                }
                Miss::GaveUp { .. } | Miss::Stopped | Miss::WrongId => None,
            },
        }
    }
}
