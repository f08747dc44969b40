//! What people do with enrollments.

use std::sync::Arc;

use super::{
    Desk, Ticket,
    gate::Standing,
    handing::HANDED_OVER,
    record::{Purpose, Step},
    view::{Action, Done, Key, Refused},
    ways_out::Press,
};
use crate::{
    enrollment::{Event, How, Miss, Pause, Phase, Says, Statement},
    journal::{Deletion, Did},
    shift::LONGEST_NOTE,
    signing_url::Refusal,
    time::Moment,
};

impl From<Pause> for Refused {
    fn from(pause: Pause) -> Self {
        match pause {
            Pause::NeedsToken => Self::NeedsToken,
            Pause::Offline => Self::Offline,
        }
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self::LinkRefused { rule: refusal.rule.code().to_owned(), host: refusal.host }
    }
}

impl Desk {
    pub(super) fn act(
        &mut self,
        ticket: Ticket,
        key: Key,
        state: u32,
        action: &Action,
        now: Moment,
    ) {
        let allowed = match self.table.get(&key) {
            _ if self.somebody_is_here().is_err() => Err(Refused::WhoIsThere),
            _ if self.is_read_only() => Err(Refused::ReadOnly),
            None => Err(Refused::UnknownEnrollment),
            Some(record) if record.removed.is_some() && *action != Action::Restore => {
                Err(Refused::UnknownEnrollment)
            }
            // Removing a live enrollment ended its watch; undoing that is meant all the same.
            Some(record) if record.state != state && *action != Action::Restore => {
                Err(Refused::MovedOn)
            }
            Some(record) => self.asks_nobody(record.environment, action),
        };
        let reply = allowed.and_then(|()| self.perform(ticket, key, action, now));
        match reply {
            Ok(Some(done)) => self.reply(ticket, Ok(done)),
            Ok(None) => {}
            Err(refused) => self.reply(ticket, Err(refused)),
        }
    }

    /// Whether an action can do without the gateway, where there is none to ask.
    fn asks_nobody(&self, site: usize, action: &Action) -> Result<(), Refused> {
        let asks = match action {
            Action::IdentificationFinished
            | Action::SigningFinished
            | Action::Returned
            | Action::CheckNow
            | Action::NewLink
            | Action::HandOver { .. }
            | Action::WatchAgain
            | Action::LookAgain { at: Some(_) } => true,
            Action::LookAgain { at: None }
            | Action::Stop
            | Action::WrongId
            | Action::GaveUp { .. }
            | Action::HandedOn
            | Action::Remove
            | Action::Restore
            | Action::Note { .. }
            | Action::Reveal
            | Action::Forget => false,
        };
        if asks && self.sites[site].standing != Standing::Here {
            return Err(Refused::Withdrawn);
        }
        Ok(())
    }

    /// Performs an action; `None` where its answer comes later, with a poll or an opening.
    fn perform(
        &mut self,
        ticket: Ticket,
        key: Key,
        action: &Action,
        now: Moment,
    ) -> Result<Option<Done>, Refused> {
        match action {
            Action::IdentificationFinished => {
                self.state_finished(key, Says::IdentificationFinished, How::Button, now)?;
            }
            Action::SigningFinished => {
                self.state_finished(key, Says::SigningFinished, How::Button, now)?;
            }
            Action::Returned => {
                let handed_over =
                    |step: &Step| matches!(step, Step::Signing(Some(link)) if link.opened);
                self.in_step(key, handed_over)?;
                self.state_finished(key, Says::SigningFinished, How::Returned, now)?;
            }
            Action::CheckNow => return self.check_now(ticket, key, now),
            Action::NewLink => {
                let record = self.table.get(&key).ok_or(Refused::UnknownEnrollment)?;
                if !matches!(record.step, Step::Ready(_) | Step::Signing(_) | Step::PostSign { .. })
                {
                    return Err(Refused::NotNow);
                }
                return self.ask_once(key, ticket, Purpose::NewLink, now).map(|()| None);
            }
            Action::HandOver { way, generation, confirmed, here } => {
                let (way, generation, confirmed, here) = (*way, *generation, *confirmed, *here);
                let press = Press { way, generation, confirmed, here };
                return self.hand_over(key, ticket, press, now).map(|()| None);
            }
            Action::Stop => self.end_by_hand(key, Miss::Stopped, now)?,
            Action::WrongId => self.wrong_id(key, now)?,
            Action::GaveUp { reason } => {
                self.end_by_hand(key, Miss::GaveUp { reason: *reason }, now)?;
            }
            Action::WatchAgain => self.watch_again(key, now)?,
            Action::LookAgain { at } => self.plan_look(key, *at, now)?,
            Action::HandedOn => {
                self.in_step(key, |step| matches!(step, Step::Signed))?;
                self.move_to(key, Step::HandedOn, now);
                self.note(key, Event::HandedOn, now);
            }
            Action::Remove => self.remove(key, now),
            Action::Restore => self.undo_removal(key, now),
            Action::Note { note } => self.write_note(key, note, now)?,
            Action::Reveal => self.note(key, Event::Revealed, now),
            Action::Forget => self.forget_customer(key, now),
        }
        Ok(Some(Done::Done))
    }

