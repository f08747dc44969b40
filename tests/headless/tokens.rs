//! Where the token comes from, and what happens without one.

use std::fs;

use crate::{
    gateway::{Gateway, Reply, Script},
    program::{Running, program, watch},
};

fn gateway() -> Gateway {
    Gateway::play(|_| Script::from([((7, 0), vec![Reply::signed()])]))
}

#[test]
fn what_people_paste_around_a_token_is_dropped() {
    for pasted in ["abc.def", "abc.def\r\n", "\n \"abc.def\"\n\n", "Bearer abc.def\n"] {
        let gateway = gateway();
        let running = Running::start(watch(&gateway.base(), "post-sign", "--json 7"));
        assert_eq!(running.input(pasted.as_bytes()).end().code, Some(0), "{pasted:?}");
        let head = gateway.log()[0].head.to_lowercase();
        assert!(head.contains("\r\nauthorization: bearer abc.def\r\n"), "{head}");
    }
}

#[test]
fn without_a_usable_token_nothing_is_sent() {
    let gateway = gateway();
    let long = vec![b'a'; 2_000_000];
    for input in [&b""[..], b" \n", b"two parts", b"line\nline", b"\xff\xfe", b"\xd0\xb6", &long] {
        let running = Running::start(watch(&gateway.base(), "post-sign", "--json 7"));
        let ran = running.input(input).end();
        assert_eq!(ran.code, Some(6), "{}", ran.stderr);
        assert!(ran.stdout.is_empty());
        assert!(ran.stderr.starts_with("error: token: ") && ran.stderr.len() < 300);
        assert!(!ran.stderr.contains("parts"), "{}", ran.stderr);
    }
    assert!(gateway.log().is_empty());
}

/// There is no password store in a bare process environment.
#[test]
#[cfg(target_os = "linux")]
fn a_password_store_that_is_not_there_says_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let console = folder.path().join("enrollment-console");
    fs::create_dir(&console).expect("created");
    let file = "[[environment]]\nname = \"Test\"\nkind = \"test\"\n\
                gateway = \"https://crm.example.invalid\"\nallow = []\n";
    fs::write(console.join("environments.toml"), file).expect("written");
    for line in [
        "watch --environment Test --phase pre-sign --json 7",
        "token status --environment test",
        "token forget --environment Test",
    ] {
        let mut command = program();
        command.env("XDG_CONFIG_HOME", folder.path()).args(line.split_whitespace());
        let ran = Running::start(command).end();
        assert_eq!(ran.code, Some(6), "{line}: {}", ran.stderr);
        assert!(ran.stdout.is_empty(), "{}", ran.stdout);
        assert!(ran.stderr.contains("password store"), "{line}: {}", ran.stderr);
        let advice = ran.stderr.contains("--token-stdin");
        assert_eq!(advice, line.starts_with("watch"), "{}", ran.stderr);
    }
}
