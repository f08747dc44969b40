//! Many users at once, and a token that is refused among them.

use std::time::Duration;

use crate::{
    gateway::{Gateway, Reply, Script},
    program::{named, watch_json},
};

#[test]
fn a_hundred_users_spread_and_never_overlap_themselves() {
    let slow = Reply::processing().after(Duration::from_millis(30));
    let gateway = Gateway::play(|_| {
        (1..=50)
            .flat_map(|id| [(id, 0), (id, 1)])
            .map(|user| (user, vec![slow.clone(), slow.clone(), slow.clone(), Reply::signed()]))
            .collect()
    });
    let users = named((1..=50).flat_map(|id| [(id, 0), (id, 1)]));
    let told = watch_json(&gateway, "post-sign", &format!("--interval 0.5 --cap 20 {users}"));
    assert_eq!(told.code, Some(0));
    let log = gateway.log();
    assert_eq!(log.len(), 400);
    assert!(log.iter().all(|request| request.in_flight == 1));
}

#[test]
fn after_a_401_nothing_more_is_sent() {
    let soon = Duration::from_millis(150);
    let refused = Reply::http("401 Unauthorized", &["WWW-Authenticate: Bearer"], "");
    let gateway = Gateway::play(|_| {
        Script::from([
            ((1, 0), vec![Reply::processing(), Reply::processing(), refused.after(soon)]),
            ((2, 0), vec![Reply::processing()]),
            // Still out when the 401 arrives; its answer counts.
            ((3, 1), vec![Reply::signed().after(Duration::from_millis(1_500))]),
            (
                (4, 0),
                vec![Reply::processing().after(Duration::from_millis(1_500)), Reply::signed()],
            ),
            ((5, 0), vec![Reply::http("500 Oh", &[], ""), Reply::signed()]),
        ])
    });
    let told = watch_json(&gateway, "post-sign", "--interval 0.2 --cap 10 1 2 3:merchant 4 5");
    assert_eq!(told.code, Some(6), "a reached target does not count beside the misses");
    for user in [(1, 0), (2, 0), (4, 0), (5, 0)] {
        assert_eq!(told.outcome(user), "unauthorized", "{user:?}");
        assert_eq!(told.of_event(user, "paused")[0]["reason"], "needs-token", "{user:?}");
    }
    assert_eq!(told.outcome((3, 1)), "signed");
    let log = gateway.log();
    let refused_at = gateway.log_of((1, 0))[2].at + soon;
    let late = log.iter().filter(|request| request.at > refused_at + Duration::from_millis(20));
    assert_eq!(late.count(), 0, "sent after the 401");
    assert_eq!(gateway.log_of((5, 0)).len(), 1);
}

#[test]
fn a_token_refused_at_once_is_asked_with_no_more_than_once_each() {
    let gateway = Gateway::play(|_| {
        let refused = Reply::http("401 Unauthorized", &[], "");
        (1..=30).map(|id| ((id, 0), vec![refused.clone()])).collect()
    });
    let users = named((1..=30).map(|id| (id, 0)));
    let told = watch_json(&gateway, "pre-sign", &format!("--interval 0.1 --cap 3 {users}"));
    assert_eq!(told.code, Some(6));
    for id in 1..=30 {
        assert!(gateway.log_of((id, 0)).len() <= 1, "{id}");
        assert_eq!(told.outcome((id, 0)), "unauthorized");
    }
}