    fn in_step(&self, key: Key, wanted: impl Fn(&Step) -> bool) -> Result<(), Refused> {
        match self.table.get(&key) {
            Some(record) if wanted(&record.step) => Ok(()),
            Some(_) => Err(Refused::NotNow),
            None => Err(Refused::UnknownEnrollment),
        }
    }

    /// Records a statement. It is accepted in any earlier step, and supersedes a live watch.
    fn state_finished(
        &mut self,
        key: Key,
        says: Says,
        how: How,
        now: Moment,
    ) -> Result<(), Refused> {
        self.in_step(key, |step| match step {
            Step::Expected => true,
            Step::PreSign(_) | Step::Ready(_) | Step::Signing(_) => says == Says::SigningFinished,
            Step::Ended { phase: Phase::PreSign, miss } => {
                says == Says::SigningFinished && *miss != Miss::WrongId
            }
            Step::PostSign { .. } | Step::Signed | Step::HandedOn | Step::Ended { .. } => false,
        })?;
        self.state(key, says, how, now);
        self.begin(key, phase_after(says), now);
        Ok(())
    }

    pub(super) fn state(&mut self, key: Key, says: Says, how: How, now: Moment) {
        if let Some(record) = self.table.get_mut(&key) {
            let by = Arc::clone(&self.operator);
            // Two at the most: one before each phase.
            record.statements.reserve_exact(1);
            record.statements.push(Statement { says, how, by, at: now.wall });
        }
        self.note(key, Event::Stated { says, how }, now);
    }

    fn check_now(
        &mut self,
        ticket: Ticket,
        key: Key,
        now: Moment,
    ) -> Result<Option<Done>, Refused> {
        let record = self.table.get(&key).ok_or(Refused::UnknownEnrollment)?;
        if record.watch().is_some() {
            if let Some(pause) = self.sites[record.environment].pause() {
                return Err(pause.into());
            }
            // A live watch needs no poll of its own: the next one comes at once.
            self.unqueue(key);
            if let Some(watch) = self.table.get_mut(&key).and_then(|r| r.watch_mut()) {
                watch.hasten(now.mono);
            }
            self.queue(key);
            return Ok(Some(Done::Done));
        }
        if !record.may_be_checked() {
            return Err(Refused::NotNow);
        }
        self.ask_once(key, ticket, Purpose::CheckNow, now).map(|()| None)
    }

    fn end_by_hand(&mut self, key: Key, miss: Miss, now: Moment) -> Result<(), Refused> {
        let stops = miss == Miss::Stopped;
        self.in_step(key, |step| match step {
            Step::PreSign(_) | Step::Ready(_) | Step::Signing(_) | Step::PostSign { .. } => true,
            // Nothing runs there that could be stopped, but the customer can still give up.
            Step::Expected => !stops,
            Step::Ended { miss, .. } => !stops && *miss != Miss::WrongId,
            Step::Signed | Step::HandedOn => false,
        })?;
        self.end(key, miss, now);
        Ok(())
    }

