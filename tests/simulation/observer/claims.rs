//! What the timelines claim, compared with what was answered and asked.

use enrollment_core::{
    desk::{
        Attendance,
        view::{Action, Key},
    },
    enrollment::{Entry, Event, Interruption, Miss, Outcome, Phase, Says, TimeoutCause},
};

use super::{
    Enrolled, Holds, Observer, Verdict, rules, site::Gate, violation::Place, watching::Watching,
};

impl Observer {
    pub(super) fn claimed(&mut self, key: Key, entry: &Entry) -> Holds {
        let Some(enrolled) = self.known.get_mut(&key) else {
            return Place { site: None, key: Some(key) }.ensure(
                false,
                "nothing is told of an enrollment that nobody added",
                || format!("{:?}", entry.event),
            );
        };
        let site = enrolled.site;
        let place = Place::of(site, key);
        self.trace.note(self.now.mono, Some(site), Some(key), || format!("- {:?}", entry.event));
        enrolled.seq += 1;
        place.ensure(enrolled.seq == entry.seq, "a timeline has no holes", || {
            format!("entry {} where {} comes next", entry.seq, enrolled.seq)
        })?;
        match &entry.event {
            Event::Stated { says, .. } => self.stated(key, *says),
            Event::Started { phase } => self.started(key, *phase),
            Event::Ended { phase, result, polls } => self.ended(key, *phase, result, *polls),
            Event::Link { host, generation } => {
                enrolled.generation += 1;
                let newest = enrolled.link.as_deref().and_then(host_of) == Some(host);
                let counts = enrolled.generation == *generation;
                place.ensure(newest && counts, "a link is the newest that was answered", || {
                    format!("{host} {generation}; {:?}", enrolled.link.as_deref().and_then(host_of))
                })
            }
            Event::Added { .. }
            | Event::Status { .. }
            | Event::Problem { .. }
            | Event::Paused { .. }
            | Event::Resumed { .. }
            | Event::LinkRefused { .. }
            | Event::Opened { .. }
            | Event::Copied { .. }
            | Event::Shown { .. }
            | Event::NotOpened { .. }
            | Event::Checked { .. }
            | Event::LookPlanned { .. }
            | Event::Revealed
            | Event::HandedOn
            | Event::Noted { .. }
            | Event::Removed
            | Event::Restored => Ok(()),
        }
    }

    fn stated(&mut self, key: Key, says: Says) -> Holds {
        let said = match self.acted.get(&key) {
            Some(Action::IdentificationFinished) => says == Says::IdentificationFinished,
            Some(Action::SigningFinished | Action::Returned) => says == Says::SigningFinished,
            Some(_) => false,
            // The answer that was given when it was added.
            None => true,
        };
        let Some(enrolled) = self.known.get_mut(&key) else { return Ok(()) };
        enrolled.statement = enrolled.statement.max(Some(says));
        Place::of(enrolled.site, key)
            .ensure(said, "nobody but people states anything", || format!("{says:?}"))
    }

    fn started(&mut self, key: Key, phase: Phase) -> Holds {
        let now = self.now.mono;
        let Some(enrolled) = self.known.get_mut(&key) else { return Ok(()) };
        let index = enrolled.site;
        let charged = self.attendance == Attendance::Unattended
            && matches!(self.sites[index].gate, Gate::Offline { .. });
        let site = &mut self.sites[index];
        let place = Place::of(index, key);
        let needed = match phase {
            Phase::PreSign => Says::IdentificationFinished,
            Phase::PostSign => Says::SigningFinished,
        };
        place.ensure(
            enrolled.statement >= Some(needed),
            "a phase is watched on a statement alone",
            || format!("{phase:?} on {:?}", enrolled.statement),
        )?;
        if let Some(watch) = &enrolled.watch {
            self.census.count("outcome: superseded by a statement");
            let next = watch.phase == Phase::PreSign && phase == Phase::PostSign;
            place.ensure(next, "only a later phase takes the place of a watch", || {
                format!("{phase:?} after {:?}", watch.phase)
            })?;
        }
        let rhythm = site.environment.pace(phase);
        let mut watch = Watching::new(phase, rhythm, &enrolled.contact, now);
        if site.gate != Gate::Open {
            watch.is_held(now, charged);
        }
        enrolled.watch = Some(watch);
        enrolled.idle = now;
        site.live.insert(key);
        Ok(())
    }

    fn ended(&mut self, key: Key, phase: Phase, result: &Outcome, polls: u32) -> Holds {
        self.count_outcome(phase, result);
        let Some(enrolled) = self.known.get_mut(&key) else { return Ok(()) };
        let index = enrolled.site;
        let place = Place::of(index, key);
        let verdict = enrolled.verdict.take();
        let watch = enrolled.watch.take();
        if let Some(watch) = &watch {
            place.ensure(watch.polls == polls, "an end counts the polls of its watch", || {
                format!("{polls} where {} were sent", watch.polls)
            })?;
            place.ensure(watch.phase == phase, "an end names the phase of its watch", || {
                format!("{phase:?} of a watch of {:?}", watch.phase)
            })?;
        }
        let enrolled = &self.known[&key];
        let (rule, holds) = self.may_end(key, enrolled, watch.as_ref(), verdict, result);
        self.sites[index].live.remove(&key);
        let now = self.now.mono;
        place.ensure(holds, rule, || {
            format!("{result:?} at {now:?} after {verdict:?} of {watch:?}; {:?}", enrolled.contact)
        })
    }

