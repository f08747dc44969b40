//! The life of an enrollment, from *expected* to *handed on*.

use super::*;

#[test]
fn an_enrollment_goes_its_whole_way() {
    let mut stage = Stage::new();
    let key = stage.add(1024, Customer::StillIdentifying);
    assert_eq!(stage.step(key), StepView::Expected);
    stage.pass(60.0);
    assert!(stage.sent.is_empty(), "nothing is polled before somebody says so");

    assert_eq!(stage.act(key, Action::IdentificationFinished), Some(Ok(Done::Done)));
    stage.answer(status("PROCESSING"));
    stage.pass(3.0);
    stage.answer(ready());
    assert_eq!(stage.step(key), StepView::Ready);
    let link = stage.rows[&key].link.clone().expect("a link");
    assert_eq!((link.host.as_str(), link.generation), ("sign.example.bg", 1));
    stage.pass(5.0);
    assert!(stage.sent.is_empty(), "a ready enrollment is not polled");

    assert_eq!(stage.act(key, open(1)), None, "the answer comes with the browser");
    assert_eq!(stage.leaving.remove(0).url.expose(), URL);
    stage.turn([Arrival::Left { key, result: Ok(Left::Opened) }]);
    assert_eq!(stage.last_reply(), Some(Ok(Done::Opened { host: "sign.example.bg".into() })));
    assert_eq!(stage.step(key), StepView::Signing);
    stage.pass(3_600.0);
    assert!(stage.sent.is_empty(), "signing takes as long as it takes");

    stage.act(key, Action::SigningFinished);
    stage.answer(signed());
    assert_eq!(stage.step(key), StepView::Signed);
    assert_eq!(stage.act(key, Action::HandedOn), Some(Ok(Done::Done)));
    assert_eq!(stage.step(key), StepView::HandedOn);
    assert_eq!(
        stage.outcomes(key),
        [Outcome::ReadyToSign { host: "sign.example.bg".into() }, Outcome::Signed]
    );
    stage.pass(600.0);
    assert!(stage.sent.is_empty() && stage.wake.is_none(), "nothing watched, no wake-up");
}

#[test]
fn a_statement_carries_who_said_it_and_how() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    let stated = stage.happened(key).into_iter().find(|e| matches!(e, Event::Stated { .. }));
    assert!(matches!(stated, Some(Event::Stated { how: How::Adding, .. })));
}

#[test]
fn signing_finished_is_accepted_in_any_earlier_step_and_supersedes_a_live_watch() {
    let mut stage = Stage::new();
    let expected = stage.add(1, Customer::StillIdentifying);
    stage.act(expected, Action::SigningFinished);
    assert!(matches!(stage.step(expected), StepView::PostSign { .. }));
    stage.sent.clear();

    let live = stage.add(2, Customer::IdentificationFinished);
    let out = stage.sent.remove(0);
    stage.act(live, Action::SigningFinished);
    assert!(matches!(stage.step(live), StepView::PostSign { .. }));
    stage.turn([Arrival::Answer { request: out.request, answer: ready() }]);
    assert!(matches!(stage.step(live), StepView::PostSign { .. }), "a late answer is dropped");
    assert!(stage.sent.is_empty(), "two seconds after the last send at the earliest");
    stage.pass(2.0);
    assert_eq!(stage.sent.len(), 1);
}

#[test]
fn signed_seen_in_pre_sign_means_that_nothing_is_left_to_open() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    stage.answer(signed());
    assert_eq!(stage.step(key), StepView::Signed);
}

#[test]
fn a_target_status_without_a_usable_link_is_waited_for() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    for url in [None, Some(""), Some("  ")] {
        stage.answer(with_url("SIGN_SESSION_ID_SUCCESSFULLY_CREATED", url));
        assert!(matches!(stage.step(key), StepView::PreSign { .. }), "{url:?}");
        stage.pass(5.0);
    }
    // A link beside any other status does not count.
    stage.answer(with_url("PROCESSING", Some(URL)));
    assert!(matches!(stage.step(key), StepView::PreSign { .. }));
}

#[test]
fn a_refused_link_ends_pre_sign_and_nothing_can_open_it() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    stage.answer(with_url("SIGN_SESSION_ID_SUCCESSFULLY_CREATED", Some("https://evil.example/")));
    let StepView::Ended { miss: Miss::BlockedUrl { rule, host }, .. } = stage.step(key) else {
        panic!("not blocked: {:?}", stage.step(key));
    };
    assert_eq!((rule.as_str(), host.as_deref()), ("no-entry", Some("evil.example")));
    assert_eq!(stage.act(key, open(1)), Some(Err(Refused::NotNow)));
}

