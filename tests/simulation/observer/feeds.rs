//! What the window was told, compared with what is so.

use std::collections::{BTreeMap, HashMap};

use enrollment_core::{
    desk::{
        Attendance, Desk,
        view::{EnvironmentView, Feed, Key, Row, StepView, TimeLeft},
    },
    enrollment::{Pause, Phase, User, UserId},
};

use super::{
    Enrolled, Holds, Observer,
    claims::host_of,
    rules::LONGEST_TIMELINE,
    site::Gate,
    violation::{Place, Violation},
    watching::{Cap, Watching},
};

/// The window: the first snapshot, and every change since.
#[derive(Default)]
pub struct Told {
    pub rows: BTreeMap<Key, Row>,
    pub environments: Vec<EnvironmentView>,
    pub(super) keys: HashMap<(usize, User), Key>,
}

impl Told {
    pub fn row_of(&self, site: usize, user: User) -> Option<&Row> {
        self.rows.get(self.keys.get(&(site, user))?)
    }
}

/// What rounding to milliseconds may cost.
const ROUNDING_MS: u64 = 2;

impl Observer {
    /// Applies a feed; returns the rows that it changed.
    pub(super) fn fed(&mut self, feed: Feed) -> Result<Vec<Key>, Violation> {
        let watched: usize = self.sites.iter().map(|site| site.live.len()).sum();
        Place::EVERYWHERE.ensure(
            usize::try_from(feed.pulse.watched) == Ok(watched),
            "the pulse counts the live watches",
            || format!("{} of {watched}", feed.pulse.watched),
        )?;
        let changed = feed.rows.iter().map(|row| row.key).collect();
        for row in feed.rows {
            if let Some((site, user)) = self.user_of(&row) {
                self.told.keys.insert((site, user), row.key);
            }
            self.told.rows.insert(row.key, row);
        }
        for key in feed.removed {
            if let Some(row) = self.told.rows.remove(&key)
                && let Some(it) = self.user_of(&row)
                && self.told.keys.get(&it) == Some(&key)
            {
                self.told.keys.remove(&it);
            }
        }
        let Some(environments) = feed.environments else { return Ok(changed) };
        for (index, (view, site)) in environments.iter().zip(&self.sites).enumerate() {
            let offline = matches!(site.gate, Gate::Offline { .. });
            if view.behind {
                self.census.count("gate: behind");
            }
            Place::site(index).ensure(
                view.offline == offline,
                "offline is three attempts in a row without an answer, until one comes",
                || format!("{} where {} attempts were silent", view.offline, site.silent),
            )?;
        }
        self.told.environments = environments;
        Ok(changed)
    }

    fn user_of(&self, row: &Row) -> Option<(usize, User)> {
        let id = UserId::new(row.id).ok()?;
        Some((self.site(&row.environment)?, User { id, user_type: row.user_type }))
    }

    /// Compares what a row says with what is known.
    pub(super) fn row_is_so(&self, key: Key) -> Holds {
        let (Some(row), Some(enrolled)) = (self.told.rows.get(&key), self.known.get(&key)) else {
            return Ok(());
        };
        let place = Place::of(enrolled.site, row.key);
        let watch = enrolled.watch.as_ref();
        let (phase, time) = match &row.step {
            StepView::PreSign { time } => (Some(Phase::PreSign), Some(time)),
            StepView::PostSign { time, .. } => (Some(Phase::PostSign), Some(time)),
            StepView::Expected
            | StepView::Ready
            | StepView::NewLinkNeeded
            | StepView::Signing
            | StepView::Signed
            | StepView::HandedOn
            | StepView::Ended { .. } => (None, None),
        };
        place.ensure(
            phase == watch.map(|watch| watch.phase),
            "a row shows the watch that runs",
            || format!("{:?} where {watch:?} runs", row.step),
        )?;
        if let (Some(time), Some(watch)) = (time, watch) {
            place.ensure(
                self.time_is_so(time, enrolled, watch),
                "a row shows the time that is left",
                || format!("{time:?} of {watch:?}; {:?}", self.sites[enrolled.site].gate),
            )?;
        }
        let Some(link) = &row.link else { return Ok(()) };
        let newest = enrolled.link.as_deref().and_then(host_of);
        place.ensure(
            newest == Some(&link.host) && link.generation == enrolled.generation,
            "a row shows the newest link",
            || format!("{link:?} where {newest:?} {} is the newest", enrolled.generation),
        )
    }

