//! What happened, for whoever has to understand a failure.

use std::collections::VecDeque;

use enrollment_core::{desk::view::Key, time::Mono};

/// The last steps of a run that are worth showing.
const SHOWN: usize = 60;
/// The steps that are kept to choose from.
const KEPT: usize = 200_000;

struct Line {
    at: Mono,
    site: Option<usize>,
    key: Option<Key>,
    text: String,
}

/// The steps of a run. Only a run that is repeated to be shown keeps any.
#[derive(Default)]
pub struct Trace(Option<VecDeque<Line>>);

impl Trace {
    pub fn kept() -> Self {
        Self(Some(VecDeque::new()))
    }

    pub fn note(
        &mut self,
        at: Mono,
        site: Option<usize>,
        key: Option<Key>,
        text: impl FnOnce() -> String,
    ) {
        let Some(lines) = &mut self.0 else { return };
        if lines.len() == KEPT {
            lines.pop_front();
        }
        lines.push_back(Line { at, site, key, text: text() });
    }

    /// The last steps of that enrollment or environment; steps without either concern everybody.
    pub fn last(&self, site: Option<usize>, key: Option<Key>) -> Vec<String> {
        let matters = |line: &&Line| match (line.key, line.site) {
            (Some(k), s) => key.map_or(site.is_none() || s == site, |wanted| wanted == k),
            (None, Some(s)) => site.is_none_or(|wanted| wanted == s),
            (None, None) => true,
        };
        let lines = self.0.iter().flatten().rev().filter(matters).take(SHOWN);
        let mut shown: Vec<String> = lines
            .map(|line| {
                let seconds = line.at.since(Mono::default()).as_secs_f64();
                let key = line.key.map_or_else(String::new, |k| format!(" #{}", k.0));
                let site = line.site.map_or_else(String::new, |s| format!(" env {s}"));
                format!("{seconds:>12.6}{site}{key} {}", line.text)
            })
            .collect();
        shown.reverse();
        shown
    }
}
