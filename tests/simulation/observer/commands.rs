//! What people asked for, and what they were told.

use enrollment_core::{
    desk::{
        Turn,
        view::{Action, Add, Done, Key, StepView, Way},
    },
    enrollment::{Miss, User},
};

use super::{Enrolled, Holds, Observer, rules, violation::Place, watching::Contact};

/// A command that has had no reply yet.
pub(super) struct Asked {
    pub key: Option<Key>,
    pub what: Command,
    /// The link that was shown when it was pressed to hand it over.
    pub link: Option<String>,
    /// It was shown for a state that had passed.
    pub stale: bool,
}

pub(super) enum Command {
    Add(usize, User),
    Act(Action),
    EndShift,
}

impl Observer {
    pub(super) fn asks_to_add(&mut self, ticket: u64, add: &Add) {
        let Some(site) = self.site(&add.environment) else { return };
        let Ok(id) = add.id.parse() else { return };
        let what = Command::Add(site, User { id, user_type: add.user_type });
        self.trace.note(self.now.mono, Some(site), None, || {
            format!("ticket {ticket}: add {} {:?}", add.id, add.customer)
        });
        self.asked.insert(ticket, Asked { key: None, what, link: None, stale: false });
        self.commands.push(ticket);
    }

    /// Ends every watch, and takes tokens and links.
    pub(super) fn asks_to_end_the_shift(&mut self, ticket: u64) {
        self.census.count("people: ended a shift");
        self.trace.note(self.now.mono, None, None, || format!("ticket {ticket}: the shift ends"));
        let what = Command::EndShift;
        self.asked.insert(ticket, Asked { key: None, what, link: None, stale: false });
        self.commands.push(ticket);
        self.ended_shift = true;
        for site in 0..self.sites.len() {
            self.sites[site].is_left();
            self.loses_token(site);
        }
        for enrolled in self.known.values_mut() {
            enrolled.link = None;
            enrolled.look = None;
        }
    }

    /// What the next person must not find is not to be seen.
    pub(super) fn shift_left_nothing(&self) -> Holds {
        for row in self.told.rows.values().filter(|_| self.ended_shift) {
            let place = Place { site: self.site(&row.environment), key: Some(row.key) };
            let over = match &row.step {
                StepView::Signed | StepView::HandedOn => true,
                StepView::Ended { miss, .. } => !matches!(miss, Miss::Interrupted { .. }),
                StepView::Expected
                | StepView::PreSign { .. }
                | StepView::Ready
                | StepView::NewLinkNeeded
                | StepView::Signing
                | StepView::PostSign { .. } => false,
            };
            place.ensure(
                row.link.is_none() && (row.label.is_empty() || !over),
                "a shift leaves no link, and labels only of what goes on",
                || format!("{row:?}"),
            )?;
        }
        Ok(())
    }

    pub(super) fn asks(&mut self, ticket: u64, key: Key, state: u32, action: &Action) {
        let row = self.told.rows.get(&key);
        let shown = row.and_then(|row| row.link.as_ref()).map(|link| link.generation);
        let older =
            matches!(action, Action::HandOver { generation, .. } if shown != Some(*generation));
        let moved_on = row.is_none_or(|row| row.state != state) && *action != Action::Restore;
        let passed = older || moved_on;
        if passed {
            self.census.count("people: command for a state that has passed");
        }
        self.trace.note(self.now.mono, None, Some(key), || {
            format!("ticket {ticket}: {action:?}{}", if passed { ", for a past state" } else { "" })
        });
        if let (Some(enrolled), Action::HandOver { confirmed: true, .. }, false) =
            (self.known.get_mut(&key), action, passed)
        {
            enrolled.confirmed = true;
        }
        let link = self.known.get(&key).and_then(|it| it.link.clone());
        let what = Command::Act(action.clone());
        self.asked.insert(ticket, Asked { key: Some(key), what, link, stale: passed });
        self.commands.push(ticket);
        self.acted.insert(key, action.clone());
    }

