//! When a poll may leave, and when it must have left.

use enrollment_core::{
    desk::{
        RequestId, Send,
        view::{Action, Key},
    },
    enrollment::{Says, User},
    time::Mono,
};

use super::{
    Enrolled, Holds, Observer, Out,
    commands::Command,
    rules,
    site::Gate,
    violation::Place,
    watching::{Cap, Watching},
};

/// How often the whole table is looked through for polls that did not leave.
const SCAN_EVERY: std::time::Duration = std::time::Duration::from_millis(250);

impl Observer {
    pub(super) fn cancelled(&mut self, request: RequestId) {
        let now = self.now.mono;
        let Some(out) = self.out.remove(&request) else { return };
        self.trace.note(now, Some(out.site), Some(out.key), || "cancelled".to_owned());
        let site = &mut self.sites[out.site];
        site.in_flight -= 1;
        if let Some(probe) = site.probe().filter(|probe| probe.out == Some(request)) {
            probe.out = None;
            self.census.count("poll: probe given up");
        }
        if let Some(enrolled) = self.known.get_mut(&out.key) {
            enrolled.request = None;
            enrolled.idle = now;
        }
    }

    pub(super) fn sent(&mut self, send: &Send) -> Holds {
        let now = self.now.mono;
        let Some(key) = self.key_of(send.environment, send.user) else {
            return Place::site(send.environment).ensure(
                false,
                "nobody is polled who is not on the list",
                || send.user.to_string(),
            );
        };
        let place = Place::of(send.environment, key);
        let enrolled = &self.known[&key];
        self.trace.note(now, Some(send.environment), Some(key), || {
            format!("polled, token {}", self.sites[send.environment].generation)
        });
        place.ensure(enrolled.request.is_none(), "one request at a time is out", || {
            "a second one".to_owned()
        })?;
        let site = &self.sites[send.environment];
        place.ensure(
            site.token.as_ref() == Some(&send.token),
            "a request carries the newest token",
            || "another one".to_owned(),
        )?;
        place.ensure(
            now >= enrolled.contact.not_before,
            "nothing is sent before Retry-After allows it",
            || format!("{:?} too early", enrolled.contact.not_before.since(now)),
        )?;
        self.keeps_the_gap(place, enrolled)?;
        self.keeps_the_gate(place, enrolled)?;
        match &enrolled.watch {
            Some(watch) if !watch.held => self.keeps_the_window(place, key, enrolled, watch)?,
            Some(_) => {}
            None => self.was_asked_for(place, key, enrolled)?,
        }
        self.counts(send, key)
    }

    fn keeps_the_gap(&self, place: Place, enrolled: &Enrolled) -> Holds {
        let Some(sent) = enrolled.contact.sent else { return Ok(()) };
        let watch = enrolled.watch.as_ref();
        let shortest = watch.map_or(rules::SHORTEST_GAP, |watch| rules::shortest(watch.pace));
        let gap = self.now.mono.since(sent);
        place.ensure(gap >= shortest, "no gap is shorter than the shortest", || {
            format!("{gap:?}; {:?}", enrolled.watch)
        })
    }

    /// A closed gate lets a probe through, and nothing else but an unattended watch's last poll.
    fn keeps_the_gate(&self, place: Place, enrolled: &Enrolled) -> Holds {
        let now = self.now.mono;
        let site = &self.sites[enrolled.site];
        let (probe, rule) = match &site.gate {
            Gate::Open => return Ok(()),
            Gate::NeedsToken => {
                return place.ensure(
                    false,
                    "nothing is sent after a refused token until a new one comes",
                    || "a poll".to_owned(),
                );
            }
            Gate::Probing(probe) => (probe, "one probe at a time asks about a new token"),
            Gate::Offline { probe, .. } => (probe, "offline, one probe at a time is sent"),
        };
        let at_cap = enrolled.watch.as_ref().and_then(Watching::deadline);
        if at_cap.is_some_and(|deadline| now >= deadline) {
            return Ok(());
        }
        place.ensure(enrolled.watch.is_some(), "a probe is a poll of a watch", || {
            "a single poll".to_owned()
        })?;
        if probe.blurred {
            return Ok(());
        }
        place.ensure(probe.out.is_none(), rule, || "a second one".to_owned())?;
        place.ensure(now >= probe.from, "probes keep their distance", || {
            format!("{:?} too early", probe.from.since(now))
        })
    }

    fn keeps_the_window(
        &self,
        place: Place,
        key: Key,
        enrolled: &Enrolled,
        watch: &Watching,
    ) -> Holds {
        let (now, site) = (self.now.mono, &self.sites[enrolled.site]);
        place.ensure(
            now + rules::ROUNDING >= watch.earliest(&enrolled.contact),
            "a poll keeps to its interval and to its back-off",
            || format!("too early at {now:?}: {watch:?} {:?}", enrolled.contact),
        )?;
        let latest = watch.latest();
        let was_short = site.short.is_some_and(|at| at + rules::TICK >= latest);
        let in_time = now <= latest + self.late + rules::ROUNDING;
        place.ensure(in_time || was_short, "a poll is not late", || {
            format!("late at {now:?}, the driver by {:?}: {watch:?}", self.late)
        })?;
        if !was_short || watch.may_be_last() {
            return Ok(());
        }
        let before = enrolled.contact.sent;
        for other in site.live.iter().filter(|other| **other != key) {
            let Some(Enrolled { watch: Some(waiting), request: None, contact, .. }) =
                self.known.get(other)
            else {
                continue;
            };
            let waits = !waiting.held && !waiting.is_doomed(contact, now) && !waiting.may_be_last();
            let since = waiting.latest() + rules::TICK;
            Place::of(enrolled.site, *other).ensure(
                !waits || before.is_none_or(|before| before <= since),
                "nobody is polled twice while another one waits",
                || format!("#{}, and not since {before:?}: {waiting:?} {contact:?}", other.0),
            )?;
        }
        Ok(())
    }

