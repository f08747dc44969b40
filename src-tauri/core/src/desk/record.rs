//! One enrollment on the desk: its step, and what is known of it.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;

use super::{
    Ticket,
    gate::Due,
    view::{Key, LinkView, ProblemView, Row, StepView, TimeLeft, Way},
};
use crate::{
    enrollment::{
        Entry, Event, Look, Miss, Operator, Pause, Phase, Place, Says, Statement, Status, User,
        shortened, visible,
    },
    journal::{Heard, Kept, KeptStep},
    signing_url::SigningUrl,
    time::{Moment, Mono},
    watch::{Clock, SHORTEST_GAP, Watch},
};

/// A link that was received longer ago may have gone stale: a fresh one is fetched first.
const FRESH_LINK: Duration = Duration::from_secs(60);
/// A signing session that the gateway still names after this long has probably not been signed.
const UNSIGNED_AFTER: Duration = Duration::from_secs(60);
/// How much of the gateway's text a row shows.
const SHOWN: usize = 200;
/// The timeline of an enrollment that never settles stays bounded.
pub(super) const LONGEST_TIMELINE: usize = 1_000;

/// Where an enrollment stands; each step carries what only it needs.
#[derive(Debug)]
pub(super) enum Step {
    Expected,
    PreSign(Watch),
    /// The target of pre-sign; without a link a new one is needed.
    Ready(Option<Box<Link>>),
    /// The link was handed over, and nothing is polled.
    Signing(Option<Box<Link>>),
    PostSign {
        watch: Watch,
        link: Option<Box<Link>>,
        /// Since when the gateway still names the signing session.
        unsigned_since: Option<Mono>,
        /// It did so for long enough: the customer has probably not signed.
        not_signed: bool,
    },
    Signed,
    HandedOn,
    Ended {
        phase: Phase,
        miss: Miss,
    },
}

/// A checked link. It lives here alone: never on a disk, never in the window.
#[derive(Debug)]
pub(super) struct Link {
    pub url: SigningUrl,
    pub generation: u32,
    pub received: Moment,
    /// Handed over at least once.
    pub opened: bool,
    /// Handed over since it was last received: it may be single-use.
    pub used: bool,
}

impl Link {
    /// Whether it can be opened without fetching a fresh one first.
    pub fn is_fresh(&self, now: Moment) -> bool {
        let slept = now.jump_since(self.received);
        !self.used && now.mono.since(self.received.mono) + slept <= FRESH_LINK
    }
}

/// One poll that an agent asked for, outside of a watch's own rhythm.
#[derive(Debug)]
pub(super) struct Single {
    pub purpose: Purpose,
    pub ticket: Ticket,
    /// Who asked: by the time of the answer somebody else may sit here.
    pub by: Arc<Operator>,
    /// When it may go out; `None` once it is out, or where a live watch's next poll serves.
    pub due: Option<Mono>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    CheckNow,
    NewLink,
    /// Hands the fresh link over, where it is on the host that the agent was shown.
    HandOver {
        way: Way,
        host: String,
    },
}

/// Ten thousand of these may be watched at once, so what most of them lack most of the time stands
/// apart.
#[derive(Debug)]
pub(super) struct Record {
    pub key: Key,
    pub user: User,
    pub environment: usize,
    pub label: String,
    pub place: Place,
    pub step: Step,
    pub state: u32,
    pub since: Timestamp,
    pub status: Option<Status>,
    pub message: Option<String>,
    pub problem: Option<Box<ProblemView>>,
    pub statements: Vec<Statement>,
    /// What happened since the console started, the last thousand lines of it.
    pub timeline: Vec<Entry>,
    /// The number of the timeline's last line.
    pub seq: u32,
    /// Links received so far.
    pub generations: u32,
    pub confirmed: bool,
    pub single: Option<Box<Single>>,
    pub request: Option<super::RequestId>,
    /// When the gateway was last asked for it, or last answered.
    pub spoke: Option<Mono>,
    /// Set by `Retry-After`, whatever asks next.
    pub not_before: Mono,
    pub opened: Option<Mono>,
    pub opening: bool,
    /// When somebody wants to have a look again.
    pub look: Option<Box<Look>>,
    /// What somebody wrote down.
    pub note: Box<str>,
    /// Taken off the list; kept for as long as that can be undone.
    pub removed: Option<Mono>,
    /// The batch that last took a change of it to the journal.
    pub batch: u64,
}

