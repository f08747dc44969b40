//! What is due, and what the budget allows.

use std::time::Duration;

use super::{
    DRIFT, Desk, JUMP, Part, Request, RequestId, Send, UNDO,
    gate::{Gate, OFFLINE_LIMIT},
    view::Key,
};
use crate::{
    enrollment::{Event, Interruption, Miss, TimeoutCause},
    time::{Moment, Mono},
    watch::{LONGEST_GAP, Watch},
};

/// No request lasts longer, the wait for its connection included.
const LONGEST_REQUEST: Duration = Duration::from_secs(20);

impl Desk {
    /// A machine that slept, or whose clock was set: its time counts, its connections do not.
    ///
    /// Where the monotonic clock stands still meanwhile the wall clock tells by how much; where it
    /// runs on, as on Windows, the turn comes long after it was due, and its time is counted
    /// already.
    pub(super) fn notice_jump(&mut self, now: Moment) {
        let overslept = self.expected.map_or(Duration::ZERO, |at| now.mono.since(at));
        let Some(previous) = self.previous.replace(now) else { return };
        if now.drift_since(previous) > DRIFT {
            // The rows tell deadlines on the wall clock.
            self.changes.rows.extend(self.live_keys(None));
        }
        let ahead = now.jump_since(previous);
        if ahead <= JUMP && overslept <= JUMP {
            return;
        }
        let by = if ahead > JUMP { ahead } else { Duration::ZERO };
        for key in self.live_keys(None) {
            self.unqueue(key);
            if let Some(watch) = self.table.get_mut(&key).and_then(|r| r.watch_mut()) {
                watch.jumped(now.mono, by);
            }
            self.queue(key);
        }
        for (index, site) in self.sites.iter_mut().enumerate() {
            site.forgiving_until = now.mono + crate::watch::GRACE_AFTER_JUMP;
            site.silent = 0;
            if let Gate::Offline { since, next, .. } = &mut site.gate {
                *next = now.mono;
                // Asleep nobody could find out whether the network had come back.
                *since = *since + overslept;
            }
            self.turn.renew.push(index);
        }
    }

    /// Everything whose time has come, in the order of the queues, within the budgets.
    pub(super) fn run_due(&mut self, now: Moment) {
        for site in 0..self.sites.len() {
            self.end_after_long_silence(site, now);
            self.probe(site, now);
            while let Some(key) = self.sites[site].queue.next(now.mono) {
                if self.ends_unasked(key, now) {
                    continue;
                }
                if !self.sites[site].budget.take(now.mono) {
                    break;
                }
                self.send(key, false, now);
            }
            let behind = self.is_behind(site, now.mono);
            if behind != self.sites[site].behind {
                self.sites[site].behind = behind;
                self.changes.parts.insert(Part::Environments);
            }
        }
    }

    /// Whether polls are so late that gaps grow beyond the contract's five seconds. One that was to
    /// come later than that, after a failure, is late after a moment.
    fn is_behind(&self, site: usize, now: Mono) -> bool {
        const MOMENT: Duration = Duration::from_millis(500);
        let Some((due, key)) = self.sites[site].queue.first() else { return false };
        let spoke = self.table.get(&key).and_then(|record| record.spoke).unwrap_or(due);
        now.since(due) > LONGEST_GAP.saturating_sub(due.since(spoke)).max(MOMENT)
    }

    /// The moment by which there must be another turn: the next one that is due, and whatever is
    /// out ends by itself before long.
    pub(super) fn expect(&self, now: Mono) -> Option<Mono> {
        let answer = (!self.requests.is_empty()).then(|| now + LONGEST_REQUEST);
        [self.turn.wake, answer].into_iter().flatten().min()
    }

    /// The next moment at which something is due.
    pub(super) fn wake(&self, now: Moment) -> Option<Mono> {
        let sites = self.sites.iter().flat_map(|site| {
            let queued = site
                .queue
                .first()
                .and_then(|(due, _)| Some(due.max(site.budget.ready_at(now.mono)?)));
            let limit = match site.gate {
                Gate::Offline { since, .. }
                    if !self.attendance.charges(site.gate) && site.live > 0 =>
                {
                    Some(since + OFFLINE_LIMIT)
                }
                Gate::Offline { .. } | Gate::Open | Gate::NeedsToken | Gate::Probing { .. } => None,
            };
            let fetch = site.fetching.due(now);
            [queued, site.queue.first_end(), site.probe_due(), limit, fetch]
        });
        let removal = self.removals.front().map(|(at, _)| *at + UNDO);
        sites.chain([removal, self.next_look(now)]).flatten().min()
    }

    pub(super) fn queue(&mut self, key: Key) {
        let Some(record) = self.table.get(&key) else { return };
        if let Some((due, at)) = record.due() {
            self.sites[record.environment].queue.insert(due, at, key);
        }
    }

    /// Takes an enrollment out of its queue; before anything that changes when it is due.
    pub(super) fn unqueue(&mut self, key: Key) {
        let Some(record) = self.table.get(&key) else { return };
        if let Some((due, at)) = record.due() {
            self.sites[record.environment].queue.remove(due, at, key);
        }
    }

