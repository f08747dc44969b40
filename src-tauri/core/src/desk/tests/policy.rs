//! What a managed policy changes on a desk that is at work.

use super::*;
use crate::{
    desk::{Decree, view::PolicyView},
    enrollment::Interruption,
    journal::{Did, Health, KeepDays, Kept, Notice, Report},
    watch::Pace,
};

const RECONFIGURED: Miss = Miss::Interrupted { why: Interruption::Reconfigured };

fn environment(name: &str, gateway: &str, allow: &str) -> Environment {
    let allow = Allowlist::new(vec![allow.parse().expect("an entry")]);
    Environment::new(name, EnvironmentKind::Test, gateway.parse().expect("a gateway"), allow)
}

fn same() -> Environment {
    environment("Test", "https://crm.example.bg", "sign.example.bg")
}

fn decree(environments: Vec<Environment>) -> Arrival {
    Arrival::Policy(Box::new(Decree {
        view: PolicyView { environments: true, ..PolicyView::default() },
        environments,
        keep_days: KeepDays::default(),
        sha256: Some("aa".to_owned()),
    }))
}

fn refuses(stage: &mut Stage, key: Key, action: Action) -> Refused {
    stage.act(key, action).expect("an answer").expect_err("refused")
}

#[test]
fn whatever_stays_the_same_goes_on_as_if_nothing_had_been_said() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    let turn = stage.desk.turn(stage.now, [decree(vec![same()])]);
    assert!(turn.cancels.is_empty() && turn.clients.is_empty(), "{turn:?}");
    stage.answer(ready());
    assert_eq!(stage.step(key), StepView::Ready);
    assert!(stage.last.as_ref().is_some_and(|feed| feed.policy.is_some()), "told to the window");
}

#[test]
fn a_watch_goes_on_at_the_new_interval_after_its_next_poll_with_the_time_it_was_given() {
    let mut stage = Stage::new();
    stage.add(1, Customer::IdentificationFinished);
    stage.answer(status("PROCESSING"));
    let pace = Pace::new(5.0, 120.0, false).expect("a pace");
    stage.turn([decree(vec![Environment { pre_sign: pace, ..same() }])]);
    stage.pass(3.0);
    stage.answer(status("PROCESSING"));
    stage.pass(4.0);
    assert!(stage.sent.is_empty(), "three seconds were its interval before");
    stage.pass(1.0);
    stage.answer(status("PROCESSING"));
    for _ in 0..29 {
        stage.pass(5.0);
        stage.answer(status("PROCESSING"));
    }
    let key = Key(1);
    assert!(matches!(stage.step(key), StepView::PreSign { .. }), "it had 300 s, and keeps them");
}

#[test]
fn a_link_whose_host_is_not_allowed_any_more_is_blocked_and_cannot_be_opened() {
    let mut stage = Stage::new();
    let (ready_one, signing, watched) = (
        stage.add(1, Customer::IdentificationFinished),
        stage.add(2, Customer::IdentificationFinished),
        stage.add(3, Customer::IdentificationFinished),
    );
    stage.answer(ready());
    stage.answer(ready());
    stage.act(signing, open(1));
    stage.turn([Arrival::Left { key: signing, result: Ok(Left::Opened) }]);
    let elsewhere = environment("Test", "https://crm.example.bg", "other.example.bg");
    stage.turn([decree(vec![elsewhere])]);

    let blocked =
        Miss::BlockedUrl { rule: "no-entry".to_owned(), host: Some("sign.example.bg".to_owned()) };
    assert_eq!(stage.step(ready_one), StepView::Ended { phase: Phase::PreSign, miss: blocked });
    assert_eq!(refuses(&mut stage, ready_one, open(1)), Refused::NotNow);
    assert_eq!(stage.step(signing), StepView::Signing, "that customer reads already");
    assert_eq!(refuses(&mut stage, signing, open(1)), Refused::NoLink);
    assert!(matches!(stage.happened(signing).last(), Some(Event::LinkRefused { .. })));
    assert_eq!(stage.leaving.len(), 1);
    // What was asked before is read by the rules of now.
    stage.answer(ready());
    assert!(matches!(stage.outcomes(watched)[..], [Outcome::Missed(Miss::BlockedUrl { .. })]));
}

#[test]
fn another_gateway_gets_no_token_and_no_request_of_the_old_one() {
    let mut stage = Stage::new();
    let (watched, ready_one) = (
        stage.add(1, Customer::IdentificationFinished),
        stage.add(2, Customer::IdentificationFinished),
    );
    let out = stage.sent[0].request;
    stage.answer(status("PROCESSING"));
    stage.answer(ready());
    stage.pass(3.0);
    let asked = stage.sent.last().expect("a poll").request;
    assert_ne!(out, asked);
    let moved = environment("Test", "https://other.example.bg", "sign.example.bg");
    let turn = stage.desk.turn(stage.now, [decree(vec![moved])]);
    assert_eq!(turn.cancels, [asked]);
    let clients: Vec<_> = turn.clients.iter().map(|(at, e)| (*at, e.gateway.to_string())).collect();
    assert_eq!(clients, [(0, "https://other.example.bg".to_owned())]);
    stage.sent.clear();
    stage.turn([]);
    assert_eq!(stage.outcomes(watched), [Outcome::Missed(RECONFIGURED)]);
    assert_eq!(stage.step(ready_one), StepView::NewLinkNeeded, "the link is gone with its gateway");
    assert_eq!(stage.token_state(), TokenState::Reading);
    let late = stage.desk.turn(stage.now, [Arrival::Answer { request: asked, answer: ready() }]);
    assert!(late.sends.is_empty(), "nobody waits for it");
    assert_eq!(refuses(&mut stage, ready_one, Action::NewLink), Refused::NeedsToken);
    stage.act(watched, Action::WatchAgain);
    stage.pass(10.0);
    assert!(stage.sent.is_empty(), "nothing leaves without a token");
    stage.token("second");
    assert_eq!(stage.sent.len(), 1);
    assert_eq!(stage.sent[0].token, AccessToken::from_pasted("second").expect("a token"));
}

