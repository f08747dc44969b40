//! One run: everything that happens, in the order in which it happens.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    time::Duration,
};

use enrollment_core::{
    desk::{Arrival, Attendance, Desk, Opening, RequestId, Send, Turn, view::Key},
    enrollment::{Problem, ProblemKind},
    gateway::Answer,
    time::Mono,
};
use jiff::SignedDuration;

use crate::{
    census::Census,
    clock::{Clock, Waking},
    dice::Dice,
    draw::Plan,
    gateway::{Gateway, Spoken},
    network::{self, Network},
    observer::{Holds, Observer, Violation},
    people::{self, Deed},
    tokens::{self, EMPTY_HANDED, Kind},
    trace::Trace,
};

/// By then a run has come to rest: the longest cap, the longest wait, and then some.
const LONGEST_CALM: Duration = Duration::from_secs(3_600);

/// Something on its way to the desk.
pub enum Post {
    Answer { request: RequestId, spoken: Spoken },
    Other(Arrival),
}

enum Happening {
    /// The answer of that flight is there.
    Lands(u64),
    Posts(Arrival),
    Does(Deed),
    Sleeps(Duration),
    SetsClock(SignedDuration),
    /// Nothing fails from now on.
    Calm,
}

/// A request on its way there and back.
struct Flight {
    request: RequestId,
    spoken: Spoken,
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
    network: Network,
    waking: Waking,
    /// When the driver is to work next, and when the desk asked for that.
    alarm: Option<Mono>,
    wake: Option<Mono>,
    inbox: VecDeque<Post>,
    agenda: BTreeMap<(Mono, u64), Happening>,
    happenings: u64,
    flights: BTreeMap<u64, Flight>,
    flight_of: HashMap<RequestId, u64>,
    calm: bool,
}

