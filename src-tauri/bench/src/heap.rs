//! The benchmark, counting its heap.

use std::process::ExitCode;

use peak_alloc::PeakAlloc;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

fn main() -> ExitCode {
    enrollment_bench::main(Some(|| HEAP.current_usage()))
}
