//! A shift that is handed over in one window and taken in by another.

use std::{fs, path::PathBuf};

use serde_json::json;

use super::{console::Console, stage::Stage};

const LABEL: &str = "Мария Иванова";
const NEVER_FINISHES: &str = "1002";

/// Gives the dialog of settings a file, as if it had been chosen.
const CHOOSE: &str = r"
    const [text, done] = arguments;
    const files = new DataTransfer();
    files.items.add(new File([text], 'shift.json', { type: 'application/json' }));
    const input = document.getElementById('take-in-file');
    input.files = files.files;
    input.dispatchEvent(new Event('change'));
    done(input.isConnected);
";

#[tokio::test]
async fn another_desk_takes_in_what_this_one_hands_over_and_goes_on_when_somebody_says_so() {
    let here = Stage::set();
    let console = here.start().await;
    console.press_away("#first-token", "#first-token").await;
    console.add(NEVER_FINISHES, "identification-finished", LABEL).await;
    console.shows(r#".row[data-situation="pre-sign"]"#).await;
    let place = hands_over(&console).await;
    console.press("#tab-all").await;
    console.says(r#".row[data-situation="handed-over"]"#, LABEL).await;
    let file = fs::read_to_string(&place).expect("the shift");
    assert!(!file.contains("http") && file.contains(LABEL), "{file}");
    console.close().await;

    let there = Stage::set();
    let console = there.start().await;
    console.press_away("#first-token", "#first-token").await;
    console.press_for("#settings", "#settings-dialog").await;
    assert_eq!(console.try_out(CHOOSE, &file).await, json!(true));
    console.says("#take-in-dialog", "1 customer can be taken in.").await;
    let taken = r#".row[data-situation="interrupted"]"#;
    console.press_away(r#"#take-in-dialog [data-answer="yes"]"#, "#take-in-dialog").await;
    console.press("#tab-all").await;
    let row = console.says(taken, LABEL).await;
    assert!(row.contains("••02"), "{row}");
    console
        .press_for(r#".row [data-do="watch-again"]"#, r#".row[data-situation="pre-sign"]"#)
        .await;
    console.close().await;
}

/// Answers where the file is.
async fn hands_over(console: &Console) -> PathBuf {
    console.press_for("#settings", "#settings-dialog").await;
    console.bring_into_view("#hand-over").await;
    console.press_for("#hand-over", "#handover-dialog").await;
    console.says("#handover-dialog", "No token, no link.").await;
    console.press_away(r#"#handover-dialog [data-answer="yes"]"#, "#handover-dialog").await;
    let told = console.says("#notices", "enrollment-shift-").await;
    let place = told.split_whitespace().find(|word| word.contains("enrollment-shift-"));
    place.expect("a place").trim_end_matches('.').into()
}
