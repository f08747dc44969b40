//! What an answer, or a token, does to the environment and to the enrollment.

use std::time::Duration;

use enrollment_core::{
    desk::{RequestId, view::Key},
    enrollment::{Phase, ProblemKind},
    gateway::Answer,
    time::Mono,
    tokens::AccessToken,
};

use super::{Enrolled, Observer, Out, Verdict, rules, site::Gate};
use crate::{
    gateway::Spoken,
    story::{FAILURE, Link, NEAR_MISSES, SIGNED, Said, TARGET, UNKNOWN},
};

impl Observer {
    /// An answer reaches the desk. One to a request that was cancelled counts for nothing.
    pub(super) fn hears(&mut self, request: RequestId, spoken: &Spoken) {
        let now = self.now.mono;
        let Some(out) = self.out.remove(&request) else {
            self.census.count("answer: dropped, its request was cancelled");
            return;
        };
        let answer = &spoken.answer;
        self.trace.note(now, Some(out.site), Some(out.key), || {
            format!("answered {:?} {answer:?}", spoken.said)
        });
        self.note_answer(&out, spoken);
        let retry_after = retry_after(answer);
        let newest = out.generation == self.sites[out.site].generation;
        self.sites[out.site].in_flight -= 1;
        if let Some(enrolled) = self.known.get_mut(&out.key) {
            enrolled.request = None;
            enrolled.idle = now;
            enrolled.contact.answered = Some(now);
            if let Some(wait) = retry_after {
                enrolled.contact.not_before = now + wait;
            }
        }
        let probes = self.sites[out.site].probe().is_some_and(|p| p.out == Some(request));
        let probes_token = probes && matches!(self.sites[out.site].gate, Gate::Probing(_));
        let forbidden = matches!(answer, Answer::Refused(problem) if problem.http == Some(403));
        if newest && (*answer == Answer::Unauthorized || (forbidden && probes_token)) {
            let why = if forbidden {
                "gate: token refused with 403 to a probe"
            } else {
                "gate: paused for a token"
            };
            self.census.count(why);
            self.trace.note(now, Some(out.site), None, || format!("{why}, by #{}", out.key.0));
            self.asks_again(out.key);
            self.sites[out.site].silent = 0;
            self.pauses(out.site);
            return;
        }
        self.tells_of_environment(&out, answer, probes, newest);
        if *answer == Answer::Unauthorized {
            self.asks_again(out.key);
        } else {
            self.tells_of_enrollment(&out, spoken);
        }
        self.goes_offline_if_silent(out.site);
    }

    fn tells_of_environment(&mut self, out: &Out, answer: &Answer, probes: bool, newest: bool) {
        let now = self.now.mono;
        let site = &mut self.sites[out.site];
        if matches!(answer, Answer::Silent(_)) {
            if now >= site.forgiving_until {
                site.silent += 1;
            }
            if probes {
                site.probe_again(now);
            }
            return;
        }
        site.silent = 0;
        match site.gate {
            Gate::Offline { .. } => {
                self.census.count("gate: offline ended");
                self.resumes(out.site);
            }
            Gate::Probing(_) if probes && newest => {
                // 200, 400 and 404 resume all; the contract names no others.
                let resumes = match answer {
                    Answer::Status(_) => true,
                    Answer::Refused(problem) => [Some(400), Some(404)].contains(&problem.http),
                    Answer::Unauthorized | Answer::Faulty { .. } | Answer::Silent(_) => false,
                };
                if resumes {
                    self.census.count("gate: resumed by a probe");
                    self.resumes(out.site);
                } else {
                    site.probe_again(now);
                }
            }
            Gate::Probing(_) | Gate::Open | Gate::NeedsToken => {}
        }
    }

    fn goes_offline_if_silent(&mut self, site: usize) {
        let it = &mut self.sites[site];
        if it.gate == Gate::Open && it.silent >= rules::OFFLINE_AFTER && !it.live.is_empty() {
            it.goes_offline(self.now.mono);
            self.census.count("gate: offline");
            self.trace.note(self.now.mono, Some(site), None, || "offline".to_owned());
            self.holds(site);
        }
    }

    pub(super) fn gets_token(&mut self, site: usize, token: AccessToken) {
        let now = self.now.mono;
        self.trace.note(now, Some(site), None, || "a new token".to_owned());
        if self.sites[site].in_flight > 0 {
            self.census.count("token: replaced while polls are out");
        }
        self.sites[site].gets(token, now);
    }

