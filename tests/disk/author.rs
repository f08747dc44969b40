//! Batches as a desk hands them over, all of them from one seed.

use std::{collections::BTreeMap, ops::RangeInclusive, sync::Arc};

use enrollment_core::{
    enrollment::{
        Customer, Entry, Event, GaveUp, How, Key, Look, Miss, Operator, Outcome, Pause, Phase,
        Place, Problem, ProblemKind, Says, Statement, User, UserId, UserType,
    },
    journal::{Batch, Deed, Deletion, Did, Heard, Kept, KeptStep},
};
use fastrand::Rng;
use jiff::Timestamp;

use crate::book::Book;

/// How large the batches are, and what is in them.
#[derive(Clone)]
pub struct Shape {
    pub rows: RangeInclusive<usize>,
    pub lines: RangeInclusive<u32>,
    /// One row in so many is a new enrollment.
    pub newcomers: u32,
    /// One batch in so many deletes somebody; 0: none does.
    pub deletions: u32,
}

impl Default for Shape {
    fn default() -> Self {
        Self { rows: 0..=8, lines: 0..=4, newcomers: 4, deletions: 5 }
    }
}

pub struct Author {
    pub dice: Rng,
    number: u64,
    next: u64,
    rows: BTreeMap<Key, Kept>,
    by: Arc<Operator>,
}

impl Author {
    pub fn new(seed: u64) -> Self {
        Self::after(seed, &Book::default())
    }

    /// Goes on with the enrollments of a journal that there is already.
    pub fn after(seed: u64, book: &Book) -> Self {
        // Of some there may be nothing but lines.
        let newest = book.rows.keys().chain(book.lines.keys().map(|(key, _)| key)).max();
        Self {
            dice: Rng::with_seed(seed),
            number: 0,
            next: newest.map_or(0, |key| key.0) + 1_000,
            rows: book.rows.clone(),
            by: Operator::account("maria").into(),
        }
    }

    pub fn batches(&mut self, count: usize, shape: &Shape) -> Vec<Batch> {
        (0..count).map(|_| self.batch(shape)).collect()
    }

    pub fn batch(&mut self, shape: &Shape) -> Batch {
        self.number += 1;
        let mut batch = Batch { number: self.number, live: self.dice.bool(), ..Batch::default() };
        if shape.deletions > 0 && self.dice.u32(..shape.deletions) == 0 {
            batch.deleted.extend(self.delete());
        }
        let mut changed = BTreeMap::new();
        for _ in 0..self.dice.usize(shape.rows.clone()) {
            let key = self.somebody(shape.newcomers);
            changed.entry(key).or_insert_with(|| self.change(key, shape));
        }
        batch.kept.extend(changed.into_values());
        // A batch of nothing is never handed over.
        let least = usize::from(batch.kept.is_empty() && batch.deleted.is_empty());
        for _ in 0..self.dice.usize(least..=2) {
            batch.deeds.push(self.deed());
        }
        batch
    }

    fn delete(&mut self) -> Option<(Key, Deletion)> {
        let key = self.anybody()?;
        let row = self.rows.remove(&key)?;
        let deletion = if self.dice.bool() { forgotten(&row) } else { Deletion::Expired };
        Some((key, deletion))
    }

    fn anybody(&mut self) -> Option<Key> {
        let nth = self.dice.usize(..self.rows.len().max(1));
        self.rows.keys().nth(nth).copied()
    }

    fn somebody(&mut self, newcomers: u32) -> Key {
        let known = self.anybody();
        if let Some(key) = known.filter(|_| self.dice.u32(..newcomers.max(1)) > 0) {
            return key;
        }
        self.next += self.dice.u64(1..5);
        Key(self.next)
    }

    fn change(&mut self, key: Key, shape: &Shape) -> (Kept, Vec<Entry>) {
        let before = self.rows.get(&key).map_or(0, |kept| kept.seq);
        let seq = before + self.dice.u32(shape.lines.clone());
        let entries = (before + 1..=seq).map(|seq| self.entry(seq)).collect();
        let kept = self.kept(key, seq);
        self.rows.insert(key, kept.clone());
        (kept, entries)
    }

    fn look(&mut self) -> Option<Look> {
        let by = Operator::account("maria").into();
        self.dice.bool().then(|| Look { at: self.moment(), by })
    }

