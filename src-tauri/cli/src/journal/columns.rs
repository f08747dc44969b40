//! The columns of the exports: their names and order are a contract, and the help tells them.

use std::fmt::Write as _;

use super::{audit, enrollments, timeline};

/// A column's name, and what stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    says: &'static str,
    /// Only there where ids are plain.
    pub personal: bool,
}

pub const fn column(name: &'static str, says: &'static str) -> Column {
    Column { name, says, personal: false }
}

/// A column of what people wrote, which may name anybody.
pub const fn personal(name: &'static str, says: &'static str) -> Column {
    Column { name, says, personal: true }
}

/// What stands in which export, for the help.
pub fn column_table() -> String {
    let mut table = "Columns, or keys, in this order. Times are RFC 3339 in UTC. \
        What is marked with * is only there with --plain-ids.\n"
        .to_owned();
    for (what, columns) in [
        ("timeline", timeline::COLUMNS),
        ("enrollments", enrollments::COLUMNS),
        ("audit", audit::COLUMNS),
    ] {
        // Writing to a String cannot fail.
        let _ = writeln!(table, "\n{what}:");
        for Column { name, says, personal } in columns {
            let mark = if *personal { "*" } else { "" };
            let _ = writeln!(table, "  {:<23} {says}", format!("{name}{mark}"));
        }
    }
    table
}
