//! The client library alone: requests in batches, bodies read, nothing kept. What the engine is
//! measured against in instructions.

use anyhow::{Context, Result};
use reqwest::header::AUTHORIZATION;
use tokio::task::JoinSet;

use super::client;
use crate::{
    args::BareClientArgs,
    contract::{BEARER, path},
};

/// What one tick of the engine sends at 1,000 watches every 3 s.
const BATCH: usize = 33;

/// Sends its polls, and ends.
pub fn run(args: &BareClientArgs) -> Result<()> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().context("no runtime")?;
    runtime.block_on(poll_all(args))
}

async fn poll_all(args: &BareClientArgs) -> Result<()> {
    let client = client()?;
    let urls: Vec<String> = (1..=args.subject.users)
        .map(|id| format!("{}{}", args.subject.gateway, path(id)))
        .collect();
    let polls: Vec<&String> = urls.iter().cycle().take(usize::try_from(args.polls)?).collect();
    for batch in polls.chunks(BATCH) {
        let mut answers = JoinSet::new();
        for url in batch {
            let request = client.get(*url).header(AUTHORIZATION, BEARER);
            answers.spawn(async move { request.send().await?.error_for_status()?.bytes().await });
        }
        while let Some(answer) = answers.join_next().await {
            answer??;
        }
    }
    Ok(())
}
