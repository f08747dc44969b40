//! Which enrollments count in a day's numbers, and what the journal has to add.

use super::*;
use crate::{
    enrollment::Entry,
    journal::{Health, KeepDays, Kept, Report},
    numbers::Day,
};

impl Stage {
    /// The day so far, and whether nothing of it is missing, with these older lines.
    fn day(&self, older: Option<Vec<Vec<Entry>>>) -> (Day, bool) {
        let since = Timestamp::UNIX_EPOCH;
        self.desk.today("Test", since).expect("an environment").sum_up(older)
    }

    /// Leads a new customer to where the documents are signed, and says who it is.
    fn sign(&mut self, id: u32) -> Key {
        let key = self.add(id, Customer::IdentificationFinished);
        self.answer(ready());
        self.act(key, Action::SigningFinished);
        self.pass(3.0);
        self.answer(signed());
        assert_eq!(self.step(key), StepView::Signed);
        key
    }
}

#[test]
fn whoever_was_taken_off_the_list_does_not_count_until_that_is_undone() {
    let mut stage = Stage::new();
    stage.sign(1);
    let key = stage.sign(2);
    assert_eq!(stage.day(None).0.signed, 2);
    stage.act(key, Action::Remove);
    assert_eq!(stage.day(None).0.signed, 1);
    let later = stage.now.wall + Duration::from_secs(1);
    let tomorrow = stage.desk.today("Test", later).expect("an environment");
    assert_eq!(tomorrow.sum_up(None).0.signed, 0, "another day has its own");
    assert!(stage.desk.today("Nowhere", later).is_none());
}

#[test]
fn what_happened_before_a_restart_counts_with_the_lines_of_the_journal() {
    let mut earlier = Stage::new();
    earlier.desk = earlier.desk.with_journal(Key(7), KeepDays::default());
    let key = earlier.sign(1);
    let lines = earlier.desk.timeline(key).expect("a timeline").to_vec();
    let now = earlier.now;
    let kept: Kept = earlier.desk.table[&key].kept("Test", now);

    let mut stage = Stage::new();
    stage.now = now;
    stage.desk = stage.desk.with_journal(Key(100), KeepDays::default());
    assert_eq!((stage.day(None).0.signed, stage.day(None).1), (0, false), "nothing is back yet");
    stage.turn([
        Arrival::Journal(Report::Health(Health::Well)),
        Arrival::Journal(Report::Restored { kept: vec![kept], seen: None }),
    ]);
    let asked = stage.desk.today("Test", Timestamp::UNIX_EPOCH).expect("an environment");
    assert_eq!(asked.older(), [(key, lines.last().expect("a line").seq + 1)]);
    let (day, whole) = stage.day(None);
    assert_eq!((day.signed, whole), (0, false), "the journal could not be read");
    let (day, whole) = stage.day(Some(vec![lines]));
    assert_eq!((day.signed, whole), (1, true));
    assert_eq!(day, earlier.day(None).0);
}