/// Plays one seed; what it exercised, and the rule that did not hold.
pub fn play(seed: u64, trace: Trace) -> (Census, Result<(), (Violation, Vec<String>)>) {
    let mut world = World::new(seed, trace);
    let held = world.run();
    let failed = held.map_err(|violation| {
        let steps = world.observer.trace.last(violation.site, violation.key);
        (violation, steps)
    });
    (world.observer.census, failed)
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
        let mut world = Self {
            desk: Desk::new(environments, "maria", plan.attendance),
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
            flights: BTreeMap::new(),
            flight_of: HashMap::new(),
            calm: false,
            dice,
            plan,
            clock,
        };
        world.arrange();
        world
    }

    /// Everything that will happen whatever the desk does.
    fn arrange(&mut self) {
        let length = u64::try_from(self.plan.calm.as_millis()).unwrap_or(u64::MAX);
        for site in 0..self.plan.sites.len() {
            self.arrange_tokens(site, length);
        }
        let import = self.dice.chance(500);
        for _ in 0..self.plan.crowd {
            let at = if import { self.dice.millis(0, 2_000) } else { self.dice.millis(0, length) };
            self.later(at, Happening::Does(Deed::Add));
        }
        for _ in 0..self.dice.within(5, 10 + self.plan.crowd * 5) {
            let at = self.dice.millis(0, length);
            self.later(at, Happening::Does(Deed::Anything));
        }
        for _ in 0..self.dice.weighted(&[(60, 0), (30, 1), (10, 4)]) {
            let at = self.dice.millis(0, length);
            let lasts = match self.dice.below(3) {
                0 => self.dice.millis(5_000, 60_000),
                1 => self.dice.millis(60_000, 600_000),
                _ => self.dice.millis(600_000, 6 * 3_600_000),
            };
            self.later(at, Happening::Sleeps(lasts));
        }
        for _ in 0..self.dice.weighted(&[(70, 0), (20, 1), (10, 3)]) {
            let at = self.dice.millis(0, length);
            let by = self.dice.mostly_short(2_000, 3 * 86_400_000);
            let by = SignedDuration::try_from(by).unwrap_or_default();
            let forward = self.dice.chance(500);
            self.later(at, Happening::SetsClock(if forward { by } else { -by }));
        }
        self.later(self.plan.calm, Happening::Calm);
    }

    fn arrange_tokens(&mut self, site: usize, length: u64) {
        let environment = self.plan.sites[site].environment.name.clone();
        let dice = &mut self.dice;
        let asked = dice.mostly_short(0, 6_000);
        let read = if dice.chance(700) {
            self.observer.census.count("keyring: a token");
            let life = tokens::life(dice);
            Ok(self.gateways[site].tokens.issue(Kind::Good, Mono::default(), life))
        } else {
            let (state, what) = *dice.pick(&EMPTY_HANDED);
            self.observer.census.count(what);
            Err(state)
        };
        // The command line has its token before it begins; a window does not wait for one.
        let at_once = self.plan.attendance == Attendance::Unattended && dice.chance(900);
        let tokens = dice.weighted(&[(50, 0), (30, 1), (20, 4)]);
        self.later(
            if at_once { Duration::ZERO } else { asked },
            Happening::Posts(Arrival::TokenRead { environment, read }),
        );
        for _ in 0..tokens {
            let at = self.dice.millis(0, length);
            self.later(at, Happening::Does(Deed::Token(site)));
        }
        if self.dice.chance(200) {
            let at = self.dice.millis(0, length);
            self.later(at, Happening::Does(Deed::Revoke(site)));
        }
    }

    fn later(&mut self, after: Duration, happening: Happening) {
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
            match (turn, next) {
                (None, None) => break,
                (Some(turn), next) if next.is_none_or(|next| turn < next) => {
                    if turn > end {
                        break;
                    }
                    self.clock.run_to(turn);
                    self.turns()?;
                }
                (_, Some(next)) => {
                    self.clock.run_to(next);
                    if let Some((_, happening)) = self.agenda.pop_first() {
                        self.happens(happening);
                    }
                }
                (Some(_), None) => {}
            }
        }
        self.observer.ends()
    }

    fn happens(&mut self, happening: Happening) {
        match happening {
            Happening::Lands(flight) => {
                if let Some(Flight { request, spoken }) = self.flights.remove(&flight) {
                    self.flight_of.remove(&request);
                    self.receives(Post::Answer { request, spoken });
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
            Happening::Calm => self.calms(),
        }
    }

    /// The machine sleeps. Some of what was out is lost, the rest is there when it wakes up.
    fn sleeps(&mut self, lasts: Duration) {
        self.observer.census.count("clock: sleep");
        if lasts > Duration::from_secs(300) {
            self.observer.census.count("clock: sleep beyond a cap");
        }
        self.clock.sleep(lasts);
        for flight in self.flights.values_mut() {
            if self.dice.chance(500) {
                let answer = Answer::Silent(Problem::new(ProblemKind::Reset));
                flight.spoken = Spoken { answer, said: None };
            }
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
            self.observer.after(&turn, feed, &mut self.desk, look)?;
            self.carries_out(turn);
            // What was late is served now.
            late = late.min(Duration::ZERO);
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

    /// What the driver hands over in one turn: answers, as many as there are, or one other thing.
    fn batch(&mut self) -> Vec<Post> {
        let mut batch = Vec::new();
        while let Some(post) = self.inbox.pop_front() {
            let alone = matches!(post, Post::Other(_));
            if alone && !batch.is_empty() {
                self.inbox.push_front(post);
                break;
            }
            batch.push(post);
            if alone {
                break;
            }
        }
        batch
    }

    fn carries_out(&mut self, turn: Turn) {
        for request in turn.cancels {
            let Some(flight) = self.flight_of.get(&request) else { continue };
            // Half of them are on their way into the inbox already.
            if self.dice.chance(500) {
                self.flights.remove(flight);
            }
        }
        for send in turn.sends {
            self.flies(&send);
        }
        for opening in turn.openings {
            self.browses(&opening);
        }
        self.wake = turn.wake;
    }

    fn flies(&mut self, send: &Send) {
        let (now, elapsed) = (self.clock.now().mono, self.clock.elapsed());
        let dice = &mut self.dice;
        let own = (!self.calm && dice.chance(self.plan.often_faulty / 2))
            .then(|| *dice.pick(&network::SILENCES));
        let silence = self
            .network
            .fails(send.environment, now, dice)
            .or_else(|| own.map(|kind| (kind, network::silence_lasts(kind, dice))));
        let latency = self.network.latency(now, dice);
        let (spoken, lasts) = match silence {
            None if latency >= network::TIMEOUT => (silent(ProblemKind::Timeout), latency),
            None => {
                let gateway = &mut self.gateways[send.environment];
                (gateway.answer(send.user, &send.token, now, elapsed, dice), latency)
            }
            Some((kind, lasts)) => (silent(kind), lasts),
        };
        self.happenings += 1;
        let flight = self.happenings;
        self.flights.insert(flight, Flight { request: send.request, spoken });
        self.flight_of.insert(send.request, flight);
        self.later(lasts, Happening::Lands(flight));
    }

    fn browses(&mut self, opening: &Opening) {
        let key = opening.key;
        if self.dice.chance(self.plan.never_opens) {
            self.observer.census.count("opening: the browser never answers");
            self.observer.unanswered_openings.insert(key);
            return;
        }
        let lasts = self.dice.mostly_short(20, 20_000);
        let result = if self.dice.chance(850) { Ok(()) } else { Err("no-browser".to_owned()) };
        self.later(lasts, Happening::Posts(Arrival::Opened { key, result }));
    }
}

fn silent(kind: ProblemKind) -> Spoken {
    Spoken { answer: Answer::Silent(Problem::new(kind)), said: None }
}
