//! What the window costs, and how fast it is, beside the plain way to do it: `make bench-window`.
//!
//! Every figure comes from the real window, driven from outside; what is told as a ratio is measured on
//! both sides in the same run.

mod changes;
mod costs;
mod gateway;
mod hour;
mod still;
mod table;

use std::{fs, path::Path};

use enrollment_core::environment::Environment;

use super::large::Filling;
use table::Table;

/// Watched while things change.
const WATCHED: u32 = 1_000;
const LISTED: u32 = 10_000;
const HANDED_ON: Filling =
    Filling { enrollments: 0, lines: 4, open: 0, environment: Environment::SANDBOX };

#[tokio::test]
#[ignore = "measures for minutes: make bench-window"]
async fn the_windows_start_and_rest() {
    let mut table = Table::default();
    still::beside_an_empty_window(&mut table).await;
    still::ten_thousand_rows(&mut table).await;
    finish(&table, "window-still.json");
}

#[tokio::test]
#[ignore = "measures for minutes: make bench-window"]
async fn the_windows_changes() {
    let mut table = Table::default();
    changes::while_things_change(&mut table).await;
    changes::told_together(&mut table).await;
    finish(&table, "window-changes.json");
}

#[tokio::test]
#[ignore = "measures for more than an hour: make bench-window"]
async fn the_windows_hour() {
    let mut table = Table::default();
    hour::an_hour_of_changes(&mut table).await;
    finish(&table, "window-hour.json");
}

fn finish(table: &Table, name: &str) {
    table.print();
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench");
    fs::create_dir_all(&target).expect("a folder");
    table.write(&target.join(name));
}
