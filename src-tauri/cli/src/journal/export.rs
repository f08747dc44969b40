//! `journal export`: what is kept, for spreadsheets and for programs.

use std::{
    io::{self, IsTerminal as _, Write},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use enrollment_core::journal::{Deed, Did, ReadError, Reader};
use jiff::Timestamp;
use tokio::{task::spawn_blocking, time::timeout};

use super::{
    audit, cell::Cell, columns::Column, enrollments, ids::Ids, named, sink::Sink, timeline,
};
use crate::{
    args::{ExportArgs, ExportWhat},
    destination::Destination,
    exit::{Exit, Stop},
    interrupts::Interrupts,
    token_input::interrupted,
    watch::operator,
};

/// After a signal the export has this long to tidy up.
const ENDING: Duration = Duration::from_secs(2);
/// What is done sooner than this is not worth a word on the way.
const LONG: Duration = Duration::from_secs(2);
const REDRAW: Duration = Duration::from_millis(200);

pub async fn export(args: ExportArgs) -> Result<Exit, Stop> {
    let mut interrupts = Interrupts::catch()
        .map_err(|e| Stop::new(Exit::Unable, format!("cannot catch signals: {e}")))?;
    let told = Arc::new(AtomicBool::new(false));
    let heard = Arc::clone(&told);
    let mut work = spawn_blocking(move || carry_out(&args, &heard));
    let done = tokio::select! {
        done = &mut work => done,
        () = interrupts.next() => {
            told.store(true, Ordering::Relaxed);
            // Whoever reads the output may have stopped reading it.
            timeout(ENDING, work).await.map_err(|_| interrupted())?
        }
    };
    done.map_err(|_| Stop::new(Exit::Unable, "the export broke off"))?
}

fn carry_out(args: &ExportArgs, told_to_stop: &AtomicBool) -> Result<Exit, Stop> {
    let path = named(args.journal.as_ref())?;
    let mut destination = Destination::open(args.output.as_deref())?;
    let reader = Reader::open(&path)?;
    let ids = if args.plain_ids { Ids::Plain } else { Ids::Masked };
    record(&reader, args, ids)?;
    let progress = Progress::new(&destination);
    let mut lines = Lines { told_to_stop, progress };
    match lines.write(&reader, args, ids, destination.writer()) {
        Ok(()) => destination.finish().map(|()| Exit::Reached),
        Err(Broke::Journal(error)) => Err(error.into()),
        Err(Broke::Interrupted) => Err(interrupted()),
        Err(Broke::Output(error)) => destination.broke(&error).map_or(Ok(Exit::Interrupted), Err),
    }
}

/// Puts the export in the audit.
fn record(reader: &Reader, args: &ExportArgs, ids: Ids) -> Result<(), Stop> {
    let did = Did::Exported {
        what: args.what.word().to_owned(),
        format: args.format.word().to_owned(),
        masked: ids == Ids::Masked,
    };
    let by = Arc::new(operator());
    let deed = Deed { at: Timestamp::now(), by, did, environment: None, user: None };
    reader.record(deed).map_err(|error| {
        let advice = match error {
            ReadError::Copy(_) => "; export the journal itself: name its folder",
            ReadError::Missing(_)
            | ReadError::Trouble { .. }
            | ReadError::Damaged { .. }
            | ReadError::Newer(_)
            | ReadError::Older(_) => "",
        };
        let Stop { exit, words } = error.into();
        let words = format!("not exported, since that cannot be put in the audit: {words}{advice}");
        Stop::new(exit, words)
    })
}

/// Why an export ended early.
enum Broke {
    Journal(ReadError),
    Output(io::Error),
    Interrupted,
}

impl From<ReadError> for Broke {
    fn from(error: ReadError) -> Self {
        Self::Journal(error)
    }
}

impl From<io::Error> for Broke {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// The lines on their way from the journal to the output, one at a time.
struct Lines<'a> {
    told_to_stop: &'a AtomicBool,
    progress: Progress,
}

impl Lines<'_> {
    fn write(
        &mut self,
        reader: &Reader,
        args: &ExportArgs,
        ids: Ids,
        out: Box<dyn Write + '_>,
    ) -> Result<(), Broke> {
        let begin = |columns: &[Column]| Sink::begin(args.format, columns, ids, out);
        let sink = match args.what {
            ExportWhat::Timeline => {
                let owners = timeline::owners(reader.enrollments()?);
                let mut sink = begin(timeline::COLUMNS)?;
                reader.entries(|key, entry| {
                    self.put(&mut sink, &timeline::cells(key, owners.get(&key), &entry, ids))
                })?;
                sink
            }
            ExportWhat::Enrollments => {
                let mut sink = begin(enrollments::COLUMNS)?;
                for kept in reader.enrollments()? {
                    self.put(&mut sink, &enrollments::cells(&kept, ids))?;
                }
                sink
            }
            ExportWhat::Audit => {
                let mut sink = begin(audit::COLUMNS)?;
                for line in reader.deeds()? {
                    self.put(&mut sink, &audit::cells(&line, ids))?;
                }
                sink
            }
        };
        Ok(sink.end()?)
    }

    fn put(&mut self, sink: &mut Sink<impl Write>, cells: &[Cell]) -> Result<(), Broke> {
        if self.told_to_stop.load(Ordering::Relaxed) {
            return Err(Broke::Interrupted);
        }
        sink.line(cells)?;
        self.progress.step();
        Ok(())
    }
}

/// How far it is, on a terminal that shows nothing else, once it takes long.
struct Progress {
    /// `None` where it is not shown.
    next: Option<Instant>,
    lines: u64,
    drawn: bool,
}

impl Progress {
    fn new(destination: &Destination) -> Self {
        let is_free = !destination.is_output() || !io::stdout().is_terminal();
        let shows = is_free && io::stderr().is_terminal();
        Self { next: shows.then(|| Instant::now() + LONG), lines: 0, drawn: false }
    }

    fn step(&mut self) {
        self.lines += 1;
        let now = Instant::now();
        if self.next.is_some_and(|next| next <= now) {
            // Where nobody sees it nothing is lost.
            let _ = write!(io::stderr(), "\r{} lines", self.lines);
            self.next = Some(now + REDRAW);
            self.drawn = true;
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.drawn {
            let _ = write!(io::stderr(), "\r\u{1b}[K");
        }
    }
}
