//! Who sits at the console: they cover it, come back, and end their shift.

use std::sync::Arc;

use super::{
    Desk, Part, Person, Reply,
    view::{Done, Key, Refused, TokenState},
};
use crate::{
    enrollment::{Interruption, Miss, Operator},
    journal::Did,
    time::Moment,
};

impl Desk {
    pub(super) fn person(&mut self, does: &Person, now: Moment) -> Reply {
        match does {
            Person::Knocks => self.somebody_is_here().map(|()| Done::Done),
            Person::Leaves => {
                self.nobody_is_here();
                Ok(Done::Done)
            }
            Person::Comes { name } => self.comes(name, now),
            Person::EndsShift => self.end_shift(now),
            Person::HandsOver { keys } => self.handed_over(keys, now),
            Person::Exports { what, format } => {
                self.somebody_is_here()?;
                let (what, format) = (what.clone(), format.clone());
                self.audit(Did::Exported { what, format, masked: false }, None, now);
                Ok(Done::Done)
            }
        }
    }

    /// Whether anything may be done: the policy may ask for a name first, so that every deed has
    /// one.
    pub(super) fn somebody_is_here(&self) -> Result<(), Refused> {
        let known = !self.policy.asks_operator || self.operator.name.is_some();
        if known { Ok(()) } else { Err(Refused::WhoIsThere) }
    }

    fn nobody_is_here(&mut self) {
        self.is_operated_by(None);
    }

    fn is_operated_by(&mut self, name: Option<Box<str>>) {
        if self.operator.name != name {
            let account = self.operator.account.clone();
            self.operator = Arc::new(Operator { account, name });
            self.changes.parts.insert(Part::Operator);
        }
    }

    fn comes(&mut self, name: &str, now: Moment) -> Reply {
        if !self.policy.asks_operator {
            return Err(Refused::NotNow);
        }
        let name = Operator::read_name(name).map_err(|rule| Refused::BadName { rule })?;
        let listed = &self.policy.operators;
        if !listed.is_empty() && !listed.iter().any(|one| **one == *name) {
            return Err(Refused::UnknownName);
        }
        self.is_operated_by(Some(name.clone()));
        self.fetch_what_is_missing(now);
        let before = self.last_here.replace(name);
        if before != self.last_here {
            self.audit(Did::TookOver { from: before }, None, now);
        }
        Ok(Done::Done)
    }

    /// Ends a shift: what the next person must not find here goes, and what they have to go on
    /// with stays.
    fn end_shift(&mut self, now: Moment) -> Reply {
        self.somebody_is_here()?;
        if self.is_read_only() {
            return Err(Refused::ReadOnly);
        }
        let live = self.live_keys(None);
        for key in &live {
            self.end(*key, Miss::Interrupted { why: Interruption::ShiftEnded }, now);
        }
        for key in self.table.keys().copied().collect::<Vec<_>>() {
            self.let_go(key);
            self.drop_link(key);
            self.wipe_label(key, now);
        }
        for site in 0..self.sites.len() {
            self.no_token(site, TokenState::Missing, now);
            // Nothing comes back by itself before the next person does.
            self.plan_renewal(site, now);
        }
        self.audit(Did::EndedShift, None, now);
        self.ledger.wipe_labels();
        self.nobody_is_here();
        self.last_here = None;
        Ok(Done::ShiftEnded { interrupted: u32::try_from(live.len()).unwrap_or(u32::MAX) })
    }

    fn drop_link(&mut self, key: Key) {
        let link = self.take_link(key);
        if link.is_some() {
            self.changes.rows.insert(key);
        }
    }

    /// Of what is over nobody needs to know any more who it was. What has left the list is over,
    /// too; the journal sees to what is in no table.
    fn wipe_label(&mut self, key: Key, now: Moment) {
        let Some(record) = self.table.get_mut(&key) else { return };
        if !record.label.is_empty() && record.kept("", now).is_over() {
            record.label.clear();
            self.changes.rows.insert(key);
            self.ledger.row(key);
        }
    }
}
