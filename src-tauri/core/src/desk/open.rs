//! Opening a link: the one way out, checked again at the moment of use.

use std::time::Duration;

use super::{
    Desk, Opening, Ticket,
    record::{Purpose, Single, Step},
    view::{Done, Key, Refused},
};
use crate::{
    enrollment::{Event, Place},
    time::Moment,
};

/// A second press within this time is the same press.
const APART: Duration = Duration::from_secs(3);
/// For so long somebody who pressed a button is kept waiting for a poll to go out.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the agent was shown and said when pressing *Open link*.
#[derive(Clone, Copy, Debug)]
pub(super) struct Press {
    pub generation: u32,
    pub confirmed: bool,
    pub here: bool,
}

/// A link on its way to the browser, and the state it was pressed in.
#[derive(Debug)]
pub(super) struct Underway {
    key: Key,
    ticket: Ticket,
    state: u32,
    generation: u32,
    host: String,
}

impl Desk {
    /// Opens a link, or fetches a fresh one first: a link may be single-use and short-lived.
    pub(super) fn open(
        &mut self,
        key: Key,
        ticket: Ticket,
        press: Press,
        now: Moment,
    ) -> Result<(), Refused> {
        let busy = self.opening.is_some();
        let record = self.table.get_mut(&key).ok_or(Refused::UnknownEnrollment)?;
        if record.link_slot().is_none() {
            return Err(Refused::NotNow);
        }
        let link = record.link().ok_or(Refused::NoLink)?;
        if link.generation != press.generation {
            return Err(Refused::OlderLink);
        }
        let (fresh, host) = (link.is_fresh(now), link.url.host().to_owned());
        if !record.confirmed && !press.confirmed {
            return Err(Refused::ConfirmUser);
        }
        if record.place == Place::Remote && !press.here {
            return Err(Refused::ConfirmRemote);
        }
        if busy || record.single.is_some() {
            return Err(Refused::Opening);
        }
        if record.opened.is_some_and(|at| now.mono.since(at) < APART) {
            return Err(Refused::TooSoon);
        }
        if !record.confirmed {
            record.confirmed = true;
            self.changes.rows.insert(key);
            self.ledger.row(key);
        }
        if fresh {
            self.start_opening(key, ticket, now);
            return Ok(());
        }
        self.ask_once(key, ticket, Purpose::Open { host }, now)
    }

    /// Asks the gateway once, outside of a watch's rhythm: two seconds after the last send at the
    /// earliest, and within the budget.
    pub(super) fn ask_once(
        &mut self,
        key: Key,
        ticket: Ticket,
        purpose: Purpose,
        now: Moment,
    ) -> Result<(), Refused> {
        let record = self.table.get(&key).ok_or(Refused::UnknownEnrollment)?;
        if record.single.is_some() {
            return Err(Refused::Opening);
        }
        if let Some(pause) = self.sites[record.environment].pause() {
            return Err(pause.into());
        }
        let earliest = match record.watch() {
            Some(watch) => watch.could_poll(now.mono),
            None => Some(record.earliest(now.mono)),
        };
        let Some(earliest) = earliest.filter(|at| at.since(now.mono) <= PATIENCE) else {
            return Err(Refused::NotBefore { at: now.wall_at(record.not_before).as_millisecond() });
        };
        self.unqueue(key);
        let Some(record) = self.table.get_mut(&key) else { return Ok(()) };
        let due = if let Some(watch) = record.watch_mut() {
            watch.hasten(now.mono);
            None
        } else {
            Some(earliest)
        };
        record.single = Some(Box::new(Single { purpose, ticket, due }));
        self.changes.rows.insert(key);
        self.queue(key);
        Ok(())
    }

    pub(super) fn start_opening(&mut self, key: Key, ticket: Ticket, now: Moment) {
        let Some((record, link)) =
            self.table.get(&key).and_then(|record| Some((record, record.link()?)))
        else {
            return self.reply(ticket, Err(Refused::NoLink));
        };
        let allowlist = &self.sites[record.environment].environment.allowlist;
        let underway = Underway {
            key,
            ticket,
            state: record.state,
            generation: link.generation,
            host: link.url.host().to_owned(),
        };
        match allowlist.check(link.url.expose()) {
            Ok(url) if self.opening.is_none() => {
                if let Some(record) = self.table.get_mut(&key) {
                    record.opened = Some(now.mono);
                    record.opening = true;
                }
                self.opening = Some(underway);
                self.changes.rows.insert(key);
                self.turn.openings.push(Opening { key, url });
            }
            Ok(_) => self.reply(ticket, Err(Refused::Opening)),
            Err(refusal) => {
                self.reply(ticket, Err(refusal.into()));
            }
        }
    }

    /// The opener came back. What happened meanwhile stands: a statement is not undone by a
    /// browser that was slow.
    pub(super) fn opened(&mut self, key: Key, result: Result<(), String>, now: Moment) {
        let Some(underway) = self.opening.take_if(|underway| underway.key == key) else { return };
        let Underway { ticket, state, generation, host, .. } = underway;
        if let Some(record) = self.table.get_mut(&key) {
            record.opening = false;
            self.changes.rows.insert(key);
            if result.is_err() {
                // Nothing was opened, so pressing again at once is no second press.
                record.opened = None;
            }
        }
        if let Err(why) = result {
            self.note(key, Event::NotOpened { code: why.clone() }, now);
            return self.reply(ticket, Err(Refused::NotOpened { why }));
        }
        self.note(key, Event::Opened { host: host.clone() }, now);
        self.hand_over(key, state, generation, now);
        self.reply(ticket, Ok(Done::Opened { host }));
    }

    /// Marks the link that was opened, and moves on to signing from the state it was opened in. A
    /// watch of the signature goes on: it is what finds the signature.
    fn hand_over(&mut self, key: Key, state: u32, generation: u32, now: Moment) {
        let Some(record) = self.table.get_mut(&key) else { return };
        let unmoved = record.state == state;
        let Some(slot) = record.link_slot() else { return };
        if let Some(link) = slot.as_mut().filter(|link| link.generation == generation) {
            link.opened = true;
            link.used = true;
        }
        if unmoved && matches!(record.step, Step::Ready(_)) {
            let link = self.take_link(key);
            self.move_to(key, Step::Signing(link), now);
        }
    }
}
