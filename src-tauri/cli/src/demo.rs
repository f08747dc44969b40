//! `demo`: eight made-up customers go all the way, beside a desk that does what a clerk would do.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use enrollment_core::{
    desk::{
        Attendance,
        driver::{self, Handle, Keeping},
        view::{Action, Add, Done, Feed, Key, Row, StepView, Way},
    },
    enrollment::{Customer, Entry, Event, GaveUp, How, Phase, Place, User, UserId, UserType},
    environment::Environment,
    tokens::AccessToken,
    watch::Pace,
};
use enrollment_sandbox::{Config, Sandbox};
use tokio::{
    sync::mpsc,
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval, sleep},
};

use crate::{
    customer::{self, Address, Doorstep},
    exit::{Exit, Stop},
    interrupts::Interrupts,
    output::Output,
    tally::counted,
    view::{View, Which},
    watch::{operator, subscribe},
};

/// Who comes: id, type, and how long they identify and read. The ids choose the sandbox's
/// scenarios: 2001 is slow, 5001 meets three errors, 6001 an unknown status, 9501 a busy gateway.
const GUESTS: [(u32, UserType, u64, u64); 8] = [
    (1001, UserType::Individual, 1_000, 3_000),
    (1001, UserType::Merchant, 2_500, 4_000),
    (1002, UserType::Individual, 4_000, 2_500),
    (1003, UserType::Merchant, 5_500, 3_500),
    (2001, UserType::Individual, 3_000, 3_000),
    (5001, UserType::Merchant, 2_000, 2_500),
    (6001, UserType::Individual, 4_500, 3_000),
    (9501, UserType::Merchant, 3_500, 3_000),
];
/// The clerk looks before pressing.
const CLERK: Duration = Duration::from_millis(1_200);
const TICK: Duration = Duration::from_millis(100);
/// Polls come quicker than a gateway elsewhere would allow, so that nobody waits for them.
const INTERVAL_AND_CAP: (f64, f64) = (1.0, 120.0);
/// It takes half of this.
const LONGEST: Duration = Duration::from_secs(58);

pub async fn run() -> Result<Exit, Stop> {
    let unable = |what: &str, e: &dyn std::fmt::Display| {
        Stop::new(Exit::Unable, format!("the demo needs {what}: {e}"))
    };
    let mut interrupts = Interrupts::catch().map_err(|e| unable("signals", &e))?;
    let config = Config { pace: enrollment_sandbox::Pace::Quick, ..Config::default() };
    let sandbox = Sandbox::start(config).await.map_err(|e| unable("a free port", &e))?;
    let environment = environment(&sandbox)?;
    let (doorstep, addresses) = Doorstep::new();
    let handle = driver::start(
        vec![environment],
        operator(),
        Attendance::Attended,
        Arc::new(doorstep),
        Keeping::Nothing,
    )
    .map_err(|e| unable("a desk", &e))?;
    let feeds = subscribe(&handle);
    let token = AccessToken::from_pasted(&sandbox.issue_token())
        .map_err(|e| unable("a training token", &e))?;
    handle.token(Environment::SANDBOX, token, true);

    let mut demo = Demo::new(handle, feeds, addresses).await?;
    let exit = tokio::select! {
        exit = demo.play() => exit,
        () = interrupts.next() => Exit::Interrupted,
        () = sleep(LONGEST) => Exit::Unable,
    };
    let exit = demo.finish(exit, &mut interrupts).await;
    sandbox.stop().await;
    Ok(exit)
}

fn environment(sandbox: &Sandbox) -> Result<Environment, Stop> {
    let stop = |e: &dyn std::fmt::Display| Stop::new(Exit::Unable, e.to_string());
    let gateway = sandbox.base().parse().map_err(|e| stop(&e))?;
    let (interval, cap) = INTERVAL_AND_CAP;
    let pace = Pace::new(interval, cap, true).map_err(|e| stop(&e))?;
    Ok(Environment { pre_sign: pace, post_sign: pace, ..Environment::sandbox(gateway) })
}

/// One customer, and the row that the clerk sees.
struct Guest {
    user: User,
    identifies: Duration,
    reads: Duration,
    row: Option<Row>,
    /// When the row's step was first seen.
    since: Instant,
    signed: Option<Result<(), &'static str>>,
}

struct Demo {
    handle: Handle,
    feeds: mpsc::UnboundedReceiver<Feed>,
    addresses: mpsc::UnboundedReceiver<Address>,
    at_the_page: JoinSet<(Key, Result<(), &'static str>)>,
    guests: BTreeMap<Key, Guest>,
    view: View,
    output: Output,
    began: Instant,
    polls: u64,
}

impl Demo {
    async fn new(
        handle: Handle,
        feeds: mpsc::UnboundedReceiver<Feed>,
        addresses: mpsc::UnboundedReceiver<Address>,
    ) -> Result<Self, Stop> {
        let mut guests = BTreeMap::new();
        for (id, user_type, identifies, reads) in GUESTS {
            let (key, user) = welcome(&handle, id, user_type).await?;
            let guest = Guest {
                user,
                identifies: Duration::from_millis(identifies),
                reads: Duration::from_millis(reads),
                row: None,
                since: Instant::now(),
                signed: None,
            };
            guests.insert(key, guest);
        }
        Ok(Self {
            handle,
            feeds,
            addresses,
            at_the_page: JoinSet::new(),
            guests,
            view: View::for_people(Which::All),
            output: Output::start(),
            began: Instant::now(),
            polls: 0,
        })
    }

