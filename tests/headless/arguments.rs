//! Wrong arguments end it before the token is read and before anything is sent.

use std::{fs, process::Command};

use tempfile::TempDir;

use crate::{
    gateway::{Gateway, Script},
    program::{Running, program, watch},
};

const FILE: &str = r#"
[[environment]]
name = "Test"
kind = "test"
gateway = "https://crm.example.invalid/api"
allow = ["sign.example.bg"]
"#;

/// Runs a command whose standard input stays open and empty: whoever reads it hangs.
fn refused(command: Command) -> String {
    let ran = Running::start(command).end();
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    assert!(ran.stdout.is_empty(), "{}", ran.stdout);
    ran.stderr
}

fn one_line(stderr: &str) -> &str {
    let line = stderr.strip_suffix('\n').expect("a line");
    assert!(line.starts_with("error: ") && !line.contains('\n'), "{stderr:?}");
    line
}

#[test]
fn each_wrong_argument_is_named_with_its_rule() {
    let gateway = Gateway::play(|_| Script::new());
    let cases = [
        ("0", "USER \"0\": the id is not within 1 to 2147483647"),
        ("-5", "USER \"-5\": the id holds something other than the digits"),
        ("2147483648", "not within 1 to 2147483647"),
        ("\u{ff11}", "the id holds something other than the digits"),
        ("abc", "USER \"abc\""),
        (":merchant", "the id is empty"),
        ("7:MERCHANT", "after the colon stands individual or merchant"),
        ("7:merchant:x", "after the colon stands individual or merchant"),
        ("7 8 7:individual", "repeats \"7\""),
        ("--interval 0 7", "--interval: 0 s is not within"),
        ("--interval -1 7", "--interval: -1 s is not within"),
        ("--interval inf 7", "--interval: inf s is not within"),
        ("--cap 100000 7", "--cap: 100000 s is not within"),
        (
            "--allow https://a.example.bg 7",
            "--allow \"https://a.example.bg\": an entry has no scheme",
        ),
        ("--allow a.example.bg --allow *.bg 7", "--allow \"*.bg\": this is a public suffix"),
    ];
    for (arguments, said) in cases {
        let stderr = refused(watch(&gateway.base(), "pre-sign", arguments));
        assert!(one_line(&stderr).contains(said), "{arguments}: {stderr}");
    }
    assert!(gateway.log().is_empty(), "something was sent");
}

#[test]
fn the_gateway_is_checked_too() {
    for (gateway, said) in [
        ("http://crm.example.bg", "must begin with https://"),
        ("http://localhost:8080", "must begin with https://"),
        ("ftp://crm.example.bg", "must begin with https://"),
        ("crm.example.bg", "not an address"),
        ("https://me:pw@crm.example.bg", "a user or password"),
        ("https://crm.example.bg/?a=1", "a query"),
    ] {
        let stderr = refused(watch(gateway, "pre-sign", "7"));
        assert!(one_line(&stderr).starts_with("error: --gateway: "), "{stderr}");
        assert!(stderr.contains(said) && !stderr.contains("pw"), "{stderr}");
    }
    let far = "https://crm.example.bg";
    for more in ["--interval 1.9 7", "--interval 5.1 7", "--cap 119 7", "--cap 301 7"] {
        let stderr = refused(watch(far, "pre-sign", more));
        assert!(
            one_line(&stderr).contains("only a gateway on this machine may differ"),
            "{stderr}"
        );
    }
}

#[test]
fn what_does_not_go_together_is_refused() {
    for line in [
        "watch --phase pre-sign --token-stdin 7",
        "watch --gateway http://127.0.0.1:1 --environment Test --phase pre-sign --token-stdin 7",
        "watch --environment Test --allow a.example.bg --phase pre-sign 7",
        "watch --gateway http://127.0.0.1:1 --token-stdin 7",
        "watch --gateway http://127.0.0.1:1 --phase sideways --token-stdin 7",
        "watch --gateway http://127.0.0.1:1 --phase pre-sign --token-stdin",
        "watch --gateway http://127.0.0.1:1 --phase pre-sign 7",
        "watch --gateway http://127.0.0.1:1 --phase pre-sign --token-stdin --interval soon 7",
        "watch --gateway http://127.0.0.1:1 --phase pre-sign --token abc 7",
        "",
    ] {
        let mut command = program();
        command.args(line.split_whitespace());
        refused(command);
    }
}

fn with_file(text: &str) -> (TempDir, impl Fn(&str) -> String) {
    let folder = tempfile::tempdir().expect("a folder");
    let console = folder.path().join("enrollment-console");
    fs::create_dir(&console).expect("created");
    fs::write(console.join("environments.toml"), text).expect("written");
    let path = folder.path().to_owned();
    let refused = move |line: &str| {
        let mut command = program();
        command.env("XDG_CONFIG_HOME", &path).args(line.split_whitespace());
        one_line(&refused(command)).to_owned()
    };
    (folder, refused)
}

#[test]
#[cfg(target_os = "linux")]
fn the_environments_file_is_checked_before_the_token() {
    const WATCH: &str = "watch --phase pre-sign --token-stdin 7 --environment";
    let (_folder, refused_with) = with_file(FILE);
    let unknown = refused_with(&format!("{WATCH} Live"));
    assert!(unknown.contains("there is no \"Live\"") && unknown.contains("has Test"), "{unknown}");
    let training = refused_with(&format!("{WATCH} SANDBOX"));
    assert!(training.contains("enrollment-watch sandbox") && training.contains("--gateway"));
    let hurried = refused_with(&format!("{WATCH} test --interval 1"));
    assert!(hurried.contains("--interval: 1 s"), "the name is found in any case: {hurried}");

    let broken = FILE.replace("https", "http");
    let (_folder, refused_with) = with_file(&broken);
    for line in [&format!("{WATCH} Test"), "token status --environment Test"] {
        let broken = refused_with(line);
        for said in ["environments.toml", "line 5", "must begin with https://"] {
            assert!(broken.contains(said), "{broken}");
        }
    }
}
