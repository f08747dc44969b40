//! The figures with their goals, printed and written.

use std::{fs, path::Path};

use serde_json::{Map, Value, json};

#[derive(Default)]
pub struct Table(Vec<(&'static str, f64, Option<f64>)>);

impl Table {
    /// A figure that is to be at most its goal.
    pub fn most(&mut self, name: &'static str, figure: f64, goal: f64) {
        println!("{name}: {figure:.3} (goal: at most {goal})");
        self.0.push((name, figure, Some(goal)));
    }

    /// What stands behind a figure.
    pub fn note(&mut self, name: &'static str, figure: f64) {
        println!("{name}: {figure:.3}");
        self.0.push((name, figure, None));
    }

    pub fn print(&self) {
        let missed = self.0.iter().filter(|(_, figure, goal)| goal.is_some_and(|it| *figure > it));
        for (name, figure, goal) in missed {
            println!("missed: {name}: {figure:.3}, goal {:.3}", goal.unwrap_or_default());
        }
    }

    pub fn write(&self, path: &Path) {
        let figures: Map<String, Value> =
            self.0.iter().map(|(name, figure, _)| ((*name).to_owned(), json!(figure))).collect();
        let text = serde_json::to_string_pretty(&figures).expect("JSON");
        fs::write(path, text + "\n").expect("written");
        println!("written to {}", path.display());
    }
}

pub fn median(of: &[f64]) -> f64 {
    at(of, 50)
}

pub fn p99(of: &[f64]) -> f64 {
    at(of, 99)
}

fn at(of: &[f64], percent: usize) -> f64 {
    let mut sorted = of.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[(sorted.len() * percent / 100).min(sorted.len() - 1)]
}
