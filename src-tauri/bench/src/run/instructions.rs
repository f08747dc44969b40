//! Instructions per poll, as valgrind counts them: the engine beside the client library alone.

use std::{fs, path::Path, time::Duration};

use anyhow::{Context, Result};

use super::{
    Extent,
    figures::Figures,
    progress::Progress,
    stage::{Answers, Play, Program, Scene, Stage, is_here},
};
use crate::{
    child::Child,
    statistics::{largest, median, number},
};

const USERS: u32 = 1_000;
/// Everything is measured so often, to see how far apart it comes out.
const TIMES: u32 = 2;
/// Valgrind takes its time.
const PATIENCE: Duration = Duration::from_secs(300);

/// About how long it takes: the engine keeps its own pace, the bare client is done sooner.
pub fn estimate(extent: &Extent) -> Duration {
    const START_UP: Duration = Duration::from_secs(45);
    let (fewer, more) = extent.instructed;
    (Duration::from_secs(u64::from(fewer + more) * 3 / u64::from(USERS)) + START_UP) * TIMES
}

pub fn measure(
    stage: &Stage,
    extent: &Extent,
    progress: &Progress,
    figures: &mut Figures,
) -> Result<()> {
    if !is_here("valgrind") {
        progress.say("valgrind is not here: instructions are missing");
        return Ok(());
    }
    let (mut engines, mut bares, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for time in 1..=TIMES {
        let engine = slope(extent, |polls| engine(stage, polls))?;
        let bare = slope(extent, |polls| bare_client(stage, polls))?;
        progress.say(&format!(
            "instructions per poll, {time} of {TIMES}: engine {engine:.0}, bare client {bare:.0}"
        ));
        engines.push(engine);
        bares.push(bare);
        ratios.push(engine / bare);
    }
    figures.put_rounds("instructions_per_poll_engine", &engines);
    figures.put_rounds("instructions_per_poll_bare_client", &bares);
    figures.put_rounds("instructions_per_poll_vs_bare_client", &ratios);
    if let (Some(middle), Some(most)) = (median(&ratios), largest(&ratios)) {
        // Of two values, both are equally far from their middle.
        figures.put("instructions_per_poll_spread", 2.0 * (most - middle) / middle);
    }
    Ok(())
}

/// One run: how many polls the gateway counted, and how many instructions they took.
#[derive(Clone, Copy, Debug)]
struct Counted {
    polls: u64,
    instructions: u64,
}

/// Instructions per further poll, which leaves out what starting and ending takes.
fn slope(extent: &Extent, mut run: impl FnMut(u32) -> Result<Counted>) -> Result<f64> {
    let (fewer, more) = (run(extent.instructed.0)?, run(extent.instructed.1)?);
    let instructions = more.instructions.checked_sub(fewer.instructions);
    let polls = more.polls.checked_sub(fewer.polls).filter(|polls| *polls > 0);
    let (instructions, polls) = instructions.zip(polls).context("more polls took less")?;
    Ok(number(instructions) / number(polls))
}

fn engine(stage: &Stage, polls: u32) -> Result<Counted> {
    let profile = stage.folder.join("callgrind.engine.out");
    let mut play = under_valgrind(stage, &profile, "engine", &[])?;
    play.until(PATIENCE, |report| report.polls >= u64::from(polls))?;
    play.subject.end()?;
    let polls = play.gateway.report()?.polls;
    Ok(Counted { polls, instructions: instructions_in(&profile)? })
}

fn bare_client(stage: &Stage, polls: u32) -> Result<Counted> {
    let profile = stage.folder.join("callgrind.bare-client.out");
    let wanted = ["--polls", &polls.to_string()];
    let mut play = under_valgrind(stage, &profile, "bare-client", &wanted)?;
    play.subject.wait(PATIENCE)?;
    let polls = play.gateway.report()?.polls;
    Ok(Counted { polls, instructions: instructions_in(&profile)? })
}

fn under_valgrind(stage: &Stage, profile: &Path, name: &str, more: &[&str]) -> Result<Play> {
    // Answers at once: the bare client then finds a whole batch of them at a time, as the engine
    // does in a tick, and is as cheap as it can be.
    let scene = Scene { answers: Answers::AtOnce, ..Scene::of(USERS) };
    let gateway = stage.gateway(scene)?;
    let out = format!("--callgrind-out-file={}", profile.display());
    let valgrind = ["valgrind", "--quiet", "--tool=callgrind", &out];
    let mut args = vec![name, "--users"];
    let users = USERS.to_string();
    args.extend([users.as_str(), "--gateway", gateway.url.as_str()]);
    args.extend(more);
    let subject = Child::start(stage.subject(&valgrind, Program::Plain, &args))?;
    Ok(Play { subject, gateway })
}

fn instructions_in(profile: &Path) -> Result<u64> {
    let text = fs::read_to_string(profile).with_context(|| profile.display().to_string())?;
    total(&text).context("a profile without a total")
}

/// The total that a profile of callgrind ends with.
fn total(profile: &str) -> Option<u64> {
    let total = profile.lines().rev().find_map(|line| line.strip_prefix("totals: "))?;
    total.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_ends_with_its_total() {
        assert_eq!(total("events: Ir\nfn=(1) x\n3 40\n\ntotals: 4012\n"), Some(4_012));
        assert_eq!(total("events: Ir\nsummary: 4012\n"), None);
    }

    #[test]
    fn a_slope_leaves_out_what_starting_takes() {
        let run = |start| {
            move |polls: u32| {
                let polls = u64::from(polls);
                Ok(Counted { polls, instructions: start + 70 * polls })
            }
        };
        let mut extent = Extent::of(&clap::Parser::parse_from(["run"])).expect("defaults");
        assert_eq!(slope(&extent, run(5_000_000)).ok(), Some(70.0));
        extent.instructed = (9, 9);
        assert!(slope(&extent, run(0)).is_err());
    }
}
