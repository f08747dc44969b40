//! Every way out passes the same gate.

use super::*;
use crate::{desk::view::QrCode, enrollment::Says};

const WAYS: [Way; 3] = [Way::Browser, Way::Clipboard, Way::QrCode];

fn hand_over(way: Way, generation: u32) -> Action {
    Action::HandOver { way, generation, confirmed: true, here: false }
}

fn left(stage: &mut Stage) -> Left {
    let leaving = stage.leaving.remove(0);
    match leaving.way {
        Way::Browser => Left::Opened,
        Way::Clipboard => Left::Copied,
        Way::QrCode => Left::Shown(QrCode::of(&leaving.url).expect("it fits")),
    }
}

fn ready_for(place: Place) -> (Stage, Key) {
    let mut stage = Stage::new();
    let add = Add { place, ..new("1", Customer::IdentificationFinished) };
    let Ok(Done::Added { key, .. }) = stage.try_add(add) else { panic!("not added") };
    stage.answer(ready());
    (stage, key)
}

#[test]
fn a_link_that_was_handed_over_in_whatever_way_is_on_the_way_to_be_signed_and_stands_in_the_timeline()
 {
    for way in WAYS {
        let (mut stage, key) = ready_for(Place::Desk);
        assert_eq!(stage.act(key, hand_over(way, 1)), None);
        assert_eq!((stage.leaving[0].way, stage.leaving[0].url.expose()), (way, URL));
        let left = left(&mut stage);
        stage.turn([Arrival::Left { key, result: Ok(left) }]);
        assert_eq!(stage.step(key), StepView::Signing, "{way:?}");
        assert!(stage.rows[&key].link.as_ref().is_some_and(|link| link.opened));
        let host = "sign.example.bg".to_owned();
        let (event, done) = match way {
            Way::Browser => (Event::Opened { host: host.clone() }, "Opened"),
            Way::Clipboard => (Event::Copied { host: host.clone() }, "Copied"),
            Way::QrCode => (Event::Shown { host: host.clone() }, "Shown"),
        };
        assert!(stage.happened(key).contains(&&event), "{way:?}");
        let reply = format!("{:?}", stage.last_reply());
        assert!(reply.starts_with(&format!("Some(Ok({done}")), "{reply}");
        assert!(!reply.contains("/s/1"), "{reply}");
    }
}

#[test]
fn no_way_leads_out_past_the_gate() {
    for way in WAYS {
        let (mut stage, key) = ready_for(Place::Desk);
        let unconfirmed = Action::HandOver { way, generation: 1, confirmed: false, here: true };
        assert_eq!(stage.act(key, unconfirmed), Some(Err(Refused::ConfirmUser)));
        assert_eq!(stage.act(key, hand_over(way, 0)), Some(Err(Refused::OlderLink)));
        stage.desk.sites[0].environment.allowlist = Allowlist::new(Vec::new());
        let reply = stage.act(key, hand_over(way, 1));
        assert!(matches!(reply, Some(Err(Refused::LinkRefused { .. }))), "{way:?}: {reply:?}");
        assert!(stage.leaving.is_empty(), "{way:?}");
        assert_eq!(stage.step(key), StepView::Ready);
    }
}

#[test]
fn one_link_leaves_at_a_time_and_none_twice_in_three_seconds_in_whatever_way() {
    let (mut stage, first) = ready_for(Place::Desk);
    let second = stage.add(2, Customer::IdentificationFinished);
    stage.pass(0.5);
    stage.answer(ready());
    assert_eq!(stage.act(first, hand_over(Way::Clipboard, 1)), None);
    for way in WAYS {
        assert_eq!(stage.act(second, hand_over(way, 1)), Some(Err(Refused::Opening)));
    }
    stage.turn([Arrival::Left { key: first, result: Ok(Left::Copied) }]);
    for way in WAYS {
        assert_eq!(stage.act(first, hand_over(way, 1)), Some(Err(Refused::TooSoon)));
    }
}

#[test]
fn after_one_way_another_fetches_a_fresh_link_first() {
    let (mut stage, key) = ready_for(Place::Desk);
    stage.act(key, hand_over(Way::Clipboard, 1));
    stage.turn([Arrival::Left { key, result: Ok(Left::Copied) }]);
    stage.leaving.clear();
    stage.pass(4.0);
    assert_eq!(stage.act(key, hand_over(Way::QrCode, 1)), None);
    assert!(stage.leaving.is_empty() && stage.rows[&key].busy);
    let fresh = "https://sign.example.bg/s/fresh";
    stage.answer(with_url("SIGN_SESSION_ID_SUCCESSFULLY_CREATED", Some(fresh)));
    assert_eq!((stage.leaving[0].way, stage.leaving[0].url.expose()), (Way::QrCode, fresh));
    let left = left(&mut stage);
    stage.turn([Arrival::Left { key, result: Ok(left) }]);
    let reply = stage.last_reply();
    assert!(matches!(reply, Some(Ok(Done::Shown { generation: 2, .. }))), "{reply:?}");
}

#[test]
fn a_remote_customer_s_link_is_copied_or_drawn_without_a_question_and_opened_here_only_with_one() {
    for (way, asks) in [(Way::Browser, true), (Way::Clipboard, false), (Way::QrCode, false)] {
        let (mut stage, key) = ready_for(Place::Remote);
        let reply = stage.act(key, hand_over(way, 1));
        assert_eq!(reply, asks.then_some(Err(Refused::ConfirmRemote)), "{way:?}");
        assert_eq!(stage.leaving.len(), usize::from(!asks), "{way:?}");
    }
}

#[test]
fn where_no_browser_opens_another_way_is_free_at_once() {
    let (mut stage, key) = ready_for(Place::Desk);
    stage.act(key, hand_over(Way::Browser, 1));
    stage.leaving.clear();
    stage.turn([Arrival::Left { key, result: Err("no-browser".into()) }]);
    assert_eq!(stage.last_reply(), Some(Err(Refused::NotOpened { why: "no-browser".into() })));
    assert_eq!(stage.act(key, hand_over(Way::QrCode, 1)), None);
    assert_eq!(stage.leaving.len(), 1, "with the link that nobody has had");
}

#[test]
fn the_page_a_customer_returns_to_is_believed_only_where_the_link_was_handed_over_here() {
    let (mut stage, key) = ready_for(Place::Desk);
    assert_eq!(stage.act(key, Action::Returned), Some(Err(Refused::NotNow)), "nobody has the link");
    assert_eq!(stage.act(key, hand_over(Way::Browser, 1)), None);
    let left = left(&mut stage);
    stage.turn([Arrival::Left { key, result: Ok(left) }]);
    assert_eq!(stage.act(key, Action::Returned), Some(Ok(Done::Done)));
    assert!(matches!(stage.step(key), StepView::PostSign { .. }));
    let stated = Event::Stated { says: Says::SigningFinished, how: How::Returned };
    assert!(stage.happened(key).contains(&&stated));
    assert_eq!(stage.act(key, Action::Returned), Some(Err(Refused::NotNow)), "and once");
}
