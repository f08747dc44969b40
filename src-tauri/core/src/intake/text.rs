//! From bytes to the cells of each line.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1251};

/// How many lines show what divides their cells.
const LOOKED_AT: usize = 20;

/// A byte-order mark decides; what is no UTF-8 is what Windows writes in Bulgaria.
pub fn decoded(bytes: &[u8]) -> String {
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let encoding =
        marked.unwrap_or(if str::from_utf8(bytes).is_ok() { UTF_8 } else { WINDOWS_1251 });
    // One kind of line end, so that lines are counted as people see them.
    encoding.decode(bytes).0.replace("\r\n", "\n").replace('\r', "\n")
}

/// The cells of each line that has any, with its number from 1.
pub fn records(text: &str) -> Vec<(u32, Vec<String>)> {
    let delimiter = delimiter(text);
    let quoted = split(text, delimiter, true);
    // A quotation mark that nobody closed would swallow the lines after it.
    let swallows = quoted.iter().any(|(_, cells)| cells.iter().any(|cell| cell.contains('\n')));
    if swallows { split(text, delimiter, false) } else { quoted }
}

fn split(text: &str, delimiter: u8, quoting: bool) -> Vec<(u32, Vec<String>)> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .quoting(quoting)
        .from_reader(text.as_bytes());
    let records = reader.records().filter_map(Result::ok);
    let lines = records.map(|record| {
        let number = record.position().map_or(0, csv::Position::line);
        let cells = record.iter().map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
        (u32::try_from(number).unwrap_or(u32::MAX), cells)
    });
    lines.filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty())).collect()
}

/// What most lines have: a semicolon before a tab before a comma, for names have commas in them.
fn delimiter(text: &str) -> u8 {
    let lines: Vec<&str> =
        text.lines().filter(|line| !line.trim().is_empty()).take(LOOKED_AT).collect();
    let divided = |by: u8| lines.iter().filter(|line| line.as_bytes().contains(&by)).count();
    b";\t,".iter().copied().rev().max_by_key(|by| divided(*by)).unwrap_or(b',')
}
