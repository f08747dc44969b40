use super::*;
use UserType::{Individual, Merchant};

fn good(id: u32, user_type: Option<UserType>, label: &str) -> Verdict {
    Verdict::Good { id: UserId::new(id).expect("in range"), user_type, label: label.to_owned() }
}

fn verdicts(text: &str) -> Vec<Verdict> {
    read(text.as_bytes()).expect("a list").into_iter().map(|line| line.verdict).collect()
}

#[test]
fn ids_alone_stand_in_lines_or_in_one() {
    let three = [good(1024, None, ""), good(7731, None, ""), good(5, None, "")];
    for list in [
        "1024\n7731\n5",
        "1024\r\n\r\n 7731 \r\n5\r\n",
        "1024, 7731, 5",
        "1024 7731 5",
        "1024;7731;5",
    ] {
        assert_eq!(verdicts(list), three, "{list:?}");
    }
}

#[test]
fn cells_are_known_by_what_they_are() {
    let expected =
        [good(1024, Some(Individual), "Иванова, Мария"), good(7731, Some(Merchant), "Delta OOD")];
    for list in [
        "1024;individual;Иванова, Мария\n7731;merchant;Delta OOD",
        "Иванова, Мария;1024;физическо лице\nDelta OOD;7731;Търговец",
        "1024\tфл\tИванова, Мария\n7731\tюл\tDelta OOD",
        "1024,individual,\"Иванова, Мария\"\n7731,company,Delta OOD",
        "1024,individual,Иванова, Мария\n7731,merchant,Delta OOD",
    ] {
        assert_eq!(verdicts(list), expected, "{list:?}");
    }
    assert_eq!(verdicts("1024 Иванова М."), [good(1024, None, "Иванова М.")]);
}

#[test]
fn what_may_be_one_number_in_groups_is_not_taken_apart() {
    for list in ["1 024", "1,024", "1,024,Иванова", "1 024 Иванова", "12 345 678"] {
        assert_eq!(verdicts(list), [Verdict::BadId { rule: UserIdError::NotDigits }], "{list:?}");
    }
    assert_eq!(verdicts("512, 340, 1024").len(), 3);
}

#[test]
fn a_heading_says_what_the_columns_are() {
    let expected = [good(1024, Some(Merchant), "Иванова"), good(5, None, "")];
    for list in [
        "Име;Вид;Номер\nИванова;1;1024\n;;5",
        "label,type,id,branch\nИванова,merchant,1024,77\n,,5,78",
        "\u{feff}ID;Type;Name\n1024;Търговец;Иванова\n5;;",
    ] {
        assert_eq!(verdicts(list), expected, "{list:?}");
    }
    assert_eq!(verdicts("id;type\n7;alien"), [Verdict::BadType]);
}

#[test]
fn whatever_windows_and_spreadsheets_write_is_read() {
    let list = "Номер;Име\r\n1024;Иванова\r\n";
    let (windows, _, _) = encoding_rs::WINDOWS_1251.encode(list);
    let wide: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(list.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for bytes in [windows.as_ref(), list.as_bytes(), &wide] {
        let lines = read(bytes).expect("a list");
        let [line] = lines.as_slice() else { panic!("{lines:?}") };
        assert_eq!((line.number, &line.verdict), (2, &good(1024, None, "Иванова")));
    }
}

#[test]
fn a_line_that_breaks_a_rule_says_which_and_holds_up_no_other() {
    let long = "x".repeat(81);
    let list = format!("1024\nabc\n0\n1 024 Иванова\n1024\n7;{long}\n8;\"Ани\n9\u{202e}\n10");
    let lines = read(list.as_bytes()).expect("a list");
    let bad = |rule| Verdict::BadId { rule };
    let verdicts: Vec<_> = lines.iter().map(|line| (line.number, line.verdict.clone())).collect();
    assert_eq!(
        verdicts,
        [
            (1, good(1024, None, "")),
            (2, bad(UserIdError::NotDigits)),
            (3, bad(UserIdError::OutOfRange)),
            (4, bad(UserIdError::NotDigits)),
            (5, Verdict::Twice { line: 1 }),
            (6, Verdict::LabelTooLong),
            (7, good(8, None, "\"Ани")),
            (8, bad(UserIdError::NotDigits)),
            (9, good(10, None, "")),
        ]
    );
    assert_eq!(lines[7].text, "9\\u{202e}");
    assert!(lines.iter().all(|line| line.text.chars().count() <= SHOWN + 1));
}

#[test]
fn an_empty_list_and_one_that_is_too_long_are_none() {
    for nothing in ["", " \n\n", ";;\n;", "id;name\n"] {
        assert_eq!(read(nothing.as_bytes()), Err(IntakeError::Empty), "{nothing:?}");
    }
    let list = |count: u32| (1..=count).map(|id| id.to_string()).collect::<Vec<_>>().join("\n");
    assert_eq!(read(list(1_000).as_bytes()).map(|lines| lines.len()), Ok(1_000));
    assert_eq!(read(list(1_001).as_bytes()), Err(IntakeError::TooMany));
    assert_eq!(read(&vec![b'1'; LARGEST + 1]), Err(IntakeError::TooLarge));
}
