//! The benchmark itself: plays every part in turn, one subject at a time.

mod budget;
mod cpu;
mod figures;
mod flips;
mod gaps;
mod idle;
mod instructions;
mod memory;
mod progress;
mod stage;

use std::time::Duration;

use anyhow::{Result, bail};
use clap::ValueEnum as _;

use crate::args::{Part, RunArgs};
use figures::Figures;
use progress::Progress;
use stage::Stage;

/// How much is measured.
struct Extent {
    rounds: u32,
    /// Rounds at 10 watches, where nothing is claimed.
    rounds_of_10: u32,
    /// One window of CPU; intervals go into it without a rest.
    window: Duration,
    flip_window: Duration,
    idle_window: Duration,
    gap_window: Duration,
    /// Watches whose memory is counted, and who share a budget.
    many: u32,
    /// Polls of the shorter run under valgrind, and of the longer one.
    instructed: (u32, u32),
}

impl Extent {
    fn of(args: &RunArgs) -> Result<Self> {
        if args.quick {
            return Ok(Self {
                rounds: 1,
                rounds_of_10: 1,
                window: Duration::from_secs(3),
                flip_window: Duration::from_secs(9),
                idle_window: Duration::from_secs(5),
                gap_window: Duration::from_secs(15),
                many: 2_000,
                instructed: (3_500, 4_500),
            });
        }
        Ok(Self {
            rounds: args.rounds,
            rounds_of_10: args.rounds.min(2),
            window: Duration::from_secs(9),
            flip_window: Duration::from_secs(30),
            idle_window: Duration::from_secs(30),
            gap_window: Duration::try_from_secs_f64(args.gap_minutes * 60.0)?,
            many: 10_000,
            instructed: (4_000, 10_000),
        })
    }
}

/// Measures, prints, and writes the figures of a whole run.
pub fn run(args: &RunArgs) -> Result<()> {
    let extent = Extent::of(args)?;
    let stage = Stage::set(&args.folder)?;
    let parts: Vec<Part> = Part::value_variants()
        .iter()
        .copied()
        .filter(|part| args.only.is_empty() || args.only.contains(part))
        .collect();
    let total = parts.iter().map(|part| estimate(*part, &extent)).sum();
    let progress = Progress::begin(total);
    if args.quick {
        progress.say("--quick: these figures do not count, and are not written");
    }

    let mut figures = Figures::default();
    let mut failed = false;
    for part in parts {
        // What was measured before is told whatever becomes of the rest.
        if let Err(error) = play(part, &stage, &extent, &progress, &mut figures) {
            eprintln!("error: {part:?}: {error:#}");
            failed = true;
        }
    }
    figures.print();
    if args.quick {
        println!("These figures do not count: --quick.");
    } else if args.only.is_empty() {
        let path = stage.folder.join("summary.json");
        figures.write(&path)?;
        println!("written to {}", path.display());
    }
    if failed {
        bail!("some figures are missing");
    }
    Ok(())
}

fn play(
    part: Part,
    stage: &Stage,
    extent: &Extent,
    progress: &Progress,
    figures: &mut Figures,
) -> Result<()> {
    match part {
        Part::Cpu => cpu::THOUSAND.measure(stage, extent, progress, figures),
        Part::CpuAtOnce => cpu::THOUSAND_AT_ONCE.measure(stage, extent, progress, figures),
        Part::Cpu100 => cpu::HUNDRED.measure(stage, extent, progress, figures),
        Part::Cpu10 => cpu::TEN.measure(stage, extent, progress, figures),
        Part::Instructions => instructions::measure(stage, extent, progress, figures),
        Part::Memory => memory::measure(stage, extent, progress, figures),
        Part::Flips => flips::measure(stage, extent, progress, figures),
        Part::Idle => idle::measure(stage, extent, progress, figures),
        Part::Budget => budget::measure(stage, extent, progress, figures),
        Part::Gaps => gaps::measure(stage, extent, progress, figures),
    }
}

/// About how long a part takes.
fn estimate(part: Part, extent: &Extent) -> Duration {
    /// Until every user was polled twice.
    const WARM_UP: Duration = Duration::from_secs(7);
    match part {
        Part::Cpu => cpu::THOUSAND.estimate(extent),
        Part::CpuAtOnce => cpu::THOUSAND_AT_ONCE.estimate(extent),
        Part::Cpu100 => cpu::HUNDRED.estimate(extent),
        Part::Cpu10 => cpu::TEN.estimate(extent),
        Part::Instructions => instructions::estimate(extent),
        Part::Memory => memory::estimate(extent),
        Part::Flips => extent.flip_window + WARM_UP,
        Part::Idle => extent.idle_window + idle::SETTLING + WARM_UP,
        Part::Budget => budget::time(extent),
        Part::Gaps => extent.gap_window,
    }
}
