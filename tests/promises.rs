//! What the page on security promises is backed by tests that exist, and what all pages name is there.

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

const PAGES: [&str; 8] = [
    "README.md",
    "CONTRIBUTING.md",
    "docs/administrators.md",
    "docs/agents.md",
    "docs/architecture.md",
    "docs/benchmark.md",
    "docs/reliability.md",
    "docs/security.md",
];

/// Every page, with what it says.
fn pages() -> impl Iterator<Item = (&'static str, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    PAGES.iter().map(move |page| (*page, fs::read_to_string(root.join(page)).expect("a page")))
}

#[test]
fn every_make_that_a_page_names_is_a_target() {
    let makefile = include_str!("../Makefile");
    let mut named = 0;
    for (page, text) in pages() {
        let inline = text.split('`').skip(1).step_by(2);
        let targets = inline.chain(text.lines()).filter_map(|it| it.strip_prefix("make "));
        for target in targets.filter_map(|it| it.split_whitespace().next()) {
            let is_one = makefile.lines().any(|line| line.starts_with(&format!("{target}:")));
            assert!(is_one, "{page}: make {target}");
            named += 1;
        }
    }
    assert!(named > 20, "the pages name {named}");
}

#[test]
fn every_place_that_a_page_leads_to_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut places = 0;
    for (page, text) in pages() {
        let beside = root.join(page).parent().expect("a folder").to_owned();
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let links = links.filter(|link| !link.contains("://") && !link.starts_with('#'));
        let links = links.map(|link| beside.join(link.split('#').next().unwrap_or_default()));
        let quoted = text.split('`').skip(1).step_by(2);
        let whole = |it: &&str| !it.contains(['*', '…', ' ', '{', '?']);
        let own = |it: &&str| {
            ["src-tauri/", "ui/", "tests/", "docs/"].iter().any(|at| it.starts_with(at))
        };
        let paths = quoted.filter(whole).filter(own).map(|path| root.join(path));
        for place in links.chain(paths) {
            assert!(place.exists(), "{page}: {} is not there", place.display());
            places += 1;
        }
    }
    assert!(places > 60, "the pages lead to {places}");
}
