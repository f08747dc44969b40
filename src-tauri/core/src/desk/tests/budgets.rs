//! Many watches, and what a gateway may be asked for.

use super::*;
use crate::{desk::gate::Allowance, environment::Budget};

#[test]
fn a_budget_is_used_up_in_ticks_however_small_it_is() {
    for per_second in [1, 5, 10, 15, 19, 29, 200] {
        let mut stage = Stage::new();
        let budget = Budget::new(100, per_second).expect("in range");
        stage.desk.sites[0].budget = Allowance::new(budget);
        for id in 1..=1_200 {
            stage.add(id, Customer::IdentificationFinished);
        }
        let mut polls = 0_u32;
        let seconds = 100_u32;
        for tick in 0..seconds * 10 {
            // Some ticks come late.
            stage.advance(Duration::from_millis(if tick % 3 == 0 { 120 } else { 90 }));
            stage.turn([]);
            while !stage.sent.is_empty() {
                polls += 1;
                stage.answer(status("PROCESSING"));
            }
        }
        let share = f64::from(polls) / f64::from(seconds * u32::from(per_second));
        assert!((0.95..=1.05).contains(&share), "{per_second} a second: {share}");
    }
}

#[test]
fn many_watches_keep_to_the_budget_and_to_their_gaps() {
    let mut stage = Stage::new();
    for id in 1..=250 {
        stage.add(id, Customer::IdentificationFinished);
    }
    assert_eq!(stage.sent.len(), 41, "a tenth of what a second may see leaves at once");
    stage.pass(1.0);
    assert_eq!(stage.sent.len(), 100, "in flight at once");
    let mut last = std::collections::HashMap::new();
    let end = stage.now.mono + Duration::from_secs(60);
    while stage.now.mono < end {
        let due: Vec<Send> = stage.sent.drain(..).collect();
        for send in &due {
            let before = last.insert(send.user, stage.now.mono);
            if let Some(gap) = before.map(|b| stage.now.mono.since(b).as_secs_f64()) {
                assert!((1.95..=5.05).contains(&gap), "{} after {gap} s", send.user);
            }
        }
        let answers = due
            .into_iter()
            .map(|s| Arrival::Answer { request: s.request, answer: status("PROCESSING") });
        stage.turn(answers.collect::<Vec<_>>());
        stage.pass(0.05);
    }
    assert_eq!(last.len(), 250);
    assert!(!stage.desk.environments()[0].behind);
}

#[test]
fn too_many_watches_share_the_budget_and_the_desk_says_that_it_is_behind() {
    let mut stage = Stage::new();
    for id in 1..=200 {
        stage.add(id, Customer::IdentificationFinished);
    }
    // A gateway that takes ten seconds for each poll.
    let slowness = Duration::from_secs(10);
    let mut out = std::collections::VecDeque::new();
    let mut behind = false;
    let mut polled = std::collections::HashMap::<_, u32>::new();
    while stage.now.mono < Mono::since_start(Duration::from_secs(120)) {
        for send in stage.sent.drain(..) {
            *polled.entry(send.user).or_default() += 1;
            out.push_back((stage.now.mono + slowness, send.request));
        }
        while let Some((_, request)) = out.front().copied().filter(|(at, _)| *at <= stage.now.mono)
        {
            out.pop_front();
            stage.turn([Arrival::Answer { request, answer: status("PROCESSING") }]);
        }
        stage.pass(0.1);
        behind |= stage.desk.environments()[0].behind;
    }
    assert!(behind);
    let (least, most) = (polled.values().min(), polled.values().max());
    assert!(polled.len() == 200 && most.zip(least).is_some_and(|(m, l)| m - l <= 1), "{polled:?}");
}
