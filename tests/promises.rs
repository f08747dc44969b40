//! What the page on security promises is backed by tests that exist.

use std::{collections::BTreeSet, fs, path::Path};

/// Every test's name, of the core, the programs and the page's modules around them.
fn tests_below(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            tests_below(&path, names);
        } else if path.extension().is_some_and(|it| it == "rs") {
            let text = fs::read_to_string(&path).expect("a source file");
            let mut lines = text.lines().map(str::trim);
            while let Some(line) = lines.next() {
                if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
                    let tested = lines.find_map(|line| line.split_once("fn ")).expect("a test").1;
                    names.extend(tested.split_once('(').map(|(name, _)| name.to_owned()));
                }
            }
        }
    }
}

#[test]
fn every_test_that_a_promise_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut names = BTreeSet::new();
    for folder in ["src-tauri", "tests"] {
        tests_below(&root.join(folder), &mut names);
    }
    let page = fs::read_to_string(root.join("docs/security.md")).expect("the page");
    let quoted: Vec<&str> = page.split('`').skip(1).step_by(2).collect();
    let promised = quoted.iter().filter(|it| it.matches('_').count() > 2 && !it.contains('/'));
    let missing: Vec<_> = promised.clone().filter(|it| !names.contains(**it)).collect();
    assert!(missing.is_empty(), "there is no test of that name: {missing:?}");
    assert!(promised.count() > 40, "the page names its tests");
    let files = quoted.iter().filter(|it| it.starts_with("tests/"));
    let gone: Vec<_> = files.filter(|it| !root.join(it).exists()).collect();
    assert!(gone.is_empty(), "there is no such test: {gone:?}");
}
