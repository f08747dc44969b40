//! Which cell of a line says what.

use super::Said;
use crate::enrollment::{UserId, UserType};

const IDS: [&str; 11] = [
    "id",
    "userid",
    "user id",
    "customer id",
    "number",
    "no",
    "номер",
    "№",
    "клиентски номер",
    "номер на клиента",
    "nomer",
];
const TYPES: [&str; 6] = ["type", "usertype", "user type", "вид", "тип", "вид клиент"];
const LABELS: [&str; 8] =
    ["label", "name", "customer", "етикет", "име", "клиент", "наименование", "фирма"];
const INDIVIDUALS: [&str; 6] =
    ["individual", "person", "физическо лице", "физическо", "фл", "физ. лице"];
const MERCHANTS: [&str; 7] =
    ["merchant", "company", "търговец", "юридическо лице", "юридическо", "юл", "фирма"];

/// Where a heading says that things stand; without one each line is read by what its cells are.
#[derive(Clone, Copy, Debug, Default)]
pub struct Columns {
    named: Option<Named>,
}

#[derive(Clone, Copy, Debug)]
struct Named {
    id: usize,
    user_type: Option<usize>,
    label: Option<usize>,
}

impl Columns {
    /// Reads the first line as a heading where it is one: a column of ids, and no id in it.
    pub fn of(first: Option<&[String]>) -> Self {
        let Some(cells) = first else { return Self::default() };
        if cells.iter().any(|cell| is_id(cell)) {
            return Self::default();
        }
        let place = |names: &[&str]| {
            cells.iter().position(|cell| names.contains(&cell.to_lowercase().trim()))
        };
        let named = place(&IDS).map(|id| Named {
            id,
            user_type: place(&TYPES),
            label: place(&LABELS).filter(|label| *label != id),
        });
        Self { named }
    }

    pub fn are_named(self) -> bool {
        self.named.is_some()
    }

    /// The customers of one line: several where it holds nothing but ids.
    pub fn customers(self, cells: &[String]) -> Vec<Vec<String>> {
        if self.are_named() {
            return vec![cells.to_vec()];
        }
        // Without a column of their own, words are divided by blanks: "1024 Иванова".
        let filled: Vec<&str> =
            cells.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
        let words: Vec<&str> = filled.iter().flat_map(|cell| cell.split_whitespace()).collect();
        if words.iter().all(|word| is_id(word)) && !is_grouped(&words) {
            return words.iter().map(|word| vec![(*word).to_owned()]).collect();
        }
        let cells = match filled.as_slice() {
            [one] => match one.split_once(char::is_whitespace) {
                Some((id, rest)) if is_id(id) => vec![id, rest.trim()],
                Some(_) | None => vec![*one],
            },
            several => several.to_vec(),
        };
        vec![cells.into_iter().map(str::to_owned).collect()]
    }

    pub fn read(self, cells: &[String]) -> Said {
        let cell = |at: usize| cells.get(at).map_or("", String::as_str);
        match self.named {
            Some(Named { id, user_type, label }) => Said {
                id: cell(id).to_owned(),
                user_type: named_type(user_type.map_or("", cell)),
                label: label.map_or("", cell).to_owned(),
            },
            None => read_unnamed(cells),
        }
    }
}

/// The one id is the id, a cell that names a type is the type, and the rest is the label. Where more
/// begins as a number does, nobody can tell which is the id: 1,024 may be one.
fn read_unnamed(cells: &[String]) -> Said {
    let numbers: Vec<&str> = cells
        .iter()
        .map(String::as_str)
        .filter(|cell| cell.starts_with(char::is_numeric))
        .collect();
    let id = cells.iter().position(|cell| is_id(cell)).unwrap_or_default();
    let found = cells.iter().enumerate().find_map(|(at, cell)| Some((at, type_of(cell)?)));
    let (type_at, user_type) = found.unzip();
    let rest = cells.iter().enumerate().filter(|(at, _)| *at != id && Some(*at) != type_at);
    let label: Vec<&str> = rest.map(|(_, cell)| cell.as_str()).collect();
    Said {
        id: if numbers.len() > 1 {
            numbers.join(" ")
        } else {
            cells.get(id).cloned().unwrap_or_default()
        },
        user_type: Ok(user_type),
        label: label.join(", "),
    }
}

fn is_id(cell: &str) -> bool {
    cell.parse::<UserId>().is_ok()
}

/// Whether these may be the groups of one number, as in 1 024.
fn is_grouped(words: &[&str]) -> bool {
    let [first, rest @ ..] = words else { return false };
    !rest.is_empty() && first.len() <= 3 && rest.iter().all(|word| word.len() == 3)
}

/// A column of types has the gateway's own codes too.
fn named_type(cell: &str) -> Result<Option<UserType>, ()> {
    match cell {
        "" => Ok(None),
        "0" => Ok(Some(UserType::Individual)),
        "1" => Ok(Some(UserType::Merchant)),
        words => type_of(words).map(Some).ok_or(()),
    }
}

fn type_of(cell: &str) -> Option<UserType> {
    let word = cell.to_lowercase();
    if INDIVIDUALS.contains(&word.as_str()) {
        Some(UserType::Individual)
    } else if MERCHANTS.contains(&word.as_str()) {
        Some(UserType::Merchant)
    } else {
        None
    }
}