    fn time_is_so(&self, time: &TimeLeft, enrolled: &Enrolled, watch: &Watching) -> bool {
        let gate = match self.sites[enrolled.site].gate {
            Gate::Open => None,
            Gate::NeedsToken | Gate::Probing(_) => Some(Pause::NeedsToken),
            Gate::Offline { .. } => Some(Pause::Offline),
        };
        match (time, watch.cap) {
            (TimeLeft::Unstarted { .. }, cap) => gate.is_none() && cap == Cap::Unstarted,
            (TimeLeft::Running { deadline, .. }, Cap::Running(at)) => {
                let wall = self.now.wall_at(at).as_millisecond();
                gate.is_none() && wall.abs_diff(*deadline) <= ROUNDING_MS
            }
            (TimeLeft::Held { why, left_ms, .. }, _) => {
                let left = u64::try_from(watch.left(self.now.mono).as_millis()).unwrap_or(u64::MAX);
                gate == Some(*why) && left.abs_diff(*left_ms) <= ROUNDING_MS
            }
            (TimeLeft::Running { .. }, Cap::Unstarted | Cap::Stopped(_)) => false,
        }
    }

    /// Asks the desk for everything anew, and compares it with what the changes added up to.
    pub(super) fn looks_again(&mut self, desk: &mut Desk) -> Holds {
        let fresh = desk.snapshot(self.now);
        let keys = |rows: &mut dyn Iterator<Item = Key>| rows.collect::<Vec<_>>();
        let (told, there) = (
            keys(&mut self.told.rows.keys().copied()),
            keys(&mut fresh.rows.iter().map(|r| r.key)),
        );
        Place::EVERYWHERE.ensure(
            told == there,
            "the changes add up to the rows there are",
            || format!("{told:?} where {there:?} are there"),
        )?;
        for row in &fresh.rows {
            let Some(told) = self.told.rows.get(&row.key) else { continue };
            let place = Place { site: self.site(&row.environment), key: Some(row.key) };
            let same = self.comparable(told) == self.comparable(row);
            place.ensure(same, "a row was told as it is", || {
                format!("{told:?}\n    where it is {row:?}")
            })?;
            let timeline = desk.timeline(row.key).unwrap_or_default();
            let seq = self.known.get(&row.key).map_or(0, |enrolled| enrolled.seq);
            place.ensure(
                timeline.last().is_some_and(|last| last.seq == seq)
                    && timeline.len() == (seq as usize).min(LONGEST_TIMELINE),
                "a timeline holds what was told of it",
                || format!("{} entries of {seq}", timeline.len()),
            )?;
        }
        let environments = fresh.environments.unwrap_or_default();
        let same = self.told.environments.is_empty() || self.told.environments == environments;
        Place::EVERYWHERE.ensure(same, "an environment was told as it is", || {
            format!("{:?}\n    where it is {environments:?}", self.told.environments)
        })
    }

    /// The row without what passes by itself: the time left of a watch that is held and charged.
    fn comparable(&self, row: &Row) -> Row {
        let mut row = row.clone();
        if self.attendance == Attendance::Unattended
            && let StepView::PreSign { time: TimeLeft::Held { left_ms, .. } }
            | StepView::PostSign { time: TimeLeft::Held { left_ms, .. }, .. } = &mut row.step
        {
            *left_ms = 0;
        }
        row
    }
}
