//! How a link leaves: in the browser, in the clipboard, as a QR code. One gate for all ways, and
//! one check at the moment of use.

use std::{sync::Arc, time::Duration};

use super::{
    Desk, Leaving, Left, Ticket,
    record::{Purpose, Single, Step},
    view::{Done, Key, Refused, Way},
};
use crate::{
    enrollment::{Event, Operator, Place},
    time::Moment,
};

/// A second press within this time is the same press.
const APART: Duration = Duration::from_secs(3);
/// For so long somebody who pressed a button is kept waiting for a poll to go out.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// What the agent was shown and said when pressing *Open link*, *Copy link* or *Show QR code*.
#[derive(Clone, Copy, Debug)]
pub(super) struct Press {
    pub way: Way,
    pub generation: u32,
    pub confirmed: bool,
    pub here: bool,
}

/// A link on its way out, and the state it was pressed in.
#[derive(Debug)]
pub(super) struct Underway {
    key: Key,
    ticket: Ticket,
    /// Who pressed: by the time it has left somebody else may sit here.
    by: Arc<Operator>,
    state: u32,
    generation: u32,
    host: String,
}

impl Desk {
    /// Hands a link over, or fetches a fresh one first: it may be single-use and short-lived.
    pub(super) fn hand_over(
        &mut self,
        key: Key,
        ticket: Ticket,
        press: Press,
        now: Moment,
    ) -> Result<(), Refused> {
        let busy = self.leaving.is_some();
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
        if opens_here(press.way) && record.place == Place::Remote && !press.here {
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
            let by = Arc::clone(&self.operator);
            self.let_out(key, press.way, ticket, by, now);
            return Ok(());
        }
        self.ask_once(key, ticket, Purpose::HandOver { way: press.way, host }, now)
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
        let by = Arc::clone(&self.operator);
        self.ask_once_for(key, ticket, purpose, by, now)
    }

    /// The same for somebody who may not sit here any more.
    pub(super) fn ask_once_for(
        &mut self,
        key: Key,
        ticket: Ticket,
        purpose: Purpose,
        by: Arc<Operator>,
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
        record.single = Some(Box::new(Single { purpose, ticket, by, due }));
        self.changes.rows.insert(key);
        self.queue(key);
        Ok(())
    }

    /// The last gate: what the allowlist refuses at this very moment stays here.
    pub(super) fn let_out(
        &mut self,
        key: Key,
        way: Way,
        ticket: Ticket,
        by: Arc<Operator>,
        now: Moment,
    ) {
        let Some((record, link)) =
            self.table.get(&key).and_then(|record| Some((record, record.link()?)))
        else {
            return self.reply(ticket, Err(Refused::NoLink));
        };
        let allowlist = &self.sites[record.environment].environment.allowlist;
        let underway = Underway {
            key,
            ticket,
            by,
            state: record.state,
            generation: link.generation,
            host: link.url.host().to_owned(),
        };
        match allowlist.check(link.url.expose()) {
            Ok(url) if self.leaving.is_none() => {
                if let Some(record) = self.table.get_mut(&key) {
                    record.opened = Some(now.mono);
                    record.opening = true;
                }
                self.leaving = Some(underway);
                self.changes.rows.insert(key);
                self.turn.leaving.push(Leaving { key, way, url });
            }
            Ok(_) => self.reply(ticket, Err(Refused::Opening)),
            Err(refusal) => {
                self.reply(ticket, Err(refusal.into()));
            }
        }
    }

    /// A way out came back. What happened meanwhile stands: a statement is not undone by a
    /// browser that was slow.
    pub(super) fn left(&mut self, key: Key, result: Result<Left, String>, now: Moment) {
        let Some(underway) = self.leaving.take_if(|underway| underway.key == key) else { return };
        let Underway { ticket, by, state, generation, host, .. } = underway;
        if let Some(record) = self.table.get_mut(&key) {
            record.opening = false;
            self.changes.rows.insert(key);
            if result.is_err() {
                // Nothing left, so pressing again at once is no second press.
                record.opened = None;
            }
        }
        let left = match result {
            Ok(left) => left,
            Err(why) => {
                self.note_by(key, Event::NotOpened { code: why.clone() }, &by, now);
                return self.reply(ticket, Err(Refused::NotOpened { why }));
            }
        };
        let (event, done) = match left {
            Left::Opened => (Event::Opened { host: host.clone() }, Done::Opened { host }),
            Left::Copied => (Event::Copied { host: host.clone() }, Done::Copied { host }),
            Left::Shown(code) => {
                (Event::Shown { host: host.clone() }, Done::Shown { host, generation, code })
            }
        };
        self.note_by(key, event, &by, now);
        self.is_handed_over(key, state, generation, now);
        self.reply(ticket, Ok(done));
    }

    /// Marks the link that left, and moves on to signing from the state it left in. A watch of the
    /// signature goes on: it is what finds the signature.
    fn is_handed_over(&mut self, key: Key, state: u32, generation: u32, now: Moment) {
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

/// Whether it opens on this very computer: a remote customer's link belongs elsewhere. Copied or
/// scanned it gets to wherever the customer is.
fn opens_here(way: Way) -> bool {
    match way {
        Way::Browser => true,
        Way::Clipboard | Way::QrCode => false,
    }
}
