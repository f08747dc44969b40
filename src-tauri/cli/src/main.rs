//! `enrollment-watch`.

use std::process::ExitCode;

fn main() -> ExitCode {
    enrollment_watch::main()
}
