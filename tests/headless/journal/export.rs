//! `journal export`.

use std::{fs, path::Path};

use enrollment_core::{
    desk::view::Action,
    enrollment::{UserType, is_unseen},
};
use jiff::Timestamp;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::{Console, IDS, LABELS, NOTES, backup, journal, kept, tamper, wait_for, work};
use crate::program::{Ran, Running, program};

/// A CSV file's lines, by the names of its columns.
pub fn csv(ran: &Ran) -> Vec<Value> {
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    let text = ran.stdout.strip_prefix('\u{feff}').expect("a byte order mark");
    assert!(text.ends_with("\r\n") && !text.replace("\r\n", "").contains(['\r', '\n']), "{text}");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let records = reader.deserialize::<std::collections::HashMap<String, String>>();
    records.map(|record| json!(record.expect("a record"))).collect()
}

pub fn objects(ran: &Ran) -> Vec<Value> {
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    assert!(ran.stdout.is_empty() || ran.stdout.ends_with('\n'));
    assert!(!ran.stdout.chars().any(|c| c != '\n' && is_unseen(c)), "{:?}", ran.stdout);
    ran.stdout.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

fn of(lines: &[Value], event: &str) -> Vec<Value> {
    lines.iter().filter(|line| line["event"] == event).cloned().collect()
}

#[test]
fn the_timeline_comes_as_objects_with_every_key() {
    let (_folder, path) = kept();
    let ran = journal("export --format json --plain-ids", &path);
    let lines = objects(&ran);
    assert_eq!(lines.len(), 11);
    let added = &of(&lines, "added")[0];
    let begin = ran.stdout.split_once(",\"id\":51024,\"type\":\"individual\",\"seq\":1,\"time\":");
    assert!(begin.is_some_and(|(begin, _)| begin.starts_with("{\"enrollment\":")), "in order");
    let keys: Vec<&String> = added.as_object().expect("an object").keys().collect();
    assert_eq!(keys.len(), 27, "{keys:?}");
    let time = added["time"].as_str().expect("a time");
    assert!(time.ends_with('Z') && time.parse::<Timestamp>().is_ok(), "{time}");
    for (key, value) in [
        ("environment", json!("Test")),
        ("id", json!(IDS[0])),
        ("type", json!("individual")),
        ("seq", json!(1)),
        ("by", json!("maria")),
        ("name", json!("@Мария")),
        ("says", json!("still-identifying")),
        ("label", json!(LABELS[0])),
        ("note", Value::Null),
        ("outcome", Value::Null),
    ] {
        assert_eq!(added[key], value, "{key}");
    }
    assert_eq!(of(&lines, "added")[1]["type"], "merchant");
    let noted: Vec<Value> = of(&lines, "noted").iter().map(|line| line["note"].clone()).collect();
    assert_eq!(noted, NOTES, "as they were written");
    let ended = of(&lines, "ended");
    assert_eq!((&ended[0]["outcome"], &ended[0]["phase"]), (&json!("stopped"), &json!("pre-sign")));
    assert_eq!((&ended[1]["outcome"], &ended[1]["reason"]), (&json!("gave-up"), &json!("said-so")));
    assert_eq!(of(&lines, "paused")[0]["reason"], "needs-token");
    let by_itself = of(&lines, "paused")[0]["by"].clone();
    assert_eq!(by_itself, Value::Null, "nobody did that");
    let stated = &of(&lines, "stated")[0];
    assert_eq!(
        (&stated["says"], &stated["how"]),
        (&json!("identification-finished"), &json!("button"))
    );
}

#[test]
fn a_spreadsheet_gets_the_same_and_no_formula() {
    let (_folder, path) = kept();
    for what in ["timeline", "enrollments", "audit"] {
        let words = |format: &str| format!("export --format {format} --what {what} --plain-ids");
        // One after the other: the audit holds the first export by the second.
        let rows = csv(&journal(&words("csv"), &path));
        let lines = objects(&journal(&words("json"), &path));
        assert!(!rows.is_empty(), "{what}");
        for (row, line) in rows.iter().zip(&lines) {
            let row = row.as_object().expect("a record");
            let line = line.as_object().expect("an object");
            assert!(row.keys().eq(line.keys()), "{what}");
            for (key, cell) in row {
                let cell = cell.as_str().expect("a text");
                let is_formula = |part: &str| part.trim_start().starts_with(['=', '+', '-', '@']);
                assert!(!cell.split(';').any(is_formula), "{key}: {cell}");
                match &line[key] {
                    Value::Null => assert_eq!(cell, "", "{key}"),
                    Value::String(text) if !text.contains(is_unseen) => {
                        assert_eq!(cell.replace('\'', ""), text.replace('\'', ""), "{key}");
                    }
                    Value::String(_) => {}
                    flat @ (Value::Bool(_) | Value::Number(_)) => {
                        assert_eq!(cell, flat.to_string(), "{key}");
                    }
                    deep @ (Value::Array(_) | Value::Object(_)) => panic!("{key}: {deep}"),
                }
            }
        }
    }
    let plain = journal("export --format csv --plain-ids", &path);
    let header = "\u{feff}enrollment,environment,id,type,seq,time,by,name,event,phase,says,how,\
        status,message,backwards,problem,http,trace_id,detail,retry_ms,host,generation,outcome,\
        reason,polls,label,note\r\n";
    assert!(plain.stdout.starts_with(header), "{}", plain.stdout);
    let rows = csv(&plain);
    let texts: Vec<String> = rows.iter().map(|row| row["label"].to_string()).collect();
    assert!(texts.contains(&json!(format!("'{}", LABELS[0])).to_string()), "{texts:?}");
    assert!(texts.contains(&json!(LABELS[1]).to_string()), "{texts:?}");
    let noted = of(&rows, "noted");
    assert_eq!(noted[0]["note"], "'+359 2 12 34 56 ;'=1");
    assert_eq!(noted[1]["note"], "обади се\\u{a}пак \\u{202e}утре");
    assert_eq!(noted[1]["name"], "'@Мария");
}

#[test]
fn masked_nobody_is_named() {
    let (_folder, path) = kept();
    for what in ["timeline", "enrollments", "audit"] {
        for format in ["csv", "json"] {
            let ran = journal(&format!("export --format {format} --what {what}"), &path);
            assert_eq!(ran.code, Some(0), "{}", ran.stderr);
            for whom in [IDS[0].to_string(), IDS[1].to_string()] {
                assert!(!ran.stdout.contains(&whom), "{whom} in {}", ran.stdout);
            }
            for word in ["HYPERLINK", "Иванова", "12 34 56", "обади", "label", "note\""]
            {
                assert!(!ran.stdout.contains(word), "{word} in {}", ran.stdout);
            }
            for shown in ["••24", "••31", "merchant"] {
                assert!(ran.stdout.contains(shown), "{what}: {}", ran.stdout);
            }
        }
    }
}

#[test]
fn the_enrollments_come_as_they_stand() {
    let (_folder, path) = kept();
    let lines = objects(&journal("export --format json --what enrollments --plain-ids", &path));
    assert_eq!(lines.len(), 2);
    let (first, second) = (&lines[0], &lines[1]);
    for (line, key, value) in [
        (first, "id", json!(IDS[0])),
        (first, "place", json!("remote")),
        (first, "step", json!("ended")),
        (first, "phase", json!("pre-sign")),
        (first, "outcome", json!("stopped")),
        (first, "identification_by", json!("maria")),
        (first, "signing_stated", Value::Null),
        (first, "removed", Value::Null),
        (first, "note", json!(NOTES[0])),
        (second, "outcome", json!("gave-up")),
        (second, "reason", json!("said-so")),
        (second, "label", json!(LABELS[1])),
        (second, "links", json!(0)),
        (second, "confirmed", json!(false)),
    ] {
        assert_eq!(line[key], value, "{key}: {line}");
    }
}

#[test]
fn an_export_is_itself_in_the_audit() {
    let (_folder, path) = kept();
    assert_eq!(journal("export --format csv --what enrollments", &path).code, Some(0));
    let lines = objects(&journal("export --format json --what audit --plain-ids", &path));
    let did: Vec<&str> = lines.iter().map(|line| line["did"].as_str().expect("a word")).collect();
    let done = ["stated", "stopped", "gave-up", "removed", "restored", "exported", "exported"];
    assert_eq!(did, done);
    assert_eq!((&lines[0]["id"], &lines[0]["environment"]), (&json!(IDS[0]), &json!("Test")));
    for (line, what, format, masked) in
        [(&lines[5], "enrollments", "csv", true), (&lines[6], "audit", "json", false)]
    {
        assert_eq!((&line["what"], &line["format"]), (&json!(what), &json!(format)));
        assert_eq!(line["masked"], json!(masked));
        assert!(line["by"].is_string() && line["id"].is_null(), "{line}");
    }
    let ran = journal("verify", &path);
    assert_eq!(ran.code, Some(0));
    assert!(ran.stdout.contains("7 lines, each follows"), "{}", ran.stdout);
    let log = fs::metadata(path.join("journal.db-wal")).map_or(0, |log| log.len());
    assert_eq!(log, 0, "as if a console had crashed");
}

#[test]
fn nothing_is_exported_where_the_audit_cannot_take_it() {
    let (folder, path) = kept();
    let file = folder.path().join("out.csv");
    let export = |path: &Path| {
        let mut command = program();
        command.args(["journal", "export", "--format", "csv", "--output"]).arg(&file).arg(path);
        Running::start(command).end()
    };
    let holder = Connection::open(path.join("journal.db")).expect("it opens");
    holder.execute_batch("BEGIN IMMEDIATE").expect("held");
    let ran = export(&path);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{}", ran.stderr);
    assert!(ran.stderr.contains("not exported") && ran.stderr.contains("another program"));
    drop(holder);

    let backup = backup(&path);
    let ran = export(&backup);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(ran.stderr.contains("is a copy") && ran.stderr.contains("export the journal itself"));
    assert!(journal("verify", &path).stdout.contains("5 lines, each follows"), "neither was done");
    let left: Vec<_> = fs::read_dir(folder.path()).expect("it is there").flatten().collect();
    assert_eq!(left.len(), 1, "nothing but the journal: {left:?}");
}

#[test]
fn a_file_is_new_private_and_whole() {
    let (folder, path) = kept();
    let file = folder.path().join("timeline.csv");
    let export = || {
        let mut command = program();
        command.args(["journal", "export", "--format", "csv", "--output"]).arg(&file).arg(&path);
        Running::start(command).end()
    };
    let ran = export();
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (Some(0), "", ""));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(&file).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let written = fs::read_to_string(&file).expect("it is there");
    assert_eq!(written, journal("export --format csv", &path).stdout);

    let again = export();
    assert_eq!(again.code, Some(2));
    assert!(again.stderr.contains("timeline.csv is there already"), "{}", again.stderr);
    assert_eq!(fs::read_to_string(&file).expect("it is there"), written);
    let names = fs::read_dir(folder.path()).expect("it is there").count();
    assert_eq!(names, 2, "the journal, and the file");
    assert!(journal("verify", &path).stdout.contains("7 lines, each"), "refused before the audit");
}

