//! A token and a link go all the way through the core as it ships, while everything it is built
//! from logs all that it can: they come to be nowhere but where they have to.

#[path = "../canary.rs"]
mod canary;
mod gateway;
#[path = "../listening.rs"]
mod listening;

use std::{
    fmt::Debug,
    fs,
    io::Cursor,
    path::Path,
    sync::{Arc, Mutex, mpsc},
    time::{Duration, Instant},
};

use enrollment_core::{
    desk::{
        Attendance,
        driver::{self, Handle, Keeping, Subscriber, WaysOut},
        view::{Action, Add, Done, Feed, Key, Row, StepView, Way},
    },
    enrollment::{Customer, How, Operator, Place, UserType},
    environment::Environment,
    journal::{Folder, KeepDays, Place as JournalPlace},
    policy::PolicyFile,
    signing_url::SigningUrl,
    support::{Chronicle, LogFile, Sources, bundle},
    tokens::AccessToken,
};

use canary::Canary;
use gateway::Gateway;
use jiff::Timestamp;

const TOKEN: &str = "t0ken-5ecret-c4nary";
const LINK: &str = "l1nk-5ecret-c4nary";
const PATIENCE: Duration = Duration::from_secs(40);

/// What the ways out were handed.
#[derive(Default)]
struct Outside(Mutex<Vec<String>>);

impl WaysOut for Outside {
    fn open(&self, url: &SigningUrl) -> Result<(), String> {
        self.0.lock().expect("a lock").push(url.expose().to_owned());
        Ok(())
    }

    fn copy(&self, url: &SigningUrl) -> Result<(), String> {
        self.open(url)
    }
}

/// The window's end of the feed: what it is told as the bytes that it is told in.
struct Window(mpsc::Sender<Feed>, Arc<Mutex<String>>, Chronicle, LogFile);

impl Subscriber for Window {
    fn tell(&mut self, feed: Feed) -> bool {
        for line in self.2.hear(&feed, Timestamp::now()) {
            self.3.write(&line);
        }
        self.1.lock().expect("a lock").push_str(&serde_json::to_string(&feed).expect("JSON"));
        self.0.send(feed).is_ok()
    }
}

struct Stage {
    handle: Handle,
    feeds: mpsc::Receiver<Feed>,
    told: Arc<Mutex<String>>,
    latest: Mutex<Option<Row>>,
}

impl Stage {
    /// Waits for the row to be so.
    fn row(&self, is: impl Fn(&Row) -> bool) -> Row {
        let end = Instant::now() + PATIENCE;
        let mut latest = self.latest.lock().expect("a lock");
        loop {
            // What has been told meanwhile comes first.
            for feed in self.feeds.try_iter() {
                *latest = feed.rows.into_iter().next().or_else(|| latest.take());
            }
            if let Some(row) = latest.as_ref().filter(|row| is(row)) {
                return row.clone();
            }
            let left = end.saturating_duration_since(Instant::now());
            let feed = self.feeds.recv_timeout(left).unwrap_or_else(|_| {
                panic!("it never came: {}", self.told.lock().expect("a lock"));
            });
            *latest = feed.rows.into_iter().next().or_else(|| latest.take());
        }
    }

    fn note(&self, what: &impl Debug) {
        let words = [format!("{what:?}"), format!("{what:#?}")];
        self.told.lock().expect("a lock").extend(words);
    }

    async fn act(&self, row: &Row, action: Action) -> Done {
        let reply = self.handle.act(row.key, row.state, action).await;
        // A code is the link in another shape, and goes to whoever pressed.
        if !matches!(reply, Ok(Done::Shown { .. })) {
            self.note(&reply);
        }
        reply.expect("done")
    }

    async fn hands_over(&self, way: Way) -> Done {
        // A link leaves once in three seconds.
        tokio::time::sleep(Duration::from_secs(4)).await;
        let row = self.row(|row| row.link.is_some() && !row.busy);
        let generation = row.link.as_ref().expect("a link").generation;
        let hand_over = Action::HandOver { way, generation, confirmed: true, here: true };
        self.act(&row, hand_over).await
    }
}