    /// Whether a watch, or a step without one, may end so; and the rule for that.
    fn may_end(
        &self,
        key: Key,
        enrolled: &Enrolled,
        watch: Option<&Watching>,
        verdict: Option<Verdict>,
        result: &Outcome,
    ) -> (&'static str, bool) {
        let (now, live) = (self.now.mono, watch.is_some());
        let answered = |wanted| live && verdict == Some(wanted);
        let gate = self.sites[enrolled.site].gate;
        let did = |wanted: &[Action]| self.acted.get(&key).is_some_and(|a| wanted.contains(a));
        match result {
            Outcome::ReadyToSign { .. } => {
                ("ready is the exact status with an allowed link", answered(Verdict::Ready))
            }
            Outcome::Signed => {
                ("signed is the exact status alone", verdict == Some(Verdict::Signed))
            }
            Outcome::Missed(miss) => match miss {
                Miss::TimedOut { cause: TimeoutCause::RetryAfter } => (
                    "Retry-After ends a watch at the cap that it passes",
                    watch.is_some_and(|w| {
                        // A driver that comes late may find that wait over as well.
                        let not_before = enrolled.contact.not_before;
                        let passes = not_before > w.deadline().unwrap_or(now);
                        w.is_used_up(now) && passes && not_before + self.late >= now
                    }),
                ),
                Miss::TimedOut { cause: TimeoutCause::Cap | TimeoutCause::Offline } => (
                    "a watch times out by the answer to a poll, at its cap or after it",
                    answered(Verdict::TimeUp) || answered(Verdict::MayBeUp),
                ),
                Miss::Failed { .. } => ("failed is a failure status", answered(Verdict::Failed)),
                Miss::Rejected { .. } => {
                    ("rejected is a refused request", answered(Verdict::Rejected))
                }
                Miss::BlockedUrl { .. } => {
                    ("blocked is the target with a refused link", answered(Verdict::Blocked))
                }
                Miss::Unauthorized => (
                    "a watch ends for want of a token where nobody can enter one",
                    live && self.attendance == Attendance::Unattended && gate == Gate::NeedsToken,
                ),
                Miss::Interrupted { why: Interruption::ShiftEnded } => {
                    ("a watch ends with a shift where somebody ends one", live && self.ended_shift)
                }
                Miss::Interrupted { why: Interruption::HandedOver | Interruption::TakenIn } => (
                    "a watch is another desk's where a shift is handed over, and here is none",
                    false,
                ),
                Miss::Interrupted { why: Interruption::Reconfigured } => {
                    ("a watch is reconfigured where a policy does so, and here is none", false)
                }
                Miss::Interrupted { why: Interruption::Offline | Interruption::Closed } => (
                    "half an hour without a connection interrupts an attended watch",
                    live && self.attendance == Attendance::Attended
                        && matches!(gate, Gate::Offline { since, .. }
                            if now.since(since) >= rules::OFFLINE_LIMIT),
                ),
                Miss::Stopped => (
                    "nothing stops by itself",
                    did(&[Action::Stop, Action::Remove, Action::Forget])
                        || (live && self.stopped_all),
                ),
                Miss::WrongId => ("only people know a wrong id", did(&[Action::WrongId])),
                Miss::GaveUp { reason } => (
                    "only people know that a customer gave up",
                    did(&[Action::GaveUp { reason: *reason }]),
                ),
            },
        }
    }

    /// Every answer that decides has decided.
    pub(super) fn decided(&mut self) -> Holds {
        for (key, enrolled) in &mut self.known {
            let Some(verdict) = enrolled.verdict.take() else { continue };
            let place = Place::of(enrolled.site, *key);
            let nothing = verdict == Verdict::MayBeUp
                || (enrolled.watch.is_none() && verdict == Verdict::Ready);
            place.ensure(nothing, "an answer that decides ends the watch at once", || {
                format!("{verdict:?} of {:?}; {:?}", enrolled.watch, enrolled.contact)
            })?;
        }
        Ok(())
    }

    fn count_outcome(&mut self, phase: Phase, result: &Outcome) {
        self.census.count(match result {
            Outcome::ReadyToSign { .. } => "outcome: ready-to-sign",
            Outcome::Signed if phase == Phase::PreSign => "outcome: signed, seen in pre-sign",
            Outcome::Signed => "outcome: signed",
            Outcome::Missed(miss) => match miss {
                Miss::TimedOut { cause: TimeoutCause::Cap } => "outcome: timed-out, cap",
                Miss::TimedOut { cause: TimeoutCause::RetryAfter } => {
                    "outcome: timed-out, Retry-After"
                }
                Miss::TimedOut { cause: TimeoutCause::Offline } => "outcome: timed-out, offline",
                Miss::Failed { .. } => "outcome: failed",
                Miss::Rejected { .. } => "outcome: rejected",
                Miss::BlockedUrl { .. } => "outcome: blocked-url",
                Miss::Unauthorized => "outcome: unauthorized",
                Miss::GaveUp { .. } => "outcome: gave up",
                Miss::Stopped => "outcome: stopped",
                Miss::WrongId => "outcome: wrong id",
                Miss::Interrupted { .. } => "outcome: interrupted",
            },
        });
    }
}

/// The host of a link that the gateway made, which begins with `https://`.
pub(super) fn host_of(link: &str) -> Option<&str> {
    link.strip_prefix("https://")?.split('/').next()
}
