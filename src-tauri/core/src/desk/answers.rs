//! What an answer does to its environment, before it says anything of its enrollment.

use std::time::Duration;

use super::{
    Attendance, Desk, Part, Request, RequestId,
    gate::Gate,
    view::{Key, Refused, TokenState},
};
use crate::{
    enrollment::{Miss, Pause, ProblemKind},
    gateway::Answer,
    time::Moment,
    tokens::AccessToken,
};

impl Desk {
    pub(super) fn answered(&mut self, id: RequestId, answer: Answer, now: Moment) {
        // An answer that nobody waits for any more is dropped.
        let Some(request) = self.requests.remove(&id) else { return };
        let site = request.environment;
        self.sites[site].budget.give_back();
        let probes = self.release_probe(site, id);
        let Some(record) = self.table.get_mut(&request.key) else { return };
        record.request = None;
        record.spoke = Some(now.mono);
        if let Some(wait) = retry_after(&answer) {
            record.not_before = now.mono + wait;
        }

        if !matches!(answer, Answer::Silent(_)) {
            self.sites[site].silent = 0;
        }
        let refused = self.refuses_token(&request, &answer, probes);
        if refused.is_none() {
            self.heard(&request, &answer, probes, now);
        }
        let counts = refused.is_none() && answer != Answer::Unauthorized;
        if counts {
            self.decide(request.key, answer, now);
        } else {
            let older = request.token != self.sites[site].token.generation;
            self.unanswered(request.key, older, now);
        }
        if let Some(state) = refused {
            let it = &mut self.sites[site];
            if state == TokenState::Refused && it.environment.token_command.is_some() {
                it.fetching.refused(now.mono);
            }
            self.pause_for_token(site, state, now);
        }
        if self.sites[site].is_silent_enough() {
            self.sites[site].go_offline(now.mono);
            self.hold_all(site, now);
        }
        self.end_where_nobody_attends(site, now);
    }

    pub(super) fn new_token(&mut self, site: usize, token: AccessToken, memory: bool, now: Moment) {
        let live = self.sites[site].live > 0;
        let it = &mut self.sites[site];
        it.token.value = Some(token);
        it.token.generation += 1;
        it.token.state = TokenState::Unchecked;
        it.token.session_only = memory;
        it.gate = match it.gate {
            Gate::NeedsToken | Gate::Probing { .. } if live => {
                Gate::Probing { next: now.mono, tries: 0, out: None }
            }
            Gate::NeedsToken | Gate::Probing { .. } | Gate::Open => Gate::Open,
            offline @ Gate::Offline { .. } => offline,
        };
        self.changes.parts.insert(Part::Environments);
    }

    /// What the keyring gave. A token that was entered meanwhile stays, and where a command brings
    /// the tokens the keyring has none.
    pub(super) fn token_read(
        &mut self,
        environment: &str,
        read: Result<AccessToken, TokenState>,
        now: Moment,
    ) {
        let waits = |site: &usize| {
            let site = &self.sites[*site];
            site.token.value.is_none() && site.environment.token_command.is_none()
        };
        match (self.site(environment).filter(waits), read) {
            (Some(site), Ok(token)) => self.new_token(site, token, false, now),
            (Some(site), Err(state)) => self.no_token(site, state, now),
            (None, _) => {}
        }
    }

    pub(super) fn no_token(&mut self, site: usize, state: TokenState, now: Moment) {
        self.sites[site].token.value = None;
        self.sites[site].token.generation += 1;
        self.sites[site].token.session_only = false;
        self.pause_for_token(site, state, now);
        self.end_where_nobody_attends(site, now);
    }

    /// Whether the gateway refuses the newest token; a 401 to an older one says nothing of it.
    fn refuses_token(
        &self,
        request: &Request,
        answer: &Answer,
        probes: bool,
    ) -> Option<TokenState> {
        let site = &self.sites[request.environment];
        if request.token != site.token.generation {
            return None;
        }
        let probes_token = probes && matches!(site.gate, Gate::Probing { .. });
        match answer {
            Answer::Unauthorized => Some(TokenState::Refused),
            Answer::Refused(problem) if problem.http == Some(403) && probes_token => {
                Some(TokenState::Forbidden)
            }
            Answer::Refused(_) | Answer::Status(_) | Answer::Faulty { .. } | Answer::Silent(_) => {
                None
            }
        }
    }

