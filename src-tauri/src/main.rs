//! The desktop console.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    enrollment_core::process::keep_to_itself();
    match enrollment_console::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("enrollment-console: {error}");
            enrollment_console::show_last_words(&format!("The console cannot start.\n\n{error}"));
            ExitCode::FAILURE
        }
    }
}
