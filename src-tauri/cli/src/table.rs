//! A live table on a terminal: drawn, taken back, drawn again.

use std::{collections::BTreeMap, fmt::Write as _, time::Duration};

use comfy_table::{
    Attribute, Cell, Color, ColumnConstraint, ContentArrangement, Row as Line, Table, Width,
    presets,
};
use crossterm::{
    Command as _,
    cursor::{Hide, MoveToPreviousLine, Show},
    terminal::{Clear, ClearType},
};
use enrollment_core::desk::view::{Key, Row, StepView, TimeLeft};
use jiff::Timestamp;

use crate::words;

/// Columns wider than this leave the eye behind.
const WIDEST: u16 = 140;
/// From here on the columns keep a width, so that the table does not wobble.
const ROOMY: u16 = 80;
/// What the columns mostly hold, with a blank on either side.
const STEADY: [u16; 4] = [18, 17, 30, 6];
/// The heading, the line of those that do not fit, and the summary.
const OTHER_LINES: u16 = 3;

pub struct LiveTable {
    rows: BTreeMap<Key, Row>,
    /// What stands on the terminal and is to be taken back.
    drawn: String,
    colours: bool,
}

impl LiveTable {
    pub fn new() -> Self {
        let colours = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self { rows: BTreeMap::new(), drawn: String::new(), colours }
    }

    pub fn take(&mut self, rows: Vec<Row>) {
        self.rows.extend(rows.into_iter().map(|row| (row.key, row)));
    }

    /// What takes the last picture back and draws the next; `None` where nothing has changed.
    pub fn frame(&mut self, (width, height): (u16, u16), now: Timestamp) -> Option<String> {
        let room = usize::from(height.saturating_sub(OTHER_LINES).max(1));
        let picture = self.picture(width, Some(room), now);
        if picture == self.drawn {
            return None;
        }
        let mut frame = self.taken_back();
        // Writing to a String cannot fail, here and below.
        let _ = Hide.write_ansi(&mut frame);
        frame.push_str(&picture);
        self.drawn = picture;
        Some(frame)
    }

    /// The last picture, with every row, which stays on the terminal.
    pub fn farewell(&mut self, width: u16, now: Timestamp) -> String {
        let mut frame = self.taken_back();
        frame.push_str(&self.picture(width, None, now));
        let _ = Show.write_ansi(&mut frame);
        frame
    }

    fn taken_back(&mut self) -> String {
        let mut frame = String::new();
        let lines = std::mem::take(&mut self.drawn).lines().count();
        if lines > 0 {
            let up = u16::try_from(lines).unwrap_or(u16::MAX);
            let _ = MoveToPreviousLine(up).write_ansi(&mut frame);
        }
        let _ = Clear(ClearType::FromCursorDown).write_ansi(&mut frame);
        frame
    }

