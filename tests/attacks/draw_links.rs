//! Links: good ones by the grammar, and what can be made of them.

use crate::{LISTS, dice::Dice, mutate::mutate};

#[derive(Debug)]
pub struct Link {
    /// Which of the lists it is checked against.
    pub list: usize,
    pub text: String,
    /// It keeps all rules, so it has to be accepted.
    pub good: bool,
}

const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
/// What may stand in a path as it is, and in queries and fragments.
const PATH: &[u8] =
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&()*+,;=:@";
const QUERY: &[u8] =
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@/?";

/// What parsers trip over.
const PIECES: &[&str] = &[
    "/",
    "//",
    "\\",
    "/\\",
    "?",
    "#",
    "@",
    ":",
    "::",
    ".",
    "..",
    "/../",
    "/./",
    "%",
    "%2e",
    "%2E%2e",
    "%2f",
    "%5C",
    "%00",
    "%0d%0a",
    "%7f",
    "%25",
    "%zz",
    "%u0041",
    "'",
    "\"",
    "*",
    "[",
    "]",
    "[::1]",
    " ",
    "\t",
    "\n",
    "\r\n",
    "\0",
    "\u{7f}",
    "\u{a0}",
    "\u{ad}",
    "\u{200b}",
    "\u{202e}",
    "\u{3002}",
    "\u{ff0f}",
    "\u{ff0e}",
    "\u{2100}",
    "\u{fdd0}",
    "\u{1f600}",
    "\u{430}",
    "\u{df}",
    "\u{130}",
    "443",
    ":443",
    ":8443",
    ":0443",
    ":80",
    ":8080",
    ":65536",
    ":-1",
    ":4٤3",
    "https://",
    "http://",
    "HTTPS:",
    "https:",
    "javascript:",
    "data:",
    "file:///",
    "blob:",
    "view-source:",
    "sign.borica.bg",
    "b-trust.bg",
    ".b-trust.bg",
    "evil.com",
    "@evil.com",
    ".evil.com",
    "evil.com/",
    "#@evil.com/",
    "\\@evil.com",
    "%40evil.com",
    "%2eevil.com",
    ";evil.com",
    "xn--",
    "xn--80ak6aa92e",
    "XN--a",
    "127.0.0.1",
    "127.1",
    "0x7f.1",
    "017700000001",
    "2130706433",
    "0x",
    "localhost",
    "-",
    "_",
    "--",
    "/sign/",
    "/sign",
    "sign%2f",
    "$(id)",
    "&",
    ";",
    "|",
    "`",
    "{",
    "}",
    "<",
    ">",
    "^",
    "~",
    "=",
    "+",
];

pub fn draw(vectors: &[String], dice: &mut Dice) -> Link {
    let list = dice.below(LISTS.len());
    match dice.below(100) {
        0..25 => match good(LISTS[list], dice) {
            Some(text) => Link { list, text, good: true },
            None => Link { list, text: any(vectors, dice), good: false },
        },
        25..40 => {
            let text = good(LISTS[list], dice).unwrap_or_else(|| any(vectors, dice));
            Link { list, text: flawed(&text, dice), good: false }
        }
        40..70 => {
            let text = good(LISTS[list], dice).unwrap_or_else(|| any(vectors, dice));
            Link { list, text: mutated(text, dice), good: false }
        }
        70..90 => {
            let text = mutated(any(vectors, dice), dice);
            Link { list, text, good: false }
        }
        90..98 => Link { list, text: spliced(list, vectors, dice), good: false },
        _ => {
            let count = dice.below(8);
            let text = (0..count).map(|_| dice.pick(PIECES)).collect();
            Link { list, text, good: false }
        }
    }
}

fn any(vectors: &[String], dice: &mut Dice) -> String {
    vectors[dice.below(vectors.len())].clone()
}

