//! A shift that goes from one desk to the next.

use std::collections::HashSet;

use super::{
    Desk, Reply,
    record::{Record, Step},
    view::{Done, Key, Refused},
};
use crate::{
    enrollment::{Customer, Event, Interruption, Miss, Outcome, Phase},
    journal::Did,
    shift::{Handed, Shift, Stands, Verdict},
    time::Moment,
};

/// How a watch ends here that somebody else goes on with.
const HANDED_OVER: Miss = Miss::Interrupted { why: Interruption::HandedOver };

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
        for key in keys {
            let goes_on = self.table.get(key).is_some_and(|record| match record.step {
                Step::PreSign(_) | Step::Ready(_) | Step::Signing(_) | Step::PostSign { .. } => {
                    true
                }
                Step::Expected | Step::Signed | Step::HandedOn | Step::Ended { .. } => false,
            });
            if goes_on {
                self.end(*key, HANDED_OVER, now);
            }
        }
        let enrollments = u32::try_from(keys.len()).unwrap_or(u32::MAX);
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
            if self.check_new(site, handed.user, true).is_err() {
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
            let Ok(removed) = self.check_new(site, handed.user, true) else { continue };
            let key = self.place_new(site, handed.user, removed, now);
            self.take_in_one(key, handed, now);
            enrollments += 1;
        }
        let from = shift.by.name.as_ref().unwrap_or(&shift.by.account).clone();
        self.audit(Did::TookIn { enrollments, from }, None, now);
        Ok(Done::TakenIn { enrollments })
    }

    fn take_in_one(&mut self, key: Key, handed: &Handed, now: Moment) {
        if let Some(record) = self.table.get_mut(&key) {
            record.label.clone_from(&handed.label);
            record.place = handed.place;
            record.statements.clone_from(&handed.statements);
            record.note = handed.note.as_str().into();
            record.step = match (handed.stands, handed.stands.phase()) {
                (Stands::Signed, _) => Step::Signed,
                (_, Some(phase)) => Step::Ended { phase, miss: HANDED_OVER },
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
            let result = Box::new(Outcome::Missed(HANDED_OVER));
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
