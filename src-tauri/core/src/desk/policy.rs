//! What the managed policy changes, while everything goes on.

use super::{
    Decree, Desk, Part,
    gate::{Gate, Site, Standing, Token},
    record::Step,
    verdicts::blocked,
    view::{Key, TokenState},
};
use crate::{
    enrollment::{Interruption, Miss},
    environment::Environment,
    journal::Did,
    signing_url::Refusal,
    time::{Moment, Mono},
};

const RECONFIGURED: Miss = Miss::Interrupted { why: Interruption::Reconfigured };

impl Desk {
    /// Follows a policy from now on. Environments keep their places; whatever stays the same goes
    /// on as if nothing had been said.
    pub(super) fn decreed(&mut self, decree: Decree, now: Moment) {
        let Decree { view, environments, keep_days, sha256 } = decree;
        self.audit_policy(Did::ChangedPolicy { file: view.file.clone(), sha256 }, now);
        self.keep_as_decreed(keep_days, now);
        for site in 0..self.sites.len() {
            let here = self.sites[site].standing == Standing::Here;
            let named = environments.iter().find(|e| e.name == self.sites[site].environment.name);
            match named {
                Some(named) if here && named.is_same_gateway(&self.sites[site].environment) => {
                    self.amend(site, named.clone(), now);
                }
                Some(named) => self.settle_anew(site, named.clone(), now),
                None if here => self.withdraw_site(site, now),
                None => {}
            }
        }
        for environment in environments {
            if self.place(&environment.name).is_none() {
                self.turn.clients.push((self.sites.len(), environment.clone()));
                self.sites.push(Site::new(environment));
            }
        }
        self.welcome_strangers(now);
        self.policy = view;
        self.changes.parts.insert(Part::Policy);
        self.changes.parts.insert(Part::Environments);
    }

    /// Other rules for the same gateway. Live watches go on, at the new interval from their next
    /// poll; no link stays that could not be opened any more.
    fn amend(&mut self, site: usize, environment: Environment, now: Moment) {
        let it = &mut self.sites[site];
        it.environment = environment;
        it.budget.limit(it.environment.budget);
        let paces = (it.environment.pre_sign, it.environment.post_sign);
        for record in self.table.values_mut().filter(|r| r.environment == site) {
            match &mut record.step {
                Step::PreSign(watch) => watch.change_interval(paces.0),
                Step::PostSign { watch, .. } => watch.change_interval(paces.1),
                Step::Expected
                | Step::Ready(_)
                | Step::Signing(_)
                | Step::Signed
                | Step::HandedOn
                | Step::Ended { .. } => {}
            }
        }
        let allowlist = &self.sites[site].environment.allowlist;
        let links = self.table.values().filter(|r| r.environment == site).filter_map(|record| {
            let refusal = allowlist.check(record.link()?.url.expose()).err()?;
            Some((record.key, refusal))
        });
        for (key, refusal) in links.collect::<Vec<(Key, Refusal)>>() {
            self.block(key, &refusal, now);
        }
    }

    /// A link is not allowed any more: a customer who has not opened it yet stands before a blocked
    /// link, and nobody can open it again.
    fn block(&mut self, key: Key, refusal: &Refusal, now: Moment) {
        self.take_link(key);
        self.changes.rows.insert(key);
        let ready = self.table.get(&key).is_some_and(|r| matches!(r.step, Step::Ready(_)));
        if ready {
            self.end(key, blocked(refusal), now);
        } else {
            self.note_refused(key, refusal, now);
        }
    }

    /// Another gateway under a name that was known: nothing of the old one goes there.
    fn settle_anew(&mut self, site: usize, environment: Environment, now: Moment) {
        self.interrupt(site, now);
        if !environment.is_same_gateway(&self.sites[site].environment) {
            // What the old one asked to wait for, the new one knows nothing of.
            self.waits.retain(|(of, _), _| *of != site);
            for record in self.table.values_mut().filter(|r| r.environment == site) {
                record.not_before = Mono::default();
            }
        }
        let it = &mut self.sites[site];
        it.budget.limit(environment.budget);
        it.environment = environment.clone();
        it.standing = Standing::Here;
        self.turn.clients.push((site, environment));
    }

    fn withdraw_site(&mut self, site: usize, now: Moment) {
        self.interrupt(site, now);
        let mut rows = self.table.values().filter(|r| r.removed.is_none());
        let listed = rows.any(|r| r.environment == site);
        let it = &mut self.sites[site];
        it.standing = Standing::Withdrawn { listed };
        it.token.state = TokenState::Missing;
    }

    /// Ends all that goes on with a gateway, and drops its token and its links.
    fn interrupt(&mut self, site: usize, now: Moment) {
        for key in self.live_keys(Some(site)) {
            self.end(key, RECONFIGURED, now);
        }
        let rows = self.table.values().filter(|r| r.environment == site);
        for key in rows.map(|r| r.key).collect::<Vec<_>>() {
            self.let_go(key);
            self.take_link(key);
            self.changes.rows.insert(key);
        }
        let it = &mut self.sites[site];
        let generation = it.token.generation + 1;
        let state = TokenState::Reading;
        it.token = Token { value: None, generation, state, session_only: false };
        it.gate = Gate::NeedsToken;
        (it.silent, it.behind, it.renewed) = (0, false, None);
    }
}