#[cfg(unix)]
#[test]
fn a_link_is_not_followed_to_write_elsewhere() {
    let (folder, path) = kept();
    let (link, target) = (folder.path().join("link.csv"), folder.path().join("target.csv"));
    std::os::unix::fs::symlink(&target, &link).expect("a link");
    let output = link.to_str().expect("text");
    let ran = journal(&format!("export --format csv --output {output}"), &path);
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    assert!(!target.exists());
    let nowhere = folder.path().join("none/x.csv");
    let output = nowhere.to_str().expect("text");
    let ran = journal(&format!("export --format csv --output {output}"), &path);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("none/x.csv: ") && !ran.stderr.contains(".part"), "{}", ran.stderr);
}

#[test]
fn a_damaged_line_ends_the_export_and_leaves_no_file() {
    let (folder, path) = kept();
    tamper(&path, "UPDATE entry SET at = at + 1 WHERE seq = 2");
    let file = folder.path().join("out.json");
    let output = file.to_str().expect("text");
    let ran = journal(&format!("export --format json --output {output}"), &path);
    assert_eq!(ran.code, Some(9));
    assert!(ran.stderr.contains("is damaged"), "{}", ran.stderr);
    assert_eq!(fs::read_dir(folder.path()).expect("it is there").count(), 1);
}

#[test]
fn a_console_that_has_the_journal_open_goes_on_behind_the_export() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal");
    let console = Console::start(&path);
    work(&console);
    wait_for(&path, 2);
    assert_eq!(csv(&journal("export --format csv --what enrollments", &path)).len(), 2);
    let key = console.add(1, UserType::Individual, "later");
    console.act(key, 1, &Action::Remove);
    console.close();
    let ran = journal("verify", &path);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    assert!(ran.stdout.contains("7 lines, each follows"), "{}", ran.stdout);
}
