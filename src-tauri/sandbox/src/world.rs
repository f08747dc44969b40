//! Everything the sandbox knows, as plain state: time comes in as an argument, answers go out.

use std::collections::{HashMap, VecDeque};

use jiff::Timestamp;

use crate::Pace;
use crate::call::{Call, User};
use crate::enrollment::{Closed, Enrollment, Reply, Scene};
use crate::sessions::Sessions;
use crate::token::Tokens;

#[cfg(test)]
mod tests;

/// A shift of several hundred watches fits; older polls are dropped.
const POLLS_KEPT: usize = 100_000;

/// One question to the gateway that named a user, and the HTTP status it was answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Poll {
    /// The user id.
    pub id: u32,
    /// 0 is an individual, 1 a merchant.
    pub user_type: u8,
    /// When it was answered.
    pub at: Timestamp,
    /// The HTTP status of the answer.
    pub http: u16,
}

#[derive(Debug)]
pub(crate) struct World {
    pace: Pace,
    tokens: Tokens,
    sessions: Sessions,
    enrollments: HashMap<User, Enrollment>,
    polls: VecDeque<Poll>,
}

impl World {
    pub fn new(base: String, pace: Pace, tokens: Tokens) -> Self {
        Self {
            pace,
            tokens,
            sessions: Sessions::at(base),
            enrollments: HashMap::new(),
            polls: VecDeque::new(),
        }
    }

    pub fn issue_token(&mut self, now: Timestamp) -> String {
        self.tokens.issue(now)
    }

    pub fn revoke_tokens(&mut self, now: Timestamp) {
        self.tokens.revoke_all(now);
    }

    /// Answers one call of the gateway.
    pub fn poll(&mut self, bearer: Option<&str>, call: &Call<'_>, now: Timestamp) -> Reply {
        let reply = self.answer(bearer, call, now);
        if let Some(user) = call.names() {
            if self.polls.len() == POLLS_KEPT {
                self.polls.pop_front();
            }
            self.polls.push_back(Poll {
                id: user.id,
                user_type: user.kind.number(),
                at: now,
                http: reply.http(),
            });
        }
        reply
    }

    pub fn polls(&self) -> Vec<Poll> {
        self.polls.iter().copied().collect()
    }

    /// Whose documents wait to be signed in this session.
    pub fn visit(&self, session: &str) -> Result<User, Closed> {
        let user = self.sessions.user(session).ok_or(Closed::Unknown)?;
        let enrollment = self.enrollments.get(&user).ok_or(Closed::Unknown)?;
        enrollment.undecided().map(|()| user)
    }

    /// The customer signs.
    pub fn sign(&mut self, session: &str, now: Timestamp) -> Result<(), Closed> {
        self.enrollment_of(session)?.sign(now)
    }

    /// The customer refuses to sign.
    pub fn refuse(&mut self, session: &str) -> Result<(), Closed> {
        self.enrollment_of(session)?.refuse()
    }

    fn enrollment_of(&mut self, session: &str) -> Result<&mut Enrollment, Closed> {
        let user = self.sessions.user(session).ok_or(Closed::Unknown)?;
        self.enrollments.get_mut(&user).ok_or(Closed::Unknown)
    }

    fn answer(&mut self, bearer: Option<&str>, call: &Call<'_>, now: Timestamp) -> Reply {
        let Some(token) = bearer.and_then(|bearer| self.tokens.accept(bearer, now)) else {
            return Reply::Unauthorized;
        };
        let user = match call.user() {
            Ok(user) => user,
            Err(faults) => return Reply::Problem { http: 400, faults },
        };
        self.enrollments
            .entry(user)
            .or_insert_with(|| Enrollment::begin(user, token.clone(), now))
            .answer(&mut Scene {
                now,
                pace: self.pace,
                token,
                tokens: &mut self.tokens,
                sessions: &mut self.sessions,
            })
    }
}
