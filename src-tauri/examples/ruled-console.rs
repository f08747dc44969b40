//! The console by a policy that anybody may have written, for the tests of its window.

use std::{env, path::PathBuf, process::ExitCode};

use enrollment_console::{Setup, Telling};
use enrollment_core::policy::PolicyFile;

fn main() -> ExitCode {
    enrollment_core::process::keep_to_itself();
    let path = env::args_os().nth(1).map(PathBuf::from).unwrap_or_default();
    let alone = env::args().nth(2).is_some_and(|it| it == "one-by-one");
    let telling = if alone { Telling::OneByOne } else { Telling::Together };
    match enrollment_console::run_as(Setup { policy: PolicyFile::draft(&path), telling }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            enrollment_console::show_last_words(&error.to_string());
            ExitCode::FAILURE
        }
    }
}
