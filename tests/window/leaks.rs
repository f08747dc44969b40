//! Where a token and a link come to be while the real window runs: nowhere but at the gateway, in
//! the password store and at the opener.

use std::path::Path;

use super::{console::Console, stage::Stage};
use crate::canary::Canary;

/// The gateway refuses it, once it has gone all the way there.
const TOKEN: &str = "t0ken-5ecret-c4nary";

#[tokio::test]
async fn neither_a_token_nor_a_link_is_written_down_or_shown_to_other_programs() {
    let stage = Stage::set();
    let console = stage.start().await;
    gives(&console, TOKEN).await;
    console.press_for("#add", "#add-dialog").await;
    console.write("#add-id", "1001").await;
    console.press(r#"label:has([name="add-customer"][value="identification-finished"])"#).await;
    console.press("#add-submit").await;
    console.says("#token", "Token refused").await;
    console.press_for("#token", "#token-dialog").await;
    console.press("#training-token").await;
    console.press_for(r#".row [data-do="open"]"#, "#confirm-dialog").await;
    let signing = r#".row[data-situation="signing"]"#;
    console.press_for(r#"#confirm-dialog [data-answer="yes"]"#, signing).await;
    let link = stage.opened_link().await;
    let path = link.split_once("/sign/").expect("a signing page").1;

    let canaries = [Canary::new(TOKEN), Canary::new(&format!("/sign/{path}"))];
    let scan = |when: &str| {
        for canary in &canaries {
            let read = stage.holds_nowhere(canary);
            assert!(read > 100_000, "{when}: the journal and the web view's folder were read");
        }
    };
    scan("while it runs");
    for canary in &canaries {
        canary.is_not_in(console.source().await.as_bytes(), "the page");
        assert!(stage.programs_say_nowhere(canary) >= 2, "the console and its web view");
    }
    unpacks_a_bundle(&stage, &console).await;
    // Closed by hand: whoever drives a window from outside ends it as a crash would.
    stage.ends(async || stage.close_window()).await;
    console.leave().await;
    scan("after its end");
    assert_eq!(stage.web_folders(), 0, "the web view's own folder is gone");
}

/// Has the window write a bundle for support, and lays what is in it where the rest is looked for.
async fn unpacks_a_bundle(stage: &Stage, console: &Console) {
    console.press_for("#settings", "#settings-dialog").await;
    console.bring_into_view("#support-bundle").await;
    console.press_away("#support-bundle", "#settings-dialog").await;
    let told = console.says("#notices", "enrollment-support-").await;
    let place =
        told.split_whitespace().find(|word| word.contains("enrollment-support-")).expect("a place");
    assert!(stage.unpack(Path::new(place)) > 6, "the log is in it");
}

async fn gives(console: &Console, token: &str) {
    console.press_for("#token", "#token-dialog").await;
    console.write("#token-field", token).await;
    console.press_away("#token-keep", "#token-dialog").await;
}
