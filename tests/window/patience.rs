//! Waiting for things to become so.

use std::{
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
