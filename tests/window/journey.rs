//! One customer from the first word to the last.

use super::{
    console::Console,
    stage::Stage,
    web::{get, post},
};

pub const LABEL: &str = "Мария Иванова, каса 3";

#[tokio::test]
async fn a_customer_is_led_from_identification_to_signed_documents() {
    let stage = Stage::set();
    let console = stage.start().await;
    leads_a_customer_all_the_way(&console, &stage).await;
    console.close().await;
}

pub async fn leads_a_customer_all_the_way(console: &Console, stage: &Stage) {
    first_start_is_training(console).await;
    add_a_customer(console).await;
    the_number_is_shown_and_that_is_noted(console).await;
    let host = open_the_link(console, stage).await;
    let link = stage.opened_link().await;
    assert!(link.starts_with(&format!("http://{host}/sign/")), "{link} on {host}");
    customer_signs(&link).await;
    finish(console).await;
    the_day_is_counted(console).await;
    console.holds_no_secret().await;
    assert_eq!(stage.opened_links(), [link], "the link was opened once");
}

async fn the_day_is_counted(console: &Console) {
    console.press_for("#numbers", "#numbers-dialog .plot-part").await;
    let dialog = console.role_and_name("#numbers-dialog").await;
    assert_eq!(dialog, ("dialog".into(), "Today in numbers".into()));
    console.says("#numbers-dialog .numbers-tile:first-child .numbers-value", "1").await;
    let hours = console.role_and_name("#numbers-dialog .plot").await;
    assert_eq!(hours.1, "Signed, hour by hour");
    console.says("#plot-answers", "How fast the gateway answers").await;
    console.says("#numbers-dialog .plot-part:last-child .field-hint", "Half of the answers").await;
    console.press_away("#numbers-dialog .icon-button", "#numbers-dialog").await;
}

async fn first_start_is_training(console: &Console) {
    console.says("#empty h1", "Try it with training customers").await;
    let environment = console.role_and_name("#environment").await;
    assert_eq!(environment, ("button".into(), "Environment: TRAINING Sandbox".into()));
    console.says("#token", "No token").await;
    let use_one = console.role_and_name("#first-token").await;
    assert_eq!(use_one, ("button".into(), "Use a training token".into()));
    console.press("#first-token").await;
    console.says("#empty", "Done. The token is in place.").await;
    console.hides("#first-token").await;
}

async fn add_a_customer(console: &Console) {
    console.press(r#"[data-try="1001"]"#).await;
    let dialog = console.role_and_name("#add-dialog").await;
    assert_eq!(dialog, ("dialog".into(), "Add a customer".into()));
    assert_eq!(console.value("#add-id").await, "1001");
    let id = console.role_and_name("#add-id").await;
    assert_eq!(id, ("textbox".into(), "Customer’s number".into()));
    console.press(r#"label:has([name="add-customer"][value="still-identifying"])"#).await;
    console.write("#add-label", LABEL).await;
    console.press_away("#add-submit", "#add-dialog").await;
    let row = console.says(r#".row[data-situation="expected"]"#, "Waiting for the customer").await;
    for word in [LABEL, "••01", "Individual"] {
        assert!(row.contains(word), "{word} in {row}");
    }
    let who = console.role_and_name(".row .row-select").await;
    assert_eq!(who, ("button".into(), format!("{LABEL} ••01 Individual")));
    let main = console.role_and_name(".row .main").await;
    assert_eq!(main, ("button".into(), "Identification finished".into()));
    let list = console.role_and_name("#list").await;
    assert_eq!(list, ("list".into(), "Enrollments".into()));
}

async fn the_number_is_shown_and_that_is_noted(console: &Console) {
    console.press(".row .row-select").await;
    console.says(".pane-user", "••01").await;
    let reveal = console.role_and_name("#reveal").await;
    assert_eq!(reveal, ("button".into(), "Show the number for 30 seconds".into()));
    console.press("#reveal").await;
    console.hides("#reveal").await;
    let shown = console.says(".pane-user", "Individual").await;
    assert_eq!(shown.chars().filter(char::is_ascii_digit).collect::<String>(), "1001");
    console.says(".pane", "The number was shown").await;
}

/// Answers the host that was shown before the link was opened.
async fn open_the_link(console: &Console, stage: &Stage) -> String {
    let watched = r#".row:not([data-step="expected"])"#;
    console.press_for(r#".row [data-do="identification-finished"]"#, watched).await;
    console.says(r#".row[data-situation="ready"]"#, "Ready to sign").await;
    console.says(".row .main", "Open link").await;
    console.holds_no_secret().await;
    console.press_for(r#".row [data-do="open"]"#, "#confirm-dialog").await;
    let dialog = console.role_and_name("#confirm-dialog").await;
    assert_eq!(dialog, ("dialog".into(), "Is this the customer?".into()));
    let facts = console.says("#confirm-dialog .confirm-facts", "1001").await;
    for word in ["Individual", LABEL] {
        assert!(facts.contains(word), "{word} in {facts}");
    }
    let host = console.says("#confirm-dialog .host", "127.0.0.1:").await;
    let yes = console.role_and_name(r#"#confirm-dialog [data-answer="yes"]"#).await;
    assert_eq!(yes, ("button".into(), "They match, open the link".into()));
    assert_eq!(stage.opened_links(), [""; 0], "nothing is opened before the answer");
    let signing = r#".row[data-situation="signing"]"#;
    console.press_for(r#"#confirm-dialog [data-answer="yes"]"#, signing).await;
    console.hides("#confirm-dialog").await;
    console.says("#notices", &format!("Opened in the browser: {host}")).await;
    console.holds_no_secret().await;
    host
}

async fn customer_signs(link: &str) {
    let page = get(link).await;
    assert_eq!(page.http, 200, "{}", page.text);
    let id = between(&page.text, r#"<dd class="id">"#, "</dd>");
    assert_eq!(id.chars().filter(char::is_ascii_digit).collect::<String>(), "1001");
    assert!(page.text.contains("Individual"), "{}", page.text);
    let form = between(&page.text, r#"<form method="post" action=""#, "\"");
    assert!(link.ends_with(form.trim_end_matches("/sign")), "{form} on {link}");
    let signed = post(&format!("{link}/sign")).await;
    assert_eq!(signed.http, 303, "{}", signed.text);
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}"));
    rest.split_once(after).unwrap_or_else(|| panic!("no {after} in {text}")).0
}

async fn finish(console: &Console) {
    console.says(".row .main", "Signing finished").await;
    let confirmed = r#".row:not([data-step="signing"])"#;
    console.press_for(r#".row [data-do="signing-finished"]"#, confirmed).await;
    console.says(r#".row[data-situation="signed"]"#, "Documents signed").await;
    let handed_on = r#".row[data-situation="handed-on"]"#;
    console.press_for(r#".row [data-do="handed-on"]"#, handed_on).await;
    console.says(handed_on, "Handed on").await;
}