#[test]
fn an_environment_that_is_taken_away_can_be_read_and_nothing_is_asked_for_it() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    let other = environment("Other", "https://other.example.bg", "sign.example.bg");
    let turn = stage.desk.turn(stage.now, [decree(vec![other])]);
    assert_eq!((turn.cancels.len(), turn.clients.len()), (1, 1));
    stage.turn([]);
    assert_eq!(stage.outcomes(key), [Outcome::Missed(RECONFIGURED)]);
    let views = stage.desk.snapshot(stage.now).environments.expect("all");
    let shown: Vec<_> = views.iter().map(|v| (v.name.as_str(), v.withdrawn)).collect();
    assert_eq!(shown, [("Test", true), ("Other", false)]);
    assert_eq!(stage.try_add(new("2", Customer::StillIdentifying)), Err(Refused::Withdrawn));
    for action in [Action::WatchAgain, Action::CheckNow, Action::SigningFinished] {
        assert_eq!(refuses(&mut stage, key, action), Refused::Withdrawn);
    }
    stage.token("late");
    assert_eq!(stage.token_state(), TokenState::Missing, "there is nobody to use it for");
    let note = Action::Note { note: "moved".to_owned() };
    assert_eq!(stage.act(key, note), Some(Ok(Done::Done)));
    // Back again, it begins as any other does.
    let turn = stage.desk.turn(stage.now, [decree(vec![same()])]);
    assert_eq!(turn.clients.len(), 1);
    stage.turn([]);
    stage.token("first");
    assert_eq!(stage.act(key, Action::WatchAgain), Some(Ok(Done::Done)));
    assert!(matches!(stage.step(key), StepView::PreSign { .. }));
    let views = stage.desk.snapshot(stage.now).environments.expect("all");
    let shown: Vec<_> = views.iter().map(|v| (v.name.as_str(), v.withdrawn)).collect();
    assert_eq!(shown, [("Test", false)], "nobody was ever added to the other one");
}

#[test]
fn what_is_kept_of_an_environment_comes_back_with_it() {
    let mut earlier = Stage::new();
    earlier.desk = earlier.desk.with_journal(Key(7), KeepDays::default());
    let add = new("1", Customer::StillIdentifying);
    let add = Arrival::Add { ticket: Ticket(1), add, how: How::Adding };
    let batch = earlier.desk.turn(earlier.now, [add]).journal.expect("a row to keep");
    let kept = Kept { environment: "Other".to_owned(), ..batch.kept[0].0.clone() };

    let mut stage = Stage::new();
    stage.desk = stage.desk.with_journal(Key(100), KeepDays::default());
    stage.turn([
        Arrival::Journal(Report::Health(Health::Well)),
        Arrival::Journal(Report::Restored { kept: vec![kept], seen: None }),
    ]);
    assert!(stage.rows.is_empty());
    let other = environment("Other", "https://other.example.bg", "sign.example.bg");
    stage.turn([decree(vec![same(), other])]);
    assert_eq!(stage.step(Key(7)), StepView::Expected);
    let journal = stage.desk.snapshot(stage.now).journal.expect("told");
    assert!(!journal.notices.iter().any(|n| matches!(n, Notice::UnknownEnvironment { .. })));
}

#[test]
fn every_change_stands_in_the_audit_as_nobody_s_doing() {
    let mut stage = Stage::new();
    stage.desk = stage.desk.with_journal(Key(1), KeepDays::default());
    let Arrival::Policy(mut decree) = decree(vec![same()]) else { panic!("a policy") };
    decree.keep_days = KeepDays::try_from(7).expect("days");
    let turn = stage.desk.turn(stage.now, [Arrival::Policy(decree)]);
    let deeds = turn.journal.expect("something to keep").deeds;
    assert!(deeds.iter().all(|deed| *deed.by == Operator::policy()), "{deeds:?}");
    let did: Vec<_> = deeds.into_iter().map(|deed| deed.did).collect();
    let days = |days: u16| KeepDays::try_from(days).expect("days");
    assert_eq!(
        did,
        [
            Did::ChangedPolicy { file: None, sha256: Some("aa".to_owned()) },
            Did::ChangedKeepDays { from: days(30), to: days(7) },
        ]
    );
}

#[test]
fn a_broken_policy_changes_nothing_and_is_told() {
    let mut stage = Stage::new();
    stage.turn([decree(vec![same()])]);
    let key = stage.add(1, Customer::IdentificationFinished);
    stage.turn([Arrival::PolicyTrouble(Some("policy.toml: line 3".to_owned()))]);
    let view = stage.last.as_ref().and_then(|feed| feed.policy.clone()).expect("told");
    assert_eq!(view.trouble.as_deref(), Some("policy.toml: line 3"));
    assert!(view.environments, "what it said before holds");
    stage.answer(ready());
    assert_eq!(stage.step(key), StepView::Ready);
    stage.turn([Arrival::PolicyTrouble(None)]);
    let view = stage.last.as_ref().and_then(|feed| feed.policy.clone()).expect("told");
    assert_eq!(view.trouble, None);
}
