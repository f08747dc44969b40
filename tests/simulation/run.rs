//! Many seeds on several cores, and what is said about them.

use std::{
    panic::catch_unwind,
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
    world::{self, Played},
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
            // A desk that panics has broken a rule as well.
            let played = catch_unwind(|| world::play(seed, Trace::default())).ok();
            if let Some(played) = &played {
                census.merge(&played.census);
            }
            if played.is_none_or(|played| played.held.is_err()) {
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

/// Plays one seed and shows its last steps: all of them, or those before the rule was broken.
fn one(seed: u64) -> ExitCode {
    println!("Replay: cargo test --locked -p enrollment-core --test simulation -- --seed {seed}");
    let Played { census, held, steps } = world::play(seed, Trace::kept());
    for step in steps {
        println!("{step}");
    }
    if let Err(Violation { rule, seen, .. }) = held {
        println!("seed {seed} breaks a rule: {rule}\n  {seen}");
        return ExitCode::FAILURE;
    }
    println!("{}\nseed {seed} holds", census.table());
    ExitCode::SUCCESS
}