    fn picture(&self, width: u16, room: Option<usize>, now: Timestamp) -> String {
        let mut table = Table::new();
        table
            .load_preset(presets::NOTHING)
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_truncation_indicator("…")
            // The last column stays empty: a terminal that fills it may go to the next line.
            .set_width(width.min(WIDEST).saturating_sub(1))
            .set_header(["CUSTOMER", "STEP", "LAST HEARD", "LEFT"].map(|h| self.heading(h)));
        if self.colours {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        if width >= ROOMY {
            let widths = STEADY.map(|w| ColumnConstraint::LowerBoundary(Width::Fixed(w)));
            table.set_constraints(widths);
        }
        let shown = self.shown(room);
        for row in &shown {
            table.add_row(self.line(row, now));
        }
        let mut picture = table.to_string();
        picture.push('\n');
        let hidden = self.rows.len() - shown.len();
        if hidden > 0 {
            let _ = writeln!(picture, " … and {hidden} more");
        }
        picture
    }

    /// The rows that fit, in the order in which they came; those that are over give way first.
    fn shown(&self, room: Option<usize>) -> Vec<&Row> {
        let room = room.unwrap_or(self.rows.len());
        let mut surplus = self.rows.len().saturating_sub(room);
        let mut shown: Vec<&Row> = Vec::with_capacity(room);
        for row in self.rows.values() {
            if surplus > 0 && is_over(&row.step) {
                surplus -= 1;
            } else {
                shown.push(row);
            }
        }
        shown.truncate(room);
        shown
    }

    fn heading(&self, text: &str) -> Cell {
        let cell = Cell::new(text);
        if self.colours { cell.add_attribute(Attribute::Bold) } else { cell }
    }

    fn line(&self, row: &Row, now: Timestamp) -> Line {
        let [customer, step, heard, left] = cells(row, now);
        let step = match colour(row).filter(|_| self.colours) {
            Some(colour) => Cell::new(step).fg(colour),
            None => Cell::new(step),
        };
        let mut line = Line::from([Cell::new(customer), step, Cell::new(heard), Cell::new(left)]);
        line.max_height(1);
        line
    }
}

fn is_over(step: &StepView) -> bool {
    matches!(step, StepView::HandedOn | StepView::Ended { .. })
}

fn colour(row: &Row) -> Option<Color> {
    match &row.step {
        StepView::Ready | StepView::Signed | StepView::HandedOn => Some(Color::Green),
        StepView::Ended { .. } => Some(Color::Red),
        _ if row.problem.is_some() => Some(Color::Yellow),
        StepView::Expected
        | StepView::NewLinkNeeded
        | StepView::Signing
        | StepView::PreSign { .. }
        | StepView::PostSign { .. } => None,
    }
}

/// What one row says, in plain text.
fn cells(row: &Row, now: Timestamp) -> [String; 4] {
    let (step, left) = match &row.step {
        StepView::Expected => ("identifying", None),
        StepView::PreSign { time } => ("pre-sign", Some(time)),
        StepView::Ready => ("ready to sign", None),
        StepView::NewLinkNeeded => ("new link needed", None),
        StepView::Signing => ("signing", None),
        StepView::PostSign { time, .. } => ("post-sign", Some(time)),
        StepView::Signed => ("signed", None),
        StepView::HandedOn => ("handed on", None),
        StepView::Ended { miss, .. } => (miss.word(), None),
    };
    let customer = words::who(row.id, row.user_type.word());
    let left = left.map_or_else(String::new, |time| time_left(time, now));
    [customer, step.to_owned(), heard(row, now), left]
}

fn heard(row: &Row, now: Timestamp) -> String {
    match &row.step {
        StepView::Ended { miss, .. } => after_colon(&words::miss(miss)),
        StepView::Ready | StepView::Signing => {
            row.link.as_ref().map_or_else(String::new, |link| link.host.clone())
        }
        StepView::PreSign { time: TimeLeft::Held { why, .. } }
        | StepView::PostSign { time: TimeLeft::Held { why, .. }, .. } => {
            format!("paused: {}", words::pause(*why))
        }
        StepView::PreSign { .. } | StepView::PostSign { .. } => match &row.problem {
            Some(view) => {
                let again = view.retry_at.and_then(|at| Timestamp::from_millisecond(at).ok());
                let again = again.map_or_else(String::new, |at| {
                    format!("next try in {} – ", clock(until(at, now)))
                });
                format!("{again}{}", words::problem(&view.problem))
            }
            None => last_status(row),
        },
        StepView::Signed | StepView::HandedOn => last_status(row),
        StepView::Expected | StepView::NewLinkNeeded => String::new(),
    }
}

fn last_status(row: &Row) -> String {
    if row.status.is_none() && row.message.is_none() {
        return String::new();
    }
    words::status(row.status.as_deref(), row.message.as_deref())
}

/// The step's column has said the rest.
fn after_colon(text: &str) -> String {
    text.split_once(": ").map_or(text, |(_, rest)| rest).to_owned()
}

fn time_left(time: &TimeLeft, now: Timestamp) -> String {
    let left = match time {
        TimeLeft::Unstarted { cap_ms } => Duration::from_millis(*cap_ms),
        TimeLeft::Running { deadline, .. } => {
            Timestamp::from_millisecond(*deadline).map_or(Duration::ZERO, |at| until(at, now))
        }
        TimeLeft::Held { left_ms, .. } => Duration::from_millis(*left_ms),
    };
    clock(left)
}

fn until(at: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(at.duration_since(now)).unwrap_or_default()
}

/// `4:07`, rounded up: it reads 0:00 only when the time is over.
fn clock(time: Duration) -> String {
    let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use enrollment_core::enrollment::{Miss, Phase, Place, UserType};

    use super::*;

    fn row(key: u32, step: StepView) -> Row {
        Row {
            key: Key(key.into()),
            state: 1,
            environment: "Test".to_owned(),
            id: 2_147_483_647,
            user_type: UserType::Individual,
            label: String::new(),
            place: Place::Desk,
            step,
            since: 0,
            status: Some("SIGN_SESSION_ID_SUCCESSFULLY_CREATED".to_owned()),
            status_known: true,
            message: Some("Документите на клиента се подготвят за подписване. ".repeat(4)),
            problem: None,
            link: None,
            confirmed: false,
            busy: false,
            look_at: None,
            note: String::new(),
            saved: true,
        }
    }

    fn watching() -> StepView {
        StepView::PreSign { time: TimeLeft::Running { deadline: 125_500, cap_ms: 300_000 } }
    }

    fn ended() -> StepView {
        StepView::Ended { phase: Phase::PreSign, miss: Miss::Stopped }
    }

    fn table(rows: Vec<Row>) -> LiveTable {
        let mut table = LiveTable { rows: BTreeMap::new(), drawn: String::new(), colours: false };
        table.take(rows);
        table
    }

    #[test]
    fn a_row_stays_one_line_within_eighty_columns() {
        let picture = table(vec![row(1, watching())]).picture(80, None, Timestamp::UNIX_EPOCH);
        let lines: Vec<&str> = picture.lines().collect();
        assert_eq!(lines.len(), 2, "{picture}");
        assert!(lines.iter().all(|line| line.chars().count() < 80), "{picture}");
        for told in ["2147483647 individual", "pre-sign", "2:06", "…"] {
            assert!(lines[1].contains(told), "{told}: {picture}");
        }
    }

    #[test]
    fn what_is_over_gives_way_to_what_is_not() {
        let rows = vec![row(1, ended()), row(2, watching()), row(3, watching()), row(4, ended())];
        let picture = table(rows).picture(80, Some(2), Timestamp::UNIX_EPOCH);
        assert_eq!(picture.matches("pre-sign").count(), 2, "{picture}");
        assert!(picture.contains("and 2 more"), "{picture}");
    }

    #[test]
    fn a_frame_takes_the_one_before_back() {
        let mut table = table(vec![row(1, watching())]);
        let mut frame =
            |second| table.frame((80, 24), Timestamp::from_second(second).expect("a time"));
        let first = frame(0).expect("new");
        assert!(!first.contains("\u{1b}[2F"), "{first:?}");
        assert_eq!(frame(0), None, "nothing has changed");
        let second = frame(1).expect("a second less");
        assert!(second.starts_with("\u{1b}[2F\u{1b}[J\u{1b}[?25l"), "{second:?}");
        let last = table.farewell(80, Timestamp::UNIX_EPOCH);
        assert!(last.starts_with("\u{1b}[2F") && last.ends_with("\u{1b}[?25h"), "{last:?}");
    }
}
