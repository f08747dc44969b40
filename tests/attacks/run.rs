//! Many cases on all cores, and what is said about them.

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use clap::Parser;

use crate::{dice::Dice, harness::Harness};

/// How many cases a worker takes at a time.
const PORTION: u64 = 1_000;
/// How often a long run says how far it is.
const PROGRESS: Duration = Duration::from_secs(30);

#[derive(Parser)]
pub struct Arguments {
    /// How many cases.
    #[arg(long)]
    count: Option<u64>,
    /// What all of them are drawn from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Plays this case alone, and shows it.
    #[arg(long)]
    only: Option<u64>,
    #[command(flatten)]
    harness: Harness,
}

/// How often each thing came out.
#[derive(Default)]
pub struct Census(BTreeMap<String, u64>);

impl Census {
    pub fn note(&mut self, what: &str) {
        match self.0.get_mut(what) {
            Some(count) => *count += 1,
            None => {
                self.0.insert(what.to_owned(), 1);
            }
        }
    }

    pub fn of(&self, what: &str) -> u64 {
        self.0.get(what).copied().unwrap_or_default()
    }

    fn merge(&mut self, other: Self) {
        for (what, count) in other.0 {
            *self.0.entry(what).or_default() += count;
        }
    }
}

/// One kind of attack.
pub trait Attack: Sync {
    const NAME: &'static str;
    /// How many cases `cargo test` plays.
    const COUNT: u64;
    type Case: std::fmt::Debug;

    fn draw(&self, dice: &mut Dice) -> Self::Case;

    /// Panics where a property does not hold.
    fn judge(&self, case: &Self::Case, census: &mut Census);

    /// What is too rare in so many cases for the run to prove anything.
    fn missing(&self, census: &Census, count: u64) -> Vec<String>;
}

pub fn main<A: Attack>(attack: &A) -> ExitCode {
    let arguments = Arguments::parse();
    if !arguments.harness.wants(A::NAME) {
        return ExitCode::SUCCESS;
    }
    if let Some(number) = arguments.only {
        let case = attack.draw(&mut Dice::new(arguments.seed, number));
        println!("{case:#?}");
        let mut census = Census::default();
        attack.judge(&case, &mut census);
        println!("{:?}", census.0.keys());
        return ExitCode::SUCCESS;
    }
    let count = arguments.count.unwrap_or(A::COUNT);
    let begin = Instant::now();
    let (census, failed) = many(attack, arguments.seed, count);
    for (what, count) in &census.0 {
        println!("{count:>12} {what}");
    }
    let seconds = begin.elapsed().as_secs_f64();
    println!("{}: {count} cases of seed {} in {seconds:.1} s", A::NAME, arguments.seed);
    if let Some(number) = failed {
        println!(
            "Case {number} breaks a rule; see it with --seed {} --only {number}",
            arguments.seed
        );
        return ExitCode::FAILURE;
    }
    let missing = attack.missing(&census, count);
    if !missing.is_empty() {
        println!("Too rare, so the run proves nothing of them: {missing:#?}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// The first failing case stops the others.
fn many<A: Attack>(attack: &A, seed: u64, count: u64) -> (Census, Option<u64>) {
    let (next, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let found = Mutex::new((Census::default(), None::<u64>));
    let spoke = Mutex::new(Instant::now());
    let work = || {
        let (mut census, mut failed) = (Census::default(), None);
        while !stop.load(Ordering::Relaxed) {
            let begin = next.fetch_add(PORTION, Ordering::Relaxed);
            if begin >= count {
                break;
            }
            tell(&spoke, begin, count);
            failed = portion(attack, seed, begin..count.min(begin + PORTION), &mut census);
            if failed.is_some() {
                stop.store(true, Ordering::Relaxed);
            }
        }
        let mut found = found.lock().expect("no worker panics while it counts");
        found.0.merge(census);
        found.1 = found.1.into_iter().chain(failed).min();
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, Into::into) {
            scope.spawn(work);
        }
    });
    found.into_inner().expect("no worker panics while it counts")
}

/// Plays some cases, up to the first that breaks a rule.
fn portion<A: Attack>(
    attack: &A,
    seed: u64,
    mut numbers: std::ops::Range<u64>,
    census: &mut Census,
) -> Option<u64> {
    numbers.find(|number| {
        // What panics anywhere breaks a rule as well; the census of a failed run is of no use.
        let play = || {
            let case = attack.draw(&mut Dice::new(seed, *number));
            attack.judge(&case, census);
        };
        catch_unwind(AssertUnwindSafe(play)).is_err()
    })
}

fn tell(spoke: &Mutex<Instant>, done: u64, count: u64) {
    let mut spoke = spoke.lock().expect("nothing panics here");
    if spoke.elapsed() >= PROGRESS {
        *spoke = Instant::now();
        println!("{done} of {count}");
    }
}