/// One customer, far enough: a refused token, a new one, a link that leaves in every way.
async fn gets_a_link(stage: &Stage, gateway: &Gateway) -> Key {
    let token = |text: &str| AccessToken::from_pasted(text).expect("a token");
    stage.handle.token("Sandbox", token(&format!("{TOKEN}-refused")), false);
    let add = Add {
        environment: "Sandbox".to_owned(),
        id: "7".to_owned(),
        user_type: UserType::Individual,
        label: String::new(),
        place: Place::Desk,
        customer: Customer::IdentificationFinished,
        both_types: false,
    };
    stage.note(&stage.handle.add(add, How::Adding).await);
    gateway.has_refused();
    stage.handle.token("Sandbox", token(TOKEN), false);
    let key = stage.row(|row| matches!(row.step, StepView::Ready)).key;
    assert!(matches!(stage.hands_over(Way::Browser).await, Done::Opened { .. }));
    assert!(matches!(stage.hands_over(Way::Clipboard).await, Done::Copied { .. }));
    assert!(matches!(stage.hands_over(Way::QrCode).await, Done::Shown { .. }));
    key
}

/// Has a bundle for support made, and lays what is in it where the rest is.
fn unpack_bundle(home: &Path) {
    let sources = Sources {
        settings: Some(home.join("settings.json")),
        environments: Some(home.join("environments.toml")),
        policy: PolicyFile::draft(&home.join("policy.toml")),
        journal: Some(home.join("journal")),
        log: Some(home.join("log")),
    };
    let archive = bundle(&sources, "0.1.0", Timestamp::now()).expect("packed");
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).expect("an archive");
    archive.extract(home.join("bundle")).expect("unpacked");
    let told = |name: &str| fs::read_to_string(home.join("bundle").join(name)).expect("there");
    assert!(told("journal.json").contains("\"signing\""), "the enrollment is in it");
    assert_eq!(told("contract.json"), "[]", "a gateway that keeps to the contract");
    let log = fs::read_dir(home.join("bundle/log")).expect("a log").flatten();
    let log: String = log.map(|it| fs::read_to_string(it.path()).expect("text")).collect();
    assert!(log.contains("\"refused\"") && log.contains("\"accepted\""), "{log}");
}

#[tokio::test]
async fn a_token_and_a_link_come_to_be_nowhere_but_where_they_have_to() {
    let log = Arc::<Mutex<String>>::default();
    let heard = Arc::clone(&log);
    listening::to_everything(move |words| heard.lock().expect("a lock").extend([words, "\n"]));
    let gateway = Gateway::start();
    let home = tempfile::tempdir().expect("a folder");
    let folder = Folder::claim(&home.path().join("journal")).expect("a journal's folder");
    let keeping = Keeping::In { place: JournalPlace::Here(folder), keep_days: KeepDays::default() };
    let environment = Environment::sandbox(gateway.base().parse().expect("a gateway"));
    let outside = Arc::new(Outside::default());
    let handle = driver::start(
        vec![environment],
        Operator::account("maria"),
        Attendance::Attended,
        Arc::clone(&outside) as Arc<dyn WaysOut>,
        keeping,
    )
    .expect("a desk");
    let (sender, feeds) = mpsc::channel();
    let told = Arc::<Mutex<String>>::default();
    let diary = LogFile::open(&home.path().join("log")).expect("a log");
    handle.subscribe(Window(sender, Arc::clone(&told), Chronicle::default(), diary));
    let stage = Stage { handle, feeds, told, latest: Mutex::default() };
    let key = gets_a_link(&stage, &gateway).await;
    stage.note(&stage.handle.timeline(key).await);
    stage.note(&stage.handle);
    let canaries = [Canary::new(TOKEN), Canary::new(LINK)];
    let scan = |place: &str| {
        for canary in &canaries {
            let read = canary.is_in_no_file(home.path(), &|_| false);
            assert!(read > 10_000, "the journal was read");
            let log = log.lock().expect("a lock");
            canary.is_not_in(log.as_bytes(), &format!("the log {place}"));
            canary.is_not_in(stage.told.lock().expect("a lock").as_bytes(), "what was told");
        }
    };
    scan("while it runs");
    assert!(stage.handle.close(PATIENCE), "all is saved");
    unpack_bundle(home.path());
    scan("after the end");

    assert!(gateway.heard(TOKEN), "it was there to be seen");
    let log = log.lock().expect("a lock");
    assert!(["reqwest::", "hyper_util::"].iter().all(|who| log.contains(who)), "{log}");
    let opened = outside.0.lock().expect("a lock").clone();
    assert!(opened.len() == 2 && opened.iter().all(|url| url.contains(LINK)), "and the link");
}