fn mutated(text: String, dice: &mut Dice) -> String {
    let mut text = text.into_bytes();
    for _ in 0..dice.pick(&[1, 1, 1, 2, 3]) {
        mutate(&mut text, PIECES, dice);
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// One thing put in where it matters most: before the host, behind it, or into the path.
fn flawed(text: &str, dice: &mut Dice) -> String {
    const BEFORE: &[&str] = &[
        "xn--80ak6aa92e.",
        "a.xn--p1ai.",
        "xn--",
        "u@",
        "u:p@",
        "%61",
        "-",
        "_.",
        ".",
        "0x7f.1/",
        "[",
    ];
    const BEHIND: &[&str] =
        &[":", ":443", ":8443", ":0443", ".", ".evil.com", "@evil.com", "%2eevil.com", ";", "-"];
    const PATH: &[&str] =
        &["%2f", "%5C", "../", "%2e%2E/", "./", "%00", "%0A", "%7f", "%", "//", "[", "a"];
    let host = text.find("://").map_or(0, |at| at + 3);
    let path = text[host..].find(['/', '?', '#']).map_or(text.len(), |at| host + at);
    let end = text[path..].find(['?', '#']).map_or(text.len(), |at| path + at);
    let (mut at, pieces) = match dice.below(3) {
        0 => (host, BEFORE),
        1 => (path, BEHIND),
        _ => (dice.within((path + 1).min(end), end), PATH),
    };
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let (before, after) = text.split_at(at);
    format!("{before}{}{after}", dice.pick(pieces))
}

/// The beginning of one link and the end of another.
fn spliced(list: usize, vectors: &[String], dice: &mut Dice) -> String {
    let mut part = || match good(LISTS[list], dice) {
        Some(text) if dice.chance(50) => text.into_bytes(),
        Some(_) | None => any(vectors, dice).into_bytes(),
    };
    let (first, second) = (part(), part());
    let (end, begin) = (dice.within(0, first.len()), dice.within(0, second.len()));
    String::from_utf8_lossy(&[&first[..end], &second[begin..]].concat()).into_owned()
}

/// A link that one of the entries is for; `None` where there is no entry.
fn good(entries: &str, dice: &mut Dice) -> Option<String> {
    let entries: Vec<&str> = entries.split(' ').filter(|entry| !entry.is_empty()).collect();
    if entries.is_empty() {
        return None;
    }
    let entry = dice.pick(&entries);
    if entry.starts_with("http://") {
        return Some(format!("{entry}{}{}", segments(dice, true), rest(dice)));
    }
    let (authority, prefix) = entry.split_at(entry.find('/').unwrap_or(entry.len()));
    let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
    let host = match host.strip_prefix("*.") {
        Some(base) => format!("{}{base}", labels(dice)),
        None => host.to_owned(),
    };
    let port = match port {
        "" if dice.chance(30) => ":443".to_owned(),
        "" => String::new(),
        other => format!(":{other}"),
    };
    let scheme = any_case("https", dice);
    let path = path(prefix, dice);
    Some(format!("{scheme}://{}{port}{path}{}", any_case(&host, dice), rest(dice)))
}

/// Mostly small letters, as links come.
fn any_case(text: &str, dice: &mut Dice) -> String {
    if dice.chance(70) {
        return text.to_owned();
    }
    let letter = |c: char| if dice.chance(50) { c.to_ascii_uppercase() } else { c };
    text.chars().map(letter).collect()
}

fn letters(alphabet: &[u8], count: usize, dice: &mut Dice) -> String {
    (0..count).map(|_| char::from(dice.pick(alphabet))).collect()
}

/// One to three labels of letters, digits and inner hyphens, each with its dot.
fn labels(dice: &mut Dice) -> String {
    (0..dice.within(1, 3)).fold(String::new(), |so_far, _| {
        let most = if dice.chance(5) { 61 } else { 8 };
        let inner = dice.within(0, most);
        let (first, last) = (letters(LETTERS, 1, dice), letters(LETTERS, 1, dice));
        // No hyphens at the third and fourth place: those stand for another alphabet.
        let inner = letters(LETTERS, inner, dice);
        let hyphen = if dice.chance(20) && inner.len() < 60 { "-" } else { "" };
        so_far + &first + hyphen + &inner + &last + "."
    })
}

fn path(prefix: &str, dice: &mut Dice) -> String {
    match prefix.strip_suffix('/') {
        None if dice.chance(20) => String::new(),
        None => format!("/{}", segments(dice, true)),
        Some(bare) if dice.chance(10) => bare.to_owned(),
        Some(bare) => format!("{bare}/{}", segments(dice, false)),
    }
}

/// Segments of a path, none of them dots. An escaped slash may stand where no prefix is asked for.
fn segments(dice: &mut Dice, slashes: bool) -> String {
    let segments = (0..dice.within(0, 3)).map(|_| {
        let length = dice.within(0, 12);
        let segment = letters(PATH, length, dice) + &escapes(dice, slashes);
        if segment == "." || segment == ".." { "dots".to_owned() } else { segment }
    });
    segments.collect::<Vec<_>>().join("/")
}

/// A few escapes, none of a control character nor of a dot.
fn escapes(dice: &mut Dice, slashes: bool) -> String {
    let count = if dice.chance(30) { dice.within(1, 3) } else { 0 };
    let fits = |byte: u8| {
        !byte.is_ascii_control() && byte != b'.' && (slashes || byte != b'/' && byte != b'\\')
    };
    let bytes = (0..count).map(|_| dice.byte()).filter(|byte| fits(*byte));
    let escapes: Vec<String> = bytes.map(|byte| format!("%{byte:02x}")).collect();
    escapes.concat()
}

/// A query and a fragment, or none; sometimes as long as a link may be.
fn rest(dice: &mut Dice) -> String {
    let mut part = |mark: &str| {
        if dice.chance(50) {
            return String::new();
        }
        let most = if dice.chance(2) { 250 } else { 20 };
        let length = dice.within(0, most);
        format!("{mark}{}{}", letters(QUERY, length, dice), escapes(dice, true))
    };
    let (query, fragment) = (part("?"), part("#"));
    query + &fragment
}