    fn kept(&mut self, key: Key, seq: u32) -> Kept {
        let merchant = self.dice.u8(..4) == 0;
        let user_type = if merchant { UserType::Merchant } else { UserType::Individual };
        let status = self.words(1);
        Kept {
            key,
            environment: "Test".into(),
            user: User {
                id: UserId::new(u32::try_from(key.0).expect("a small key")).expect("an id"),
                user_type,
            },
            label: format!("Иванова, М. {}", self.dice.u32(..1_000)),
            place: if self.dice.bool() { Place::Desk } else { Place::Remote },
            step: self.step(),
            state: seq,
            since: self.moment(),
            heard: self.dice.bool().then_some(Heard { status: Some(status), message: None }),
            statements: self.statements(),
            generations: self.dice.u32(..3),
            confirmed: self.dice.bool(),
            not_before: self.dice.bool().then(|| self.moment()),
            look: self.look(),
            note: self.note(),
            removed: (self.dice.u8(..8) == 0).then(|| self.moment()),
            seq,
        }
    }

    fn step(&mut self) -> KeptStep {
        let phase = Phase::PostSign;
        match self.dice.u8(..6) {
            0 => KeptStep::Expected,
            1 => KeptStep::PreSign,
            2 => KeptStep::Ready,
            3 => KeptStep::Signed,
            4 => KeptStep::HandedOn,
            _ => KeptStep::Ended { phase, miss: Miss::GaveUp { reason: GaveUp::SaidSo } },
        }
    }

    fn statements(&mut self) -> Vec<Statement> {
        let (by, at) = (Arc::clone(&self.by), self.moment());
        let says = Says::IdentificationFinished;
        if self.dice.bool() { vec![Statement { says, how: How::Button, by, at }] } else { vec![] }
    }

    fn entry(&mut self, seq: u32) -> Entry {
        let phase = Phase::PreSign;
        let event = match self.dice.u8(..9) {
            0 => Event::Added { customer: Customer::StillIdentifying },
            1 => Event::Problem { phase, problem: Box::new(self.problem()), retry_ms: Some(2_000) },
            2 => Event::Paused { phase, why: Pause::Offline },
            3 => Event::Link { host: "sign.example.bg".into(), generation: seq },
            4 => Event::Noted { note: self.note() },
            5 => Event::Ended { phase, result: Box::new(Outcome::Signed), polls: seq },
            _ => Event::Status {
                phase,
                status: Some("PROCESSING".into()),
                message: Some(self.words(6).into()),
                backwards: self.dice.bool(),
            },
        };
        let by = event.is_deed().then(|| Arc::clone(&self.by));
        Entry { seq, at: self.moment(), by, event }
    }

    fn problem(&mut self) -> Problem {
        Problem {
            kind: ProblemKind::Refused,
            http: Some(404),
            detail: Some(self.words(4)),
            trace_id: Some(self.words(1)),
        }
    }

    fn deed(&mut self) -> Deed {
        Deed {
            at: self.moment(),
            by: Arc::clone(&self.by),
            did: Did::Opened { host: self.words(1) },
            environment: Some("Test".to_owned()),
            user: None,
        }
    }

    /// Mostly short, now and then longer than a page of the database.
    fn note(&mut self) -> Box<str> {
        let words = match self.dice.u8(..60) {
            0 => 700,
            1..4 => 60,
            4..20 => 5,
            _ => 0,
        };
        self.words(words).into()
    }

    fn words(&mut self, count: usize) -> String {
        let mut text = String::new();
        for _ in 0..count {
            for _ in 0..self.dice.usize(3..10) {
                text.push(self.dice.lowercase());
            }
            text.push(' ');
        }
        text
    }

    fn moment(&mut self) -> Timestamp {
        // Of the last days, so that nothing is old enough to be deleted for its age.
        let ms = Timestamp::now().as_millisecond() - self.dice.i64(0..1_000_000_000);
        Timestamp::from_millisecond(ms).expect("a time")
    }
}

/// Somebody asks to have everything of this customer deleted.
pub fn forgotten(row: &Kept) -> Deletion {
    Deletion::Forgotten { environment: row.environment.clone(), user: row.user }
}