    pub(super) fn replies(&mut self, turn: &Turn) -> Holds {
        for (ticket, reply) in &turn.replies {
            let now = self.now.mono;
            let asked = self.asked.remove(&ticket.0);
            let key = asked.as_ref().and_then(|asked| asked.key);
            let site = asked.as_ref().and_then(|asked| match asked.what {
                Command::Add(site, _) => Some(site),
                Command::Act(_) | Command::EndShift => None,
            });
            self.trace.note(now, site, key, || format!("ticket {}: {reply:?}", ticket.0));
            let place = Place { site: None, key };
            place.ensure(asked.is_some(), "a command is answered once", || {
                format!("ticket {} again: {reply:?}", ticket.0)
            })?;
            let Some(asked) = asked else { continue };
            place.ensure(
                !asked.stale || reply.is_err(),
                "a command for a state that has passed does nothing",
                || format!("{reply:?}"),
            )?;
            if let (Ok(done), false) = (reply, asked.stale) {
                place.ensure(
                    way_of(done).is_none_or(|way| asked.hands_over(way)),
                    "a link leaves in the way that was pressed",
                    || format!("{done:?}"),
                )?;
                self.granted(&asked, done);
            }
        }
        // What is asked and not answered at once waits for a poll or for the browser.
        for ticket in std::mem::take(&mut self.commands) {
            let Some(asked) = self.asked.get(&ticket) else { continue };
            let place = Place { site: None, key: asked.key };
            let may_wait = matches!(
                asked.what,
                Command::Act(Action::CheckNow | Action::NewLink | Action::HandOver { .. })
            );
            place.ensure(
                !asked.stale,
                "a command for a state that has passed is refused",
                || format!("ticket {ticket} waits"),
            )?;
            place.ensure(
                may_wait,
                "a command that needs no answer from outside has one",
                || format!("ticket {ticket} waits"),
            )?;
            if let Some(enrolled) = asked.key.and_then(|key| self.known.get_mut(&key))
                && let Some(watch) = &mut enrolled.watch
            {
                watch.hurries(&enrolled.contact, self.now.mono, false);
            }
        }
        Ok(())
    }

    fn granted(&mut self, asked: &Asked, done: &Done) {
        let now = self.now.mono;
        if let (Command::Add(site, user), Done::Added { key, .. }) = (&asked.what, done) {
            self.census.count("people: added");
            let mut enrolled = Enrolled::new(*site, now);
            if let Some(old) = self.removed.remove(&(*site, *user)) {
                let contact = self.known.get(&old.1).map(|it| it.contact).unwrap_or_default();
                enrolled.contact = if now.since(old.0) < rules::UNDO {
                    contact
                } else {
                    // What the gateway asked for holds for as long as it said.
                    Contact { not_before: contact.not_before, ..Contact::default() }
                };
            }
            if let Some(old) = self.forgotten.remove(&(*site, *user)) {
                // All that is left is what the gateway asked for.
                let not_before = self.known.get(&old).map(|it| it.contact.not_before);
                let not_before = not_before.unwrap_or_default();
                enrolled.contact = Contact { not_before, ..Contact::default() };
            }
            self.known.insert(*key, enrolled);
            return;
        }
        let (Command::Act(action), Some(key)) = (&asked.what, asked.key) else { return };
        if let Some(enrolled) = self.known.get_mut(&key) {
            match action {
                Action::LookAgain { at } => enrolled.look = *at,
                // What is asked or opened in between changes nothing of it, nor what is written.
                Action::CheckNow
                | Action::NewLink
                | Action::HandOver { .. }
                | Action::Note { .. }
                | Action::Reveal
                | Action::Restore => {}
                Action::IdentificationFinished
                | Action::SigningFinished
                | Action::Returned
                | Action::Stop
                | Action::WrongId
                | Action::WatchAgain
                | Action::GaveUp { .. }
                | Action::HandedOn
                | Action::Remove
                | Action::Forget => enrolled.look = None,
            }
        }
        match action {
            Action::CheckNow => {
                self.census.count("people: checked now");
                if let Some(enrolled) = self.known.get_mut(&key)
                    && let Some(watch) = &mut enrolled.watch
                    && *done == Done::Done
                {
                    watch.hurries(&enrolled.contact, now, true);
                }
            }
            Action::NewLink => self.census.count("people: asked for a new link"),
            Action::WatchAgain => self.census.count("people: watched again"),
            Action::Restore => self.census.count("people: restored"),
            Action::Remove => {
                self.census.count("people: removed");
                self.last_removal = Some(now);
                if let Some((user, _)) = self.told.keys.iter().find(|(_, it)| **it == key) {
                    self.removed.insert(*user, (now, key));
                }
            }
            Action::IdentificationFinished
            | Action::SigningFinished
            | Action::Returned
            | Action::HandOver { .. }
            | Action::Stop
            | Action::WrongId
            | Action::GaveUp { .. }
            | Action::Reveal
            | Action::HandedOn => {}
            Action::LookAgain { .. } => self.census.count("people: planned another look"),
            Action::Note { .. } => self.census.count("people: wrote a note"),
            Action::Forget => {
                self.census.count("people: had somebody forgotten");
                if let Some((user, _)) = self.told.keys.iter().find(|(_, it)| **it == key) {
                    self.forgotten.insert(*user, key);
                }
            }
        }
    }
}

impl Asked {
    /// Whether a link was to leave in this way.
    pub fn hands_over(&self, wanted: Way) -> bool {
        matches!(&self.what, Command::Act(Action::HandOver { way, .. }) if *way == wanted)
    }
}

fn way_of(done: &Done) -> Option<Way> {
    match done {
        Done::Opened { .. } => Some(Way::Browser),
        Done::Copied { .. } => Some(Way::Clipboard),
        Done::Shown { .. } => Some(Way::QrCode),
        Done::Added { .. }
        | Done::Done
        | Done::ShiftEnded { .. }
        | Done::HandedOver { .. }
        | Done::TakenIn { .. }
        | Done::Checked => None,
    }
}
