//! How an enrollment moves from step to step.

use super::{
    Desk, Part,
    gate::Gate,
    record::{Link, Step},
    view::{Key, Refused},
};
use crate::{
    enrollment::{Event, Miss, Outcome, Phase},
    time::Moment,
    watch::Watch,
};

impl Desk {
    /// Begins to watch a phase, on a statement that stands already.
    pub(super) fn begin(&mut self, key: Key, phase: Phase, now: Moment) {
        let Some(record) = self.table.get(&key) else { return };
        let environment = record.environment;
        let site = &mut self.sites[environment];
        if site.live == 0 {
            site.started = 0;
        }
        let pace = site.environment.pace(phase);
        let (spoke, not_before) = (record.spoke, record.not_before);
        let mut watch =
            Watch::new(phase, pace, now.mono, spoke, not_before, pace.spread(site.started));
        site.started = site.started.wrapping_add(1);
        let held = site.gate != Gate::Open;
        if held {
            watch.hold(now.mono, self.attendance.charges(site.gate));
        }
        let step = match phase {
            Phase::PreSign => Step::PreSign(watch),
            Phase::PostSign => {
                let link = self.take_link(key);
                Step::PostSign { watch, link, unsigned_since: None, not_signed: false }
            }
        };
        self.move_to(key, step, now);
        self.note(key, Event::Started { phase }, now);
        if held {
            self.note_pause(key, now);
            self.end_where_nobody_attends(environment, now);
        }
    }

    pub(super) fn take_link(&mut self, key: Key) -> Option<Box<Link>> {
        self.table.get_mut(&key).and_then(|r| r.link_slot()).and_then(Option::take)
    }

    /// Moves an enrollment to another step. Whatever was under way for the old one is dropped:
    /// nothing is sent for it any more, and a late answer finds nobody.
    pub(super) fn move_to(&mut self, key: Key, step: Step, now: Moment) {
        self.unqueue(key);
        self.cancel(key);
        let Some(record) = self.table.get_mut(&key) else { return };
        let was_live = record.watch().is_some();
        record.step = step;
        record.state += 1;
        record.since = now.wall;
        record.problem = None;
        let is_live = record.watch().is_some();
        let dropped = record.single.take();
        let site = &mut self.sites[record.environment];
        match (was_live, is_live) {
            (false, true) => site.live += 1,
            (true, false) => {
                site.live = site.live.saturating_sub(1);
                if site.settle() {
                    self.changes.parts.insert(Part::Environments);
                }
            }
            (true, true) | (false, false) => {}
        }
        self.changes.rows.insert(key);
        if let Some(single) = dropped {
            self.reply(single.ticket, Err(Refused::MovedOn));
        }
        if self.table.get(&key).is_some_and(|record| !record.may_be_checked()) {
            self.drop_look(key);
        }
        self.queue(key);
    }

    /// Ends a live watch, or a step between the watches, without its target.
    pub(super) fn end(&mut self, key: Key, miss: Miss, now: Moment) {
        self.drop_look(key);
        let Some(record) = self.table.get(&key) else { return };
        let (phase, polls) = (record.phase(), record.watch().map_or(0, Watch::polls));
        let result = Box::new(Outcome::Missed(miss.clone()));
        self.move_to(key, Step::Ended { phase, miss }, now);
        self.note(key, Event::Ended { phase, result, polls }, now);
    }

    pub(super) fn cancel(&mut self, key: Key) {
        let Some(record) = self.table.get_mut(&key) else { return };
        let Some(request) = record.request.take() else { return };
        let site = &mut self.sites[record.environment];
        self.requests.remove(&request);
        site.budget.give_back();
        if let Some(out) = site.probe_out()
            && *out == Some(request)
        {
            *out = None;
        }
        self.turn.cancels.push(request);
    }
}
