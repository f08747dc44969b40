//! Many seeds on several cores, and what is said about them.

use std::{
    process::ExitCode,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::Instant,
};

use crate::{
    arguments::{Arguments, SEEDS},
    census::Census,
    observer::Violation,
    trace::Trace,
    world,
};

/// Plays the seeds that were asked for.
pub fn run(arguments: &Arguments) -> ExitCode {
    if let Some(seed) = arguments.seed {
        return one(seed);
    }
    let begin = Instant::now();
    let (census, failed) = many(arguments);
    println!("{}", census.table());
    let seconds = begin.elapsed().as_secs_f64();
    println!("{} seeds from {} in {seconds:.1} s", arguments.seeds, arguments.from);
    if let Some(seed) = failed {
        return one(seed);
    }
    let missing = census.missing();
    if arguments.seeds >= SEEDS && !missing.is_empty() {
        println!("These never happened, so the run proves nothing of them: {missing:#?}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// The smallest failing seed stops the others.
fn many(arguments: &Arguments) -> (Census, Option<u64>) {
    let jobs = arguments.jobs.or_else(|| thread::available_parallelism().ok().map(Into::into));
    let end = arguments.from.saturating_add(arguments.seeds);
    let (next, stop) = (AtomicU64::new(arguments.from), AtomicBool::new(false));
    let found = Mutex::new((Census::default(), None::<u64>));
    let work = || {
        let mut census = Census::default();
        let mut failed = None;
        while !stop.load(Ordering::Relaxed) {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= end {
                break;
            }
            let (counts, held) = world::play(seed, Trace::default());
            census.merge(&counts);
            if held.is_err() {
                failed = Some(seed);
                stop.store(true, Ordering::Relaxed);
            }
        }
        let mut found = found.lock().expect("no worker panics while it counts");
        found.0.merge(&census);
        found.1 = found.1.into_iter().chain(failed).min();
    };
    thread::scope(|scope| {
        for _ in 0..jobs.unwrap_or(1).max(1) {
            scope.spawn(work);
        }
    });
    found.into_inner().expect("no worker panics while it counts")
}

fn one(seed: u64) -> ExitCode {
    let (census, held) = world::play(seed, Trace::kept());
    match held {
        Ok(()) => {
            println!("{}", census.table());
            println!("seed {seed} holds");
            ExitCode::SUCCESS
        }
        Err((Violation { rule, seen, .. }, steps)) => {
            println!("seed {seed} breaks a rule: {rule}\n  {seen}\nThe steps before:");
            for step in steps {
                println!("{step}");
            }
            println!(
                "Replay: cargo test --locked -p enrollment-core --test simulation -- --seed {seed}"
            );
            ExitCode::FAILURE
        }
    }
}
