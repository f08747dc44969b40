//! What an answer does to its enrollment.

use std::{sync::Arc, time::Duration};

use super::{
    Desk,
    record::{Purpose, Step, millis},
    view::{Done, Key, ProblemView, Refused},
};
use crate::{
    enrollment::{Event, Miss, Outcome, Phase, Problem, Status},
    gateway::{Answer, StatusAnswer},
    signing_url::{Refusal, SigningUrl},
    time::Moment,
    watch::{
        Next, Watch,
        reading::{Reading, read},
    },
};

impl Desk {
    pub(super) fn decide(&mut self, key: Key, answer: Answer, now: Moment) {
        let Some(record) = self.table.get(&key) else { return };
        let live = record.watch().is_some();
        match answer {
            Answer::Status(answer) => self.decide_status(key, &answer, live, now),
            Answer::Refused(problem) if live => self.end(key, Miss::Rejected { problem }, now),
            Answer::Faulty { problem, retry_after } if live => {
                self.try_again(key, problem, retry_after, false, now);
            }
            Answer::Silent(problem) if live => self.try_again(key, problem, None, true, now),
            Answer::Refused(problem) | Answer::Faulty { problem, .. } | Answer::Silent(problem) => {
                let phase = record.phase();
                let boxed = Box::new(problem.clone());
                let event = Event::Problem { phase, problem: boxed, retry_ms: None };
                self.note(key, event, now);
                self.settle(key, Err(Refused::NoAnswer { problem }));
            }
            // Told apart before: it never decides.
            Answer::Unauthorized => {}
        }
    }

    fn try_again(
        &mut self,
        key: Key,
        problem: Problem,
        retry_after: Option<Duration>,
        silent: bool,
        now: Moment,
    ) {
        let Some(record) = self.table.get_mut(&key) else { return };
        let (phase, site) = (record.phase(), record.environment);
        let Some(watch) = record.watch_mut() else { return };
        let next = watch.fails(now.mono, retry_after, silent);
        let retry = match next {
            Next::Goes { retry } => retry,
            Next::TimedOut(_) => None,
        };
        record.problem = Some(Box::new(ProblemView {
            problem: problem.clone().made_visible(),
            at: now.wall.as_millisecond(),
            retry_at: retry.map(|after| now.wall_at(now.mono + after).as_millisecond()),
        }));
        self.queue(key);
        self.note(
            key,
            Event::Problem {
                phase,
                problem: Box::new(problem.clone()),
                retry_ms: retry.map(millis),
            },
            now,
        );
        if let Next::TimedOut(cause) = next {
            let cause = self.timeout_cause(site, cause);
            return self.end(key, Miss::TimedOut { cause }, now);
        }
        self.settle(key, Err(Refused::NoAnswer { problem }));
    }

    fn decide_status(&mut self, key: Key, answer: &StatusAnswer, live: bool, now: Moment) {
        self.note_status(key, answer, now);
        let Some(record) = self.table.get(&key) else { return };
        let environment = &self.sites[record.environment].environment;
        let phase = record.phase();
        let reading = read(phase, answer, &environment.failures, &environment.allowlist);
        match (reading, live) {
            (Reading::Ready(url), true) => self.reach_link(key, url, now),
            (Reading::Ready(url), false) => self.single_link(key, url, now),
            (Reading::Signed, _) => self.reach_signed(key, now),
            (Reading::Failed(status), true) => {
                self.end(key, Miss::Failed { status: status.to_string() }, now);
            }
            (Reading::Blocked(refusal), true) => self.end(key, blocked(&refusal), now),
            (Reading::Waiting(link), true) => self.go_on(key, answer, link, now),
            (Reading::Blocked(refusal) | Reading::Waiting(Some(Err(refusal))), false) => {
                self.note_refused(key, &refusal, now);
                self.single_without_link(key, answer, refusal.into(), now);
            }
            (Reading::Failed(_) | Reading::Waiting(_), false) => {
                self.single_without_link(key, answer, Refused::NoLink, now);
            }
        }
    }

    fn note_status(&mut self, key: Key, answer: &StatusAnswer, now: Moment) {
        let Some(record) = self.table.get_mut(&key) else { return };
        let first = record.watch().is_some_and(|w| w.polls() == 1);
        let changed =
            record.status.as_ref() != Some(&answer.status) || record.message != answer.message;
        let before = record.status.as_ref().and_then(Status::rank);
        let backwards = !first && answer.status.rank() < before && answer.status.rank().is_some();
        if record.problem.take().is_some() {
            self.changes.rows.insert(key);
        }
        if !(first || changed) {
            return;
        }
        record.status = Some(answer.status.clone());
        record.message.clone_from(&answer.message);
        let event = Event::Status {
            phase: record.phase(),
            status: answer.status.raw().map(Box::from),
            message: answer.message.as_deref().map(Box::from),
            backwards,
        };
        self.note(key, event, now);
    }

    /// Pre-sign reached its target.
    fn reach_link(&mut self, key: Key, url: SigningUrl, now: Moment) {
        let polls = self.polls(key);
        let host = url.host().to_owned();
        self.move_to(key, Step::Ready(None), now);
        self.receive(key, url, now);
        let result = Box::new(Outcome::ReadyToSign { host });
        self.note(key, Event::Ended { phase: Phase::PreSign, result, polls }, now);
    }

