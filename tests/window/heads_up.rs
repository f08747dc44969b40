//! A word to whoever looks elsewhere, and a title that says how many wait.

use super::{patience::until, stage::Stage};

/// Nobody looks at the window from now on.
const LOOK_AWAY: &str = "document.hasFocus = () => false; arguments[1]();";

#[tokio::test]
async fn whoever_looks_elsewhere_hears_how_many_are_ready_and_nobodys_name() {
    let stage = Stage::set();
    let listener = stage.listen();
    let console = stage.start().await;
    console.press_away("#first-token", "#first-token").await;
    assert_eq!(stage.title(), "Enrollment Console");
    console.try_out(LOOK_AWAY, "").await;
    console.add("1001", "identification-finished", "Иванова").await;
    console.shows(r#".row[data-situation="ready"]"#).await;
    let said = async || {
        let heard = listener.heard();
        heard.contains("1 customer is ready to sign.").then_some(heard)
    };
    let heard = until(said).await.expect("a word on the desktop");
    assert!(!heard.contains("Иванова") && !heard.contains("1001"), "{heard}");
    until(async || (stage.title() == "(1) Enrollment Console").then_some(()))
        .await
        .unwrap_or_else(|| panic!("the title is {:?}", stage.title()));
    console.close().await;
}
