//! The list covered, and left for the next shift.

use super::stage::Stage;

const LABEL: &str = "Мария Иванова, каса 3";
const OVER: &str = "Петров, Георги";

#[tokio::test]
async fn a_hidden_list_shows_numbers_alone_while_watching_goes_on_and_comes_back_as_it_was() {
    let stage = Stage::set();
    let console = stage.start().await;
    console.press_away("#first-token", "#first-token").await;
    console.add("7001", "identification-finished", LABEL).await;
    console.shows(r#".row[data-situation="pre-sign"]"#).await;
    console.add("1500", "still-identifying", OVER).await;
    console.press(r#".row[data-situation="pre-sign"] .row-select"#).await;
    console.write("#note", "обади се в 14:30").await;
    console.type_into(r#".row[data-situation="pre-sign"] .row-select"#, "h").await;
    let words = console.says("#cover", "The list is hidden").await;
    for word in ["Needs me", "Waiting", "Trouble", "Watching goes on: 1 customer."] {
        assert!(words.contains(word), "{word} in {words}");
    }
    for hidden in [LABEL, OVER, "7001", "7\u{a0}001", "1500", "14:30", "Sandbox"] {
        assert!(!console.source().await.contains(hidden), "the page holds {hidden}");
    }
    assert_eq!(console.count("button, a, input, [tabindex='0']").await, 2, "show, and close");
    // A second press of the key takes it away again.
    console.type_into("#uncover", "\u{e007}").await;
    console.hides("#cover").await;
    console.shows(r#".row[data-situation="pre-sign"] .row-select:focus"#).await;
    assert_eq!(console.value("#note").await, "обади се в 14:30");
    console.press_for("#hide", ".cover").await;
    console.shows("#cover").await;
    console.press("#uncover").await;
    console.says(r#".row[data-situation="pre-sign"]"#, LABEL).await;
    console.close().await;
}

#[tokio::test]
async fn the_end_of_a_shift_leaves_no_token_no_link_and_no_label_of_what_is_over() {
    let stage = Stage::set();
    let console = stage.start().await;
    console.press_away("#first-token", "#first-token").await;
    console.add("7001", "identification-finished", LABEL).await;
    console.shows(r#".row[data-situation="pre-sign"]"#).await;
    console.add("1001", "identification-finished", OVER).await;
    let ready = r#".row[data-situation="ready"]"#;
    console.press(&format!("{ready} .row-select")).await;
    console.press_for(r#".pane [data-do="copy-link"]"#, "#confirm-dialog").await;
    let signing = r#".row[data-situation="signing"]"#;
    console.press_for(r#"#confirm-dialog [data-answer="yes"]"#, signing).await;
    assert!(stage.clipboard().is_some());
    console.press_for(r#".pane [data-do="stop"]"#, r#".row[data-situation="stopped"]"#).await;
    assert!(stage.journal_holds(OVER));

    console.press_for("#settings", "#settings-dialog").await;
    console.press_for("#end-shift", "#shift-dialog").await;
    let asked = console.says("#shift-dialog", "1 customer is being watched.").await;
    assert!(asked.contains("cannot be undone"), "{asked}");
    console.press_for(r#"#shift-dialog [data-answer="yes"]"#, "#cover").await;
    let told = console.says("#cover", "The shift has ended").await;
    for word in
        ["are gone from this computer", "1 watch was interrupted", "Nobody is being watched"]
    {
        assert!(told.contains(word), "{word} in {told}");
    }
    assert_eq!(stage.clipboard(), None);
    stage.journal_forgets(OVER).await;
    assert!(stage.journal_holds(LABEL), "the next shift goes on with that one");
    console.press("#uncover").await;
    console.says("#token", "No token").await;
    console.press("#tab-all").await;
    console.says(r#".row[data-situation="interrupted"]"#, LABEL).await;
    console.says(r#".row[data-situation="stopped"]"#, "No label").await;
    console.close().await;

    let console = stage.start().await;
    console.says("#token", "No token").await;
    console.close().await;
}