    /// Until every customer is through.
    async fn play(&mut self) -> Exit {
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !self.guests.values().all(Guest::is_over) {
            tokio::select! {
                feed = self.feeds.recv() => match feed {
                    Some(feed) => self.take(feed),
                    None => return Exit::Unable,
                },
                Some(back) = self.at_the_page.join_next() => {
                    if let Ok((key, signed)) = back
                        && let Some(guest) = self.guests.get_mut(&key)
                    {
                        guest.signed = Some(signed);
                    }
                }
                _ = self.output.failure() => return Exit::Interrupted,
                _ = tick.tick() => {
                    self.act_where_due().await;
                    self.view.redraw(&self.output);
                }
            }
        }
        if self.handed_on() == self.guests.len() { Exit::Reached } else { Exit::Unable }
    }

    fn take(&mut self, feed: Feed) {
        for (key, entry) in &feed.entries {
            self.tell(*key, entry);
        }
        for row in &feed.rows {
            if let Some(guest) = self.guests.get_mut(&row.key) {
                guest.see(row.clone());
            }
        }
        self.view.take(feed.rows, &self.output);
    }

    fn tell(&mut self, key: Key, entry: &Entry) {
        if let Event::Ended { polls, .. } = entry.event {
            self.polls += u64::from(polls);
        }
        if let Some(guest) = self.guests.get(&key) {
            self.view.tell(guest.user, Phase::PreSign, entry, None, &self.output);
        }
    }

    /// What a clerk would press now.
    async fn act_where_due(&mut self) {
        let due: Vec<(Key, u32, Action)> = self
            .guests
            .iter()
            .filter_map(|(key, guest)| {
                let (state, action) = guest.next_action(guest.since.elapsed())?;
                Some((*key, state, action))
            })
            .collect();
        for (key, state, action) in due {
            // Whatever is refused, such as a second link while one opens, is due again.
            if let Ok(Done::Opened { .. }) = self.handle.act(key, state, action).await {
                self.lead_to_the_page(key);
            }
        }
    }

    fn lead_to_the_page(&mut self, key: Key) {
        let Ok(address) = self.addresses.try_recv() else { return };
        let Some(guest) = self.guests.get(&key) else { return };
        let reads = guest.reads;
        self.at_the_page.spawn(async move { (key, customer::sign(address, reads).await) });
    }

    fn handed_on(&self) -> usize {
        let steps = self.guests.values().filter_map(|guest| guest.row.as_ref());
        steps.filter(|row| row.step == StepView::HandedOn).count()
    }

    async fn finish(mut self, exit: Exit, interrupts: &mut Interrupts) -> Exit {
        let summary = format!(
            "{} of {} signed and handed on, in {} s with {}",
            self.handed_on(),
            counted(self.guests.len() as u64, "customer"),
            self.began.elapsed().as_secs(),
            counted(self.polls, "poll")
        );
        self.view.finish(&summary, &self.output);
        if exit == Exit::Interrupted {
            return exit;
        }
        tokio::select! {
            written = self.output.finish() => if written.is_ok() { exit } else { Exit::Interrupted },
            () = interrupts.next() => Exit::Interrupted,
        }
    }
}

async fn welcome(handle: &Handle, id: u32, user_type: UserType) -> Result<(Key, User), Stop> {
    let stop = |e: &dyn std::fmt::Display| Stop::new(Exit::Unable, e.to_string());
    let user = User { id: UserId::new(id).map_err(|e| stop(&e))?, user_type };
    let add = Add {
        environment: Environment::SANDBOX.to_owned(),
        id: id.to_string(),
        user_type,
        label: String::new(),
        place: Place::Desk,
        customer: Customer::StillIdentifying,
        both_types: true,
    };
    match handle.add(add, How::Adding).await {
        Ok(Done::Added { key, .. }) => Ok((key, user)),
        Ok(
            Done::Done
            | Done::Opened { .. }
            | Done::Copied { .. }
            | Done::Shown { .. }
            | Done::ShiftEnded { .. }
            | Done::HandedOver { .. }
            | Done::TakenIn { .. }
            | Done::Checked,
        ) => Err(stop(&"not added")),
        Err(refused) => Err(stop(&refused)),
    }
}

impl Guest {
    fn see(&mut self, row: Row) {
        if self.row.as_ref().is_none_or(|before| before.state != row.state) {
            self.since = Instant::now();
        }
        self.row = Some(row);
    }

    fn is_over(&self) -> bool {
        self.row
            .as_ref()
            .is_some_and(|row| matches!(row.step, StepView::HandedOn | StepView::Ended { .. }))
    }

    /// What is to be pressed after so long in this step, in the state that was seen.
    fn next_action(&self, waited: Duration) -> Option<(u32, Action)> {
        let row = self.row.as_ref()?;
        let action = match &row.step {
            StepView::Expected => {
                (waited >= self.identifies).then_some(Action::IdentificationFinished)
            }
            StepView::Ready => (waited >= CLERK && !row.busy).then(|| Action::HandOver {
                way: Way::Browser,
                generation: row.link.as_ref().map_or(0, |link| link.generation),
                confirmed: true,
                here: true,
            }),
            StepView::Signing => self.signed.map(|signed| match signed {
                Ok(()) => Action::SigningFinished,
                Err(_) => Action::GaveUp { reason: GaveUp::FailPage },
            }),
            StepView::Signed => (waited >= CLERK).then_some(Action::HandedOn),
            StepView::PreSign { .. }
            | StepView::NewLinkNeeded
            | StepView::PostSign { .. }
            | StepView::HandedOn
            | StepView::Ended { .. } => None,
        };
        action.map(|action| (row.state, action))
    }
}
