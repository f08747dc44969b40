//! Watches the desk at work, and says when a rule of the contract does not hold.
//!
//! It knows what was sent, what was answered, what people asked for and what the feed told, and
//! keeps its own small model from that. It never asks the desk's code whether it is right.

mod answers;
mod claims;
mod commands;
mod feeds;
mod keeping;
mod openings;
mod rules;
mod sends;
mod site;
mod violation;
mod watching;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    time::Duration,
};

use enrollment_core::{
    desk::{
        Arrival, Attendance, Desk, Left, Person, RequestId, Turn,
        view::{Action, Feed, Key, StepView},
    },
    enrollment::{Phase, Says, User},
    time::{Moment, Mono},
};

use crate::{archive::Archive, census::Census, draw::Plan, trace::Trace, world::Post};
use commands::Asked;
use site::{Gate, Site};
use violation::Place;
use watching::{Contact, Watching};

pub use feeds::Told;
pub use violation::{Holds, Violation};

/// A request that is out.
struct Out {
    key: Key,
    site: usize,
    sent: Mono,
    generation: u32,
    /// Whether the cap was reached when it left.
    last: bool,
}

/// What an answer has to lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Ready,
    Signed,
    Failed,
    Rejected,
    Blocked,
    TimeUp,
    /// The time is up and stands still: ending and asking once more are both right.
    MayBeUp,
}

/// One enrollment.
struct Enrolled {
    site: usize,
    watch: Option<Watching>,
    contact: Contact,
    statement: Option<Says>,
    request: Option<RequestId>,
    /// Since when nothing of it is out.
    idle: Mono,
    /// Id and type were confirmed by whoever opened its link.
    confirmed: bool,
    /// When somebody wants another look.
    look: Option<i64>,
    /// The newest link, and how many there were.
    link: Option<String>,
    generation: u32,
    /// What an answer of this turn has to lead to.
    verdict: Option<Verdict>,
    /// The last entry of its timeline.
    seq: u32,
}

pub struct Observer {
    pub told: Told,
    pub census: Census,
    pub trace: Trace,
    attendance: Attendance,
    sites: Vec<Site>,
    known: BTreeMap<Key, Enrolled>,
    out: HashMap<RequestId, Out>,
    asked: BTreeMap<u64, Asked>,
    opening: Option<Key>,
    previous: Option<Moment>,
    now: Moment,
    /// How much later than the desk asked for this turn came.
    late: Duration,
    /// Whether something arrived in this turn.
    called: bool,
    /// Commands of this turn, and whether everything was stopped in it.
    commands: Vec<u64>,
    acted: HashMap<Key, Action>,
    stopped_all: bool,
    ended_shift: bool,
    last_removal: Option<Mono>,
    /// Users that were removed, when, and the enrollment that they were.
    removed: HashMap<(usize, User), (Mono, Key)>,
    /// Users of whom nothing is kept any more, and the enrollment that they were.
    forgotten: HashMap<(usize, User), Key>,
    scanned: Mono,
    /// Turns in this second of the run that did nothing at all.
    idle_turns: (u64, u32),
    /// Links of which nobody will ever be told what came of them.
    pub unanswered_openings: HashSet<Key>,
}

/// Turns that do nothing, in one second: more than a few mean that the desk spins.
const MOST_IDLE_TURNS: u32 = 40;

impl Observer {
    pub fn new(plan: &Plan, now: Moment, trace: Trace) -> Self {
        Self {
            told: Told::default(),
            census: Census::default(),
            trace,
            attendance: plan.attendance,
            sites: plan.sites.iter().map(Site::new).collect(),
            known: BTreeMap::new(),
            out: HashMap::new(),
            asked: BTreeMap::new(),
            opening: None,
            previous: None,
            now,
            late: Duration::ZERO,
            called: false,
            commands: Vec::new(),
            acted: HashMap::new(),
            stopped_all: false,
            ended_shift: false,
            last_removal: None,
            removed: HashMap::new(),
            forgotten: HashMap::new(),
            scanned: Mono::default(),
            idle_turns: (0, 0),
            unanswered_openings: HashSet::new(),
        }
    }

    /// What is about to reach the desk. Of each environment a turn holds either answers or one
    /// other thing, so that what they do to each other can be told apart.
    pub fn before(&mut self, now: Moment, late: Duration, posts: &[Post]) {
        (self.now, self.late) = (now, late);
        self.called = !posts.is_empty();
        self.commands.clear();
        self.acted.clear();
        self.stopped_all = false;
        self.ended_shift = false;
        for site in &mut self.sites {
            site.note_short(now.mono);
        }
        self.notice_jump();
        for post in posts {
            match post {
                Post::Answer { request, spoken } => self.hears(*request, spoken),
                Post::Other(arrival) => self.arrives(arrival),
            }
        }
        self.previous = Some(now);
    }

