//! Rows of the list as a file for spreadsheets.

use enrollment_core::{desk::Person, spreadsheet::harmless};

use crate::{
    Console,
    handout::{HandoutProblem, hand_out},
};

/// So many rows and cells a list has at the most, and so long a cell is, in bytes.
const MOST_ROWS: usize = 20_000;
const MOST_CELLS: usize = 32;
const LONGEST_CELL: usize = 4_096;

impl Console {
    pub(crate) async fn save_list(&self, rows: &[Vec<String>]) -> Result<String, HandoutProblem> {
        let (what, format) = ("list".to_owned(), "csv".to_owned());
        let table = table(rows).ok_or(HandoutProblem::TooLarge)?;
        self.desk.person(Person::Exports { what, format }).await?;
        hand_out("enrollments", "csv", || Ok(table)).await
    }
}

/// UTF-8 with a byte order mark, by which spreadsheets know it, and no formula in any cell. `None`
/// where it is larger than a list can be.
fn table(rows: &[Vec<String>]) -> Option<Vec<u8>> {
    if rows.len() > MOST_ROWS {
        return None;
    }
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer("\u{feff}".into());
    for row in rows {
        if row.len() > MOST_CELLS || row.iter().any(|cell| cell.len() > LONGEST_CELL) {
            return None;
        }
        writer.write_record(row.iter().map(|cell| harmless(cell))).ok()?;
    }
    writer.into_inner().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_a_table_in_which_nothing_is_computed() {
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
        let rows = [row(&["№", "Етикет"]), row(&["1024", "=1+1"]), row(&["-7", "a\"b,c"])];
        let text = String::from_utf8(table(&rows).expect("a table")).expect("text");
        assert_eq!(text, "\u{feff}№,Етикет\n1024,'=1+1\n'-7,\"a\"\"b,c\"\n");
        assert!(table(&vec![Vec::new(); MOST_ROWS + 1]).is_none());
        assert!(table(&[vec!["x".repeat(LONGEST_CELL + 1)]]).is_none());
        assert!(table(&[vec![String::new(); MOST_CELLS + 1]]).is_none());
    }
}