impl Record {
    pub fn new(key: Key, user: User, environment: usize, now: Moment) -> Self {
        Self {
            key,
            user,
            environment,
            label: String::new(),
            place: Place::Desk,
            step: Step::Expected,
            state: 1,
            since: now.wall,
            status: None,
            message: None,
            problem: None,
            statements: Vec::new(),
            timeline: Vec::new(),
            seq: 0,
            generations: 0,
            confirmed: false,
            single: None,
            request: None,
            spoke: None,
            not_before: Mono::default(),
            opened: None,
            opening: false,
            look: None,
            note: Box::default(),
            removed: None,
            batch: 0,
        }
    }

    pub fn watch(&self) -> Option<&Watch> {
        match &self.step {
            Step::PreSign(watch) | Step::PostSign { watch, .. } => Some(watch),
            Step::Expected
            | Step::Ready(_)
            | Step::Signing(_)
            | Step::Signed
            | Step::HandedOn
            | Step::Ended { .. } => None,
        }
    }

    pub fn watch_mut(&mut self) -> Option<&mut Watch> {
        match &mut self.step {
            Step::PreSign(watch) | Step::PostSign { watch, .. } => Some(watch),
            Step::Expected
            | Step::Ready(_)
            | Step::Signing(_)
            | Step::Signed
            | Step::HandedOn
            | Step::Ended { .. } => None,
        }
    }

    pub fn link(&self) -> Option<&Link> {
        match &self.step {
            Step::Ready(link) | Step::Signing(link) | Step::PostSign { link, .. } => {
                link.as_deref()
            }
            Step::Expected
            | Step::PreSign(_)
            | Step::Signed
            | Step::HandedOn
            | Step::Ended { .. } => None,
        }
    }

    pub fn link_slot(&mut self) -> Option<&mut Option<Box<Link>>> {
        match &mut self.step {
            Step::Ready(link) | Step::Signing(link) | Step::PostSign { link, .. } => Some(link),
            Step::Expected
            | Step::PreSign(_)
            | Step::Signed
            | Step::HandedOn
            | Step::Ended { .. } => None,
        }
    }

    /// The phase that a single poll would ask about: the last one whose statement was made.
    pub fn phase(&self) -> Phase {
        match &self.step {
            Step::PostSign { .. } | Step::Signed | Step::HandedOn => Phase::PostSign,
            Step::Ended { phase, .. } => *phase,
            Step::Expected | Step::PreSign(_) | Step::Ready(_) | Step::Signing(_) => Phase::PreSign,
        }
    }

    pub fn has_stated(&self, says: Says) -> bool {
        // Whoever finished signing had finished identification before.
        self.statements.iter().any(|s| s.says >= says)
    }

    /// The earliest moment for another poll, whoever asks for it.
    pub fn earliest(&self, now: Mono) -> Mono {
        self.spoke.map_or(now, |spoke| now.max(spoke + SHORTEST_GAP)).max(self.not_before)
    }

    /// When this enrollment needs the gateway or a decision, and which.
    pub fn due(&self) -> Option<(Due, Mono)> {
        let Some(watch) = self.watch() else {
            return self.single.as_ref().and_then(|s| s.due).map(|at| (Due::Poll, at));
        };
        let due = match (watch.ends_unasked(), watch.is_last()) {
            (Some(_), _) => Due::End,
            (None, true) => Due::LastPoll,
            (None, false) => Due::Poll,
        };
        watch.due().map(|at| (due, at))
    }

    /// Puts a received link in place of the older one, which can no longer be opened.
    /// Returns its generation where it is another link than before.
    pub fn receive(&mut self, url: SigningUrl, now: Moment) -> Option<u32> {
        let same = self.link().is_some_and(|old| old.url == url);
        if !same {
            self.generations += 1;
        }
        let generation = self.generations;
        if let Some(slot) = self.link_slot() {
            let opened = same && slot.as_ref().is_some_and(|old| old.opened);
            let link = Link { url, generation, received: now, opened, used: false };
            *slot = Some(Box::new(link));
        }
        (!same).then_some(generation)
    }

    /// Adds a line to the timeline.
    pub fn note(&mut self, now: Moment, event: Event, operator: &Arc<Operator>) -> Entry {
        self.seq = self.seq.saturating_add(1);
        let by = event.is_deed().then(|| Arc::clone(operator));
        let entry = Entry { seq: self.seq, at: now.wall, by, event };
        if self.timeline.len() == LONGEST_TIMELINE {
            self.timeline.remove(0);
        }
        self.timeline.push(entry.clone());
        entry
    }