    /// The customer has signed, in whatever step that shows.
    fn reach_signed(&mut self, key: Key, now: Moment) {
        let Some(record) = self.table.get(&key) else { return };
        let phase = record.phase();
        let polls = self.polls(key);
        // Whoever asked to open the link is told that there is nothing left to open.
        if record.single.as_ref().is_some_and(|s| s.purpose == Purpose::CheckNow) {
            self.settle(key, Ok(Done::Checked));
        }
        self.move_to(key, Step::Signed, now);
        self.note(key, Event::Ended { phase, result: Box::new(Outcome::Signed), polls }, now);
    }

    fn polls(&self, key: Key) -> u32 {
        self.table.get(&key).and_then(|r| r.watch()).map_or(0, Watch::polls)
    }

    fn receive(&mut self, key: Key, url: SigningUrl, now: Moment) {
        let host = url.host().to_owned();
        let Some(record) = self.table.get_mut(&key) else { return };
        let generation = record.receive(url, now);
        self.changes.rows.insert(key);
        if let Some(generation) = generation {
            self.note(key, Event::Link { host, generation }, now);
        }
    }

    pub(super) fn note_refused(&mut self, key: Key, refusal: &Refusal, now: Moment) {
        let event = Event::LinkRefused {
            rule: refusal.rule.code().into(),
            host: refusal.host.as_deref().map(Box::from),
        };
        self.note(key, event, now);
    }

    /// A good answer that is not the target.
    fn go_on(
        &mut self,
        key: Key,
        answer: &StatusAnswer,
        link: Option<Result<SigningUrl, Refusal>>,
        now: Moment,
    ) {
        let Some(record) = self.table.get_mut(&key) else { return };
        let site = record.environment;
        if record.hears_of_session(answer.status == Status::SignSessionCreated, now.mono) {
            self.changes.rows.insert(key);
        }
        let Some(watch) = record.watch_mut() else { return };
        let next = watch.waits(now.mono);
        self.queue(key);
        let fresh = match link {
            Some(Ok(url)) => {
                let host = url.host().to_owned();
                self.receive(key, url, now);
                Ok(host)
            }
            Some(Err(refusal)) => {
                self.note_refused_once(key, &refusal, now);
                Err(refusal.into())
            }
            None => Err(Refused::NoLink),
        };
        if let Next::TimedOut(cause) = next {
            let cause = self.timeout_cause(site, cause);
            return self.end(key, Miss::TimedOut { cause }, now);
        }
        self.serve_single(key, fresh, now);
    }

    /// A link that stays refused is noted once, not with every poll.
    fn note_refused_once(&mut self, key: Key, refusal: &Refusal, now: Moment) {
        let noted = self.table.get(&key).is_some_and(|r| {
            r.timeline.iter().rev().any(|e| {
                matches!(&e.event, Event::LinkRefused { rule, host }
                    if **rule == *refusal.rule.code() && host.as_deref() == refusal.host.as_deref())
            })
        });
        if !noted {
            self.note_refused(key, refusal, now);
        }
    }

    /// A single poll found a link.
    fn single_link(&mut self, key: Key, url: SigningUrl, now: Moment) {
        let host = url.host().to_owned();
        let Some(single) = self.table.get_mut(&key).and_then(|r| r.single.take()) else { return };
        let settled = self
            .table
            .get(&key)
            .is_some_and(|r| matches!(r.step, Step::Ready(Some(_)) | Step::Signing(_)));
        if !settled {
            self.move_to(key, Step::Ready(None), now);
        }
        self.receive(key, url, now);
        if let Some(record) = self.table.get_mut(&key) {
            record.single = Some(single);
        }
        self.serve_single(key, Ok(host), now);
    }

    fn single_without_link(
        &mut self,
        key: Key,
        answer: &StatusAnswer,
        refused: Refused,
        now: Moment,
    ) {
        let status = answer.status.raw().map(Box::from);
        let message = answer.message.as_deref().map(Box::from);
        let asked = self.table.get(&key).and_then(|r| r.single.as_ref());
        let by = Arc::clone(asked.map_or(&self.operator, |single| &single.by));
        self.note_by(key, Event::Checked { status, message }, &by, now);
        self.serve_single(key, Err(refused), now);
    }

    /// Gives whoever asked what the poll brought: for an opening, the link itself.
    fn serve_single(&mut self, key: Key, link: Result<String, Refused>, now: Moment) {
        let Some(single) = self.table.get(&key).and_then(|r| r.single.as_ref()) else { return };
        let (ticket, by) = (single.ticket, Arc::clone(&single.by));
        match (single.purpose.clone(), link) {
            (Purpose::CheckNow, _) | (Purpose::NewLink, Ok(_)) => {
                self.settle(key, Ok(Done::Checked));
            }
            (Purpose::HandOver { way, host: shown }, Ok(host)) if shown == host => {
                if let Some(record) = self.table.get_mut(&key) {
                    record.single = None;
                }
                self.let_out(key, way, ticket, by, now);
            }
            (Purpose::HandOver { .. }, Ok(host)) => {
                self.settle(key, Err(Refused::OtherHost { host }));
            }
            (Purpose::NewLink | Purpose::HandOver { .. }, Err(refused)) => {
                self.settle(key, Err(refused));
            }
        }
    }
}

pub(super) fn blocked(refusal: &Refusal) -> Miss {
    Miss::BlockedUrl { rule: refusal.rule.code().to_owned(), host: refusal.host.clone() }
}
