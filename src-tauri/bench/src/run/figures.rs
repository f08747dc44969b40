//! Figures, the goals they are held against, and how both are told.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};
use comfy_table::{Table, presets::UTF8_BORDERS_ONLY};
use serde_json::{Map, Value};

use crate::statistics::{largest, median};

/// What a figure has to be.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Goal {
    AtMost(f64),
    AtLeast(f64),
}

use Goal::{AtLeast, AtMost};

/// No single round may miss a goal by more than this factor.
const ROUND_TOLERANCE: f64 = 1.3;

/// The goals, in the order in which they are printed.
const GOALS: &[(&str, Goal)] = &[
    ("cpu_per_poll_vs_task_per_watch", AtMost(0.20)),
    ("cpu_per_poll_vs_raw_hyper", AtMost(2.2)),
    ("cpu_per_poll_vs_node_fetch", AtMost(0.05)),
    ("cpu_per_poll_vs_task_per_watch_at_once", AtMost(0.20)),
    ("cpu_per_poll_vs_raw_hyper_at_once", AtMost(2.2)),
    ("cpu_per_poll_vs_node_fetch_at_once", AtMost(0.05)),
    ("cpu_per_poll_vs_task_per_watch_100", AtMost(0.35)),
    ("context_switches_per_s", AtMost(15.0)),
    ("late_p99_ms", AtMost(150.0)),
    ("late_p99_ms_at_once", AtMost(150.0)),
    ("instructions_per_poll_vs_bare_client", AtMost(1.25)),
    ("bytes_per_watch", AtMost(1024.0)),
    ("flip_to_subscriber_ratio", AtMost(1.10)),
    ("wakeups_per_s_idle", AtMost(0.0)),
    ("gaps_in_contract_share", AtLeast(1.0)),
    ("budget_10000_largest_gap_over_median", AtMost(1.2)),
    ("budget_10000_used_share", AtLeast(0.97)),
    ("budget_10000_behind", AtLeast(1.0)),
    ("budget_10000_starved", AtMost(0.0)),
];

/// What was measured.
#[derive(Debug, Default)]
pub struct Figures(BTreeMap<String, Figure>);

#[derive(Clone, Copy, Debug, PartialEq)]
struct Figure {
    value: f64,
    /// Of the rounds, the one that is furthest up, where there were rounds.
    worst: Option<f64>,
}

impl Figures {
    pub fn put(&mut self, key: &str, value: f64) {
        self.0.insert(key.to_owned(), Figure { value, worst: None });
    }

    /// Keeps the median of the rounds, and the largest.
    pub fn put_rounds(&mut self, key: &str, rounds: &[f64]) {
        if let Some(value) = median(rounds) {
            self.0.insert(key.to_owned(), Figure { value, worst: largest(rounds) });
        }
    }

    /// Prints every figure with its goal; a goal whose figure is missing is named too.
    pub fn print(&self) {
        let mut table = Table::new();
        table.load_preset(UTF8_BORDERS_ONLY);
        table.set_header(["figure", "measured", "worst round", "goal", "reached"]);
        for (key, goal) in GOALS {
            let figure = self.0.get(*key);
            let reached = figure.map_or("not measured", |f| yes_or_no(goal.is_reached(*f)));
            table.add_row([
                (*key).to_owned(),
                figure.map_or_else(String::new, |f| short(f.value)),
                figure.and_then(|f| f.worst).map_or_else(String::new, short),
                goal.to_string(),
                reached.to_owned(),
            ]);
        }
        for (key, figure) in &self.0 {
            if GOALS.iter().all(|(name, _)| name != key) {
                let worst = figure.worst.map_or_else(String::new, short);
                table.add_row([key, &short(figure.value), &worst, "", ""]);
            }
        }
        println!("{table}");
    }

    /// Writes the figures as one flat object.
    pub fn write(&self, path: &Path) -> Result<()> {
        let mut object = Map::new();
        for (key, figure) in &self.0 {
            object.insert(key.clone(), Value::from(figure.value));
            if let Some(worst) = figure.worst {
                object.insert(format!("{key}_worst"), Value::from(worst));
            }
        }
        let text = serde_json::to_string_pretty(&object)?;
        fs::write(path, text + "\n").with_context(|| path.display().to_string())
    }
}

impl Goal {
    fn is_reached(self, figure: Figure) -> bool {
        match self {
            AtMost(limit) => {
                let worst = figure.worst.unwrap_or(figure.value);
                figure.value <= limit && worst <= limit * ROUND_TOLERANCE
            }
            AtLeast(limit) => figure.value >= limit,
        }
    }
}

impl std::fmt::Display for Goal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            AtMost(limit) => write!(f, "≤ {limit}"),
            AtLeast(limit) => write!(f, "≥ {limit}"),
        }
    }
}

fn yes_or_no(reached: bool) -> &'static str {
    if reached { "yes" } else { "NO" }
}

/// Three digits behind the point where they say something.
fn short(value: f64) -> String {
    if value.abs() >= 100.0 { format!("{value:.0}") } else { format!("{value:.3}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_holds_for_the_median_and_within_tolerance_for_every_round() {
        let mut figures = Figures::default();
        let mut reached = |rounds: &[f64]| {
            figures.put_rounds("x", rounds);
            AtMost(2.0).is_reached(figures.0["x"])
        };
        assert!(reached(&[1.0, 2.0, 2.5]));
        assert!(!reached(&[1.0, 2.1, 2.2]), "the median misses");
        assert!(!reached(&[1.0, 1.5, 2.7]), "one round is too far off");
        figures.put("y", 0.999);
        assert!(!AtLeast(1.0).is_reached(figures.0["y"]));
    }

    #[test]
    fn what_was_not_measured_is_not_written() {
        let mut figures = Figures::default();
        figures.put("a", 1.5);
        figures.put_rounds("b", &[3.0, 1.0]);
        figures.put_rounds("c", &[]);
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("summary.json");
        figures.write(&path).expect("written");
        let text = fs::read_to_string(path).expect("read");
        let read: Map<String, Value> = serde_json::from_str(&text).expect("an object");
        assert_eq!(Value::from(read), serde_json::json!({"a": 1.5, "b": 2.0, "b_worst": 3.0}));
    }
}
