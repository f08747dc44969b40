//! Every state of a token, and where each thing that can happen to it leads.

use super::*;

/// What can happen to a token.
#[derive(Clone, Copy, Debug)]
enum Happens {
    Entered,
    Forgotten,
    /// The keyring had one.
    Read,
    /// The keyring had none, for this reason.
    Unread(TokenState),
    /// The gateway answered the poll that is out.
    Answered(u16),
    NoAnswer,
}

use Happens::{Answered, Entered, Forgotten, NoAnswer, Read, Unread};

impl Stage {
    fn happens(&mut self, what: Happens) {
        let environment = || "Test".to_owned();
        match what {
            Entered => self.token("entered"),
            Forgotten => self.turn([Arrival::TokenForgotten { environment: environment() }]),
            Read => {
                let read = Ok(AccessToken::from_pasted("read").expect("a token"));
                self.turn([Arrival::TokenRead { environment: environment(), read }]);
            }
            Unread(state) => {
                let read = Err(state);
                self.turn([Arrival::TokenRead { environment: environment(), read }]);
            }
            Answered(200) => drop(self.answer(status("PROCESSING"))),
            Answered(401) => drop(self.answer(Answer::Unauthorized)),
            Answered(500) => {
                let problem = Problem::with_http(ProblemKind::ServerError, 500);
                self.answer(Answer::Faulty { problem, retry_after: None });
            }
            Answered(http) => drop(self.answer(refused(http))),
            NoAnswer => drop(self.answer(silent())),
        }
    }
}

/// A desk with a watch, whose token has come to be in this state.
fn in_state(wanted: TokenState) -> Stage {
    let mut stage = Stage::without_token(Attendance::Attended);
    stage.add(1, Customer::IdentificationFinished);
    stage.add(2, Customer::IdentificationFinished);
    match wanted {
        TokenState::Reading => {}
        TokenState::Unchecked => stage.happens(Entered),
        TokenState::Accepted => {
            stage.happens(Entered);
            stage.happens(Answered(200));
            stage.pass(5.0);
        }
        TokenState::Refused => {
            stage.happens(Entered);
            stage.happens(Answered(401));
        }
        TokenState::Forbidden => {
            stage.happens(Entered);
            stage.happens(Answered(403));
        }
        TokenState::Missing
        | TokenState::Locked
        | TokenState::Busy
        | TokenState::Denied
        | TokenState::NoneHere => stage.happens(Unread(wanted)),
    }
    assert_eq!(stage.token_state(), wanted, "it can be reached");
    stage
}

const STATES: [TokenState; 10] = [
    TokenState::Reading,
    TokenState::Missing,
    TokenState::Unchecked,
    TokenState::Accepted,
    TokenState::Refused,
    TokenState::Forbidden,
    TokenState::Locked,
    TokenState::Busy,
    TokenState::Denied,
    TokenState::NoneHere,
];

/// States in which there is a token, accepted or not.
fn has_token(state: TokenState) -> bool {
    use TokenState::{Accepted, Forbidden, Refused, Unchecked};
    [Unchecked, Accepted, Refused, Forbidden].contains(&state)
}

#[test]
fn a_token_that_is_entered_is_unchecked_whatever_was_before() {
    for state in STATES {
        let mut stage = in_state(state);
        stage.happens(Entered);
        assert_eq!(stage.token_state(), TokenState::Unchecked, "from {state:?}");
        assert!(!stage.sent.is_empty(), "from {state:?}: it is tried out");
    }
}

#[test]
fn a_token_that_is_forgotten_is_missing_whatever_was_before() {
    for state in STATES {
        let mut stage = in_state(state);
        stage.happens(Forgotten);
        assert_eq!(stage.token_state(), TokenState::Missing, "from {state:?}");
        stage.sent.clear();
        stage.pass(600.0);
        assert!(stage.sent.is_empty(), "from {state:?}: nothing is sent without one");
    }
}

#[test]
fn what_the_keyring_tells_counts_only_where_there_is_no_token() {
    use TokenState::{Busy, Denied, Locked, Missing, NoneHere, Unchecked};
    for state in STATES {
        for (told, leads_to) in [
            (Read, Unchecked),
            (Unread(Missing), Missing),
            (Unread(Locked), Locked),
            (Unread(Busy), Busy),
            (Unread(Denied), Denied),
            (Unread(NoneHere), NoneHere),
        ] {
            let mut stage = in_state(state);
            stage.happens(told);
            let expected = if has_token(state) { state } else { leads_to };
            assert_eq!(stage.token_state(), expected, "from {state:?} by {told:?}");
        }
    }
}

#[test]
fn what_an_answer_says_of_a_token_depends_on_whether_it_was_asked_about() {
    use TokenState::{Accepted, Forbidden, Refused, Unchecked};
    for (state, answer, leads_to) in [
        (Unchecked, Answered(200), Accepted),
        (Unchecked, Answered(400), Accepted),
        (Unchecked, Answered(404), Accepted),
        (Unchecked, Answered(401), Refused),
        // A probe is the one poll that asks about the token: its 403 holds for all watches.
        (Unchecked, Answered(403), Forbidden),
        (Unchecked, Answered(302), Unchecked),
        (Unchecked, Answered(500), Unchecked),
        (Unchecked, NoAnswer, Unchecked),
        (Accepted, Answered(200), Accepted),
        (Accepted, Answered(401), Refused),
        // Of a token that others were answered with it says nothing.
        (Accepted, Answered(403), Accepted),
        (Accepted, Answered(404), Accepted),
        (Accepted, Answered(500), Accepted),
        (Accepted, NoAnswer, Accepted),
    ] {
        let mut stage = in_state(state);
        stage.happens(answer);
        assert_eq!(stage.token_state(), leads_to, "from {state:?} by {answer:?}");
    }
}

#[test]
fn without_a_usable_token_every_watch_is_held_and_says_why() {
    for state in STATES {
        let stage = in_state(state);
        let held = stage.rows.values().all(|row| {
            let StepView::PreSign { time } = &row.step else { return false };
            matches!(time, TimeLeft::Held { why: Pause::NeedsToken, .. })
        });
        let open = matches!(state, TokenState::Accepted);
        assert_eq!(held, !open, "{state:?}");
    }
}

#[test]
fn an_answer_that_was_on_its_way_when_a_token_was_refused_does_not_make_it_look_accepted() {
    let mut stage = in_state(TokenState::Accepted);
    assert_eq!(stage.sent.len(), 2, "both are asked about");
    stage.happens(Answered(401));
    stage.happens(Answered(200));
    assert_eq!(stage.token_state(), TokenState::Refused);
    stage.happens(Entered);
    assert_eq!(stage.token_state(), TokenState::Unchecked);
}
