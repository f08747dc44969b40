//! The list outlives the console, however it ends.

use super::stage::Stage;

const LABEL: &str = "Мария Иванова, каса 3";
/// A customer of the sandbox whose identification never finishes.
const NEVER_FINISHES: &str = "7001";

#[tokio::test]
async fn after_a_crash_the_list_is_whole_and_watching_goes_on_when_somebody_says_so() {
    let stage = Stage::set();
    let mut console = stage.start().await;
    console.press_away("#first-token", "#first-token").await;
    console.add(NEVER_FINISHES, "identification-finished", LABEL).await;
    console.add("1500", "still-identifying", "Тодорова").await;
    for round in 0..3 {
        console.shows(r#".row[data-situation="pre-sign"]"#).await;
        console.shows(r#".row[data-situation="expected"]"#).await;
        console.hides(".row .unsaved[data-on]").await;
        console.says("#footer", "saved").await;
        stage.kill();
        console.leave().await;
        console = stage.start().await;
        console.press("#tab-all").await;
        let row = console.says(r#".row[data-situation="interrupted"]"#, "••01").await;
        for word in [LABEL, "Watching interrupted", "Resume"] {
            assert!(row.contains(word), "round {round}: {word} in {row}");
        }
        console.says(r#".row[data-situation="expected"]"#, "Тодорова").await;
        assert_eq!(console.count(".row").await, 2, "round {round}");
        assert_eq!(console.count("[data-banner]").await, 0, "nothing was damaged");
        console.press(r#".row[data-situation="interrupted"] .row-select"#).await;
        console.says(".pane", "Added with identification finished").await;
        console
            .press_for(r#".row [data-do="watch-again"]"#, r#".row[data-situation="pre-sign"]"#)
            .await;
    }
    console.holds_no_secret().await;
    console.close().await;
}

#[tokio::test]
async fn closing_the_window_asks_while_somebody_is_watched() {
    let stage = Stage::set();
    let console = stage.start().await;
    console.press_away("#first-token", "#first-token").await;
    console.add(NEVER_FINISHES, "identification-finished", LABEL).await;
    console.shows(r#".row[data-situation="pre-sign"]"#).await;
    stage.close_window();
    let dialog = console.role_and_name("#quit-dialog").await;
    assert_eq!(dialog, ("dialog".into(), "Quit the console?".into()));
    console.says("#quit-dialog", "1 customer is being watched.").await;
    console.press_away(r#"#quit-dialog [data-answer="no"]"#, "#quit-dialog").await;
    console.shows(r#".row[data-situation="pre-sign"]"#).await;

    stage.close_window();
    console.shows("#quit-dialog").await;
    stage.ends(async || console.click_away(r#"#quit-dialog [data-answer="yes"]"#).await).await;
    console.leave().await;
    let console = stage.start().await;
    console.says(r#".row[data-situation="interrupted"]"#, "••01").await;
    console.close().await;
}

#[tokio::test]
async fn closing_the_window_saves_a_note_and_asks_nothing_where_nobody_is_watched() {
    let stage = Stage::set();
    let console = stage.start().await;
    console.add("1500", "still-identifying", LABEL).await;
    console.press(".row .row-select").await;
    console.write("#note", "обади се в 14:30").await;
    stage.ends(async || stage.close_window()).await;
    console.leave().await;
    let console = stage.start().await;
    console.press(".row .row-select").await;
    assert_eq!(console.value("#note").await, "обади се в 14:30");
    console.close().await;
}

#[tokio::test]
async fn whoever_is_forgotten_is_gone_for_good() {
    let stage = Stage::set();
    let console = stage.start().await;
    console.add("1500", "still-identifying", LABEL).await;
    console.says("#footer", "saved").await;
    assert!(stage.journal_holds(LABEL));
    console.press(".row .row-select").await;
    console.press_for(r#".pane [data-do="forget"]"#, "#forget-dialog").await;
    console.says("#forget-dialog", "cannot be undone").await;
    console.press_for(r#"#forget-dialog [data-answer="yes"]"#, "#empty").await;
    assert_eq!(console.count(".row").await, 0);
    stage.journal_forgets(LABEL).await;
    console.close().await;
    let console = stage.start().await;
    assert_eq!(console.count(".row").await, 0);
    console.close().await;
}

#[tokio::test]
async fn a_second_start_leaves_the_journal_to_the_first() {
    let stage = Stage::set();
    let console = stage.start().await;
    console.add("1500", "still-identifying", LABEL).await;
    let second = stage.start_again();
    assert!(second.status.success(), "it asked the first one for its window: {second:?}");
    let second = stage.start_in_vain();
    assert!(!second.status.success(), "{second:?}");
    let words = String::from_utf8_lossy(&second.stderr);
    assert!(words.contains("running already"), "{words}");
    console.says(".row", LABEL).await;
    console.close().await;
}
