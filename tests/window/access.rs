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
async fn bring_axe(console: &Console) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("node_modules/axe-core/axe.min.js");
    let axe = fs::read_to_string(file).expect("run `make node_modules` first, as `make test` does");
    console.try_out(&format!("{axe}\narguments[1]();"), "").await;
}

async fn passes(console: &Console, view: &str) {
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
    console.press(opener).await;
    console.shows(shown).await;
    passes(console, shown).await;
    console.press(closer).await;
    console.hides(shown).await;
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
    console.press_for("#customer-view", "#customer").await;
    passes(&console, "the customer's own view").await;
    console.press("#customer-leave").await;
    console.press_for("#hide", ".cover").await;
    passes(&console, "the covered list").await;
    console.close().await;
}
