//! The console by a policy that anybody may have written, for the tests of its window.

use std::{env, path::PathBuf, process::ExitCode, time::Duration};

use enrollment_console::Setup;
use enrollment_core::{desk::driver::USUAL_PACE, policy::PolicyFile};

fn main() -> ExitCode {
    enrollment_core::process::keep_to_itself();
    let path = env::args_os().nth(1).map(PathBuf::from).unwrap_or_default();
    // What changes is told at once, each by itself: what the usual way is measured beside.
    let at_once = env::args().nth(2).is_some_and(|it| it == "at-once");
    let pace = if at_once { Duration::ZERO } else { USUAL_PACE };
    match enrollment_console::run_as(Setup { policy: PolicyFile::draft(&path), pace }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            enrollment_console::show_last_words(&error.to_string());
            ExitCode::FAILURE
        }
    }
}