    /// What an answer tells of its environment: that it can be reached, that its token is good.
    fn heard(&mut self, request: &Request, answer: &Answer, probes: bool, now: Moment) {
        let index = request.environment;
        let newest = request.token == self.sites[index].token.generation;
        let site = &mut self.sites[index];
        if let Answer::Silent(problem) = answer {
            if now.mono >= site.forgiving_until {
                site.silent += 1;
            }
            if probes {
                site.probe_again(now.mono);
            }
            if problem.kind == ProblemKind::Timeout {
                self.renew(index, now);
            }
            return;
        }
        let accepted = proves_token(answer);
        // What was on its way when the token was refused says nothing newer of it.
        if accepted && newest && site.token.state == TokenState::Unchecked {
            site.token.state = TokenState::Accepted;
            site.fetching.accepted();
            self.changes.parts.insert(Part::Environments);
        }
        if matches!(self.sites[index].gate, Gate::Offline { .. }) {
            self.renew(index, now);
            self.resume_all(index, now);
        } else if probes && newest {
            if accepted {
                self.resume_all(index, now);
            } else {
                self.sites[index].probe_again(now.mono);
            }
        }
    }

    /// New connections in place of those that brought no answer, at most once in ten seconds.
    fn renew(&mut self, site: usize, now: Moment) {
        const APART: Duration = Duration::from_secs(10);
        let renewed = &mut self.sites[site].renewed;
        if renewed.is_none_or(|at| now.mono.since(at) >= APART) {
            *renewed = Some(now.mono);
            self.turn.renew.push(site);
        }
    }

    /// Whether this was the probe that the gate waited for; it waits no longer.
    fn release_probe(&mut self, site: usize, id: RequestId) -> bool {
        self.sites[site].probe_out().and_then(|out| out.take_if(|out| *out == id)).is_some()
    }

    fn pause_for_token(&mut self, site: usize, state: TokenState, now: Moment) {
        let was = self.sites[site].pause();
        self.sites[site].token.state = state;
        self.sites[site].gate = Gate::NeedsToken;
        self.changes.parts.insert(Part::Environments);
        if was == self.sites[site].pause() {
            // They are held already, and told so.
            self.drop_singles(site);
        } else {
            self.hold_all(site, now);
        }
    }

    /// Without anybody to enter a new token, and no command that brings one, whatever still waits
    /// for one is over.
    pub(super) fn end_where_nobody_attends(&mut self, site: usize, now: Moment) {
        let it = &self.sites[site];
        let over = it.gate == Gate::NeedsToken && !it.fetching.is_hopeful();
        if self.attendance != Attendance::Unattended || !over {
            return;
        }
        for key in self.live_keys(Some(site)) {
            if self.table.get(&key).is_some_and(|r| r.request.is_none()) {
                self.end(key, Miss::Unauthorized, now);
            }
        }
    }

    /// The answer does not count: the poll is due again, once the environment allows it. Whoever
    /// pressed a button is kept waiting for it only where the refused token was an older one and
    /// polls go out.
    fn unanswered(&mut self, key: Key, older: bool, now: Moment) {
        let Some(record) = self.table.get_mut(&key) else { return };
        let soon = older && self.sites[record.environment].gate == Gate::Open;
        if let Some(watch) = record.watch_mut() {
            watch.unanswered(now.mono);
        } else if soon && let Some(single) = &mut record.single {
            single.due = Some(now.mono + crate::watch::SHORTEST_GAP);
        }
        if !soon {
            self.settle(key, Err(Refused::NeedsToken));
        }
        self.queue(key);
    }

    pub(super) fn drop_singles(&mut self, site: usize) {
        let refused = match self.sites[site].pause() {
            Some(Pause::Offline) => Refused::Offline,
            Some(Pause::NeedsToken) | None => Refused::NeedsToken,
        };
        let waiting: Vec<Key> = self
            .table
            .values()
            .filter(|r| r.environment == site && r.single.is_some() && r.request.is_none())
            .map(|r| r.key)
            .collect();
        for key in waiting {
            self.unqueue(key);
            self.settle(key, Err(refused.clone()));
            self.queue(key);
        }
    }

    /// Answers whoever asked for a single poll.
    pub(super) fn settle(&mut self, key: Key, reply: super::Reply) {
        if let Some(single) = self.table.get_mut(&key).and_then(|r| r.single.take()) {
            self.changes.rows.insert(key);
            self.reply(single.ticket, reply);
        }
    }
}

/// Whether only an accepted token gets such an answer. A redirect, say, may come from something
/// on the way.
fn proves_token(answer: &Answer) -> bool {
    match answer {
        Answer::Status(_) => true,
        Answer::Refused(problem) => matches!(problem.http, Some(400 | 404)),
        Answer::Unauthorized | Answer::Faulty { .. } | Answer::Silent(_) => false,
    }
}

fn retry_after(answer: &Answer) -> Option<Duration> {
    match answer {
        Answer::Faulty { retry_after, .. } => *retry_after,
        Answer::Status(_) | Answer::Unauthorized | Answer::Refused(_) | Answer::Silent(_) => None,
    }
}