#[test]
fn in_post_sign_a_new_link_replaces_the_old_one_and_a_refused_one_is_only_noted() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::SigningFinished);
    stage.answer(ready());
    assert_eq!(stage.rows[&key].link.as_ref().map(|l| l.generation), Some(1));
    stage.pass(5.0);
    let other = "https://sign.example.bg/s/2";
    stage.answer(with_url("SIGN_SESSION_ID_SUCCESSFULLY_CREATED", Some(other)));
    assert_eq!(stage.rows[&key].link.as_ref().map(|l| l.generation), Some(2));
    assert_eq!(stage.act(key, open(1)), Some(Err(Refused::OlderLink)));
    for _ in 0..3 {
        stage.pass(5.0);
        let evil = with_url("SIGN_SESSION_ID_SUCCESSFULLY_CREATED", Some("https://evil.example/"));
        stage.answer(evil);
    }
    assert!(matches!(stage.step(key), StepView::PostSign { .. }));
    let noted =
        stage.happened(key).iter().filter(|e| matches!(e, Event::LinkRefused { .. })).count();
    assert_eq!(noted, 1, "once, not with every poll");
}

#[test]
fn a_session_that_stays_open_for_a_minute_was_probably_not_signed() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::SigningFinished);
    for _ in 0..25 {
        stage.answer(ready());
        stage.pass(3.0);
        stage.pass(2.0);
        if matches!(stage.step(key), StepView::PostSign { not_signed: true, .. }) {
            assert!(stage.now.mono.since(Mono::default()) >= Duration::from_secs(60));
            return;
        }
    }
    panic!("never said");
}

#[test]
fn the_first_opening_asks_to_confirm_the_user_and_a_remote_customer_is_asked_about() {
    let mut stage = Stage::new();
    let add = Add { place: Place::Remote, ..new("1", Customer::IdentificationFinished) };
    let Ok(Done::Added { key, .. }) = stage.try_add(add) else { panic!("not added") };
    stage.answer(ready());
    let press =
        |confirmed, here| Action::HandOver { way: Way::Browser, generation: 1, confirmed, here };
    assert_eq!(stage.act(key, press(false, false)), Some(Err(Refused::ConfirmUser)));
    assert_eq!(stage.act(key, press(true, false)), Some(Err(Refused::ConfirmRemote)));
    assert!(stage.leaving.is_empty());
    assert_eq!(stage.act(key, press(true, true)), None);
    assert_eq!(stage.leaving.len(), 1);
    assert!(stage.rows[&key].confirmed);
}

#[test]
fn a_link_opens_once_in_three_seconds_and_one_at_a_time() {
    let mut stage = Stage::new();
    let first = stage.add(1, Customer::IdentificationFinished);
    let second = stage.add(2, Customer::IdentificationFinished);
    stage.answer(ready());
    stage.answer(ready());
    assert_eq!(stage.act(first, open(1)), None);
    assert_eq!(stage.act(second, open(1)), Some(Err(Refused::Opening)));
    stage.turn([Arrival::Left { key: first, result: Ok(Left::Opened) }]);
    assert_eq!(stage.act(first, open(1)), Some(Err(Refused::TooSoon)));
    assert_eq!(stage.act(second, open(1)), None);
}

#[test]
fn opening_again_fetches_a_fresh_link_first() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    stage.answer(ready());
    stage.act(key, open(1));
    stage.turn([Arrival::Left { key, result: Ok(Left::Opened) }]);
    stage.leaving.clear();
    stage.pass(4.0);

    assert_eq!(stage.act(key, open(1)), None);
    assert!(stage.leaving.is_empty() && stage.rows[&key].busy);
    let fresh = "https://sign.example.bg/s/fresh";
    stage.answer(with_url("SIGN_SESSION_ID_SUCCESSFULLY_CREATED", Some(fresh)));
    assert_eq!(stage.leaving.remove(0).url.expose(), fresh);
    stage.turn([Arrival::Left { key, result: Ok(Left::Opened) }]);
    assert!(matches!(stage.last_reply(), Some(Ok(Done::Opened { .. }))));
}

#[test]
fn a_fresh_link_on_another_host_is_shown_and_must_be_pressed_again() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    stage.desk.sites[0].environment.allowlist = Allowlist::new(vec![
        "sign.example.bg".parse().expect("an entry"),
        "other.example.bg".parse().expect("an entry"),
    ]);
    stage.answer(ready());
    stage.pass(61.0);
    stage.act(key, open(1));
    let other = "https://other.example.bg/";
    stage.answer(with_url("SIGN_SESSION_ID_SUCCESSFULLY_CREATED", Some(other)));
    assert_eq!(
        stage.last_reply(),
        Some(Err(Refused::OtherHost { host: "other.example.bg".into() }))
    );
    assert!(stage.leaving.is_empty());
    assert_eq!(stage.act(key, open(2)), None);
    assert_eq!(stage.leaving.remove(0).url.expose(), other);
}

