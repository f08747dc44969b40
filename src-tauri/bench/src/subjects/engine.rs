//! The product: its desk, driven as the window and the command line drive it.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use anyhow::{Context, Result};
use enrollment_core::{
    desk::{
        Attendance,
        driver::{self, Handle, Keeping, NoWayOut, Subscriber},
        view::{Add, Feed, Key},
    },
    enrollment::{Customer, How, Operator, Place, UserType},
    environment::{Budget, Environment, EnvironmentKind},
    signing_url::Allowlist,
    tokens::AccessToken,
    watch::Pace,
};
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;

use crate::{
    args::EngineArgs,
    child,
    contract::{INTERVAL, TOKEN},
    gateway::wall_micros,
};

const ENVIRONMENT: &str = "bench";
/// No watch ends while it is measured.
const CAP_SECONDS: f64 = 86_400.0;

/// What the engine says of itself.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Report {
    /// Bytes of heap in use, where they are counted.
    pub heap: Option<usize>,
    /// How late polls left since the last report: 99 of 100 were not later.
    pub late_p99_ms: u64,
    /// Changes that reached the subscriber.
    pub flips: u64,
    /// From the changes to the subscriber, all together.
    pub flip_micros: u64,
    /// Whether the environment says that more polls are due than its budget allows.
    pub behind: bool,
}

/// Watches until standard input ends, and answers every line there with a [`Report`].
pub fn run(args: &EngineArgs, heap: Option<fn() -> usize>) -> Result<()> {
    let seen = Arc::new(Seen::default());
    // The desk has a thread of its own: this runtime only waits for what the desk replies.
    let runtime = tokio::runtime::Builder::new_current_thread().build().context("no runtime")?;
    let handle = runtime.block_on(watch(args, Arc::clone(&seen)))?;
    child::answer(|| Report {
        heap: heap.map(|in_use| in_use()),
        late_p99_ms: runtime.block_on(handle.lateness()).p99_ms,
        flips: seen.flips.load(Ordering::Relaxed),
        flip_micros: seen.micros.load(Ordering::Relaxed),
        behind: seen.behind.load(Ordering::Relaxed),
    })
}

async fn watch(args: &EngineArgs, seen: Arc<Seen>) -> Result<Handle> {
    let environment = environment(args)?;
    let handle = driver::start(
        vec![environment],
        Operator::account("bench"),
        Attendance::Attended,
        Arc::new(NoWayOut),
        Keeping::Nothing,
    )?;
    handle.subscribe(Listener { seen, last: HashMap::new() });
    handle.token(ENVIRONMENT, AccessToken::from_pasted(TOKEN)?, true);
    let mut adding = JoinSet::new();
    for id in 1..=args.subject.users {
        let handle = handle.clone();
        adding.spawn(async move { handle.add(user(id), How::CommandLine).await });
    }
    while let Some(added) = adding.join_next().await {
        added??;
    }
    Ok(handle)
}

fn environment(args: &EngineArgs) -> Result<Environment> {
    let allow = Allowlist::new(Vec::new());
    let mut environment =
        Environment::new(ENVIRONMENT, EnvironmentKind::Test, args.subject.gateway.parse()?, allow);
    if let Some(per_second) = args.per_second {
        environment.budget = Budget::new(environment.budget.in_flight(), per_second)?;
    }
    environment.pre_sign = Pace::new(INTERVAL.as_secs_f64(), CAP_SECONDS, true)?;
    Ok(environment)
}

fn user(id: u32) -> Add {
    Add {
        environment: ENVIRONMENT.to_owned(),
        id: id.to_string(),
        user_type: UserType::Individual,
        label: String::new(),
        place: Place::Remote,
        customer: Customer::IdentificationFinished,
        both_types: false,
    }
}

/// What the subscriber has seen.
#[derive(Debug, Default)]
struct Seen {
    flips: AtomicU64,
    micros: AtomicU64,
    behind: AtomicBool,
}

/// A subscriber that looks at whether the environment is behind, and at each row for the moment
/// which the gateway puts into its message.
struct Listener {
    seen: Arc<Seen>,
    last: HashMap<Key, u64>,
}

impl Subscriber for Listener {
    fn tell(&mut self, feed: Feed) -> bool {
        let now = wall_micros();
        for environment in feed.environments.into_iter().flatten() {
            self.seen.behind.store(environment.behind, Ordering::Relaxed);
        }
        for row in feed.rows {
            let at = row.message.as_deref().and_then(|message| message.parse().ok());
            if let Some(at) = at
                && self.last.insert(row.key, at) != Some(at)
            {
                self.seen.flips.fetch_add(1, Ordering::Relaxed);
                self.seen.micros.fetch_add(now.saturating_sub(at), Ordering::Relaxed);
            }
        }
        true
    }
}
