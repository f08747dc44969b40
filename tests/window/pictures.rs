//! The pictures of the documentation, taken of the window that the code draws.

use std::{fs, path::Path};

use super::{console::Console, list::PASTE, stage::Stage};

/// Id, type, how far the customer is, label.
const CUSTOMERS: [(&str, &str, &str, &str); 9] = [
    ("3001", "individual", "identification-finished", "Петров, Георги"),
    ("9001", "individual", "identification-finished", "Стоянова, Елена"),
    ("5001", "individual", "identification-finished", "Димитров, Асен"),
    ("2001", "individual", "identification-finished", "Христодорова, Нина"),
    ("7731", "merchant", "identification-finished", "Delta OOD"),
    ("1500", "individual", "still-identifying", "Тодорова, Вера"),
    ("1600", "individual", "signing-finished", "Колев, Стефан"),
    ("1310", "merchant", "identification-finished", "Север Трейд АД"),
    ("1024", "individual", "identification-finished", "Иванова, Мария"),
];

const LIST: &str =
    "Номер;Вид;Име\n1205;ФЛ;Маринова, Ева\n6604;Търговец;Омега ЕООД\n1 208;ФЛ;Русев, Н.";

#[tokio::test]
#[ignore = "writes docs/pictures: make screenshots"]
async fn the_documentation_shows_the_window() {
    let stage = Stage::set();
    let console = stage.start().await;
    console.press_away("#first-token", "#first-token").await;
    for (id, user_type, step, label) in CUSTOMERS {
        console.add_as(user_type, id, step, label).await;
    }
    console.shows(r#".row[data-situation="ready"]"#).await;
    console.press("#tab-all").await;
    // The last customer of the list is ready, and what was added has stopped saying so.
    console.says(".pane", "Ready to sign").await;
    console.hides("#notices > *").await;
    console.press("#tab-all").await;
    take(&console, "list-en-light").await;
    choose(&console, "dark").await;
    take(&console, "list-en-dark").await;
    console.press(r#"[data-language="bg"]"#).await;
    console.says(".pane", "Готово за подписване").await;
    take(&console, "list-bg-dark").await;
    choose(&console, "light").await;
    take(&console, "list-bg-light").await;
    console.press_for("#customer-view", "#customer").await;
    take(&console, "customer-bg-light").await;
    console.press("#customer-leave").await;
    console.press_for("#add", "#add-dialog").await;
    console.shows("#add-id").await;
    console.try_out(PASTE, LIST).await;
    console.shows(".intake-mend").await;
    take(&console, "adding-bg-light").await;
    console.press("#add-dialog .icon-button").await;
    console.press_for("#hide", ".cover").await;
    take(&console, "hidden-bg-light").await;
    console.close().await;
}

/// The window's theme, chosen as an agent does.
async fn choose(console: &Console, theme: &str) {
    console.press_for("#settings", "#settings-dialog").await;
    console.press(&format!(r#"label:has([name="set-theme"][value="{theme}"])"#)).await;
    console.press_away("#settings-dialog .icon-button", "#settings-dialog").await;
}

async fn take(console: &Console, name: &str) {
    // What was just put into the page is painted by then.
    let painted = "requestAnimationFrame(() => requestAnimationFrame(() => arguments[1]()))";
    console.try_out(painted, "").await;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pictures");
    fs::create_dir_all(&folder).expect("a folder");
    let picture = console.picture().await;
    fs::write(folder.join(name).with_extension("png"), picture).expect("a picture");
}
