//! How a run shows: JSON for programs, a live table on a terminal, lines elsewhere.

use std::io::{self, IsTerminal as _};

use crossterm::terminal;
use enrollment_core::{
    desk::view::Row,
    enrollment::{Entry, Phase, User},
};
use jiff::Timestamp;

use crate::{json, output::Output, table::LiveTable, words};

/// Where the terminal does not tell its size.
const USUAL_SIZE: (u16, u16) = (80, 24);

pub enum View {
    Json,
    Lines(Which),
    Table(Box<LiveTable>),
}

/// Which lines of a timeline are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The events that JSON would tell.
    Events,
    /// What people do, too.
    All,
}

impl View {
    /// A live table where standard output is a terminal that can take text back.
    pub fn for_people(which: Which) -> Self {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        if io::stdout().is_terminal() && !dumb {
            Self::Table(Box::new(LiveTable::new()))
        } else {
            Self::Lines(which)
        }
    }

    pub fn is_live(&self) -> bool {
        matches!(self, Self::Table(_))
    }

    /// A line of somebody's timeline. `status`: what the gateway told last.
    pub fn tell(
        &self,
        user: User,
        phase: Phase,
        entry: &Entry,
        status: Option<&str>,
        output: &Output,
    ) {
        match self {
            Self::Json => {
                if let Some(line) = json::line(user, phase, entry, status) {
                    output.write(line + "\n");
                }
            }
            Self::Lines(which) => {
                if *which == Which::All || json::names(&entry.event) {
                    output.write(words::line(user, entry));
                }
            }
            Self::Table(_) => {}
        }
    }

    /// Rows that have changed.
    pub fn take(&mut self, rows: Vec<Row>, output: &Output) {
        if let Self::Table(table) = self {
            table.take(rows);
            self.redraw(output);
        }
    }

    pub fn redraw(&mut self, output: &Output) {
        // A terminal that was told to wait gets one picture afterwards, not all of them.
        if let Self::Table(table) = self
            && output.is_idle()
            && let Some(frame) = table.frame(size(), Timestamp::now())
        {
            output.write(frame);
        }
    }

    /// The last words. From here on the cursor shows again.
    pub fn finish(&mut self, summary: &str, output: &Output) {
        match self {
            Self::Json => {}
            Self::Lines(_) => output.write(format!("{summary}\n")),
            Self::Table(table) => {
                let picture = table.farewell(size().0, Timestamp::now());
                output.write(format!("{picture}\n{summary}\n"));
            }
        }
    }
}

fn size() -> (u16, u16) {
    terminal::size().ok().filter(|(width, _)| *width > 0).unwrap_or(USUAL_SIZE)
}
