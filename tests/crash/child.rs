//! The console that is killed: the desk as it ships, with its journal, its sockets, and somebody
//! who presses its buttons. It says on standard output what it shows.

use std::{
    collections::BTreeMap,
    io::{self, BufRead as _, Write as _},
    process::ExitCode,
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
    time::Duration,
};

use anyhow::{Context as _, Result};
use enrollment_core::{
    desk::{
        Attendance,
        driver::{self, Handle, Keeping, Subscriber, WaysOut},
        view::{Feed, StepView},
    },
    enrollment::{Key, Operator},
    environment::{Budget, Environment, EnvironmentKind, loopback_entry},
    gateway::GatewayUrl,
    journal::{Folder, FolderError, Health, KeepDays},
    signing_url::{Allowlist, SigningUrl},
    tokens::AccessToken,
    watch::Pace,
};

use crate::{
    actor,
    arguments::ChildArguments,
    facts::{self, Fact, Told},
};

pub const ENVIRONMENT: &str = "Crash";
/// How a console ends that does not get the folder.
pub const IN_USE: u8 = 3;
/// What closes a console; standard input that ends does the same, so that nothing stays behind.
pub const CLOSE: &str = "close";
const TOKEN: &str = "crash-token";
/// The console does not outlive this, whatever becomes of the test.
const LIFE: Duration = Duration::from_secs(120);
const CLOSING: Duration = Duration::from_secs(20);

/// The list as it was told last, for whoever presses the buttons.
pub type Table = BTreeMap<Key, Shown>;

#[derive(Clone, Debug)]
pub struct Shown {
    pub state: u32,
    pub step: StepView,
    pub generation: Option<u32>,
}

pub fn run(arguments: &ChildArguments) -> Result<ExitCode> {
    let (sender, orders) = mpsc::channel();
    thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    if arguments.waits {
        orders.recv()?;
    }
    let folder = match Folder::claim(&arguments.folder) {
        Ok(folder) => folder,
        Err(FolderError::InUse(_)) => return Ok(ExitCode::from(IN_USE)),
        Err(error) => return Err(error.into()),
    };
    let keeping = Keeping::In { place: folder.into(), keep_days: KeepDays::default() };
    let handle = driver::start(
        vec![environment(&arguments.gateway)?],
        Operator::account("crash"),
        Attendance::Attended,
        Arc::new(Slow),
        keeping,
    )?;
    let stage = Arc::new(Stage::default());
    let (listed, list) = mpsc::channel();
    handle.subscribe(Teller { stage: Arc::clone(&stage), feed: 0, listed: Some(listed) });
    handle.token(ENVIRONMENT, AccessToken::from_pasted(TOKEN)?, true);
    if let Some(first) = arguments.users_from {
        let (handle, stage, seed) = (handle.clone(), Arc::clone(&stage), arguments.seed);
        thread::spawn(move || actor::run(&handle, &stage, seed, first, &list));
    }
    // Any order means the same here, and so does the end of them, or of the time.
    let order = orders.recv_timeout(LIFE);
    close(&handle, &stage, order.is_ok_and(|order| order == CLOSE));
    Ok(ExitCode::SUCCESS)
}

fn close(handle: &Handle, stage: &Stage, ordered: bool) {
    if ordered {
        let saved = handle.close(CLOSING);
        stage.say(&[Fact::Closed { saved }]);
    }
}

fn environment(gateway: &str) -> Result<Environment> {
    let gateway: GatewayUrl = gateway.parse()?;
    let entry = loopback_entry(&gateway).context("not a gateway of this machine")?;
    let mut environment = Environment::new(
        ENVIRONMENT,
        EnvironmentKind::Training,
        gateway,
        Allowlist::new(vec![entry]),
    );
    // Both are no multiples of the feed's tenth of a second, and none of the other.
    environment.pre_sign = Pace::new(0.13, 30.0, true)?;
    environment.post_sign = Pace::new(0.23, 1.5, true)?;
    environment.budget = Budget::new(200, 5_000)?;
    Ok(environment)
}

/// What the two threads of the console share that tell something.
#[derive(Default)]
pub struct Stage {
    table: Mutex<Table>,
    out: Mutex<()>,
}

impl Stage {
    pub fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says facts; `false` where nobody listens any more.
    pub fn say(&self, facts: &[Fact]) -> bool {
        let mut lines = Vec::new();
        for fact in facts {
            if serde_json::to_writer(&mut lines, fact).is_err() {
                return false;
            }
            lines.push(b'\n');
        }
        let _whole = self.out.lock();
        let mut out = io::stdout().lock();
        out.write_all(&lines).and_then(|()| out.flush()).is_ok()
    }
}

struct Teller {
    stage: Arc<Stage>,
    feed: u64,
    /// Told once, when the list is there.
    listed: Option<mpsc::Sender<()>>,
}

impl Subscriber for Teller {
    fn tell(&mut self, feed: Feed) -> bool {
        self.feed = feed.seq;
        let mut facts: Vec<Fact> = Vec::new();
        for (key, entry) in &feed.entries {
            let Ok(json) = serde_json::to_string(entry) else { return false };
            facts.push(Fact::Line { feed: self.feed, key: *key, seq: entry.seq, json });
        }
        let rows = feed.rows.iter().filter(|row| row.saved);
        facts.extend(rows.map(|row| Fact::Saved { feed: self.feed, row: Told::of_row(row) }));
        let keys = self.list(&feed);
        if let Some(journal) = &feed.journal {
            let well = journal.health == Health::Well;
            let notices = facts::words(&journal.notices);
            // Until the list is there, it is opening.
            let opens = self.listed.is_some() && journal.health == Health::Opening;
            facts.push(Fact::Journal { well: well || opens, lost: journal.lost, notices });
            if let Some(listed) = self.listed.take_if(|_| well) {
                facts.push(Fact::Listed { keys });
                let _ = listed.send(());
            }
        }
        self.stage.say(&facts)
    }
}

impl Teller {
    /// Brings the list up to date. Who is on it.
    fn list(&self, feed: &Feed) -> Vec<Key> {
        let mut table = self.stage.table();
        for row in &feed.rows {
            let generation = row.link.as_ref().map(|link| link.generation);
            let shown = Shown { state: row.state, step: row.step.clone(), generation };
            table.insert(row.key, shown);
        }
        for key in &feed.removed {
            table.remove(key);
        }
        if self.listed.is_some() { table.keys().copied().collect() } else { Vec::new() }
    }
}

/// Opens nothing, and says that it did.
struct Slow;

impl WaysOut for Slow {
    fn open(&self, _: &SigningUrl) -> Result<(), String> {
        // A launcher takes a moment, in which the console may be killed.
        thread::sleep(Duration::from_millis(60));
        Ok(())
    }

    fn copy(&self, url: &SigningUrl) -> Result<(), String> {
        self.open(url)
    }
}