    pub(super) fn loses_token(&mut self, site: usize) {
        self.trace.note(self.now.mono, Some(site), None, || "no token".to_owned());
        self.sites[site].token = None;
        self.sites[site].generation += 1;
        self.pauses(site);
    }

    fn pauses(&mut self, site: usize) {
        self.sites[site].gate = Gate::NeedsToken;
        self.holds(site);
    }

    fn holds(&mut self, site: usize) {
        let charged = self.is_charged(site);
        for key in &self.sites[site].live {
            if let Some(watch) = self.known.get_mut(key).and_then(|it| it.watch.as_mut()) {
                watch.is_held(self.now.mono, charged);
            }
        }
    }

    fn resumes(&mut self, site: usize) {
        self.trace.note(self.now.mono, Some(site), None, || "resumed".to_owned());
        self.sites[site].gate = Gate::Open;
        for key in &self.sites[site].live {
            let Some(Enrolled { watch: Some(watch), contact, .. }) = self.known.get_mut(key) else {
                continue;
            };
            watch.resumes(contact, self.now.mono);
        }
    }

    /// Where Retry-After rules out every probe in the time that is left, nobody waits for one.
    pub(super) fn opens_where_nobody_can_probe(&mut self, site: usize) {
        let now = self.now.mono;
        let it = &self.sites[site];
        let ruled_out = |key: &Key| {
            let known = self.known.get(key);
            let watch = known.and_then(|it| it.watch.as_ref().map(|watch| (watch, it)));
            watch.is_some_and(|(watch, it)| it.contact.not_before > now + watch.left(now))
        };
        if matches!(it.gate, Gate::Probing(_)) && it.live.iter().all(ruled_out) {
            self.sites[site].silent = 0;
            self.resumes(site);
        }
    }

    /// The answer does not count: the poll is due again.
    fn asks_again(&mut self, key: Key) {
        let now = self.now.mono;
        if let Some(Enrolled { watch: Some(watch), contact, .. }) = self.known.get_mut(&key) {
            watch.is_due_soon(contact, now);
        }
    }

    fn tells_of_enrollment(&mut self, out: &Out, spoken: &Spoken) {
        let now = self.now.mono;
        let shown = self.phase_shown(out.key);
        let Some(enrolled) = self.known.get_mut(&out.key) else { return };
        let phase = enrolled.watch.as_ref().map_or(shown, |watch| watch.phase);
        let decides = match (&spoken.answer, &spoken.said) {
            (Answer::Status(_), Some(said)) => enrolled.reads(phase, said),
            (Answer::Refused(_), _) => Some(Verdict::Rejected),
            _ => None,
        };
        let live = enrolled.watch.is_some();
        let Enrolled { watch, contact, .. } = enrolled;
        let verdict = match watch {
            None => decides.filter(|v| matches!(v, Verdict::Ready | Verdict::Signed)),
            Some(_) if decides.is_some() => decides,
            Some(watch) => {
                let silent = matches!(spoken.answer, Answer::Silent(_));
                let forgiven = watch.stale || (silent && now < watch.grace_until);
                let up = watch.is_used_up(now) && !forgiven;
                if matches!(spoken.answer, Answer::Status(_)) {
                    watch.waits(contact, out.sent, now);
                } else {
                    watch.fails(contact, now);
                }
                let stands_still = watch.deadline().is_none();
                up.then_some(if stands_still { Verdict::MayBeUp } else { Verdict::TimeUp })
            }
        };
        enrolled.verdict = verdict;
        if live && verdict.is_some_and(|v| v != Verdict::MayBeUp) {
            self.sites[out.site].live.remove(&out.key);
            self.sites[out.site].settles();
        }
    }

