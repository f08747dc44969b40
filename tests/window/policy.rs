//! The managed policy in the real window.

use super::stage::Stage;

const CENTRAL: &str = r#"
[[environment]]
name = "Central"
kind = "production"
gateway = "https://crm.example.bg"
allow = ["sign.example.bg"]
token-command = ["/bin/echo", "brought-by-a-program"]
"#;

#[tokio::test]
async fn a_policy_asks_who_is_there_shows_as_managed_and_is_followed_while_the_console_runs() {
    let stage = Stage::set();
    stage.decree(
        "keep-days = 7\nhide-after = 5\noperator-names = [\"Мария Петрова\", \"J. Smith\"]",
    );
    let console = stage.start_ruled().await;
    console.says("#cover", "Мария Петрова").await;
    assert_eq!(console.count(".row, #first-token").await, 0, "nothing is shown before");
    console.press(r#"label:has([name="who"][value="Мария Петрова"])"#).await;
    console.press_for("#come", "#first-token").await;
    console.press_for("#settings", "#settings-dialog").await;
    for managed in [
        "Kept for 7 days",
        "After 5 minutes untouched",
        "Set by your administrator",
        "Мария Петрова",
    ] {
        console.says("#settings-dialog", managed).await;
    }
    console.press_away(r#"#settings-dialog [aria-label="Close"]"#, "#settings-dialog").await;

    stage.decree(&format!("training = false\n{CENTRAL}"));
    console.says("#environment", "Central").await;
    console.press_for("#token", "#token-dialog").await;
    console.says("#token-dialog", "A program of your administrator’s brings the token.").await;
    console.says("#token-dialog", "It last brought one at").await;
    assert!(console.seen("#token-field").await.is_none(), "nobody enters one");
    console.press_away(r#"#token-dialog [aria-label="Close"]"#, "#token-dialog").await;

    stage.decree("keep-days = many");
    console.says(r#"[data-banner="policy"]"#, "line 1").await;
    stage.decree(&format!("training = false\n{CENTRAL}"));
    console.hides(r#"[data-banner="policy"]"#).await;
    console.close().await;
}

#[tokio::test]
async fn a_policy_that_cannot_be_followed_stops_the_start_with_file_line_and_reason() {
    let stage = Stage::set();
    stage.decree("keep-days = 7\nkeep-for-ever = true");
    let output = stage.start_ruled_without_display();
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    let file = stage.policy().display().to_string();
    for words in [&*file, "line 2", "unknown field `keep-for-ever`"] {
        assert!(told.contains(words), "{words} in {told}");
    }
    assert!(!stage.journal().exists(), "nothing was begun");
}
