//! The first minute, by the keyboard alone.

use std::time::{Duration, Instant};

use super::{
    console::{Console, ENTER, ESCAPE, TAB, UP},
    patience::until,
    stage::Stage,
};

/// More presses of Tab than there are stops in the window.
const MOST_STOPS: usize = 60;

#[tokio::test]
async fn the_first_minute_needs_no_pointer() {
    let stage = Stage::set();
    let console = stage.start().await;
    let begin = Instant::now();
    console.says("#empty h1", "Try it with training customers").await;
    tab_to(&console, "#first-token").await;
    console.key(ENTER).await;
    // Whoever pressed is led on: the focus waits at the first customer to try.
    focused_on(&console, r#"[data-try="1001"]"#).await;
    console.key(ENTER).await;
    focused_on(&console, "#add-submit").await;
    tab_to(&console, r#"[name="add-customer"]"#).await;
    choose(&console, r#"[name="add-customer"][value="still-identifying"]"#).await;
    tab_to(&console, "#add-label").await;
    for letter in "Ivanova".chars() {
        console.key(letter).await;
    }
    console.key(ENTER).await;
    console.says(r#".row[data-situation="expected"]"#, "Ivanova").await;
    assert!(begin.elapsed() < Duration::from_secs(60), "a minute is enough: {:?}", begin.elapsed());

    tab_to(&console, ".row .row-select").await;
    press_until(&console, 'f', r#".row:not([data-step="expected"])"#).await;
    console.says(r#".row[data-situation="ready"]"#, "Ready to sign").await;
    focused_on(&console, ".row .row-select").await;
    press_until(&console, 'o', "#confirm-dialog").await;
    focused_on(&console, "#confirm-dialog *").await;
    assert_eq!(stage.opened_links(), [""; 0], "nothing is opened before the answer");
    tab_to(&console, r#"#confirm-dialog [data-answer="yes"]"#).await;
    press_until(&console, ENTER, r#".row[data-situation="signing"]"#).await;
    let link = stage.opened_link().await;
    assert!(link.contains("/sign/"), "{link}");
    // The focus is back where it was, and the keys act on that row.
    focused_on(&console, ".row button").await;
    console.key('?').await;
    focused_on(&console, "#keys-dialog, #keys-dialog *").await;
    console.key(ESCAPE).await;
    console.hides("#keys-dialog").await;
    focused_on(&console, ".row button").await;
    console.close().await;
}

/// Goes from stop to stop until it is reached.
async fn tab_to(console: &Console, css: &str) {
    console.shows(css).await;
    for _ in 0..MOST_STOPS {
        if console.has_focus(css).await {
            return;
        }
        step(console, TAB).await;
    }
    panic!("{css} is not reached by Tab; the focus is on {}", console.focus().await);
}

/// One of a group of choices, by the arrow keys.
async fn choose(console: &Console, css: &str) {
    for _ in 0..5 {
        if console.has_focus(css).await {
            return console.key(' ').await;
        }
        step(console, UP).await;
    }
    panic!("{css} is not reached by arrows; the focus is on {}", console.focus().await);
}

/// Presses a key that moves the focus, which it does a moment later.
async fn step(console: &Console, key: char) {
    let before = console.focus().await;
    console.key(key).await;
    let moved = until(async || (console.focus().await != before).then_some(()));
    assert!(moved.await.is_some(), "the focus stays on {before}");
}

/// What has just appeared is not pressed by accident: a key that came too soon is pressed again.
async fn press_until(console: &Console, key: char, effect: &str) {
    let done = until(async || {
        if console.seen(effect).await.is_some() {
            return Some(());
        }
        console.key(key).await;
        None
    });
    assert!(done.await.is_some(), "{key:?} never led to {effect}");
}

async fn focused_on(console: &Console, css: &str) {
    let there = until(async || console.has_focus(css).await.then_some(()));
    let there = there.await.is_some();
    assert!(there, "{css} never had the focus; it is on {}", console.focus().await);
}