    pub fn row(&self, environment: &str, why_held: Pause, saved: bool, now: Moment) -> Row {
        let shown = |text: &str| visible(&shortened(text, SHOWN));
        Row {
            key: self.key,
            state: self.state,
            environment: environment.to_owned(),
            id: self.user.id.get(),
            user_type: self.user.user_type,
            label: self.label.clone(),
            place: self.place,
            step: self.step_view(why_held, now),
            since: self.since.as_millisecond(),
            status: self.status.as_ref().and_then(|s| s.raw()).map(shown),
            status_known: self.status.as_ref().is_none_or(Status::is_known),
            message: self.message.as_deref().map(shown),
            problem: self.problem.as_deref().cloned(),
            link: self.link().map(|link| LinkView {
                host: link.url.host().to_owned(),
                generation: link.generation,
                received: link.received.wall.as_millisecond(),
                opened: link.opened,
            }),
            confirmed: self.confirmed,
            busy: self.single.is_some() || self.opening,
            look_at: self.look.as_ref().map(|look| look.at.as_millisecond()),
            note: visible_lines(&self.note),
            saved,
        }
    }

    /// As the journal keeps it.
    pub fn kept(&self, environment: &str, now: Moment) -> Kept {
        Kept {
            key: self.key,
            environment: environment.to_owned(),
            user: self.user,
            label: self.label.clone(),
            place: self.place,
            step: self.kept_step(),
            state: self.state,
            since: self.since,
            heard: self.status.as_ref().map(|status| Heard {
                status: status.raw().map(str::to_owned),
                message: self.message.clone(),
            }),
            statements: self.statements.clone(),
            generations: self.generations,
            confirmed: self.confirmed,
            not_before: (self.not_before > now.mono).then(|| now.wall_at(self.not_before)),
            look: self.look.as_deref().cloned(),
            note: self.note.clone(),
            removed: self.removed.map(|at| now.wall_at(at)),
            seq: self.seq,
        }
    }

    fn kept_step(&self) -> KeptStep {
        match &self.step {
            Step::Expected => KeptStep::Expected,
            Step::PreSign(_) => KeptStep::PreSign,
            Step::Ready(_) => KeptStep::Ready,
            Step::Signing(_) => KeptStep::Signing,
            Step::PostSign { .. } => KeptStep::PostSign,
            Step::Signed => KeptStep::Signed,
            Step::HandedOn => KeptStep::HandedOn,
            Step::Ended { phase, miss } => KeptStep::Ended { phase: *phase, miss: miss.clone() },
        }
    }

    /// Notes whether a post-sign answer still names the signing session. Says whether that tells
    /// something new of the signature.
    pub fn hears_of_session(&mut self, named: bool, now: Mono) -> bool {
        let Step::PostSign { unsigned_since, not_signed, .. } = &mut self.step else {
            return false;
        };
        *unsigned_since = named.then(|| unsigned_since.unwrap_or(now));
        let unsigned = unsigned_since.is_some_and(|since| now.since(since) >= UNSIGNED_AFTER);
        std::mem::replace(not_signed, unsigned) != unsigned
    }

    fn step_view(&self, why: Pause, now: Moment) -> StepView {
        match &self.step {
            Step::Expected => StepView::Expected,
            Step::PreSign(watch) => StepView::PreSign { time: time_left(watch, why, now) },
            Step::Ready(Some(_)) => StepView::Ready,
            Step::Ready(None) => StepView::NewLinkNeeded,
            Step::Signing(_) => StepView::Signing,
            Step::PostSign { watch, not_signed, .. } => {
                StepView::PostSign { time: time_left(watch, why, now), not_signed: *not_signed }
            }
            Step::Signed => StepView::Signed,
            Step::HandedOn => StepView::HandedOn,
            Step::Ended { phase, miss } => {
                StepView::Ended { phase: *phase, miss: miss.clone().made_visible() }
            }
        }
    }
}

fn time_left(watch: &Watch, why: Pause, now: Moment) -> TimeLeft {
    let cap_ms = millis(watch.cap());
    match watch.clock() {
        clock if watch.is_held() => TimeLeft::Held {
            left_ms: match clock {
                Clock::Unstarted => cap_ms,
                Clock::Running { deadline } => millis(deadline.since(now.mono)),
                Clock::Stopped { left } => millis(left),
            },
            cap_ms,
            why,
        },
        Clock::Running { deadline } => {
            TimeLeft::Running { deadline: now.wall_at(deadline).as_millisecond(), cap_ms }
        }
        Clock::Unstarted | Clock::Stopped { .. } => TimeLeft::Unstarted { cap_ms },
    }
}

/// As [`visible`], but for the ends of lines, which can be seen.
fn visible_lines(text: &str) -> String {
    text.lines().map(visible).collect::<Vec<_>>().join("\n")
}

pub(super) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