    /// Somebody else's enrollment: link and label go at once, the fact stays.
    fn wrong_id(&mut self, key: Key, now: Moment) -> Result<(), Refused> {
        self.in_step(key, |step| {
            !matches!(step, Step::HandedOn | Step::Ended { miss: Miss::WrongId, .. })
        })?;
        self.end(key, Miss::WrongId, now);
        if let Some(record) = self.table.get_mut(&key) {
            record.label.clear();
            record.note = Box::default();
            record.message = None;
        }
        // The label is in the backups as well.
        self.ledger.delete(key, Deletion::FromBackups);
        Ok(())
    }

    fn watch_again(&mut self, key: Key, now: Moment) -> Result<(), Refused> {
        let record = self.table.get(&key).ok_or(Refused::UnknownEnrollment)?;
        match &record.step {
            Step::Ended { phase, miss }
                if *miss != Miss::WrongId && record.has_stated(phase.begins_on()) =>
            {
                let phase = *phase;
                self.begin(key, phase, now);
                Ok(())
            }
            // It went to another desk before anything was stated, and is taken back.
            Step::Ended { miss, .. } if *miss == HANDED_OVER => {
                self.move_to(key, Step::Expected, now);
                self.note(key, Event::Restored, now);
                Ok(())
            }
            Step::Ended { .. }
            | Step::Expected
            | Step::PreSign(_)
            | Step::Ready(_)
            | Step::Signing(_)
            | Step::PostSign { .. }
            | Step::Signed
            | Step::HandedOn => Err(Refused::NotNow),
        }
    }

    /// Takes an enrollment off the list. A live watch ends, and does not begin again by itself
    /// when the removal is undone.
    fn remove(&mut self, key: Key, now: Moment) {
        self.stop_if_live(key, now);
        self.take_off(key, now);
    }

    fn undo_removal(&mut self, key: Key, now: Moment) {
        let removed = self.table.get_mut(&key).and_then(|record| record.removed.take());
        if removed.is_some() {
            self.note(key, Event::Restored, now);
        }
    }

    fn stop_if_live(&mut self, key: Key, now: Moment) {
        if self.table.get(&key).is_some_and(|r| r.watch().is_some()) {
            self.end(key, Miss::Stopped, now);
        }
    }

    /// Deletes everything of a customer, what was taken off the list a moment ago included.
    fn forget_customer(&mut self, key: Key, now: Moment) {
        self.stop_if_live(key, now);
        let Some(record) = self.table.get(&key) else { return };
        let (site, user) = (record.environment, record.user);
        self.audit(Did::Forgot, Some((site, Some(user))), now);
        let environment = self.sites[site].environment.name.clone();
        let theirs = self.table.values().filter(|r| (r.environment, r.user) == (site, user));
        for key in theirs.map(|r| r.key).collect::<Vec<_>>() {
            let deletion = Deletion::Forgotten { environment: environment.clone(), user };
            self.delete(key, deletion, now);
        }
    }

    fn write_note(&mut self, key: Key, note: &str, now: Moment) -> Result<(), Refused> {
        let note = note.trim();
        if note.chars().count() > LONGEST_NOTE {
            return Err(Refused::NoteTooLong);
        }
        let Some(record) = self.table.get_mut(&key).filter(|r| *r.note != *note) else {
            return Ok(());
        };
        record.note = note.into();
        self.note(key, Event::Noted { note: note.into() }, now);
        Ok(())
    }

    /// Takes an enrollment that nobody watches off the list.
    pub(super) fn take_off(&mut self, key: Key, now: Moment) {
        self.let_go(key);
        let Some(record) = self.table.get_mut(&key) else { return };
        record.removed = Some(now.mono);
        self.removals.push_back((now.mono, key));
        self.note(key, Event::Removed, now);
    }

    /// Drops the single poll, under way or planned, of an enrollment that nobody watches.
    pub(super) fn let_go(&mut self, key: Key) {
        self.drop_look(key);
        self.unqueue(key);
        self.cancel(key);
        let dropped = self.table.get_mut(&key).and_then(|record| record.single.take());
        if let Some(single) = dropped {
            self.changes.rows.insert(key);
            self.reply(single.ticket, Err(Refused::MovedOn));
        }
    }
}

pub(super) fn phase_after(says: Says) -> Phase {
    match says {
        Says::IdentificationFinished => Phase::PreSign,
        Says::SigningFinished => Phase::PostSign,
    }
}