    fn notice_jump(&mut self) {
        let now = self.now;
        let Some(previous) = self.previous else { return };
        let wall = Duration::try_from(now.wall.duration_since(previous.wall)).unwrap_or_default();
        let by = wall.saturating_sub(now.mono.since(previous.mono));
        if by <= rules::JUMP {
            return;
        }
        self.trace.note(now.mono, None, None, || format!("the clock jumps by {by:?}"));
        for site in &mut self.sites {
            site.jumps(now.mono);
            for key in &site.live {
                let Some(enrolled) = self.known.get_mut(key) else { continue };
                let Enrolled { watch, contact, request, .. } = enrolled;
                if let Some(watch) = watch {
                    watch.jumps(contact, now.mono, by, request.is_some());
                }
            }
        }
    }

    fn arrives(&mut self, arrival: &Arrival) {
        let now = self.now.mono;
        match arrival {
            Arrival::Add { ticket, add, .. } => self.asks_to_add(ticket.0, add),
            Arrival::Act { ticket, key, state, action } => {
                self.asks(ticket.0, *key, *state, action);
            }
            // Here is neither a policy nor a token command, and no other desk.
            Arrival::Answer { .. }
            | Arrival::Journal(_)
            | Arrival::KeepDays(_)
            | Arrival::FetchToken { .. }
            | Arrival::TokenFetched { .. }
            | Arrival::TakeIn { .. }
            | Arrival::Policy(_)
            | Arrival::PolicyTrouble(_) => {}
            Arrival::Left { key, result } => {
                self.census.count(match result {
                    Ok(Left::Opened) => "opening: opened",
                    Ok(Left::Copied) => "opening: copied",
                    Ok(Left::Shown(_)) => "opening: shown",
                    Err(_) => "opening: failed",
                });
                self.trace.note(now, None, Some(*key), || format!("outside: {result:?}"));
                self.opening = None;
            }
            // Whoever comes and goes is the desk's own tests' matter.
            Arrival::Person { ticket, does } => {
                if *does == Person::EndsShift {
                    self.asks_to_end_the_shift(ticket.0);
                }
            }
            Arrival::Token { environment, token, .. } => {
                let Some(site) = self.site(environment) else { return };
                self.gets_token(site, token.clone());
            }
            Arrival::TokenForgotten { environment } => {
                let Some(site) = self.site(environment) else { return };
                self.loses_token(site);
            }
            Arrival::TokenRead { environment, read } => {
                let Some(site) = self.site(environment) else { return };
                if self.sites[site].token.is_some() {
                    self.census.count("keyring: too late, a token was entered");
                    return;
                }
                match read {
                    Ok(token) => self.gets_token(site, token.clone()),
                    Err(_) => self.loses_token(site),
                }
            }
            Arrival::StopAll => {
                self.census.count("people: stopped everything");
                self.trace.note(now, None, None, || "everything is stopped".to_owned());
                self.stopped_all = true;
            }
        }
    }

    /// The environment that something on its way to the desk concerns.
    pub fn concerns(&self, post: &Post) -> Option<usize> {
        match post {
            Post::Answer { request, .. } => self.out.get(request).map(|out| out.site),
            Post::Other(arrival) => match arrival {
                Arrival::Add { add, .. } => self.site(&add.environment),
                Arrival::Act { key, .. } | Arrival::Left { key, .. } => {
                    self.known.get(key).map(|enrolled| enrolled.site)
                }
                Arrival::Token { environment, .. }
                | Arrival::TokenForgotten { environment }
                | Arrival::TokenRead { environment, .. } => self.site(environment),
                Arrival::Answer { .. }
                | Arrival::FetchToken { .. }
                | Arrival::TokenFetched { .. }
                | Arrival::TakeIn { .. }
                | Arrival::Policy(_)
                | Arrival::PolicyTrouble(_)
                | Arrival::Journal(_)
                | Arrival::KeepDays(_)
                | Arrival::Person { .. }
                | Arrival::StopAll => None,
            },
        }
    }

    /// Whether this environment's gate waits for a probe.
    pub fn is_probing(&self, site: usize) -> bool {
        matches!(self.sites[site].gate, Gate::Probing(_) | Gate::Offline { .. })
    }

    fn site(&self, name: &str) -> Option<usize> {
        self.sites.iter().position(|site| site.environment.name == name)
    }

