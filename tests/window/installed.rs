//! The console as its package installs it: used, upgraded and taken away. It changes the system it
//! runs in, so `make prove-package` makes one for it.

use std::{env, path::Path, process::Command};

use super::{
    journey::{LABEL, leads_a_customer_all_the_way},
    stage::Stage,
};

const PACKAGE: &str = "enrollment-console";
const CONSOLE: &str = "/usr/bin/enrollment-console";
/// Names the package to upgrade to.
const NEWER: &str = "NEWER_PACKAGE";

#[tokio::test]
#[ignore = "installs and removes packages: make prove-package"]
async fn an_installed_console_keeps_its_journal_over_an_upgrade_and_leaves_it_when_it_goes() {
    let newer = env::var(NEWER).expect("the package to upgrade to");
    let stage = Stage::set();
    let before = installed_version();
    let console = stage.start_at(Path::new(CONSOLE)).await;
    leads_a_customer_all_the_way(&console, &stage).await;
    stage.ends(async || stage.close_window()).await;
    console.leave().await;

    run("apt-get", &["install", "-y", &newer]);
    assert_ne!(installed_version(), before, "it was upgraded");
    let console = stage.start_at(Path::new(CONSOLE)).await;
    console.press("#tab-all").await;
    console.says(r#".row[data-situation="handed-on"]"#, LABEL).await;
    stage.ends(async || stage.close_window()).await;
    console.leave().await;

    run("apt-get", &["purge", "-y", PACKAGE]);
    assert!(!Path::new(CONSOLE).exists(), "it is gone");
    assert!(stage.journal_holds(LABEL), "what it kept is the user's");
}

fn installed_version() -> String {
    run("dpkg-query", &["-W", "-f", "${Version}", PACKAGE])
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().expect("it starts");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{program}: {told}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    told
}
