//! Many rounds of each kind, several at once, and what is said about them.

use std::{
    any::Any,
    collections::{BTreeMap, BTreeSet},
    panic::{self, AssertUnwindSafe, catch_unwind},
    process::ExitCode,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use clap::ValueEnum;
use comfy_table::{CellAlignment, Table, presets::NOTHING};
use enrollment_faulty_disk::{Fault, install};

use crate::{
    arguments::Arguments, bases::Bases, book::Held, crowded, damage, faults, look::RESTART, power,
    slow, speed,
};

/// A kind of round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Round {
    /// The power is lost, at any point of a journal's life.
    PowerLoss,
    /// The same, after syncs that failed.
    FailedSync,
    Full,
    Io,
    ReadOnly,
    ReadFails,
    Busy,
    CannotOpen,
    SlowSync,
    /// More lines wait than there is room for.
    Crowded,
    /// Files that are damaged, exchanged or gone.
    Damage,
    Speed,
}

/// What came of a round.
pub struct Outcome {
    /// What was done, and what became of it: each is counted.
    pub counts: Vec<(String, String)>,
    /// How long the list took to be there again.
    pub restart: Duration,
}

impl Round {
    fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |it| it.get_name().to_owned())
    }

    fn seeds(self, soak: bool) -> u64 {
        let (few, many) = match self {
            Self::PowerLoss => (100, 2_000),
            Self::Damage => (200, 5_000),
            Self::FailedSync => (30, 600),
            Self::Crowded => (4, 40),
            Self::Speed => (1, 1),
            Self::Full
            | Self::Io
            | Self::ReadOnly
            | Self::ReadFails
            | Self::Busy
            | Self::CannotOpen
            | Self::SlowSync => (10, 250),
        };
        if soak { many } else { few }
    }

    /// What waits for faults to go away needs no processor; what is measured needs it alone.
    fn at_once(self) -> usize {
        match self {
            Self::Full
            | Self::Io
            | Self::ReadOnly
            | Self::ReadFails
            | Self::Busy
            | Self::CannotOpen
            | Self::SlowSync
            | Self::FailedSync
            | Self::Crowded => 40,
            Self::PowerLoss => 12,
            Self::Damage => 6,
            Self::Speed => 1,
        }
    }

    fn play(self, seed: u64, bases: &Bases, soak: bool) -> Held<Outcome> {
        match self {
            Self::PowerLoss => power::play(seed, bases, false),
            Self::FailedSync => power::play(seed, bases, true),
            Self::Full => faults::play(Fault::Full, seed, bases),
            Self::Io => faults::play(Fault::Io, seed, bases),
            Self::ReadOnly => faults::play(Fault::ReadOnly, seed, bases),
            Self::ReadFails => faults::play(Fault::ReadFails, seed, bases),
            Self::Busy => faults::play(Fault::Busy, seed, bases),
            Self::CannotOpen => faults::play(Fault::CannotOpen, seed, bases),
            Self::SlowSync => slow::play(seed, bases),
            Self::Crowded => crowded::play(seed, bases),
            Self::Damage => damage::play(seed, bases),
            Self::Speed => speed::play(seed, soak),
        }
    }
}

/// What became of all rounds.
#[derive(Default)]
struct Toll {
    counts: BTreeMap<Round, BTreeMap<(String, String), u64>>,
    restart: Duration,
    /// Rounds whose lists came too late, with much else going on.
    late: Vec<(Round, u64)>,
    broken: Vec<String>,
}

/// What a thread of the journal said as it died.
static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Plays what was asked for.
pub fn run(arguments: &Arguments) -> ExitCode {
    let _disk = install();
    panic::set_hook(Box::new(|panicked| {
        let name = thread::current().name().unwrap_or_default().to_owned();
        // Those of a round are caught, and told with its seed.
        if name.starts_with("journal") {
            let told = format!("{name}: {panicked}");
            PANICS.lock().unwrap_or_else(PoisonError::into_inner).push(told);
        }
    }));
    let is_wanted = |round: &Round| arguments.only.is_empty() || arguments.only.contains(round);
    let kinds: Vec<Round> = Round::value_variants().iter().copied().filter(is_wanted).collect();
    let toll = Mutex::new(Toll::default());
    let bases = Bases::default();
    let groups: BTreeSet<usize> = kinds.iter().map(|round| round.at_once()).collect();
    for at_once in groups.into_iter().rev() {
        let these: Vec<Round> =
            kinds.iter().copied().filter(|round| round.at_once() == at_once).collect();
        let begin = Instant::now();
        together(&these, at_once, arguments, &bases, &toll);
        let names: Vec<String> = these.iter().map(|round| round.name()).collect();
        println!("{}: {:.1} s", names.join(", "), begin.elapsed().as_secs_f64());
    }
    let mut toll = toll.into_inner().unwrap_or_else(PoisonError::into_inner);
    toll.play_late_ones_alone(&bases);
    tell(&toll)
}

