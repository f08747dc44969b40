//! What the console tells of itself, a fact a line.

use enrollment_core::{
    desk::view::{Row, StepView},
    enrollment::{Key, Miss, Phase, shortened, visible},
    journal::{Kept, KeptStep, Notice},
};
use serde::{Deserialize, Serialize};

/// How much of the gateway's text a row shows.
const SHOWN: usize = 200;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Fact {
    /// A new line of a timeline, as it was told in a feed.
    Line { feed: u64, key: Key, seq: u32, json: String },
    /// A row that was told to be saved.
    Saved { feed: u64, row: Told },
    /// How it goes with saving. The first one that is well comes with the list.
    Journal { well: bool, lost: u32, notices: Vec<String> },
    /// The list is there, and all is well.
    Listed { keys: Vec<Key> },
    /// Somebody is about to have an enrollment forgotten.
    Forgetting { key: Key },
    /// The desk said that it is forgotten.
    Forgot { key: Key },
    /// The console closed, and said whether all is saved.
    Closed { saved: bool },
}

/// What a row shows that the journal keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub key: Key,
    pub state: u32,
    pub user: (u32, u8),
    pub label: String,
    pub at_desk: bool,
    pub step: String,
    pub since: i64,
    pub status: Option<String>,
    pub message: Option<String>,
    pub confirmed: bool,
    pub note: String,
}

impl Told {
    pub fn of_row(row: &Row) -> Self {
        let step = match &row.step {
            StepView::Expected => "expected".to_owned(),
            StepView::PreSign { .. } => "pre-sign".to_owned(),
            StepView::Ready | StepView::NewLinkNeeded => "ready".to_owned(),
            StepView::Signing => "signing".to_owned(),
            StepView::PostSign { .. } => "post-sign".to_owned(),
            StepView::Signed => "signed".to_owned(),
            StepView::HandedOn => "handed-on".to_owned(),
            StepView::Ended { phase, miss } => ended(*phase, miss),
        };
        Self {
            key: row.key,
            state: row.state,
            user: (row.id, row.user_type.code()),
            label: row.label.clone(),
            at_desk: row.place == enrollment_core::enrollment::Place::Desk,
            step,
            since: row.since,
            status: row.status.clone(),
            message: row.message.clone(),
            confirmed: row.confirmed,
            note: row.note.clone(),
        }
    }

    /// What a console would show of what is kept, were it not for the restart.
    pub fn of_kept(kept: &Kept) -> Self {
        let step = match &kept.step {
            KeptStep::Expected => "expected".to_owned(),
            KeptStep::PreSign => "pre-sign".to_owned(),
            KeptStep::Ready => "ready".to_owned(),
            KeptStep::Signing => "signing".to_owned(),
            KeptStep::PostSign => "post-sign".to_owned(),
            KeptStep::Signed => "signed".to_owned(),
            KeptStep::HandedOn => "handed-on".to_owned(),
            KeptStep::Ended { phase, miss } => ended(*phase, &miss.clone().made_visible()),
        };
        let shown = |text: &String| visible(&shortened(text, SHOWN));
        let heard = kept.heard.as_ref();
        Self {
            key: kept.key,
            state: kept.state,
            user: (kept.user.id.get(), kept.user.user_type.code()),
            label: kept.label.clone(),
            at_desk: kept.place == enrollment_core::enrollment::Place::Desk,
            step,
            since: kept.since.as_millisecond(),
            status: heard.and_then(|heard| heard.status.as_ref()).map(shown),
            message: heard.and_then(|heard| heard.message.as_ref()).map(shown),
            confirmed: kept.confirmed,
            note: kept.note.lines().map(visible).collect::<Vec<_>>().join("\n"),
        }
    }
}

/// Notices that people would see; every one is a fault where nothing but a kill went wrong.
pub fn words(notices: &[Notice]) -> Vec<String> {
    notices.iter().map(|notice| format!("{notice:?}")).collect()
}

fn ended(phase: Phase, miss: &Miss) -> String {
    format!("ended in {} with {miss:?}", phase.word())
}
