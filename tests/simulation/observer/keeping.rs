//! What was told to be saved, compared with what a journal holds.

use enrollment_core::{
    desk::{
        Arrival, Attendance, Desk, Turn,
        view::{Key, Row, StepView},
    },
    enrollment::{Entry, Interruption, Miss, Operator, visible},
    journal::{Deletion, Health, KeepDays, Kept, KeptStep, Report},
};

use super::{Holds, Observer, violation::Place};
use crate::{archive::Archive, draw::Plan};

/// A turn hands over every line that it tells, beside the enrollment as it then stands.
pub(super) fn hands_over(turn: &Turn, told: &[(Key, Entry)]) -> Holds {
    let given = turn.journal.iter().flat_map(|batch| &batch.kept);
    let mut given: Vec<(Key, &Entry)> =
        given.flat_map(|(kept, lines)| lines.iter().map(|line| (kept.key, line))).collect();
    let deleted = |key: Key| {
        let deletions = turn.journal.iter().flat_map(|batch| &batch.deleted);
        let mut gone = deletions.filter(|(_, deletion)| *deletion != Deletion::FromBackups);
        gone.any(|(gone, _)| *gone == key)
    };
    let mut wanted: Vec<(Key, &Entry)> =
        told.iter().filter(|(key, _)| !deleted(*key)).map(|(key, line)| (*key, line)).collect();
    let order = |(key, line): &(Key, &Entry)| (*key, line.seq);
    given.sort_by_key(order);
    wanted.sort_by_key(order);
    Place::EVERYWHERE.ensure(
        given == wanted,
        "the journal is given what is told, and nothing else",
        || format!("{given:?}\n    where {wanted:?} was told"),
    )
}

impl Observer {
    /// Whatever is told to be saved is in the archive as it is told.
    pub fn is_saved_as_told(&mut self, archive: &Archive, changed: &[Key]) -> Holds {
        for key in changed {
            let Some(row) = self.told.rows.get(key) else { continue };
            if !row.saved {
                self.census.count("journal: told before it was saved");
                continue;
            }
            let place = Place { site: self.site(&row.environment), key: Some(*key) };
            let kept = archive.kept.get(key);
            place.ensure(
                kept.is_some_and(|kept| is_same(kept, row)),
                "a row that is told to be saved is kept as it is told",
                || format!("{row:?}\n    where {kept:?} is kept"),
            )?;
            let lines = archive.lines.get(key).map_or(0, Vec::len);
            let seq = self.known.get(key).map_or(0, |enrolled| enrolled.seq);
            place.ensure(
                u32::try_from(lines) == Ok(seq),
                "the lines of a row that is told to be saved are kept",
                || format!("{lines} where {seq} were told"),
            )?;
        }
        Ok(())
    }

    /// Begins anew with what is kept, as after a crash at this very moment.
    pub fn begins_anew(&mut self, plan: &Plan, archive: &Archive) -> Holds {
        self.census.count("journal: begun anew");
        let environments = plan.sites.iter().map(|site| site.environment.clone()).collect();
        let operator = Operator::account("maria");
        let mut desk = Desk::new(environments, operator, Attendance::Attended)
            .with_journal(Key(1), KeepDays::default());
        let kept = archive.kept.values().filter(|kept| kept.removed.is_none()).cloned().collect();
        let restored = Report::Restored { kept, seen: Some(self.now.wall) };
        let turn = desk.turn(
            self.now,
            [Arrival::Journal(Report::Health(Health::Well)), Arrival::Journal(restored)],
        );
        Place::EVERYWHERE.ensure(
            turn.sends.is_empty() && turn.leaving.is_empty() && turn.wake.is_none(),
            "nothing goes on after a restart until somebody says so",
            || format!("{turn:?}"),
        )?;
        let rows = desk.snapshot(self.now).rows;
        let listed = archive.kept.values().filter(|kept| kept.removed.is_none());
        let listed: Vec<Key> = listed.map(|kept| kept.key).collect();
        let back: Vec<Key> = rows.iter().map(|row| row.key).collect();
        Place::EVERYWHERE.ensure(back == listed, "the list comes back whole", || {
            format!("{back:?} where {listed:?} are kept")
        })?;
        for row in &rows {
            let kept = &archive.kept[&row.key];
            let place = Place { site: self.site(&row.environment), key: Some(row.key) };
            place.ensure(
                comes_back(kept, row),
                "an enrollment comes back as it was, and a watch as interrupted",
                || format!("{row:?}\n    where {kept:?} was kept"),
            )?;
            let next = desk.older(row.key);
            place.ensure(
                next == Some(kept.seq + 1),
                "a timeline goes on where it ended",
                || format!("at {next:?} after {}", kept.seq),
            )?;
        }
        Ok(())
    }
}

/// Whether a row shows what is kept.
fn is_same(kept: &Kept, row: &Row) -> bool {
    is_who(kept, row) && kept.state == row.state && is_step(&kept.step, &row.step)
}

fn is_who(kept: &Kept, row: &Row) -> bool {
    let status = kept.heard.as_ref().and_then(|heard| heard.status.as_deref());
    kept.environment == row.environment
        && (kept.user.id.get(), kept.user.user_type) == (row.id, row.user_type)
        && (kept.label.as_str(), kept.place) == (row.label.as_str(), row.place)
        && kept.note.lines().map(visible).eq(row.note.lines().map(str::to_owned))
        && status.map(visible) == row.status
        && kept.confirmed == row.confirmed
        && row.link.as_ref().is_none_or(|link| link.generation <= kept.generations)
}

fn is_step(kept: &KeptStep, row: &StepView) -> bool {
    match (kept, row) {
        (KeptStep::Expected, StepView::Expected)
        | (KeptStep::PreSign, StepView::PreSign { .. })
        | (KeptStep::Ready, StepView::Ready | StepView::NewLinkNeeded)
        | (KeptStep::Signing, StepView::Signing)
        | (KeptStep::PostSign, StepView::PostSign { .. })
        | (KeptStep::Signed, StepView::Signed)
        | (KeptStep::HandedOn, StepView::HandedOn) => true,
        (KeptStep::Ended { phase, miss }, StepView::Ended { phase: shown, miss: told }) => {
            phase == shown && miss.clone().made_visible() == *told
        }
        (_, _) => false,
    }
}

fn comes_back(kept: &Kept, row: &Row) -> bool {
    let closed = Miss::Interrupted { why: Interruption::Closed };
    is_who(kept, row)
        && match kept.step.watched() {
            Some(phase) => row.step == StepView::Ended { phase, miss: closed } && !row.saved,
            None if kept.step == KeptStep::Ready => row.step == StepView::NewLinkNeeded,
            None => is_step(&kept.step, &row.step) && row.state == kept.state && row.saved,
        }
}