#[test]
fn a_link_that_slept_with_the_machine_is_not_fresh() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    stage.answer(ready());
    stage.sleep(600);
    stage.pass(3.0);
    stage.act(key, open(1));
    assert!(stage.leaving.is_empty());
    assert_eq!(stage.sent.len(), 1);
}

#[test]
fn a_browser_that_does_not_open_leaves_the_link_where_it_was() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    stage.answer(ready());
    stage.act(key, open(1));
    stage.turn([Arrival::Left { key, result: Err("no-browser".into()) }]);
    assert_eq!(stage.last_reply(), Some(Err(Refused::NotOpened { why: "no-browser".into() })));
    assert_eq!(stage.step(key), StepView::Ready);
    assert_eq!(stage.act(key, open(1)), None, "and can be pressed again at once");
}

#[test]
fn a_command_for_a_state_that_has_passed_does_nothing() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    let shown = stage.rows[&key].state;
    stage.answer(ready());
    assert_eq!(stage.act_on(key, shown, Action::Stop), Some(Err(Refused::MovedOn)));
    assert_eq!(stage.step(key), StepView::Ready);
}

#[test]
fn stopping_shows_at_once_and_a_late_answer_is_dropped() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    let out = stage.sent.remove(0);
    assert_eq!(stage.act(key, Action::Stop), Some(Ok(Done::Done)));
    stage.turn([Arrival::Answer { request: out.request, answer: ready() }]);
    stage.pass(600.0);
    assert!(matches!(stage.step(key), StepView::Ended { miss: Miss::Stopped, .. }));
    assert!(stage.sent.is_empty());
    assert_eq!(stage.outcomes(key), [Outcome::Missed(Miss::Stopped)]);
}

#[test]
fn watch_again_starts_the_same_phase_on_the_statement_that_stands() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::SigningFinished);
    stage.answer(refused(404));
    assert!(matches!(stage.step(key), StepView::Ended { miss: Miss::Rejected { .. }, .. }));
    stage.pass(10.0);
    stage.act(key, Action::WatchAgain);
    assert!(matches!(stage.step(key), StepView::PostSign { .. }));
    stage.answer(signed());
    assert_eq!(stage.step(key), StepView::Signed);
}

#[test]
fn without_its_statement_no_phase_is_ever_asserted() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::StillIdentifying);
    assert_eq!(stage.act(key, Action::CheckNow), Some(Err(Refused::NotNow)));
    stage.act(key, Action::GaveUp { reason: crate::enrollment::GaveUp::SaidSo });
    assert_eq!(stage.act(key, Action::WatchAgain), Some(Err(Refused::NotNow)));
    assert_eq!(stage.act(key, Action::CheckNow), Some(Err(Refused::NotNow)));
    assert!(stage.sent.is_empty());
}

#[test]
fn check_now_after_an_end_places_the_enrollment_where_the_answer_says() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    stage.act(key, Action::Stop);
    stage.sent.clear();
    stage.pass(7_200.0);
    assert_eq!(stage.act(key, Action::CheckNow), None);
    stage.answer(status("PROCESSING"));
    assert_eq!(stage.last_reply(), Some(Ok(Done::Checked)));
    assert!(matches!(stage.step(key), StepView::Ended { .. }), "anything else changes nothing");
    stage.pass(2.0);
    stage.act(key, Action::CheckNow);
    stage.answer(ready());
    assert_eq!(stage.step(key), StepView::Ready);
}

#[test]
fn check_now_while_signing_finds_the_signature() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    stage.answer(ready());
    stage.act(key, open(1));
    stage.turn([Arrival::Left { key, result: Ok(Left::Opened) }]);
    stage.pass(60.0);
    stage.act(key, Action::CheckNow);
    stage.answer(signed());
    assert_eq!(stage.step(key), StepView::Signed);
    assert_eq!(stage.last_reply(), Some(Ok(Done::Checked)));
}

#[test]
fn a_wrong_id_drops_link_and_label_at_once_and_keeps_the_fact() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    stage.answer(ready());
    stage.act(key, Action::WrongId);
    let row = &stage.rows[&key];
    assert!(row.label.is_empty() && row.link.is_none());
    assert!(matches!(row.step, StepView::Ended { miss: Miss::WrongId, .. }));
    assert_eq!(stage.act(key, Action::WatchAgain), Some(Err(Refused::NotNow)));
}

