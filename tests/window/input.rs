//! What is wrong is said where it was typed.

use super::{console::Console, stage::Stage};

const RULE: &str = "A number is between 1 and 2147483647.";

#[tokio::test]
async fn a_wrong_number_is_told_at_its_field_and_changes_nothing() {
    let stage = Stage::set();
    let console = stage.start().await;
    console.press_for("#add", "#add-dialog").await;
    for typed in ["0", "2147483648"] {
        refuses(&console, typed, RULE).await;
        assert_eq!(console.count(".row").await, 0);
    }
    console.write("#add-id", "1002").await;
    console.write("#add-label", "Първи").await;
    console.press_away("#add-submit", "#add-dialog").await;
    let row = console.says(".row", "••02").await;

    console.press_for("#add", "#add-dialog").await;
    refuses(&console, "1002", "This customer is already in the list.").await;
    assert_eq!(console.count(".row").await, 1);
    console.press_away("#add-id-error button", "#add-dialog").await;
    let still = console.says(".row", "••02").await;
    assert!(row.contains("Първи") && still.contains("Първи"), "{row} / {still}");
    console.close().await;
}

/// Types a number, and finds the rule at its field with the number still there.
async fn refuses(console: &Console, typed: &str, rule: &str) {
    console.write("#add-id", typed).await;
    console.press("#add-submit").await;
    console.says("#add-id-error", rule).await;
    assert_eq!(console.value("#add-id").await, typed);
    assert_eq!(console.attribute("#add-id", "aria-invalid").await.as_deref(), Some("true"));
    let described = console.attribute("#add-id", "aria-describedby").await.unwrap_or_default();
    assert!(described.split(' ').any(|id| id == "add-id-error"), "{described}");
    assert_eq!(console.attribute("#add-id-error", "role").await.as_deref(), Some("alert"));
    console.shows("#add-dialog").await;
}
