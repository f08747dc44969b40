//! What the pages tell people to type.

use std::{fs, path::Path};

use clap::Parser as _;
use enrollment_watch::Cli;

/// The lines of a page's code that begin this program, each as a whole.
fn commands(page: &str) -> Vec<String> {
    let blocks = page.split("```").skip(1).step_by(2);
    let lines = blocks.flat_map(|block| {
        // The first line names the language.
        let code = block.split_once('\n').map_or("", |(_, code)| code);
        code.replace("\\\n", " ").lines().map(str::to_owned).collect::<Vec<_>>()
    });
    let own = lines.filter_map(|line| {
        let line = line.trim().replace("cargo run -p enrollment-watch --", "enrollment-watch");
        line.starts_with("enrollment-watch ").then_some(line)
    });
    own.collect()
}

#[test]
fn every_command_line_of_the_pages_is_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut tried = 0;
    for page in ["README.md", "docs/administrators.md", "docs/reliability.md", "docs/security.md"] {
        let text = fs::read_to_string(root.join(page)).expect("a page");
        for command in commands(&text) {
            if let Err(error) = Cli::try_parse_from(command.split_whitespace()) {
                panic!("{page}: {command}\n{error}");
            }
            tried += 1;
        }
    }
    assert!(tried >= 8, "the pages have {tried}");
}
