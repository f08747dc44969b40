#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| enrollment_attacks::targets::link(data));
