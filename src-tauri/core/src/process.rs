//! A process that keeps to itself what it holds in memory.

use std::{
    backtrace::Backtrace,
    io::{self, Write as _},
    panic::{self, PanicHookInfo},
    thread,
};

/// Switches off whatever would write the memory of this process down, or say it: core dumps and, on
/// Linux, the eyes of the user's other programs (`ptrace`, `/proc/…/mem`), and the payload of
/// panics. To be called before anything secret is read. Programs that it starts inherit that they
/// leave no core dump. On Windows nobody dumps programs unless an administrator says so.
pub fn keep_to_itself() {
    panic::set_hook(Box::new(|panic| {
        // Where nobody listens there is nobody to tell.
        let _ = writeln!(io::stderr(), "{}", told(panic));
    }));
    #[cfg(unix)]
    no_dumps();
}

#[cfg(unix)]
fn no_dumps() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let nothing = Rlimit { current: Some(0), maximum: Some(0) };
    // A system that refuses to do without is no reason not to work.
    let _ = setrlimit(Resource::Core, nothing);
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

/// Where it happened. What was said there may hold anything.
fn told(panic: &PanicHookInfo<'_>) -> String {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let thread = thread::current();
    let name = thread.name().unwrap_or("unnamed");
    // Empty unless `RUST_BACKTRACE` asks for it; it names functions and lines alone.
    let trace = Backtrace::capture();
    format!("a fault of the program at {place}, in its thread {name}\n{trace}")
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::{env, fs, process::Command};

    use super::*;

    const CANARY: &str = "canary-in-a-payload";

    /// The payload is made at run time, so that no line of the source that is printed has it.
    fn child() {
        keep_to_itself();
        let limits = fs::read_to_string("/proc/self/limits").expect("limits");
        let cores = limits.lines().find(|line| line.starts_with("Max core file size"));
        let fields: Vec<&str> = cores.expect("a limit").split_whitespace().collect();
        assert_eq!(fields[4..6], ["0", "0"], "soft and hard");
        let behaviour = rustix::process::dumpable_behavior().expect("an answer");
        assert_eq!(behaviour, rustix::process::DumpableBehavior::NotDumpable);
        let payload = format!("{} {}", CANARY, CANARY.to_uppercase());
        let doomed = thread::Builder::new().name("doomed".to_owned());
        let end = doomed.spawn(move || panic::panic_any(payload)).expect("a thread").join();
        assert!(end.is_err());
    }

    #[test]
    fn a_panic_says_where_and_not_what_and_leaves_no_core() {
        const MARK: &str = "A_CHILD_THAT_PANICS";
        if env::var_os(MARK).is_some() {
            return child();
        }
        let test = thread::current().name().expect("a test's thread").to_owned();
        let output = Command::new(env::current_exe().expect("this test"))
            .args(["--exact", &test, "--nocapture"])
            .env(MARK, "1")
            .env("RUST_BACKTRACE", "1")
            .output()
            .expect("it runs");
        let told = [output.stdout, output.stderr].concat();
        let told = String::from_utf8_lossy(&told);
        assert!(output.status.success(), "{told}");
        assert!(told.contains("process.rs:") && told.contains("thread doomed"), "{told}");
        assert!(!told.to_lowercase().contains(CANARY), "{told}");
    }
}
