//! What axe-core finds in the way of people who see, hear or move otherwise: nothing, in no view,
//! neither light nor dark.

use std::{fs, path::Path};

use serde_json::Value;

use super::{console::Console, stage::Stage};

const RUN: &str = r"
    const [theme, done] = arguments;
    document.documentElement.dataset.theme = theme;
    // Colours are measured when they have come to rest.
    document.getAnimations().forEach((animation) => animation.finish());
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    axe.run(document, { runOnly: tags, resultTypes: ['violations'] }).then(
      ({ violations, passes }) => done([passes.length, ...violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`))]),
      (error) => done([0, String(error)]));
";

/// Reads the checker into the page.
pub async fn bring_axe(console: &Console) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("node_modules/axe-core/axe.min.js");
    let axe = fs::read_to_string(file).expect("run `make node_modules` first, as `make test` does");
    console.try_out(&format!("{axe}\narguments[1]();"), "").await;
}

const ALL_COMMANDS: &str = r"
    const pressed = { code: 'KeyK', key: 'k', ctrlKey: true, bubbles: true, cancelable: true };
    document.dispatchEvent(new KeyboardEvent('keydown', pressed));
    arguments[1](true);
";

pub async fn passes(console: &Console, view: &str) {
    for theme in ["light", "dark"] {
        let found = console.try_out(RUN, theme).await;
        let found: Vec<Value> = serde_json::from_value(found).expect("what was found");
        let (checked, wrong) = found.split_first().expect("how much was checked");
        let wrong: Vec<&str> = wrong.iter().filter_map(Value::as_str).collect();
        assert!(wrong.is_empty(), "{view}, {theme}:\n{}", wrong.join("\n\n"));
        assert!(checked.as_u64() > Some(5), "{view}: next to nothing was checked");
    }
}

/// Opens something, looks at it, and closes it as a keyboard does.
async fn opened(console: &Console, opener: &str, shown: &str, closer: &str) {
    console.press_for(opener, shown).await;
    passes(console, shown).await;
    console.press(closer).await;
    console.hides(shown).await;
}

/// A dialog, which has a cross.
async fn opened_dialog(console: &Console, opener: &str, dialog: &str) {
    console.press_for(opener, dialog).await;
    passes(console, dialog).await;
    console.press_away(&format!("{dialog} .icon-button"), dialog).await;
}

/// What is opened from the settings, by a button that may stand below what can be seen.
async fn opened_from_settings(console: &Console, button: &str, dialog: &str) {
    console.press_for("#settings", "#settings-dialog").await;
    console.bring_into_view(button).await;
    opened_dialog(console, button, dialog).await;
}

/// The questions before what cannot be undone, and the ways out of the console.
async fn questions_pass(console: &Console, stage: &Stage) {
    let qr = r#".pane [data-do="show-qr"]"#;
    console.press_for(qr, "#confirm-dialog").await;
    console.press_for(r#"#confirm-dialog [data-answer="yes"]"#, "#qr-dialog").await;
    passes(console, "#qr-dialog").await;
    console.press_away("#qr-dialog .icon-button", "#qr-dialog").await;
    opened_dialog(console, r#".pane [data-do="forget"]"#, "#forget-dialog").await;
    opened_from_settings(console, "#end-shift", "#shift-dialog").await;
    opened_from_settings(console, "#hand-over", "#handover-dialog").await;
    opened_from_settings(console, "#keep", "#keep-dialog").await;
    console.try_out(ALL_COMMANDS, "").await;
    console.shows("#palette-dialog").await;
    passes(console, "#palette-dialog").await;
    console.press_away("#palette-dialog .icon-button", "#palette-dialog").await;
    // Only while somebody is watched does closing ask.
    console.add("1002", "identification-finished", "Петров").await;
    console.shows(r#".row[data-situation="pre-sign"]"#).await;
    stage.close_window();
    console.shows("#quit-dialog").await;
    passes(console, "#quit-dialog").await;
    console.press_away(r#"#quit-dialog [data-answer="no"]"#, "#quit-dialog").await;
}

#[tokio::test]
async fn nothing_stands_in_anybodys_way() {
    let stage = Stage::set();
    let console = stage.start().await;
    bring_axe(&console).await;
    passes(&console, "the first start").await;
    console.press_away("#first-token", "#first-token").await;
    opened(&console, "#add", "#add-dialog", "#add-dialog .icon-button").await;
    console.add("1001", "identification-finished", "Иванова, Мария").await;
    console.add("7731", "still-identifying", "Delta OOD").await;
    console.shows(r#".row[data-situation="ready"]"#).await;
    console.press("#tab-all").await;
    console.press(".row .row-select").await;
    console.shows(".pane h3").await;
    passes(&console, "the list and an enrollment").await;
    opened(&console, "#keys", "#keys-dialog", "#keys-dialog .icon-button").await;
    opened(&console, "#token", "#token-dialog", "#token-dialog .icon-button").await;
    opened(&console, "#environment", ".menu:not([hidden])", "#environment").await;
    opened(&console, "#numbers", "#numbers-dialog .plot-part", "#numbers-dialog .icon-button")
        .await;
    opened(&console, "#settings", "#settings-dialog", "#settings-dialog .icon-button").await;
    opened(&console, "#order", ".menu:not([hidden])", "#order").await;
    console.press("#several").await;
    console.press("#several-all").await;
    passes(&console, "several chosen").await;
    console.press("#several-end").await;
    let ready = r#".row[data-situation="ready"]"#;
    console.press(&format!("{ready} .row-select")).await;
    console.press_for(&format!(r#"{ready} [data-do="open"]"#), "#confirm-dialog").await;
    passes(&console, "comparing with the CRM").await;
    console.press_away("#confirm-dialog .icon-button", "#confirm-dialog").await;
    questions_pass(&console, &stage).await;
    console.press_for("#customer-view", "#customer").await;
    passes(&console, "the customer's own view").await;
    console.press("#customer-leave").await;
    console.press_for("#hide", ".cover").await;
    passes(&console, "the covered list").await;
    console.close().await;
}