    fn was_asked_for(&self, place: Place, key: Key, enrolled: &Enrolled) -> Holds {
        let asked = self.asked.values().any(|asked| {
            asked.key == Some(key)
                && !asked.stale
                && matches!(
                    asked.what,
                    Command::Act(Action::CheckNow | Action::NewLink | Action::HandOver { .. })
                )
        });
        let planned = enrolled.look.is_some_and(|at| at <= self.now.wall.as_millisecond());
        place.ensure(
            asked || planned,
            "without a watch only what somebody asks for is sent, or planned for by now",
            || format!("a poll, planned for {:?}", enrolled.look),
        )?;
        place.ensure(
            enrolled.statement >= Some(Says::IdentificationFinished),
            "nothing is polled without a statement",
            || "a poll".to_owned(),
        )
    }

    fn counts(&mut self, send: &Send, key: Key) -> Holds {
        let now = self.now.mono;
        let Some(enrolled) = self.known.get_mut(&key) else { return Ok(()) };
        let site = &mut self.sites[send.environment];
        let place = Place::of(send.environment, key);
        enrolled.request = Some(send.request);
        enrolled.contact.sent = Some(now);
        let mut last = false;
        let what = match (&mut enrolled.watch, site.gate) {
            (None, _) => {
                let due = enrolled.look.is_some_and(|at| at <= self.now.wall.as_millisecond());
                if due {
                    enrolled.look = None;
                }
                if due { "poll: planned" } else { "poll: single" }
            }
            (Some(watch), gate) => {
                watch.sends(now);
                last = watch.deadline().is_some_and(|deadline| now >= deadline);
                match gate {
                    _ if !watch.held => "poll: of a watch",
                    Gate::Offline { .. } => "poll: probe of the network",
                    Gate::Open | Gate::NeedsToken | Gate::Probing(_) => "poll: probe of a token",
                }
            }
        };
        self.census.count(what);
        if let Some(probe) = site.probe() {
            probe.out = Some(send.request);
            probe.blurred |= last;
        }
        let generation = site.generation;
        let out = Out { key, site: send.environment, sent: now, generation, last };
        self.out.insert(send.request, out);
        place.ensure(site.spends(now), "an environment's budget is kept", || {
            format!("{} in flight", site.in_flight)
        })
    }

    /// Looks for what should have happened and did not.
    pub(super) fn scan(&mut self) -> Holds {
        let now = self.now.mono;
        for site in &mut self.sites {
            if site.note_short(now) {
                self.census.count("gate: budget used up");
            }
        }
        if now.since(self.scanned) < SCAN_EVERY {
            return Ok(());
        }
        self.scanned = now;
        for (index, site) in self.sites.iter().enumerate() {
            for key in &site.live {
                let Some(enrolled) = self.known.get(key) else { continue };
                let Some(watch) = &enrolled.watch else { continue };
                self.is_not_forgotten(Place::of(index, *key), enrolled, watch)?;
            }
        }
        Ok(())
    }

    fn is_not_forgotten(&self, place: Place, enrolled: &Enrolled, watch: &Watching) -> Holds {
        let now = self.now.mono;
        let site = &self.sites[enrolled.site];
        let was_short = |since: Mono| site.short.is_some_and(|at| at + rules::TICK >= since);
        let due = if watch.is_doomed(&enrolled.contact, now) {
            watch.deadline().filter(|_| enrolled.request.is_none())
        } else if watch.held {
            // The poll at the cap still goes out where being held is charged.
            watch.deadline().filter(|_| enrolled.request.is_none()).map(|d| d.max(watch.latest()))
        } else {
            enrolled.request.is_none().then(|| watch.latest())
        };
        if let Some(due) = due {
            let due = due.max(enrolled.idle) + rules::ROUNDING;
            place.ensure(now <= due || was_short(due), "no live watch is forgotten", || {
                format!("at {now:?}, due {due:?}: {watch:?} {:?}", enrolled.contact)
            })?;
        }
        if let (Some(overtime), Cap::Running(_)) = (watch.overtime(), watch.cap) {
            let late = crate::clock::LONGEST_STARVATION + rules::TICK;
            place.ensure(
                now <= overtime + late || was_short(overtime - rules::REQUEST * 2),
                "no watch outlives its cap by more than a request",
                || format!("at {now:?}: {watch:?} {:?}", enrolled.contact),
            )?;
        }
        self.is_probed(enrolled, watch)
    }

    /// A held watch that could be a probe does not wait while none is sent.
    fn is_probed(&self, enrolled: &Enrolled, watch: &Watching) -> Holds {
        let now = self.now.mono;
        let site = &self.sites[enrolled.site];
        let (Gate::Probing(probe) | Gate::Offline { probe, .. }) = site.gate else { return Ok(()) };
        if enrolled.request.is_some() || probe.out.is_some() || probe.blurred {
            return Ok(());
        }
        // Whoever cannot be asked just now is looked at again after the shortest gap.
        let gap = rules::SHORTEST_GAP;
        let could = (enrolled.idle + gap).max(enrolled.contact.not_before);
        let due = probe.from.max(could) + gap + rules::ROUNDING;
        let was_short = site.short.is_some_and(|at| at + gap * 2 >= due);
        let holds = now <= due || was_short;
        Place::site(enrolled.site).ensure(holds, "a closed gate is probed", || {
            format!("at {now:?}, due {due:?}: {probe:?} {watch:?}")
        })
    }

    fn key_of(&self, site: usize, user: User) -> Option<Key> {
        self.told.keys.get(&(site, user)).copied()
    }
}