    fn send(&mut self, key: Key, probe: bool, now: Moment) {
        self.unqueue(key);
        let Some(record) = self.table.get_mut(&key) else { return };
        let site = &mut self.sites[record.environment];
        let Some(token) = site.token.value.clone() else {
            site.budget.give_back();
            return;
        };
        let request = RequestId(self.next_request);
        self.next_request += 1;
        record.request = Some(request);
        record.spoke = Some(now.mono);
        if let Some((_, due)) = record.due() {
            self.delays.count(now.mono.since(due));
        }
        let first = record.watch().is_some_and(|w| w.polls() == 0);
        match record.watch_mut() {
            Some(watch) => watch.sent(now.mono),
            None => {
                if let Some(single) = &mut record.single {
                    single.due = None;
                }
            }
        }
        let environment = record.environment;
        let generation = site.token.generation;
        self.requests.insert(request, Request { key, environment, token: generation });
        self.turn.sends.push(Send { request, environment, user: record.user, token });
        self.rate.count(now.mono);
        if first {
            // The cap has begun to run.
            self.changes.rows.insert(key);
        }
        if probe && let Some(out) = site.probe_out() {
            *out = Some(request);
        }
    }

    /// Ends a watch that has nothing more to ask.
    fn ends_unasked(&mut self, key: Key, now: Moment) -> bool {
        let cause = self.table.get(&key).and_then(|r| r.watch()).and_then(Watch::ends_unasked);
        if let Some(cause) = cause {
            self.end(key, Miss::TimedOut { cause }, now);
        }
        cause.is_some()
    }

    /// One poll of a held watch, which finds out whether the rest can go on.
    fn probe(&mut self, site: usize, now: Moment) {
        let held = || {
            let here = self.table.values().filter(|r| r.environment == site);
            here.filter(|r| r.watch().is_some_and(Watch::is_held))
        };
        let probing = matches!(self.sites[site].gate, Gate::Probing { .. });
        if probing && held().all(|r| r.watch().is_some_and(|w| w.is_ruled_out(now.mono))) {
            // Nobody will ever be asked, so nobody waits for the answer.
            return self.resume_all(site, now);
        }
        if self.sites[site].probe_due().is_none_or(|due| due > now.mono) {
            return;
        }
        let next = held()
            .filter(|r| r.request.is_none())
            .filter(|r| r.earliest(now.mono) <= now.mono)
            .min_by_key(|r| r.spoke)
            .map(|r| r.key);
        match next {
            Some(key) if self.sites[site].budget.take(now.mono) => self.send(key, true, now),
            Some(_) | None => self.sites[site].put_off_probe(now.mono),
        }
    }

    fn end_after_long_silence(&mut self, site: usize, now: Moment) {
        let gate = self.sites[site].gate;
        let Gate::Offline { since, .. } = gate else { return };
        if !self.attendance.charges(gate) && now.mono.since(since) >= OFFLINE_LIMIT {
            for key in self.live_keys(Some(site)) {
                self.end(key, Miss::Interrupted { why: Interruption::Offline }, now);
            }
        }
    }

    /// Why a watch of this environment that has run out of time did so.
    pub(super) fn timeout_cause(&self, site: usize, cause: TimeoutCause) -> TimeoutCause {
        match (cause, self.sites[site].gate) {
            (TimeoutCause::Cap, Gate::Offline { .. }) => TimeoutCause::Offline,
            (cause, _) => cause,
        }
    }

    /// Holds every live watch of an environment, whose gate has just closed.
    pub(super) fn hold_all(&mut self, site: usize, now: Moment) {
        let charged = self.attendance.charges(self.sites[site].gate);
        for key in self.live_keys(Some(site)) {
            self.unqueue(key);
            if let Some(watch) = self.table.get_mut(&key).and_then(|r| r.watch_mut()) {
                watch.hold(now.mono, charged);
            }
            self.queue(key);
            self.note_pause(key, now);
        }
        self.drop_singles(site);
        self.changes.parts.insert(Part::Environments);
    }

    /// Opens the gate: every held watch goes on with the time it had left.
    pub(super) fn resume_all(&mut self, site: usize, now: Moment) {
        self.sites[site].gate = Gate::Open;
        self.sites[site].silent = 0;
        self.changes.parts.insert(Part::Environments);
        for (nth, key) in (0..).zip(self.live_keys(Some(site))) {
            self.unqueue(key);
            let mut resumed = None;
            if let Some(watch) = self.table.get_mut(&key).and_then(|r| r.watch_mut())
                && watch.is_held()
            {
                let pace = self.sites[site].environment.pace(watch.phase());
                watch.resume(now.mono, pace.spread(nth));
                resumed = Some(watch.phase());
            }
            self.queue(key);
            if let Some(phase) = resumed {
                self.note(key, Event::Resumed { phase }, now);
            }
        }
    }

    pub(super) fn note_pause(&mut self, key: Key, now: Moment) {
        let Some(record) = self.table.get(&key) else { return };
        let (phase, site) = (record.phase(), record.environment);
        if let Some(why) = self.sites[site].pause() {
            self.note(key, Event::Paused { phase, why }, now);
        }
    }
}
