//! What a disk may hold after a power loss. Pure: the log and a seed in, files out.
//!
//! A sync that has come back makes what was done to its file before it began durable, contents and
//! size. Everything else may have reached the disk or not, in any order: each write by itself, one
//! of them in parts of whole sectors, and where a file had grown, zeros or rubbish may stand in
//! place of what was written. A sync that failed makes nothing durable, and no later one makes up
//! for it: the system counts those writes as done.
//!
//! A name in a directory is durable once the *directory* was synced, which `SQLite` does at the
//! first sync of a journal and, when asked to, at a deletion; nothing but that counts here. Until
//! then a name may show any of the files that it has had since, or none.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use fastrand::Rng;

use crate::recording::{Event, Image};

/// What a disk writes in one piece.
const SECTOR: usize = 512;

/// Files after a power loss at the end of these events; in the error, a file that was changed and
/// never made.
pub(crate) fn lost(start: &Image, events: &[Event], rng: &mut Rng) -> Result<Image, PathBuf> {
    let mut drive = Drive::new(start);
    for (at, event) in events.iter().enumerate() {
        drive.take(at, event)?;
    }
    Ok(drive.left(rng))
}

/// The disk and what it has still to write.
struct Drive<'a> {
    files: Vec<File<'a>>,
    names: BTreeMap<&'a Path, Name>,
}

/// Which file a name stands for, if any: surely, and by changes that are not durable yet.
#[derive(Default)]
struct Name {
    durable: Option<usize>,
    later: Vec<(usize, Option<usize>)>,
}

impl Name {
    fn current(&self) -> Option<usize> {
        self.later.last().map_or(self.durable, |(_, file)| *file)
    }

    fn settle(&mut self, before: usize) {
        let settled = self.later.partition_point(|(at, _)| *at < before);
        if let Some((_, file)) = self.later.drain(..settled).next_back() {
            self.durable = file;
        }
    }
}

struct File<'a> {
    start: &'a [u8],
    changes: Vec<Change<'a>>,
}

struct Change<'a> {
    at: usize,
    what: What<'a>,
    standing: Standing,
}

#[derive(Clone, Copy)]
enum What<'a> {
    Write { offset: usize, data: &'a [u8] },
    Truncate { size: usize },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Pending,
    Durable,
    /// Its sync failed.
    Doubtful,
}

impl<'a> Drive<'a> {
    fn new(start: &'a Image) -> Self {
        let mut drive = Self { files: Vec::new(), names: BTreeMap::new() };
        for (name, bytes) in start {
            let file = drive.add(bytes);
            drive.names.insert(name, Name { durable: Some(file), later: Vec::new() });
        }
        drive
    }

    fn add(&mut self, start: &'a [u8]) -> usize {
        self.files.push(File { start, changes: Vec::new() });
        self.files.len() - 1
    }

    fn take(&mut self, at: usize, event: &'a Event) -> Result<(), PathBuf> {
        match event {
            Event::Create { file, bytes } => {
                let made = self.add(bytes);
                self.names.entry(file).or_default().later.push((at, Some(made)));
            }
            Event::Write { file, offset, data } => {
                self.change(at, file, What::Write { offset: *offset, data })?;
            }
            Event::Truncate { file, size } => {
                self.change(at, file, What::Truncate { size: *size })?;
            }
            Event::Sync { file, began, directory } => {
                self.settle(file, *began, Standing::Durable);
                if *directory {
                    self.settle_names(file, *began);
                }
            }
            Event::SyncFailed { file, began } => self.settle(file, *began, Standing::Doubtful),
            Event::Delete { file, directory } => {
                self.names.entry(file).or_default().later.push((at, None));
                if *directory {
                    self.settle_names(file, at + 1);
                }
            }
            Event::Mark(_) => {}
        }
        Ok(())
    }

