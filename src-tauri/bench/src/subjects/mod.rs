//! What is measured, each in a process of its own.

pub mod bare_client;
pub mod engine;
pub mod raw_hyper;
pub mod task_per_watch;

use std::{io, process, thread, time::Duration};

use anyhow::Result;
use reqwest::{
    header::{ACCEPT, HeaderMap, HeaderValue},
    redirect, retry,
};
use serde::Serialize;

/// The page's own kind of poller, for Node.
pub const POLLER: &str = include_str!("poller.mjs");

/// What a subject answers that has nothing to tell.
#[derive(Debug, Serialize)]
struct Nothing {}

/// A client of the library with the settings that the product has.
fn client() -> Result<reqwest::Client> {
    const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
    const TIMEOUT: Duration = Duration::from_secs(10);
    const KEEP_ALIVE: Duration = Duration::from_secs(5);
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    Ok(reqwest::Client::builder()
        .default_headers(headers)
        .user_agent(concat!("enrollment-bench/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .referer(false)
        .retry(retry::never())
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TIMEOUT)
        .http2_keep_alive_interval(KEEP_ALIVE)
        .http2_keep_alive_timeout(KEEP_ALIVE)
        .no_proxy()
        .build()?)
}

/// A subject whose figures would mean nothing any more.
fn give_up(why: &anyhow::Error) -> ! {
    eprintln!("error: {why:#}");
    process::exit(1)
}

/// Eats a core until standard input ends.
pub fn spin() {
    thread::spawn(|| {
        loop {
            std::hint::spin_loop();
        }
    });
    // Whatever ends it, the program ends with it.
    let _ = io::copy(&mut io::stdin(), &mut io::sink());
}
