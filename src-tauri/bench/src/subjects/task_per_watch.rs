//! The obvious design: one task per user, one shared client.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::{Context, Result};
use reqwest::header::AUTHORIZATION;
use tokio::time::{Instant, sleep_until};

use super::{Nothing, client, give_up};
use crate::{
    args::SubjectArgs,
    child,
    contract::{BEARER, INTERVAL, path, status_in},
};

type Statuses = Arc<Mutex<HashMap<u32, Option<String>>>>;

/// Polls until standard input ends.
pub fn run(args: &SubjectArgs) -> Result<()> {
    // What `#[tokio::main]` makes.
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no runtime")?;
    let client = client()?;
    let statuses = Statuses::default();
    let start = Instant::now();
    for id in 1..=args.users {
        let first = start + INTERVAL * (id - 1) / args.users;
        let url = format!("{}{}", args.gateway, path(id));
        runtime.spawn(watch(client.clone(), id, url, first, Arc::clone(&statuses)));
    }
    child::answer(|| Nothing {})
}

async fn watch(client: reqwest::Client, id: u32, url: String, first: Instant, statuses: Statuses) {
    sleep_until(first).await;
    loop {
        let sent = Instant::now();
        match poll(&client, &url).await {
            Ok(status) => {
                statuses.lock().unwrap_or_else(PoisonError::into_inner).insert(id, status);
            }
            Err(error) => give_up(&error),
        }
        sleep_until(sent + INTERVAL).await;
    }
}

async fn poll(client: &reqwest::Client, url: &str) -> Result<Option<String>> {
    let response = client.get(url).header(AUTHORIZATION, BEARER).send().await?;
    status_in(&response.error_for_status()?.bytes().await?)
}