    fn note_answer(&mut self, out: &Out, spoken: &Spoken) {
        let newest = out.generation == self.sites[out.site].generation;
        let what = match (&spoken.answer, &spoken.said) {
            (Answer::Status(_), Some(said)) => said_class(said),
            (Answer::Status(_), None) => return,
            (Answer::Unauthorized, _) if newest => "answer: 401, newest token",
            (Answer::Unauthorized, _) => "answer: 401, older token",
            (Answer::Refused(problem), _) => match problem.http {
                Some(300..400) => "answer: 3xx",
                Some(400) => "answer: 400",
                Some(403) => "answer: 403",
                Some(404) => "answer: 404",
                Some(_) | None => "answer: other 4xx",
            },
            (Answer::Faulty { problem, .. } | Answer::Silent(problem), _) => {
                problem_class(problem.kind)
            }
        };
        self.census.count(what);
        if let Some(wait) = retry_after(&spoken.answer) {
            self.census.count(match wait.as_secs() {
                _ if wait.is_zero() => "answer: Retry-After of 0",
                0..=120 => "answer: Retry-After, small",
                121..=3_600 => "answer: Retry-After beyond any cap",
                _ => "answer: Retry-After of years",
            });
        }
        let now: Mono = self.now.mono;
        if now.since(out.sent) >= rules::LONGEST_GAP {
            self.census.count("answer: outlasts the gap");
        }
        if out.last {
            self.census.count("poll: last, at the cap");
        }
        let overtakes = |other: &Out| other.site == out.site && other.sent < out.sent;
        if self.out.values().any(overtakes) {
            self.census.count("answer: overtook an earlier one");
        }
    }
}

impl Enrolled {
    /// What a 200 means in a phase. A link counts only beside the target of pre-sign.
    fn reads(&mut self, phase: Phase, said: &Said) -> Option<Verdict> {
        match (said.status?, phase, &said.link) {
            (SIGNED, _, _) => Some(Verdict::Signed),
            (FAILURE, _, _) => Some(Verdict::Failed),
            (TARGET, Phase::PreSign, Link::Good(text)) => {
                self.link = Some(text.clone());
                Some(Verdict::Ready)
            }
            (TARGET, Phase::PreSign, Link::Refused(_)) => Some(Verdict::Blocked),
            (TARGET, Phase::PostSign, Link::Good(text)) if self.watch.is_some() => {
                self.link = Some(text.clone());
                None
            }
            _ => None,
        }
    }
}

fn said_class(said: &Said) -> &'static str {
    match (said.status, &said.link) {
        (None, _) => "answer: null status",
        (Some(TARGET), Link::Good(_)) => "answer: target with a link",
        (Some(TARGET), Link::None) => "answer: target without a link",
        (Some(TARGET), Link::Blank) => "answer: target with a blank link",
        (Some(TARGET), Link::Refused(_)) => "answer: target with a refused link",
        (Some(SIGNED), _) => "answer: document signed",
        (Some(FAILURE), _) => "answer: failure status",
        (Some(word), _) if NEAR_MISSES.contains(&word) => "answer: near miss of a word",
        (Some(word), _) if UNKNOWN.contains(&word) => "answer: unknown status",
        (Some(_), _) => "answer: status, nothing new",
    }
}

fn problem_class(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::ServerError => "answer: 5xx",
        ProblemKind::Busy => "answer: busy (408, 429)",
        ProblemKind::UnexpectedSuccess => "answer: other 2xx",
        ProblemKind::NotJson => "answer: not JSON",
        ProblemKind::WrongType => "answer: wrong type",
        ProblemKind::Truncated => "answer: truncated",
        ProblemKind::Oversized => "answer: oversized",
        ProblemKind::Name => "answer: silence, name",
        ProblemKind::Connect
        | ProblemKind::ProxyUnreachable
        | ProblemKind::ProxyLogin
        | ProblemKind::ProxyRefused => "answer: silence, connect",
        ProblemKind::Tls
        | ProblemKind::CertificateUnknown
        | ProblemKind::CertificateExpired
        | ProblemKind::CertificateNotYet
        | ProblemKind::CertificateName
        | ProblemKind::CertificateRevoked
        | ProblemKind::CertificateInvalid => "answer: silence, TLS",
        ProblemKind::Reset => "answer: silence, reset",
        ProblemKind::Timeout => "answer: silence, timeout",
        ProblemKind::Unauthorized | ProblemKind::Refused | ProblemKind::Redirect => "answer: none",
    }
}

fn retry_after(answer: &Answer) -> Option<Duration> {
    match answer {
        Answer::Faulty { retry_after, .. } => *retry_after,
        Answer::Status(_) | Answer::Unauthorized | Answer::Refused(_) | Answer::Silent(_) => None,
    }
}
