//! Somebody who presses all the buttons, faster than anybody could.

use std::{
    sync::{Arc, mpsc},
    time::Duration,
};

use enrollment_core::{
    desk::{
        driver::Handle,
        view::{Action, Add, StepView, Way},
    },
    enrollment::{Customer, GaveUp, How, Key, Place, UserType},
};
use tokio::{runtime::Builder, task::JoinSet, time::sleep};

use crate::{
    child::{ENVIRONMENT, Shown, Stage},
    facts::Fact,
};

/// So many are on the list, more or less.
const CROWD: usize = 110;
/// In one console of so many, somebody is added before the list is there.
const HASTE: u32 = 4;

struct Actor {
    handle: Handle,
    stage: Arc<Stage>,
    dice: fastrand::Rng,
    user: u32,
    /// Taken off the list a moment ago.
    removed: Vec<Key>,
    asked: JoinSet<()>,
}

/// Acts until the console ends.
pub fn run(handle: &Handle, stage: &Arc<Stage>, seed: u64, first: u32, list: &mpsc::Receiver<()>) {
    // Without a runtime nobody acts, which the test notices.
    let Ok(runtime) = Builder::new_current_thread().enable_time().build() else { return };
    runtime.block_on(async {
        let mut actor = Actor {
            handle: handle.clone(),
            stage: Arc::clone(stage),
            dice: fastrand::Rng::with_seed(seed),
            user: first,
            removed: Vec::new(),
            asked: JoinSet::new(),
        };
        if actor.dice.u32(..HASTE) == 0 {
            for _ in 0..actor.dice.u32(1..=4) {
                actor.add();
            }
            sleep(Duration::ZERO).await;
        }
        if list.recv().is_err() {
            return;
        }
        actor.resume();
        loop {
            sleep(Duration::from_micros(actor.dice.u64(300..3_000))).await;
            actor.act();
            while actor.asked.try_join_next().is_some() {}
        }
    });
}

impl Actor {
    /// Whatever the kill interrupted goes on.
    fn resume(&mut self) {
        let table = self.stage.table().clone();
        for (key, shown) in table {
            if matches!(shown.step, StepView::Ended { .. }) {
                self.ask(key, shown.state, Action::WatchAgain);
            }
        }
    }

    fn act(&mut self) {
        let (count, one) = {
            let table = self.stage.table();
            let count = table.len();
            let nth = self.dice.usize(..count.max(1));
            (count, table.iter().nth(nth).map(|(key, shown)| (*key, shown.clone())))
        };
        if count < CROWD && self.dice.usize(..CROWD) >= count {
            self.add();
        }
        if self.dice.u32(..12) == 0 && !self.removed.is_empty() {
            let key = self.removed.swap_remove(self.dice.usize(..self.removed.len()));
            return self.ask(key, 0, Action::Restore);
        }
        let Some((key, shown)) = one else { return };
        let action = self.choose(&shown);
        if action == Action::Forget {
            return self.forget(key, shown.state);
        }
        if action == Action::Remove {
            self.removed.push(key);
        }
        self.ask(key, shown.state, action);
    }

    fn choose(&mut self, shown: &Shown) -> Action {
        let luck = self.dice.u32(..100);
        match luck {
            0 => return Action::Forget,
            1 => return Action::Remove,
            2 => return Action::WrongId,
            3..40 => return self.note(),
            _ => {}
        }
        match &shown.step {
            StepView::Expected if luck < 90 => Action::IdentificationFinished,
            StepView::Expected => Action::SigningFinished,
            StepView::PreSign { .. } => match luck {
                40..44 => Action::Stop,
                44..50 => Action::SigningFinished,
                50..60 => Action::CheckNow,
                _ => self.note(),
            },
            StepView::Ready | StepView::NewLinkNeeded | StepView::Signing => match luck {
                40..60 => Action::HandOver {
                    way: if luck < 50 { Way::Browser } else { Way::QrCode },
                    generation: shown.generation.unwrap_or(0),
                    confirmed: true,
                    here: true,
                },
                60..66 => Action::NewLink,
                66..72 => Action::CheckNow,
                _ => Action::SigningFinished,
            },
            StepView::PostSign { .. } => match luck {
                40..44 => Action::Stop,
                44..50 => Action::NewLink,
                _ => self.note(),
            },
            StepView::Signed => Action::HandedOn,
            StepView::HandedOn if luck < 60 => Action::Forget,
            StepView::HandedOn => Action::Remove,
            StepView::Ended { .. } => match luck {
                40..44 => Action::GaveUp { reason: GaveUp::SaidSo },
                44..50 => Action::SigningFinished,
                50..54 => Action::CheckNow,
                54..57 => Action::Remove,
                57..60 => self.look(),
                _ => Action::WatchAgain,
            },
        }
    }

    /// So far ahead that the one who finds it after a crash has still to do it.
    fn look(&mut self) -> Action {
        let ahead = jiff::SignedDuration::from_secs(self.dice.i64(3_600..80_000));
        Action::LookAgain { at: Some((jiff::Timestamp::now() + ahead).as_millisecond()) }
    }

    fn note(&mut self) -> Action {
        // Longer than a page of the database now and then.
        let times = if self.dice.u32(..40) == 0 { 90 } else { self.dice.usize(1..6) };
        Action::Note {
            note: format!("{:04} ще се обади ", self.dice.u32(..10_000)).repeat(times)
        }
    }

    fn add(&mut self) {
        let id = self.user;
        self.user += 1;
        let customer = match self.dice.u32(..10) {
            0 => Customer::StillIdentifying,
            1 => Customer::SigningFinished,
            _ => Customer::IdentificationFinished,
        };
        let add = Add {
            environment: ENVIRONMENT.to_owned(),
            id: id.to_string(),
            user_type: if id.is_multiple_of(3) { UserType::Merchant } else { UserType::Individual },
            label: format!("Иванова {id}"),
            place: if id.is_multiple_of(2) { Place::Desk } else { Place::Remote },
            customer,
            both_types: true,
        };
        let handle = self.handle.clone();
        self.asked.spawn(async move {
            let _ = handle.add(add, How::Adding).await;
        });
    }

    fn ask(&mut self, key: Key, state: u32, action: Action) {
        let handle = self.handle.clone();
        // What the desk refuses changes nothing.
        self.asked.spawn(async move {
            let _ = handle.act(key, state, action).await;
        });
    }

    fn forget(&mut self, key: Key, state: u32) {
        let (handle, teller) = (self.handle.clone(), Arc::clone(&self.stage));
        teller.say(&[Fact::Forgetting { key }]);
        self.asked.spawn(async move {
            if handle.act(key, state, Action::Forget).await.is_ok() {
                teller.say(&[Fact::Forgot { key }]);
            }
        });
    }
}
