//! What the fuzzers found worth keeping, given once to the same judges.

use std::{fs, path::Path};

use enrollment_attacks::targets;

#[test]
fn the_corpus_of_every_target_holds() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    for (name, target) in targets::ALL {
        let files = fs::read_dir(corpus.join(name)).expect("a folder for every target");
        let count = files
            .map(|file| target(&fs::read(file.expect("a file").path()).expect("a readable file")))
            .count();
        assert!(count >= 10, "{name} has {count} files only");
    }
}
