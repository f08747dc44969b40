//! Many rounds of each fault, many at once, and what is said about them.

use std::{
    collections::BTreeMap,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use comfy_table::{CellAlignment, Table, presets::NOTHING};
use tokio::{runtime::Builder, sync::Semaphore, task::JoinSet};

use crate::{
    arguments::Arguments,
    faults::{self, Fault},
    papers::Papers,
    proxy::{self, Ledger},
    round::{self, Ground, Outcome},
    surroundings::{Place, Surroundings},
};

/// Most of a round is waiting.
const AT_ONCE: usize = 250;

type Played = (Fault, u64, Result<Outcome, String>);

/// What became of all rounds.
#[derive(Default)]
struct Toll {
    counts: BTreeMap<(&'static str, String), u64>,
    slowest: BTreeMap<&'static str, Duration>,
    late: Vec<(Fault, u64)>,
    broken: Vec<String>,
}

/// Plays what was asked for and belongs here.
pub fn run(arguments: &Arguments, surroundings: Surroundings) -> ExitCode {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let begun = Instant::now();
    let toll = runtime.block_on(async {
        let ledger = match surroundings.place {
            Place::Proxy | Place::Socks => {
                proxy::start(surroundings.proxy).await.expect("the proxy's port is free")
            }
            Place::Nobody => Ledger::default(),
        };
        let ground = Arc::new(Ground { papers: Papers::make(), ledger, place: surroundings.place });
        let mut toll = all(arguments, &ground).await;
        // Whatever came late with much else going on has a chance alone.
        for (fault, seed) in std::mem::take(&mut toll.late) {
            let played = round::play(fault, seed, &ground).await.and_then(in_time);
            toll.count((fault, seed, played));
        }
        toll
    });
    // Looking up a name may still block a thread.
    runtime.shutdown_background();
    toll.tell(begun.elapsed())
}

fn in_time(outcome: Outcome) -> Result<Outcome, String> {
    if outcome.is_late { Err(format!("it took {:?}", outcome.took)) } else { Ok(outcome) }
}

async fn all(arguments: &Arguments, ground: &Arc<Ground>) -> Toll {
    let seeds = arguments.seed.map_or(0..arguments.rounds, |it| it..it + 1);
    let here = |fault: &Fault| fault.place() == ground.place && arguments.wants(*fault);
    let room = Arc::new(Semaphore::new(AT_ONCE));
    let mut rounds: JoinSet<Played> = JoinSet::new();
    let mut toll = Toll::default();
    for seed in seeds {
        // The slow ones first: they wait beside everything else.
        for fault in faults::all().filter(here) {
            let (room, ground) = (Arc::clone(&room), Arc::clone(ground));
            let place = room.acquire_owned().await.expect("nobody closes it");
            rounds.spawn(async move {
                let _place = place;
                (fault, seed, round::play(fault, seed, &ground).await)
            });
            while let Some(played) = rounds.try_join_next() {
                toll.count(played.expect("a round does not panic"));
            }
        }
    }
    while let Some(played) = rounds.join_next().await {
        toll.count(played.expect("a round does not panic"));
    }
    toll
}

impl Toll {
    fn count(&mut self, (fault, seed, played): Played) {
        match played {
            Ok(outcome) if outcome.is_late => self.late.push((fault, seed)),
            Ok(outcome) => {
                *self.counts.entry((fault.name(), outcome.answer)).or_default() += 1;
                let slowest = self.slowest.entry(fault.name()).or_default();
                *slowest = outcome.took.max(*slowest);
            }
            Err(wrong) => {
                let name = fault.name();
                println!(
                    "{name}, seed {seed}: {wrong}\n  Replay: cargo test --locked -p \
                     enrollment-core --test network -- --only {name} --seed {seed}"
                );
                self.broken.push(format!("{name} {seed}"));
            }
        }
    }

    fn tell(&self, took: Duration) -> ExitCode {
        let mut table = Table::new();
        table.load_preset(NOTHING).set_header(["fault", "answer", "rounds", "slowest"]);
        for ((fault, answer), times) in &self.counts {
            let slowest = format!("{:.1?}", self.slowest.get(fault).copied().unwrap_or_default());
            table.add_row([(*fault).to_owned(), answer.clone(), times.to_string(), slowest]);
        }
        for column in table.column_iter_mut().skip(2) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        let rounds: u64 = self.counts.values().sum();
        println!("{table}\n{rounds} rounds in {:.1} s", took.as_secs_f64());
        if self.broken.is_empty() {
            return ExitCode::SUCCESS;
        }
        println!("{} rounds broke a rule: {}", self.broken.len(), self.broken.join(", "));
        ExitCode::FAILURE
    }
}