    /// What the desk made of it.
    pub fn after(
        &mut self,
        turn: &Turn,
        feed: Option<Feed>,
        desk: &mut Desk,
        archive: Option<&Archive>,
        look: bool,
    ) -> Holds {
        let did_nothing = !self.called && feed.is_none() && turn.sends.is_empty();
        self.replies(turn)?;
        for request in &turn.cancels {
            self.cancelled(*request);
        }
        let entries = feed.as_ref().map(|feed| feed.entries.clone()).unwrap_or_default();
        for (key, entry) in &entries {
            self.claimed(*key, entry)?;
        }
        if archive.is_some() {
            keeping::hands_over(turn, &entries)?;
        }
        self.decided()?;
        for site in 0..self.sites.len() {
            self.sites[site].settles();
            self.opens_where_nobody_can_probe(site);
        }
        // A press is judged by the row that was shown: its watch may end in the very same turn.
        for leaving in &turn.leaving {
            self.leaves(leaving)?;
        }
        let changed = feed.map(|feed| self.fed(feed)).transpose()?.unwrap_or_default();
        for send in &turn.sends {
            self.sent(send)?;
        }
        for key in &changed {
            self.row_is_so(*key)?;
        }
        if let Some(archive) = archive {
            self.is_saved_as_told(archive, &changed)?;
        }
        self.shift_left_nothing()?;
        self.scan()?;
        self.wakes_honestly(turn, did_nothing)?;
        if look { self.looks_again(desk) } else { Ok(()) }
    }

    /// A turn that is asked for is not for nothing, and where nothing is left none is.
    fn wakes_honestly(&mut self, turn: &Turn, did_nothing: bool) -> Holds {
        let now = self.now.mono;
        let second = now.since(Mono::default()).as_secs();
        if self.idle_turns.0 != second {
            self.idle_turns = (second, 0);
        }
        self.idle_turns.1 += u32::from(did_nothing);
        Place::EVERYWHERE.ensure(
            self.idle_turns.1 <= MOST_IDLE_TURNS,
            "a wake-up is for something",
            || format!("{} turns in one second did nothing", self.idle_turns.1),
        )?;
        let undone = self.last_removal.is_none_or(|at| now.since(at) >= rules::UNDO);
        let watched = self.sites.iter().any(|site| !site.live.is_empty());
        let planned = self.known.values().any(|enrolled| enrolled.look.is_some());
        if !watched && !planned && undone && self.asked.is_empty() {
            Place::EVERYWHERE.ensure(
                turn.wake.is_none(),
                "with nothing left to do there is no wake-up",
                || format!("{:?}", turn.wake),
            )?;
        }
        Ok(())
    }

    /// Nothing fails any more and nobody does anything: everything has ended.
    pub fn ends(&self) -> Holds {
        for site in &self.sites {
            for key in &site.live {
                let place = Place { site: self.site(&site.environment.name), key: Some(*key) };
                let watch = self.known.get(key).and_then(|it| it.watch.as_ref());
                place.ensure(false, "every watch ends", || format!("{:?} {watch:?}", site.gate))?;
            }
        }
        for (ticket, asked) in &self.asked {
            let place = Place { site: None, key: asked.key };
            let never = asked.key.is_some_and(|key| self.unanswered_openings.contains(&key));
            place.ensure(never, "every command is answered", || format!("ticket {ticket}"))?;
        }
        Ok(())
    }

    /// The phase that a single poll of this enrollment asks about.
    fn phase_shown(&self, key: Key) -> Phase {
        match self.told.rows.get(&key).map(|row| &row.step) {
            Some(StepView::PostSign { .. } | StepView::Signed | StepView::HandedOn) => {
                Phase::PostSign
            }
            Some(StepView::Ended { phase, .. }) => *phase,
            Some(
                StepView::Expected
                | StepView::PreSign { .. }
                | StepView::Ready
                | StepView::NewLinkNeeded
                | StepView::Signing,
            )
            | None => Phase::PreSign,
        }
    }

    fn is_charged(&self, site: usize) -> bool {
        let offline = matches!(self.sites[site].gate, Gate::Offline { .. });
        self.attendance == Attendance::Unattended && offline
    }
}

impl Enrolled {
    fn new(site: usize, now: Mono) -> Self {
        Self {
            site,
            watch: None,
            contact: Contact::default(),
            statement: None,
            request: None,
            idle: now,
            confirmed: false,
            link: None,
            look: None,
            generation: 0,
            verdict: None,
            seq: 0,
        }
    }
}
