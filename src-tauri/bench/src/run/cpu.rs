//! CPU per poll of every subject, in paired rounds.

use std::{collections::BTreeMap, time::Duration};

use anyhow::Result;
use fastrand::Rng;

use super::{
    Extent,
    figures::Figures,
    progress::Progress,
    stage::{Answers, Scene, Stage, Subject, Window, is_here},
};
use crate::{contract::INTERVAL, statistics::number, subjects::engine::Report};
use Subject::{Engine, NodeFetch, RawHyper, TaskPerWatch};

/// A subject that has not polled everybody twice by then never will.
const PATIENCE: Duration = Duration::from_secs(60);

/// One size of the same measurement.
pub struct Workload {
    users: u32,
    answers: Answers,
    subjects: &'static [Subject],
    /// What the keys of its figures end in.
    suffix: &'static str,
    told: Told,
}

/// What is told of a workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// CPU per poll and its ratios.
    CpuPerPoll,
    /// And the context switches.
    CpuAndSwitches,
    /// The share of a core alone; nothing is claimed.
    CoreShare,
}

pub const THOUSAND: Workload = Workload {
    users: 1_000,
    answers: Answers::Delayed,
    subjects: &[Engine, TaskPerWatch, RawHyper, NodeFetch],
    suffix: "",
    told: Told::CpuAndSwitches,
};

pub const THOUSAND_AT_ONCE: Workload = Workload {
    users: 1_000,
    answers: Answers::AtOnce,
    subjects: &[Engine, TaskPerWatch, RawHyper, NodeFetch],
    suffix: "_at_once",
    told: Told::CpuPerPoll,
};

pub const HUNDRED: Workload = Workload {
    users: 100,
    answers: Answers::Delayed,
    subjects: &[Engine, TaskPerWatch],
    suffix: "_100",
    told: Told::CpuPerPoll,
};

pub const TEN: Workload = Workload {
    users: 10,
    answers: Answers::Delayed,
    subjects: &[Engine, TaskPerWatch, RawHyper, NodeFetch],
    suffix: "_10",
    told: Told::CoreShare,
};

/// After two polls of everybody the engine's are spread, and connections are open.
const SPREAD: u32 = 2;

/// How often every user is polled before the window begins. V8 compiles what is hot as it goes:
/// until then the same poll costs twice as much (measured).
fn warm_up(subject: Subject) -> u32 {
    match subject {
        Engine | TaskPerWatch | RawHyper => SPREAD,
        NodeFetch => 6,
    }
}

/// The windows of each subject, one a round.
type Windows = BTreeMap<Subject, Vec<Measured>>;

#[derive(Clone, Debug)]
struct Measured {
    window: Window,
    /// Before it had warmed up, where that makes a difference.
    cold: Option<Window>,
    /// How late the engine's polls left in the window; the others do not say.
    late_p99_ms: Option<u64>,
}

impl Workload {
    /// About how long it takes.
    pub fn estimate(&self, extent: &Extent) -> Duration {
        /// What comes on top: the first gaps are stretched, and processes start and end.
        const AROUND: Duration = Duration::from_secs(1);
        let round: Duration = self
            .subjects
            .iter()
            .map(|subject| INTERVAL * warm_up(*subject) + AROUND + extent.window)
            .sum();
        round * self.rounds(extent)
    }

    fn rounds(&self, extent: &Extent) -> u32 {
        if self.told == Told::CoreShare { extent.rounds_of_10 } else { extent.rounds }
    }

    pub fn measure(
        &self,
        stage: &Stage,
        extent: &Extent,
        progress: &Progress,
        figures: &mut Figures,
    ) -> Result<()> {
        let mut subjects = self.subjects.to_vec();
        if !is_here("node") {
            subjects.retain(|subject| *subject != NodeFetch);
            progress.say("Node is not here: its figures are missing");
        }
        let rounds = self.rounds(extent);
        let mut windows = Windows::new();
        for round in 1..=rounds {
            Rng::with_seed(u64::from(round)).shuffle(&mut subjects);
            for subject in &subjects {
                let measured = self.one(*subject, round, stage, extent)?;
                progress.say(&format!(
                    "round {round} of {rounds}, {} watches, answers {}: {} {:.1} µs per poll",
                    self.users,
                    if self.answers == Answers::AtOnce { "at once" } else { "after 40 to 100 ms" },
                    subject.key(),
                    measured.window.cpu_micros_per_poll(),
                ));
                windows.entry(*subject).or_default().push(measured);
            }
        }
        self.tell(&windows, figures);
        Ok(())
    }

