//! One run: everything that happens, in the order in which it happens.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use enrollment_core::{
    desk::{Arrival, Attendance, Desk, RequestId, Turn, view::Key},
    enrollment::Operator,
    journal::{Health, KeepDays, Report},
    time::Mono,
};
use jiff::SignedDuration;

use crate::{
    archive::{self, Archive},
    census::Census,
    clock::{Clock, Waking},
    dice::Dice,
    draw::Plan,
    flights::Flights,
    gateway::{Gateway, Spoken},
    network::Network,
    observer::{Holds, Observer},
    people::{self, Deed},
    tokens::{self, Kind},
    trace::Trace,
};

/// By then a run has come to rest: the longest cap, the longest wait, and then some.
const LONGEST_CALM: Duration = Duration::from_secs(3_600);

/// Something on its way to the desk.
pub enum Post {
    Answer { request: RequestId, spoken: Spoken },
    Other(Arrival),
}

pub enum Happening {
    /// The answer of that flight is there.
    Lands(u64),
    Posts(Arrival),
    Does(Deed),
    Sleeps(Duration),
    SetsClock(SignedDuration),
    /// The journal keeps what waits.
    Saves,
    /// Nothing fails from now on.
    Calm,
}

pub struct World {
    pub dice: Dice,
    pub plan: Plan,
    pub clock: Clock,
    pub gateways: Vec<Gateway>,
    pub observer: Observer,
    pub tickets: u64,
    /// Removals that somebody may want back, with the state that was shown.
    pub removed: Vec<(Key, u32)>,
    desk: Desk,
    pub network: Network,
    waking: Waking,
    /// The journal, where this desk has one.
    archive: Option<Archive>,
    /// A commit is on its way.
    saving: bool,
    /// When the driver is to work next, and when the desk asked for that.
    alarm: Option<Mono>,
    wake: Option<Mono>,
    inbox: VecDeque<Post>,
    agenda: BTreeMap<(Mono, u64), Happening>,
    pub happenings: u64,
    pub flights: Flights,
    pub calm: bool,
}

/// What came of one seed.
pub struct Played {
    pub census: Census,
    pub held: Holds,
    /// The last steps that matter, where they were kept.
    pub steps: Vec<String>,
}

pub fn play(seed: u64, trace: Trace) -> Played {
    let mut world = World::new(seed, trace);
    let held = world.run();
    let (site, key) = held.as_ref().err().map_or((None, None), |it| (it.site, it.key));
    let Observer { census, trace, .. } = world.observer;
    Played { census, held, steps: trace.last(site, key) }
}

impl World {
    fn new(seed: u64, trace: Trace) -> Self {
        let mut dice = Dice::new(seed);
        let plan = Plan::draw(&mut dice);
        let clock = Clock::new();
        let mut observer = Observer::new(&plan, clock.now(), trace);
        let network = Network::draw(&mut dice, &plan, &mut observer.census);
        let gateways = plan.sites.iter().map(|_| Gateway::draw(&mut dice, &plan)).collect();
        let environments = plan.sites.iter().map(|site| site.environment.clone()).collect();
        let desk = Desk::new(environments, Operator::account("maria"), plan.attendance);
        let keeps = plan.attendance == Attendance::Attended && dice.chance(700);
        let mut world = Self {
            desk: if keeps { desk.with_journal(Key(1), KeepDays::default()) } else { desk },
            archive: keeps.then(Archive::default),
            saving: false,
            waking: Waking::new(plan.style, plan.often_late),
            network,
            gateways,
            observer,
            tickets: 0,
            removed: Vec::new(),
            alarm: None,
            wake: None,
            inbox: VecDeque::new(),
            agenda: BTreeMap::new(),
            happenings: 0,
            flights: Flights::default(),
            calm: false,
            dice,
            plan,
            clock,
        };
        if keeps {
            // An empty journal is there at once; what comes late, the desk's own tests have.
            world.post(Arrival::Journal(Report::Health(Health::Well)));
        }
        world.arrange();
        world
    }

    pub fn later(&mut self, after: Duration, happening: Happening) {
        self.happenings += 1;
        let at = self.clock.now().mono + after;
        self.agenda.insert((at, self.happenings), happening);
    }

    /// Puts something in front of the driver.
    pub fn post(&mut self, arrival: Arrival) {
        self.receives(Post::Other(arrival));
    }

    fn receives(&mut self, post: Post) {
        let now = self.clock.now().mono;
        self.alarm = Some(self.alarm.map_or(now, |alarm| alarm.min(now)));
        self.inbox.push_back(post);
    }

