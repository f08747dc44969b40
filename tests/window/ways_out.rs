//! A link that is not opened here: copied, or shown to the customer's phone.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::{console::Console, scan, stage::Stage};

/// What a copied link and a code have, and then a moment to go.
const A_MINUTE: Duration = Duration::from_secs(60);
const AND_A_MOMENT: Duration = Duration::from_secs(6);

#[tokio::test]
async fn a_link_is_copied_and_drawn_for_a_minute_and_no_longer() {
    let stage = Stage::set();
    let console = stage.start().await;
    ready(&console).await;
    assert_eq!(stage.clipboard(), None);
    let copied = copies(&console, &stage).await;
    let since_copied = Instant::now();
    draws(&console, &copied).await;
    let since_drawn = Instant::now();

    sleep(A_MINUTE.saturating_sub(AND_A_MOMENT + since_copied.elapsed())).await;
    assert_eq!(stage.clipboard().as_deref(), Some(&*copied), "the minute is not over");
    console.shows("#qr-dialog .qr").await;
    console.hides("#qr-dialog").await;
    assert!(since_drawn.elapsed() < A_MINUTE + AND_A_MOMENT);
    assert_eq!(console.count(".qr").await, 0, "nothing of it is left in the page");
    assert!(since_copied.elapsed() < A_MINUTE + AND_A_MOMENT + AND_A_MOMENT);
    stage.clipboard_is_empty().await;
    assert_eq!(stage.opened_links(), [""; 0], "and nothing was opened");
    console.close().await;
}

#[tokio::test]
async fn a_copied_link_does_not_outlive_the_console() {
    let stage = Stage::set();
    let console = stage.start().await;
    ready(&console).await;
    copies(&console, &stage).await;
    console.close().await;
    stage.is_free().await;
    stage.clipboard_is_empty().await;
}

/// Adds a customer who is soon ready, and looks at them.
async fn ready(console: &Console) {
    console.press_away("#first-token", "#first-token").await;
    console.press(r#"[data-try="1001"]"#).await;
    console.press_away("#add-submit", "#add-dialog").await;
    console.says(r#".row[data-situation="ready"]"#, "Ready to sign").await;
    console.press(".row .row-select").await;
}

async fn copies(console: &Console, stage: &Stage) -> String {
    console.press_for(r#".pane [data-do="copy-link"]"#, "#confirm-dialog").await;
    let yes = console.role_and_name(r#"#confirm-dialog [data-answer="yes"]"#).await;
    assert_eq!(yes, ("button".into(), "They match, copy the link".into()));
    assert_eq!(stage.clipboard(), None, "nothing is copied before the answer");
    let signing = r#".row[data-situation="signing"]"#;
    console.press_for(r#"#confirm-dialog [data-answer="yes"]"#, signing).await;
    console.says("#notices", "Link copied: 127.0.0.1:").await;
    console.says(".pane", "Link copied, leads to 127.0.0.1:").await;
    console.holds_no_secret().await;
    let copied = stage.clipboard().expect("a link");
    assert!(copied.starts_with("http://127.0.0.1:") && copied.contains("/sign/"), "{copied}");
    assert_eq!(stage.clipboard_hint().as_deref(), Some("secret"), "histories are asked not to");
    copied
}

/// A fresh link is fetched first: the other one was handed over.
async fn draws(console: &Console, copied: &str) {
    console.press_for(r#".pane [data-do="show-qr"]"#, "#qr-dialog .qr").await;
    let dialog = console.role_and_name("#qr-dialog").await;
    assert_eq!(dialog, ("dialog".into(), "Scan with the phone’s camera".into()));
    console.says("#qr-dialog", "127.0.0.1:").await;
    console.holds_no_secret().await;
    let scanned = scan::read(&console.picture().await);
    let host = |link: &str| link.split('/').nth(2).map(str::to_owned);
    assert_eq!(host(&scanned), host(copied));
    assert!(scanned.contains("/sign/"), "a camera reads the signing page: {scanned}");
    let page = super::web::get(&scanned).await;
    assert_eq!(page.http, 200, "{}", page.text);
}
