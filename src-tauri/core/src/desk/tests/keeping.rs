//! What the desk hands over to be kept.

use super::*;
use crate::journal::KeepDays;

#[test]
fn that_the_user_was_confirmed_is_kept_before_the_browser_comes_back() {
    let mut stage = Stage::new();
    stage.desk = stage.desk.with_journal(Key(1), KeepDays::default());
    let key = stage.add(1, Customer::IdentificationFinished);
    stage.answer(ready());
    let shown = stage.rows[&key].state;
    let press = Arrival::Act { ticket: Ticket(99), key, state: shown, action: open(1) };
    let turn = stage.desk.turn(stage.now, [press]);
    assert_eq!(turn.leaving.len(), 1, "the browser is being asked");
    let batch = turn.journal.expect("a change that no line tells of");
    let confirmed: Vec<_> = batch.kept.iter().map(|(kept, _)| (kept.key, kept.confirmed)).collect();
    assert_eq!(confirmed, [(key, true)]);
    let feed = stage.desk.changes(stage.now).expect("the row");
    assert_eq!(feed.rows.iter().map(|row| row.saved).collect::<Vec<_>>(), [false]);
}