    fn run(&mut self) -> Holds {
        let end = Mono::default() + self.plan.calm + LONGEST_CALM;
        loop {
            let turn = self.alarm.map(|alarm| self.waking.at(alarm));
            let next = self.agenda.first_key_value().map(|((at, _), _)| *at);
            let Some(next) = next.filter(|next| turn.is_none_or(|turn| *next <= turn)) else {
                let Some(turn) = turn.filter(|turn| *turn <= end) else { break };
                self.clock.run_to(turn);
                self.turns()?;
                continue;
            };
            self.clock.run_to(next);
            if let Some((_, happening)) = self.agenda.pop_first() {
                self.happens(happening);
            }
        }
        self.observer.ends()
    }

    fn happens(&mut self, happening: Happening) {
        match happening {
            Happening::Lands(flight) => {
                if let Some(post) = self.flights.lands(flight) {
                    self.receives(post);
                }
            }
            Happening::Posts(arrival) => self.post(arrival),
            Happening::Does(deed) if !self.calm => people::does(self, deed),
            Happening::Does(_) => {}
            Happening::Sleeps(lasts) => self.sleeps(lasts),
            Happening::SetsClock(by) => {
                let how =
                    if by.is_positive() { "clock: set forward" } else { "clock: set backward" };
                self.observer.census.count(how);
                self.clock.set(by);
            }
            Happening::Saves => self.saves(),
            Happening::Calm => self.calms(),
        }
    }

    fn calms(&mut self) {
        self.calm = true;
        let now = self.clock.now().mono;
        self.observer.trace.note(now, None, None, || "calm from now on".to_owned());
        for (site, gateway) in self.plan.sites.iter().zip(&mut self.gateways) {
            let token = gateway.tokens.issue(Kind::Good, now, tokens::FOR_GOOD);
            let environment = site.environment.name.clone();
            self.inbox.push_back(Post::Other(Arrival::Token {
                environment,
                token,
                session_only: true,
            }));
        }
        self.alarm = Some(now);
    }

    /// The driver works until its inbox is empty.
    fn turns(&mut self) -> Holds {
        let now = self.clock.now();
        let mut late = self.wake.map_or(Duration::ZERO, |wake| now.mono.since(wake));
        loop {
            let posts = self.batch();
            // The whole table is looked at anew once in so many turns.
            let look = self.dice.chance(20);
            self.observer.before(now, late, &posts);
            let arrivals = posts.into_iter().map(|post| match post {
                Post::Answer { request, spoken } => {
                    Arrival::Answer { request, answer: spoken.answer }
                }
                Post::Other(arrival) => arrival,
            });
            let turn = self.desk.turn(now, arrivals);
            let feed = self.desk.changes(now);
            self.observer.after(&turn, feed, &mut self.desk, self.archive.as_ref(), look)?;
            if let Some(archive) = self.archive.as_ref().filter(|_| look) {
                self.observer.begins_anew(&self.plan, archive)?;
            }
            self.carries_out(turn);
            // What was late is served now.
            late = Duration::ZERO;
            if self.inbox.is_empty() {
                break;
            }
        }
        self.alarm = self.wake;
        if self.waking.draw(&mut self.dice, self.calm) {
            self.observer.census.count("clock: driver starved");
        }
        Ok(())
    }

    /// What the driver hands over in one turn: of each environment its answers, or one other
    /// thing. What concerns none of them goes alone.
    fn batch(&mut self) -> Vec<Post> {
        let mut batch = Vec::new();
        let mut taken: Vec<(Option<usize>, bool)> = Vec::new();
        while let Some(post) = self.inbox.front() {
            let site = self.observer.concerns(post);
            let answer = matches!(post, Post::Answer { .. });
            let joins = |(other, answers): &(Option<usize>, bool)| {
                (answer && *answers) || (site.is_some() && other.is_some() && site != *other)
            };
            if !taken.iter().all(joins) {
                break;
            }
            taken.push((site, answer));
            batch.extend(self.inbox.pop_front());
        }
        batch
    }

    fn carries_out(&mut self, turn: Turn) {
        for request in &turn.cancels {
            self.aborts(*request);
        }
        for send in turn.sends {
            self.flies(&send);
        }
        for leaving in turn.leaving {
            self.leaves(&leaving);
        }
        if let (Some(archive), Some(batch)) = (&mut self.archive, turn.journal) {
            archive.takes(batch);
            if !std::mem::replace(&mut self.saving, true) {
                let after = archive::delay(&mut self.dice);
                self.later(after, Happening::Saves);
            }
        }
        self.wake = turn.wake;
    }

    fn saves(&mut self) {
        self.saving = false;
        let at = self.clock.now().wall;
        let Some(upto) = self.archive.as_mut().map(Archive::keeps) else { return };
        self.post(Arrival::Journal(Report::Saved { upto, at }));
    }
}
