//! When an environment's token command runs: at the start, before its token expires, and once
//! after the gateway has refused one.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{
    Desk, Part,
    view::{CommandView, TokenState},
};
use crate::{
    time::{Moment, Mono},
    tokens::{AccessToken, FetchError},
};

/// Between two runs that nobody asked for there is at least this.
const APART: Duration = Duration::from_secs(30);
/// A run that brought nothing is tried again after 30 s, 1, 2, 4, 8 and then every 10 min.
const LONGEST_WAIT: Duration = Duration::from_secs(10 * 60);
/// A token is replaced when four fifths of the time that it said it had are over: what is left is
/// for runs that fail.
const USED: (i32, i32) = (4, 5);

/// How it stands with the runs of one environment's token command.
#[derive(Debug, Default)]
pub(super) struct Fetching {
    /// The generation of the token for which one is under way.
    out: Option<u32>,
    next: Next,
    /// When the last one began.
    began: Option<Mono>,
    /// Runs in a row that brought nothing.
    failed: u32,
    /// A refusal has had its run; another one is had once a token was accepted.
    spent: bool,
    fetched: Option<Timestamp>,
    problem: Option<FetchError>,
}

/// When the next run begins by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Next {
    /// Not by itself: there is no command, its token says nothing of its end, or a person has to
    /// look.
    #[default]
    Never,
    At(Mono),
    /// On the wall clock, which also runs while the machine sleeps.
    AtTime(Timestamp),
}

impl Fetching {
    /// An environment with a command begins with a run of it.
    pub fn new(has_command: bool) -> Self {
        let next = if has_command { Next::At(Mono::default()) } else { Next::Never };
        Self { next, ..Self::default() }
    }

    /// When the next run is due; `None` where none is, or one is under way.
    pub fn due(&self, now: Moment) -> Option<Mono> {
        let due = match self.next {
            _ if self.out.is_some() => return None,
            Next::Never => return None,
            Next::At(at) => at,
            Next::AtTime(at) => now.mono + until(at, now),
        };
        Some(self.began.map_or(due, |began| due.max(began + APART)))
    }

    /// Whether a token is about to come without anybody doing something.
    pub fn is_hopeful(&self) -> bool {
        self.out.is_some() || (self.failed == 0 && matches!(self.next, Next::At(_)))
    }

    pub fn view(&self) -> CommandView {
        CommandView {
            running: self.out.is_some(),
            fetched: self.fetched.map(Timestamp::as_millisecond),
            problem: self.problem.clone(),
        }
    }

    /// The gateway accepted the token: the next refusal has its run again.
    pub fn accepted(&mut self) {
        self.spent = false;
    }

    /// The gateway refused the newest token. One under way is this refusal's run.
    pub fn refused(&mut self, now: Mono) {
        self.next = if std::mem::replace(&mut self.spent, true) || self.out.is_some() {
            Next::Never
        } else {
            self.failed = 0;
            Next::At(now)
        };
    }

    fn begin(&mut self, generation: u32, now: Mono) {
        (self.out, self.began, self.next) = (Some(generation), Some(now), Next::Never);
    }

    fn came(&mut self, token: &AccessToken, now: Moment) {
        (self.failed, self.problem) = (0, None);
        self.fetched = Some(now.wall);
        self.renew_before(token, now);
    }

    /// Plans the run before this token ends.
    fn renew_before(&mut self, token: &AccessToken, now: Moment) {
        let life = token.expires().map(|at| at.duration_since(now.wall));
        self.next = match life.filter(SignedDuration::is_positive) {
            Some(life) => Next::AtTime(now.wall + life / USED.1 * USED.0),
            None => Next::Never,
        };
    }

    /// A run before the end of a token is tried again, as the first one is; the one after a refusal
    /// is not.
    fn failed(&mut self, problem: FetchError, after_refusal: bool, now: Mono) {
        let wait = APART.saturating_mul(1 << self.failed.min(16)).min(LONGEST_WAIT);
        self.failed += 1;
        self.problem = Some(problem);
        self.next = if after_refusal { Next::Never } else { Next::At(now + wait) };
    }
}

fn until(at: Timestamp, now: Moment) -> Duration {
    let left = at.duration_since(now.wall).max(SignedDuration::ZERO);
    Duration::try_from(left).unwrap_or_default()
}

impl Desk {
    /// Begins the runs that are due.
    pub(super) fn fetch_tokens(&mut self, now: Moment) {
        for site in 0..self.sites.len() {
            if self.sites[site].fetching.due(now).is_some_and(|due| due <= now.mono) {
                self.begin_fetch(site, now);
            }
        }
    }

    /// Somebody asks for a run now. One that is under way is theirs as well.
    pub(super) fn fetch_again(&mut self, site: usize, now: Moment) {
        let it = &self.sites[site];
        if it.environment.token_command.is_some() && it.fetching.out.is_none() {
            self.begin_fetch(site, now);
        }
    }

    /// Somebody has come: what a shift before left without a token gets its run.
    pub(super) fn fetch_what_is_missing(&mut self, now: Moment) {
        for site in 0..self.sites.len() {
            if self.sites[site].token.state == TokenState::Missing {
                self.fetch_again(site, now);
            }
        }
    }

    fn begin_fetch(&mut self, site: usize, now: Moment) {
        let it = &mut self.sites[site];
        let Some(command) = it.environment.token_command.clone() else {
            it.fetching.next = Next::Never;
            return;
        };
        it.fetching.begin(it.token.generation, now.mono);
        if it.token.state == TokenState::Missing {
            it.token.state = TokenState::Reading;
        }
        self.turn.fetches.push((site, command));
        self.changes.parts.insert(Part::Environments);
    }

    /// A run has ended. What somebody did to the token meanwhile stands.
    pub(super) fn fetched(
        &mut self,
        site: usize,
        result: Result<AccessToken, FetchError>,
        now: Moment,
    ) {
        let Some(it) = self.sites.get_mut(site) else { return };
        let Some(generation) = it.fetching.out.take() else { return };
        let overtaken = generation != it.token.generation;
        self.changes.parts.insert(Part::Environments);
        match result {
            Ok(token) => {
                it.fetching.came(&token, now);
                if overtaken {
                    self.plan_renewal(site, now);
                } else {
                    self.new_token(site, token, true, now);
                }
            }
            Err(problem) => {
                let refused = it.token.state == TokenState::Refused;
                it.fetching.failed(problem, refused, now.mono);
                if it.token.state == TokenState::Reading {
                    self.no_token(site, TokenState::Missing, now);
                }
                self.end_where_nobody_attends(site, now);
            }
        }
    }

    /// A token came that the command did not bring, or its own was dropped.
    pub(super) fn plan_renewal(&mut self, site: usize, now: Moment) {
        let it = &mut self.sites[site];
        if it.environment.token_command.is_none() {
            return;
        }
        match &it.token.value {
            Some(token) => it.fetching.renew_before(token, now),
            None => it.fetching.next = Next::Never,
        }
    }
}
