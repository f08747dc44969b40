//! Tokens: they run out, and they are kept.

use super::stage::Stage;

#[tokio::test]
async fn a_token_that_runs_out_midway_is_replaced_and_the_watch_goes_on() {
    let stage = Stage::set();
    let console = stage.start().await;
    console.press_away("#first-token", "#first-token").await;
    console.press(r#"[data-try="8001"]"#).await;
    console.press("#add-submit").await;
    console.shows(r#".row[data-situation="pre-sign"]"#).await;
    let row = console.says(r#".row[data-situation="needs-token"]"#, "New token needed").await;
    assert!(row.contains("Enter token"), "{row}");
    console.says("#token", "Token refused").await;
    console.says(r#"[data-banner="token"]"#, "1 enrollment is waiting for it.").await;
    console.press_for(r#".row [data-do="enter-token"]"#, "#token-dialog").await;
    let dialog = console.role_and_name("#token-dialog").await;
    assert_eq!(dialog, ("dialog".into(), "Token".into()));
    console.says("#token-state", "no longer accepts this token").await;
    let field = console.role_and_name("#token-field").await.1;
    assert_eq!(field, "New token");
    console.press_away("#training-token", "#token-dialog").await;
    console.says(r#".row[data-situation="ready"]"#, "Ready to sign").await;
    console.hides(r#"[data-banner="token"]"#).await;
    console.holds_no_secret().await;
    console.close().await;
}

#[tokio::test]
async fn a_token_is_kept_in_the_password_store_for_the_next_start() {
    let stage = Stage::set();
    let console = stage.start().await;
    console.press_away("#first-token", "#first-token").await;
    console.press_for("#token", "#token-dialog").await;
    console.says("#token-dialog", "It is kept in the password store of this computer.").await;
    console.close().await;

    let console = stage.start().await;
    console.says("#empty", "Done. The token is in place.").await;
    assert_eq!(console.count("#first-token").await, 0, "it asks for no token");
    console.press(r#"[data-try="1001"]"#).await;
    console.press("#add-submit").await;
    console.says(r#".row[data-situation="ready"]"#, "Ready to sign").await;
    console.press_for("#token", "#token-dialog").await;
    console.says("#token-state", "The system accepts this token.").await;
    console.says("#token-dialog", "It is kept in the password store of this computer.").await;
    console.close().await;
}

#[tokio::test]
async fn a_token_too_large_for_one_entry_is_kept_in_several_and_forgotten_with_all_of_them() {
    let stage = Stage::set();
    let console = stage.start().await;
    console.press_for("#token", "#token-dialog").await;
    console.paste("#token-field", &"made-up-".repeat(1_200)).await;
    console.press_away("#token-keep", "#token-dialog").await;
    console.close().await;
    assert_eq!(stage.stored_entries(), 1 + 5, "9,600 bytes");

    let console = stage.start().await;
    console.says("#token", "Token not checked yet").await;
    console.press_for("#token", "#token-dialog").await;
    console.press_for("#token-forget", "#token-forget-yes").await;
    console.press_away("#token-forget-yes", "#token-dialog").await;
    console.says("#token", "No token").await;
    assert_eq!(stage.stored_entries(), 0);
    console.close().await;
}
