//! The benchmark.

use std::process::ExitCode;

fn main() -> ExitCode {
    enrollment_bench::main(None)
}