    fn one(
        &self,
        subject: Subject,
        round: u32,
        stage: &Stage,
        extent: &Extent,
    ) -> Result<Measured> {
        let scene = Scene {
            answers: self.answers,
            // The same answers for every subject of a round.
            seed: u64::from(round),
            ..Scene::of(self.users)
        };
        let mut play = stage.play(subject, scene)?;
        play.until_polled(SPREAD, PATIENCE)?;
        let cold = (subject == NodeFetch).then(|| play.window(extent.window)).transpose()?;
        play.until_polled(warm_up(subject), PATIENCE)?;
        if subject != Engine {
            return Ok(Measured { window: play.window(extent.window)?, cold, late_p99_ms: None });
        }
        // The report before the window is what the one after it counts from.
        play.subject.ask::<Report>()?;
        let window = play.window(extent.window)?;
        let report: Report = play.subject.ask()?;
        Ok(Measured { window, cold, late_p99_ms: Some(report.late_p99_ms) })
    }

    fn tell(&self, windows: &Windows, figures: &mut Figures) {
        let suffix = self.suffix;
        let each = |subject: Subject, of: fn(&Window) -> f64| -> Vec<f64> {
            windows.get(&subject).into_iter().flatten().map(|it| of(&it.window)).collect()
        };
        for subject in windows.keys().copied() {
            let key = subject.key();
            if self.told == Told::CoreShare {
                let shares = each(subject, Window::core_share);
                figures.put_rounds(&format!("core_share{suffix}_{key}"), &shares);
                continue;
            }
            let micros = each(subject, Window::cpu_micros_per_poll);
            figures.put_rounds(&format!("cpu_us_per_poll_{key}{suffix}"), &micros);
            if subject != Engine {
                let engine = each(Engine, Window::cpu_micros_per_poll);
                let ratios: Vec<f64> = engine.iter().zip(&micros).map(|(a, b)| a / b).collect();
                figures.put_rounds(&format!("cpu_per_poll_vs_{key}{suffix}"), &ratios);
            }
            if self.told == Told::CpuAndSwitches {
                let switches = each(subject, Window::switches_per_second);
                let of = if subject == Engine { String::new() } else { format!("_{key}") };
                figures.put_rounds(&format!("context_switches_per_s{of}"), &switches);
            }
        }
        self.tell_cold(windows, figures);
        if self.users == THOUSAND.users {
            let engine = windows.get(&Engine).into_iter().flatten();
            let late: Vec<f64> = engine.filter_map(|it| it.late_p99_ms).map(number).collect();
            figures.put_rounds(&format!("late_p99_ms{suffix}"), &late);
        }
    }

    /// The same ratio against subjects that have not warmed up, which nobody is held against.
    fn tell_cold(&self, windows: &Windows, figures: &mut Figures) {
        if self.told == Told::CoreShare {
            return;
        }
        let suffix = self.suffix;
        let engine = windows.get(&Engine).into_iter().flatten();
        let engine: Vec<f64> = engine.map(|it| it.window.cpu_micros_per_poll()).collect();
        for (subject, rounds) in windows {
            let key = subject.key();
            let cold = rounds.iter().filter_map(|it| it.cold.as_ref());
            let micros: Vec<f64> = cold.map(Window::cpu_micros_per_poll).collect();
            let ratios: Vec<f64> = engine.iter().zip(&micros).map(|(a, b)| a / b).collect();
            figures.put_rounds(&format!("cpu_us_per_poll_{key}_cold{suffix}"), &micros);
            figures.put_rounds(&format!("cpu_per_poll_vs_{key}_cold{suffix}"), &ratios);
        }
    }
}
