//! The other commands.

use std::{
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
};

use crate::program::{Ran, Running, program};

fn ran(arguments: &[&str]) -> Ran {
    let mut command = program();
    command.args(arguments);
    Running::start(command).end()
}

/// The file is a draft: whoever can write it may ask what it would decide.
#[test]
fn a_draft_of_a_policy_is_read_and_told_and_a_broken_one_names_its_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let check = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        ran(&["policy", "check", path.to_str().expect("UTF-8")])
    };
    let example = check("good.toml", include_str!("../../docs/policy.example.toml"));
    assert_eq!(example.code, Some(0), "{}", example.stderr);
    for line in
        ["keep-days: 30", "hide-after: 5", "environment \"Central\": https://crm.example.bg"]
    {
        assert!(example.stdout.lines().any(|it| it == line), "{line}: {}", example.stdout);
    }
    let broken = check("broken.toml", "\nkeep-days = 0");
    assert_eq!((broken.code, broken.stdout.as_str()), (Some(2), ""));
    for words in ["broken.toml", "line 2", "is not within 1 to 3650"] {
        assert!(broken.stderr.contains(words), "{words}: {}", broken.stderr);
    }
    let missing = ran(&["policy", "check", "nowhere.toml"]);
    assert_eq!(missing.code, Some(2));
}

#[test]
fn check_url_decides_and_says_why() {
    let check = |url: &str| {
        ran(&["check-url", "--allow", "a.example.bg", "--allow", "b.example.bg/s/", url])
    };
    let allowed = check("https://B.example.bg/s/secret?q=1");
    assert_eq!((allowed.code, allowed.stdout.as_str()), (Some(0), "b.example.bg\n"));
    for (url, rule) in [
        ("https://evil.example.net/secret", "(rule no-entry)"),
        ("http://a.example.bg/secret", "(rule scheme)"),
        ("https://b.example.bg/secret", "(rule path-prefix)"),
        ("-https://a.example.bg/secret", "(rule scheme)"),
        ("", "(rule length)"),
        ("https://a.example.bg\\@evil/secret", "(rule character)"),
    ] {
        let refused = check(url);
        assert_eq!((refused.code, refused.stdout.as_str()), (Some(7), ""), "{url}");
        assert!(
            refused.stderr.contains(rule) && !refused.stderr.contains("secret"),
            "{url}: {}",
            refused.stderr
        );
    }
    for entry in ["*.bg", "https://a.example.bg", "127.0.0.1", "a.example.bg/x", ""] {
        let bad = ran(&["check-url", "--allow", entry, "https://a.example.bg/"]);
        assert_eq!((bad.code, bad.stdout.as_str()), (Some(2), ""), "{entry}");
    }
    assert_eq!(ran(&["check-url", "https://a.example.bg/"]).code, Some(2));
}

#[cfg(unix)]
#[test]
fn a_link_that_is_no_text_is_refused() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};
    let mut command = program();
    command.args(["check-url", "--allow", "a.example.bg"]);
    command.arg(OsStr::from_bytes(b"https://a.example.bg/\xff"));
    assert_eq!(Running::start(command).end().code, Some(7));
}

#[test]
fn help_lists_what_the_sandbox_plays() {
    let help = ran(&["sandbox", "--help"]);
    assert_eq!(help.code, Some(0));
    for scenario in enrollment_sandbox::scenarios() {
        assert!(help.stdout.contains(scenario.name), "{}", scenario.name);
    }
}

/// As the sandbox's own words tell: a token from it, piped into a watch.
#[test]
fn a_watch_against_the_sandbox_reaches_its_target() {
    let mut command: Command = program();
    command.args(["sandbox", "--quick"]).stderr(Stdio::null());
    let mut sandbox = command.spawn().expect("the program starts");
    let mut base = String::new();
    let mut output = BufReader::new(sandbox.stdout.take().expect("piped"));
    output.read_line(&mut base).expect("an address");
    let base = base.trim();
    let token = token_from(base);

    let more = "--json --interval 0.2 --cap 10 1000 3000 5000:merchant";
    let watch = Running::start(crate::program::watch(base, "pre-sign", more));
    let told = watch.input(token.as_bytes()).end();
    assert_eq!(told.code, Some(4), "{}", told.stdout);
    assert!(!told.stdout.contains(token.trim()));

    let stopped = Command::new("kill").args(["-s", "INT", &sandbox.id().to_string()]).status();
    assert!(stopped.is_ok_and(|status| status.success()));
    assert_eq!(sandbox.wait().expect("it ends").code(), Some(130));
}

fn token_from(base: &str) -> String {
    use std::{
        io::{Read as _, Write as _},
        net::TcpStream,
    };
    let address = base.strip_prefix("http://").expect("an address");
    let mut stream = TcpStream::connect(address).expect("it listens");
    let request = format!(
        "POST /token HTTP/1.1\r\nHost: {address}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    answer.split_once("\r\n\r\n").expect("a body").1.to_owned()
}

#[test]
fn the_demo_brings_everybody_home() {
    let ran = ran(&["demo"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    let last = ran.stdout.lines().last().unwrap_or_default();
    assert!(last.starts_with("8 of 8 customers signed and handed on"), "{last}");
    assert!(ran.stdout.contains("(HTTP 500)") && ran.stdout.contains("AWAITING_OPERATOR_REVIEW"));
    assert!(!ran.stdout.contains("/sign/"), "no more of a link than its host");
    assert!(ran.stderr.is_empty(), "{}", ran.stderr);
}

#[test]
fn a_bundle_for_support_is_written_once_and_never_over_another_file() {
    let home = tempfile::tempdir().expect("a folder");
    let bundle = home.path().join("bundle.zip");
    let write = || {
        let mut command = program();
        command.args(["support-bundle", "--output"]).arg(&bundle).env("HOME", home.path());
        Running::start(command).end()
    };
    let written = write();
    assert_eq!(written.code, Some(0), "{}", written.stderr);
    assert_eq!(written.stdout.trim(), bundle.display().to_string());
    let archive = std::fs::read(&bundle).expect("there");
    assert!(archive.starts_with(b"PK"));
    let again = write();
    assert_eq!(again.code, Some(2));
    assert!(again.stderr.contains("is there already"), "{}", again.stderr);
    assert_eq!(std::fs::read(&bundle).expect("there"), archive, "nothing changed");
}
