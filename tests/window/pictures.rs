//! The pictures of the documentation, taken of the window that the code draws.

use std::path::Path;

use super::{console::Console, stage::Stage};

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

#[tokio::test]
#[ignore = "writes docs/window.png: make pictures"]
async fn the_readme_shows_the_window() {
    let stage = Stage::set();
    let console = stage.start().await;
    console.press("#first-token").await;
    console.hides("#first-token").await;
    for customer in CUSTOMERS {
        add(&console, customer).await;
    }
    let ready = r#".row[data-situation="ready"]"#;
    console.shows(ready).await;
    console.press("#tab-all").await;
    // The last customer of the list is ready, and what was added has stopped saying so.
    console.says(".pane", "Ready to sign").await;
    console.hides("#notices > *").await;
    console.press("#tab-all").await;
    let picture = console.picture().await;
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/window.png");
    std::fs::write(file, picture).expect("a picture");
    console.close().await;
}

async fn add(console: &Console, (id, user_type, step, label): (&str, &str, &str, &str)) {
    console.press("#add").await;
    console.write("#add-id", id).await;
    for (name, value) in [("add-type", user_type), ("add-customer", step)] {
        console.press(&format!(r#"label:has([name="{name}"][value="{value}"])"#)).await;
    }
    console.write("#add-label", label).await;
    console.press("#add-submit").await;
    console.hides("#add-dialog").await;
}
