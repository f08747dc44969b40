//! Few connections, and what becomes of the polls when one of them fails.

use std::time::Duration;

use crate::{
    program::{Running, TOKEN, Told, watch},
    secure::{Manner, Relay, SecureGateway},
};

fn begin(gateway: &SecureGateway, relay: &Relay, more: &str) -> Running {
    let command = gateway.trusted_by(watch(&relay.base(), "post-sign", more));
    Running::start(command).input(TOKEN.as_bytes())
}

fn run(gateway: &SecureGateway, more: &str) -> Told {
    let relay = Relay::to(gateway.port(), Duration::ZERO);
    told(begin(gateway, &relay, more))
}

fn told(running: Running) -> Told {
    Told::of(running.end().without_secrets(), "post-sign")
}

fn users(count: u32) -> String {
    (1..=count).map(|id| id.to_string()).collect::<Vec<_>>().join(" ")
}

fn problems(told: &Told, count: u32) -> Vec<usize> {
    (1..=count).map(|id| told.of_event((id, 0), "problem").len()).collect()
}

#[test]
fn polls_that_start_together_share_one_connection() {
    let gateway = SecureGateway::start(Manner::default());
    let told = run(&gateway, &format!("--json --interval 0.5 --cap 20 {}", users(80)));
    assert_eq!(told.code, Some(0));
    assert!(problems(&told, 80).iter().all(|n| *n == 0));
    // One each would be 40, as many as leave in the first tick.
    assert!((1..=3).contains(&gateway.connections()), "{}", gateway.connections());
}

#[test]
fn a_gateway_that_says_goodbye_now_and_then_costs_no_poll() {
    let manner = Manner { goodbye_after: Some(50), patience: 6, ..Manner::default() };
    let gateway = SecureGateway::start(manner);
    let told = run(&gateway, &format!("--json --interval 0.4 --cap 20 {}", users(40)));
    assert_eq!(told.code, Some(0));
    assert!(problems(&told, 40).iter().all(|n| *n == 0), "{:?}", problems(&told, 40));
    // How many connections it takes depends on how many polls a goodbye meets on their way.
    assert!(gateway.connections() >= 5, "no goodbye was said");
}

#[test]
fn without_http2_every_poll_has_a_connection_and_keeps_it() {
    let gateway = SecureGateway::start(Manner { http2: false, ..Manner::default() });
    let told = run(&gateway, &format!("--json --interval 0.5 --cap 20 {}", users(30)));
    assert_eq!(told.code, Some(0));
    assert!(problems(&told, 30).iter().all(|n| *n == 0));
    assert!((2..=31).contains(&gateway.connections()), "{}", gateway.connections());
}

#[test]
fn a_dead_path_costs_each_watch_one_poll_and_new_connections_serve_the_rest() {
    let gateway = SecureGateway::start(Manner { patience: 12, ..Manner::default() });
    let relay = Relay::to(gateway.port(), Duration::ZERO);
    let more = format!("--json --interval 0.5 --cap 60 {}", users(20));
    let running = begin(&gateway, &relay, &more);
    gateway.wait_for(100);
    relay.go_dead();
    let told = told(running);
    assert_eq!(told.code, Some(0));
    assert_eq!(problems(&told, 20), [1; 20]);
    assert!(gateway.connections() <= 6, "{}", gateway.connections());
}

#[test]
fn a_connection_that_takes_long_to_open_keeps_the_gateways_gap() {
    let gateway = SecureGateway::start(Manner { patience: 2, ..Manner::default() });
    let relay = Relay::to(gateway.port(), Duration::from_millis(1_500));
    let told = told(begin(&gateway, &relay, "--json --interval 2 --cap 20 1 2 3"));
    assert_eq!(told.code, Some(0));
    assert!((1..=2).contains(&gateway.connections()), "{}", gateway.connections());
    let (shortest, longest) = gateway.gaps();
    assert!(shortest >= Duration::from_secs(2), "{shortest:?}");
    assert!(longest <= Duration::from_secs(5), "{longest:?}");
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_said_to_be_that() {
    let gateway = SecureGateway::start(Manner::default());
    let relay = Relay::to(gateway.port(), Duration::ZERO);
    let command = watch(&relay.base(), "post-sign", "--json --interval 0.5 --cap 1 1");
    let told = told(Running::start(command).input(TOKEN.as_bytes()));
    assert_eq!(told.of_event((1, 0), "problem")[0]["reason"], "certificate-unknown");
    assert_eq!((told.code, gateway.connections()), (Some(3), 0));
}