/// Plays rounds of several kinds, so many at a time.
fn together(
    kinds: &[Round],
    at_once: usize,
    arguments: &Arguments,
    bases: &Bases,
    toll: &Mutex<Toll>,
) {
    let soak = arguments.soak || (arguments.only == [Round::Speed]);
    let mut rounds = Vec::new();
    for &round in kinds {
        let seeds = arguments.seed.map_or(0..round.seeds(arguments.soak), |it| it..it + 1);
        rounds.extend(seeds.map(|seed| (round, seed)));
    }
    // Each kind of round in its turn.
    rounds.sort_by_key(|(round, seed)| (*seed, *round));
    let next = AtomicU64::new(0);
    let work = || {
        loop {
            let nth = next.fetch_add(1, Ordering::Relaxed);
            let Some(&(round, seed)) = usize::try_from(nth).ok().and_then(|nth| rounds.get(nth))
            else {
                break;
            };
            let played = catch_unwind(AssertUnwindSafe(|| round.play(seed, bases, soak)));
            let played = played.unwrap_or_else(|panicked| Err(words(&*panicked)));
            toll.lock().unwrap_or_else(PoisonError::into_inner).count(round, seed, played);
        }
    };
    thread::scope(|scope| {
        for _ in 0..at_once.min(rounds.len()) {
            scope.spawn(work);
        }
    });
}

fn words(panicked: &(dyn Any + Send)) -> String {
    let text = panicked.downcast_ref::<String>().cloned();
    text.or_else(|| panicked.downcast_ref::<&str>().map(|it| (*it).to_owned()))
        .unwrap_or_else(|| "a panic".to_owned())
}

impl Toll {
    fn play_late_ones_alone(&mut self, bases: &Bases) {
        for (round, seed) in std::mem::take(&mut self.late) {
            match round.play(seed, bases, true) {
                Ok(outcome) if outcome.restart <= RESTART => {
                    self.restart = self.restart.max(outcome.restart);
                }
                Ok(outcome) => {
                    let wrong = format!("the list took {:?}", outcome.restart);
                    self.count(round, seed, Err(wrong));
                }
                Err(wrong) => self.count(round, seed, Err(wrong)),
            }
        }
    }

    fn count(&mut self, round: Round, seed: u64, played: Held<Outcome>) {
        match played {
            Ok(outcome) => {
                if outcome.restart > RESTART {
                    self.late.push((round, seed));
                } else {
                    self.restart = self.restart.max(outcome.restart);
                }
                for what in outcome.counts {
                    *self.counts.entry(round).or_default().entry(what).or_default() += 1;
                }
            }
            Err(wrong) => {
                let name = round.name();
                println!(
                    "{name}, seed {seed}: {wrong}\n  Replay: cargo test --locked -p \
                     enrollment-core --test disk -- --only {name} --seed {seed}"
                );
                self.broken.push(format!("{name} {seed}"));
            }
        }
    }
}

fn tell(toll: &Toll) -> ExitCode {
    for (round, counts) in &toll.counts {
        println!("{}", table(*round, counts));
    }
    println!("The slowest list took {:.0?} (at most {RESTART:?})", toll.restart);
    let panics = PANICS.lock().unwrap_or_else(PoisonError::into_inner);
    for panicked in &*panics {
        println!("{panicked}");
    }
    if toll.broken.is_empty() && panics.is_empty() {
        return ExitCode::SUCCESS;
    }
    println!("{} rounds broke a rule: {}", toll.broken.len(), toll.broken.join(", "));
    ExitCode::FAILURE
}

fn table(round: Round, counts: &BTreeMap<(String, String), u64>) -> Table {
    let outcomes: BTreeSet<&String> = counts.keys().map(|(_, outcome)| outcome).collect();
    let whats: BTreeSet<&String> = counts.keys().map(|(what, _)| what).collect();
    let mut table = Table::new();
    let mut header = vec![round.name()];
    header.extend(outcomes.iter().map(|outcome| (*outcome).clone()));
    table.load_preset(NOTHING).set_header(header);
    for what in whats {
        let mut row = vec![what.clone()];
        for outcome in &outcomes {
            let times = counts.get(&(what.clone(), (*outcome).clone()));
            row.push(times.map_or_else(String::new, ToString::to_string));
        }
        table.add_row(row);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}
