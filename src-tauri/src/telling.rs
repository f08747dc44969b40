//! How the window hears what changes.

use std::sync::{Arc, atomic::Ordering};

use enrollment_core::desk::{driver::Subscriber, view::Feed};
use tauri::ipc::Channel;

use crate::{Console, closing::Closing, diary::Diary};

/// What goes to the window at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    /// All that has changed since the last time.
    Together,
    /// Each row by itself: what the usual way is measured beside.
    OneByOne,
}

/// The window's end of the feed: one channel for each load of the page.
pub(crate) struct Window {
    channel: Channel<Feed>,
    closing: Arc<Closing>,
    diary: Arc<Diary>,
    telling: Telling,
    /// The last one that was sent.
    seq: u64,
}

impl Window {
    pub fn of(console: &Console, channel: Channel<Feed>) -> Self {
        let (closing, diary) = (Arc::clone(&console.closing), Arc::clone(&console.diary));
        Self { channel, closing, diary, telling: console.telling, seq: 0 }
    }
}

impl Subscriber for Window {
    fn tell(&mut self, mut feed: Feed) -> bool {
        self.closing.watched.store(feed.pulse.watched, Ordering::Relaxed);
        self.diary.hear(&feed);
        feed.entries = feed.entries.into_iter().map(|(k, e)| (k, e.made_visible())).collect();
        match self.telling {
            Telling::Together => self.channel.send(feed).is_ok(),
            Telling::OneByOne => one_by_one(feed).into_iter().all(|feed| {
                self.seq += 1;
                self.channel.send(Feed { seq: self.seq, ..feed }).is_ok()
            }),
        }
    }
}

/// The same in as many feeds as there are rows; the first one has all that is not of a row as well.
fn one_by_one(mut feed: Feed) -> Vec<Feed> {
    let mut rows = std::mem::take(&mut feed.rows).into_iter();
    let pulse = feed.pulse;
    feed.rows.extend(rows.next());
    let others = rows.map(|row| Feed { rows: vec![row], pulse, ..Feed::default() });
    [feed].into_iter().chain(others).collect()
}

#[cfg(test)]
mod tests {
    use enrollment_core::{
        desk::view::{Pulse, Row, StepView},
        enrollment::{Key, Place, UserType},
    };

    use super::*;

    fn row(key: u64) -> Row {
        Row {
            key: Key(key),
            state: 1,
            environment: "Test".to_owned(),
            id: 1,
            user_type: UserType::Individual,
            label: String::new(),
            place: Place::Desk,
            step: StepView::Expected,
            since: 0,
            status: None,
            status_known: true,
            message: None,
            problem: None,
            link: None,
            confirmed: false,
            busy: false,
            look_at: None,
            note: String::new(),
            saved: true,
        }
    }

    #[test]
    fn one_by_one_every_row_comes_by_itself_and_nothing_is_lost_or_said_twice() {
        let pulse = Pulse { watched: 3, polls_per_second: 1.0 };
        let feed = Feed { pulse, removed: vec![Key(9)], ..Feed::default() };
        let whole = one_by_one(feed.clone());
        assert_eq!(whole, vec![feed.clone()], "what is of no row is told once");
        let rows: Vec<Row> = (1..=3).map(row).collect();
        let told = one_by_one(Feed { rows: rows.clone(), ..feed });
        assert_eq!(told.iter().map(|it| it.rows.len()).collect::<Vec<_>>(), [1, 1, 1]);
        assert_eq!(told.iter().flat_map(|it| it.rows.clone()).collect::<Vec<_>>(), rows);
        assert_eq!(told.iter().map(|it| it.removed.len()).collect::<Vec<_>>(), [1, 0, 0]);
        assert!(told.iter().all(|it| it.pulse == pulse));
    }
}
