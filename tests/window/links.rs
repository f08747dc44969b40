//! Links into the console, as the system hands them to a program that it starts for them.

use super::stage::Stage;

#[tokio::test]
async fn a_link_fills_in_and_starts_nothing_and_believes_only_what_was_opened_here() {
    let stage = Stage::set();
    let console = stage.start().await;
    console.press_away("#first-token", "#first-token").await;
    let sent = |link: &str| {
        let ended = stage.start_for(link);
        assert!(ended.status.success(), "it handed the link on: {ended:?}");
    };
    sent("enrollment-console://add?id=1001&type=merchant&label=Delta&url=https://evil.example");
    sent("enrollment-console://add?id=1001&label=%D0%98%D0%B2%D0%B0%D0%BD%D0%BE%D0%B2%D0%B0");
    console.shows("#add-dialog").await;
    assert_eq!(console.value("#add-id").await, "1001");
    assert_eq!(console.value("#add-label").await, "Иванова");
    assert_eq!(console.count(".row").await, 0, "nothing has started");
    console.press("#add-submit").await;
    let ready = r#".row[data-situation="ready"]"#;
    console.says(ready, "Иванова").await;

    sent("enrollment-console://finished?id=1001");
    console.says("#notices", "Do you confirm it?").await;
    console.shows(ready).await;
    console.press_for(&format!(r#"{ready} [data-do="open"]"#), "#confirm-dialog").await;
    let signing = r#".row[data-situation="signing"]"#;
    console.press_for(r#"#confirm-dialog [data-answer="yes"]"#, signing).await;
    stage.opened_link().await;
    sent("enrollment-console://finished?id=1001&type=individual&step=signing");
    console.shows(".row:not([data-step=\"signing\"])").await;
    console.says(".pane", "by the page the customer returned to").await;
    console.close().await;
}