    fn file(&mut self, name: &Path) -> Option<&mut File<'a>> {
        self.names.get(name).and_then(Name::current).map(|file| &mut self.files[file])
    }

    fn change(&mut self, at: usize, name: &Path, what: What<'a>) -> Result<(), PathBuf> {
        let file = self.file(name).ok_or(name)?;
        file.changes.push(Change { at, what, standing: Standing::Pending });
        Ok(())
    }

    fn settle(&mut self, name: &Path, before: usize, standing: Standing) {
        let changes = self.file(name).into_iter().flat_map(|file| &mut file.changes);
        for change in changes.filter(|it| it.at < before && it.standing == Standing::Pending) {
            change.standing = standing;
        }
    }

    /// The directory of this file has been synced.
    fn settle_names(&mut self, file: &Path, before: usize) {
        let siblings = self.names.iter_mut().filter(|(name, _)| name.parent() == file.parent());
        for (_, name) in siblings {
            name.settle(before);
        }
    }

    fn left(&self, rng: &mut Rng) -> Image {
        let mut image = Image::new();
        for (path, name) in &self.names {
            let shown = match rng.usize(0..=name.later.len()) {
                0 => name.durable,
                later => name.later[later - 1].1,
            };
            if let Some(file) = shown {
                image.insert(path.to_path_buf(), self.files[file].left(rng));
            }
        }
        image
    }
}

impl File<'_> {
    fn left(&self, rng: &mut Rng) -> Vec<u8> {
        // Whole files are often lucky or not at all: caches are written out from time to time.
        let luck = rng.choice([0, 25, 50, 75, 100]).unwrap_or(0);
        let mut bytes = self.start.to_vec();
        let mut pending = Vec::new();
        for change in &self.changes {
            match change.standing {
                Standing::Durable => change.what.reach(&mut bytes),
                Standing::Doubtful if lucky(luck, rng) => change.what.reach(&mut bytes),
                Standing::Doubtful => {}
                Standing::Pending => pending.push(change.what),
            }
        }
        if rng.bool() {
            rng.shuffle(&mut pending);
        }
        let durable = bytes.len();
        let torn = rng.usize(0..=pending.len());
        for (nth, what) in pending.into_iter().enumerate() {
            match what {
                What::Write { offset, data } if nth == torn => {
                    tear(&mut bytes, durable, offset, data, rng);
                }
                What::Write { .. } | What::Truncate { .. } if lucky(luck, rng) => {
                    what.reach(&mut bytes);
                }
                What::Write { offset, data } => {
                    leave_out(&mut bytes, durable, offset, data.len(), rng);
                }
                What::Truncate { .. } => {}
            }
        }
        bytes
    }
}

fn lucky(percent: u8, rng: &mut Rng) -> bool {
    rng.u8(0..100) < percent
}

impl What<'_> {
    fn reach(self, bytes: &mut Vec<u8>) {
        match self {
            Self::Write { offset, data } => write(bytes, offset, data),
            Self::Truncate { size } => bytes.resize(size, 0),
        }
    }
}

fn write(bytes: &mut Vec<u8>, offset: usize, data: &[u8]) {
    let end = offset + data.len();
    if bytes.len() < end {
        bytes.resize(end, 0);
    }
    bytes[offset..end].copy_from_slice(data);
}

/// A write of which only the sectors before or after one boundary got through.
fn tear(bytes: &mut Vec<u8>, durable: usize, offset: usize, data: &[u8], rng: &mut Rng) {
    let first = offset / SECTOR + 1;
    let last = (offset + data.len()).saturating_sub(1) / SECTOR;
    let cut = if first <= last { rng.usize(first..=last) * SECTOR - offset } else { data.len() };
    let (head, tail) = data.split_at(cut);
    if rng.bool() {
        write(bytes, offset, head);
        leave_out(bytes, durable, offset + cut, tail.len(), rng);
    } else {
        leave_out(bytes, durable, offset, head.len(), rng);
        write(bytes, offset + cut, tail);
    }
}

/// A write that was lost. Where it would have made the file longer, the file may have grown all
/// the same.
fn leave_out(bytes: &mut Vec<u8>, durable: usize, offset: usize, len: usize, rng: &mut Rng) {
    let from = offset.max(durable);
    let end = offset + len;
    if from >= end {
        return;
    }
    match rng.u8(0..4) {
        0 if bytes.len() < end => bytes.resize(end, 0),
        1 => {
            if bytes.len() < end {
                bytes.resize(end, 0);
            }
            rng.fill(&mut bytes[from..end]);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
