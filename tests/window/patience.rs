//! Waiting for things to become so.

use std::{
    process::{Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use tokio::time::{sleep, timeout};

/// How long anything may take: longer than any scenario used here, on a busy computer.
pub const PATIENCE: Duration = Duration::from_secs(25);
const BETWEEN: Duration = Duration::from_millis(50);

/// Tries until there is a value. None where patience ends, in the middle of a try too.
pub async fn until<T>(mut attempt: impl AsyncFnMut() -> Option<T>) -> Option<T> {
    let trying = async {
        loop {
            if let Some(value) = attempt().await {
                return value;
            }
            sleep(BETWEEN).await;
        }
    };
    timeout(PATIENCE, trying).await.ok()
}

/// The same, where nothing else goes on.
pub fn until_now<T>(mut attempt: impl FnMut() -> Option<T>) -> Option<T> {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(value) = attempt() {
            return Some(value);
        }
        if Instant::now() > end {
            return None;
        }
        thread::sleep(BETWEEN);
    }
}

/// What a program has said when it has ended by itself, after something was done to its process.
pub fn ended(mut program: Command, meanwhile: impl FnOnce(u32)) -> Output {
    let program = program.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = program.spawn().expect("it starts");
    meanwhile(process.id());
    let in_time = until_now(|| process.try_wait().ok().flatten()).is_some();
    // No trouble where it has ended.
    let _ = process.kill();
    let output = process.wait_with_output().expect("what it said");
    assert!(in_time, "it did not end by itself: {output:?}");
    output
}