#[test]
fn a_removal_can_be_undone_for_a_minute_and_then_is_final() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::StillIdentifying);
    let shown = stage.rows[&key].state;
    stage.act(key, Action::Remove);
    assert!(!stage.rows.contains_key(&key));
    assert_eq!(stage.act_on(key, shown, Action::Restore), Some(Ok(Done::Done)));
    assert!(stage.rows.contains_key(&key));
    stage.act(key, Action::Remove);
    stage.pass(61.0);
    assert_eq!(stage.act_on(key, shown, Action::Restore), Some(Err(Refused::UnknownEnrollment)));
}

#[test]
fn bad_input_names_its_rule_and_changes_nothing() {
    use crate::enrollment::UserIdError::{Empty, NotDigits, OutOfRange};
    let mut stage = Stage::new();
    let key = stage.add(7, Customer::StillIdentifying);
    let expected = Customer::StillIdentifying;
    for (add, why) in [
        (new("", expected), Refused::BadId { rule: Empty }),
        (new("0", expected), Refused::BadId { rule: OutOfRange }),
        (new("2147483648", expected), Refused::BadId { rule: OutOfRange }),
        (new("-7", expected), Refused::BadId { rule: NotDigits }),
        (Add { label: "x".repeat(81), ..new("8", expected) }, Refused::LabelTooLong),
        (Add { environment: "Live".into(), ..new("8", expected) }, Refused::UnknownEnvironment),
        (new("007", expected), Refused::AlreadyHere { key }),
        (Add { user_type: UserType::Merchant, ..new("7", expected) }, Refused::OtherType { key }),
    ] {
        assert_eq!(stage.try_add(add), Err(why));
    }
    assert_eq!(stage.rows.len(), 1);
    let both = Add { user_type: UserType::Merchant, both_types: true, ..new(" 007 ", expected) };
    assert!(matches!(stage.try_add(both), Ok(Done::Added { normalised: true, .. })));
}

#[test]
fn what_cannot_be_seen_is_written_out_wherever_it_shows() {
    let mut stage = Stage::new();
    let add = Add {
        label: "Ива\u{202e}нова".into(), ..new("1", Customer::IdentificationFinished)
    };
    let Ok(Done::Added { key, .. }) = stage.try_add(add) else { panic!("not added") };
    stage.answer(Answer::Status(StatusAnswer {
        status: Status::from_gateway(Some("NEW\u{200b}STATUS")),
        url: None,
        message: Some("a\u{7}b".into()),
    }));
    let row = &stage.rows[&key];
    assert_eq!(row.label, "Ива\\u{202e}нова");
    assert_eq!(row.status.as_deref(), Some("NEW\\u{200b}STATUS"));
    assert_eq!(row.message.as_deref(), Some("a\\u{7}b"));
    assert!(!row.status_known && matches!(row.step, StepView::PreSign { .. }));
}

#[test]
fn a_slow_browser_undoes_no_statement_and_its_opening_is_recorded_all_the_same() {
    for (action, stays) in [(Action::SigningFinished, "post-sign"), (Action::Stop, "ended")] {
        let mut stage = Stage::new();
        let key = stage.add(1, Customer::IdentificationFinished);
        stage.answer(ready());
        stage.act(key, open(1));
        let pressed = Ticket(stage.tickets);
        stage.act(key, action);
        stage.turn([Arrival::Left { key, result: Ok(Left::Opened) }]);
        assert!(matches!(stage.reply(pressed), Some(Ok(Done::Opened { .. }))));
        assert!(stage.happened(key).iter().any(|e| matches!(e, Event::Opened { .. })));
        let step = stage.step(key);
        let stayed = matches!(
            (&step, stays),
            (StepView::PostSign { .. }, "post-sign") | (StepView::Ended { .. }, "ended")
        );
        assert!(stayed, "{step:?}");
    }
}

#[test]
fn a_link_that_was_opened_still_says_so_when_it_comes_again() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    stage.answer(ready());
    stage.act(key, open(1));
    stage.turn([Arrival::Left { key, result: Ok(Left::Opened) }]);
    stage.pass(5.0);
    stage.act(key, Action::CheckNow);
    stage.answer(ready());
    assert!(stage.rows[&key].link.as_ref().is_some_and(|link| link.opened));
}

#[test]
fn removing_a_live_enrollment_can_be_undone() {
    let mut stage = Stage::new();
    let key = stage.add(1, Customer::IdentificationFinished);
    let shown = stage.rows[&key].state;
    stage.act(key, Action::Remove);
    assert_eq!(stage.act_on(key, shown, Action::Restore), Some(Ok(Done::Done)));
    assert!(matches!(stage.step(key), StepView::Ended { miss: Miss::Stopped, .. }));
}
