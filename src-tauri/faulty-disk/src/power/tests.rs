use std::collections::BTreeSet;
use std::iter;

use super::*;

const SEEDS: u64 = 500;

fn create(file: &str) -> Event {
    Event::Create { file: file.into(), bytes: Vec::new() }
}

fn write(file: &str, offset: usize, data: &[u8]) -> Event {
    Event::Write { file: file.into(), offset, data: data.to_vec() }
}

fn truncate(file: &str, size: usize) -> Event {
    Event::Truncate { file: file.into(), size }
}

fn sync(file: &str, began: usize) -> Event {
    Event::Sync { file: file.into(), began, directory: false }
}

fn sync_with_directory(file: &str, began: usize) -> Event {
    Event::Sync { file: file.into(), began, directory: true }
}

fn delete(file: &str, directory: bool) -> Event {
    Event::Delete { file: file.into(), directory }
}

fn disk(files: &[(&str, &[u8])]) -> Image {
    files.iter().map(|(name, bytes)| (name.into(), bytes.to_vec())).collect()
}

fn outcome(start: &Image, events: &[Event], seed: u64) -> Image {
    match lost(start, events, &mut Rng::with_seed(seed)) {
        Ok(image) => image,
        Err(file) => panic!("{} was never made", file.display()),
    }
}

/// Everything that is found under a name, over many seeds; `None` where it is not there.
fn outcomes(start: &Image, events: &[Event], file: &str) -> BTreeSet<Option<Vec<u8>>> {
    (0..SEEDS).map(|seed| outcome(start, events, seed).remove(Path::new(file))).collect()
}

fn all(found: &[Option<&[u8]>]) -> BTreeSet<Option<Vec<u8>>> {
    found.iter().map(|bytes| bytes.map(<[u8]>::to_vec)).collect()
}

#[test]
fn what_was_there_before_is_there_afterwards() {
    let start = disk(&[("a", b"one"), ("below/b", b"two")]);
    for seed in 0..SEEDS {
        assert_eq!(outcome(&start, &[], seed), start);
    }
}

#[test]
fn what_was_synced_always_survives() {
    let start = disk(&[("a", b"....")]);
    let events = [write("a", 1, b"xy"), write("a", 6, b"z"), sync("a", 2)];
    assert_eq!(outcomes(&start, &events, "a"), all(&[Some(b".xy.\0\0z")]));
}

#[test]
fn an_unsynced_write_is_there_or_not() {
    let start = disk(&[("a", b"....")]);
    let events = [write("a", 0, b"x"), sync("a", 1), write("a", 1, b"y")];
    assert_eq!(outcomes(&start, &events, "a"), all(&[Some(b"x..."), Some(b"xy..")]));
}

#[test]
fn unsynced_writes_reach_the_disk_in_any_order() {
    let start = disk(&[("a", b"..")]);
    let events = [write("a", 0, b"1"), write("a", 1, b"2"), write("a", 0, b"3")];
    let found = outcomes(&start, &events, "a");
    let possible: Vec<Option<&[u8]>> =
        vec![Some(b".."), Some(b"1."), Some(b"3."), Some(b".2"), Some(b"12"), Some(b"32")];
    assert_eq!(found, all(&possible));
    let late_write_alone = outcomes(&start, &events[2..], "a");
    assert!(!late_write_alone.contains(&Some(b"1.".to_vec())));
}

#[test]
fn a_write_during_a_sync_may_be_too_late_for_it() {
    let start = disk(&[("a", b"..")]);
    let events = [write("a", 0, b"x"), write("a", 1, b"y"), sync("a", 1)];
    assert_eq!(outcomes(&start, &events, "a"), all(&[Some(b"x."), Some(b"xy")]));
}

#[test]
fn a_sync_is_about_its_own_file() {
    let start = disk(&[("a", b"."), ("b", b".")]);
    let events = [write("a", 0, b"x"), write("b", 0, b"y"), sync("b", 2)];
    assert_eq!(outcomes(&start, &events, "a"), all(&[Some(b"."), Some(b"x")]));
    assert_eq!(outcomes(&start, &events, "b"), all(&[Some(b"y")]));
}

#[test]
fn a_write_tears_between_sectors_only() {
    let start = disk(&[("a", &[b'.'; 4 * SECTOR])]);
    // It covers the end of a sector, two whole ones, and the beginning of another.
    let events = [write("a", SECTOR / 2, &[b'x'; 3 * SECTOR])];
    let found: BTreeSet<Vec<bool>> = outcomes(&start, &events, "a")
        .into_iter()
        .flatten()
        .map(|bytes| {
            let pieces = [
                &bytes[SECTOR / 2..SECTOR],
                &bytes[SECTOR..2 * SECTOR],
                &bytes[2 * SECTOR..3 * SECTOR],
                &bytes[3 * SECTOR..3 * SECTOR + SECTOR / 2],
            ];
            assert!(bytes[..SECTOR / 2].iter().all(|it| *it == b'.'));
            assert!(bytes[3 * SECTOR + SECTOR / 2..].iter().all(|it| *it == b'.'));
            let pieces = pieces.map(|piece| {
                assert!(piece.iter().all(|it| *it == piece[0]), "a sector is torn");
                piece[0] == b'x'
            });
            pieces.to_vec()
        })
        .collect();
    let heads = (0..=4).map(|cut| (0..4).map(|nth| nth < cut).collect::<Vec<_>>());
    let tails = (0..=4).map(|cut| (0..4).map(|nth| nth >= cut).collect::<Vec<_>>());
    assert_eq!(found, heads.chain(tails).collect());
}

#[test]
fn at_most_one_write_is_torn() {
    let start = disk(&[("a", &[b'.'; 8 * SECTOR])]);
    let events: Vec<_> =
        (0..4).map(|nth| write("a", nth * 2 * SECTOR, &[b'x'; 2 * SECTOR])).collect();
    let mut torn = BTreeSet::new();
    for bytes in outcomes(&start, &events, "a").into_iter().flatten() {
        let split = |write: &&[u8]| write[0] != write[2 * SECTOR - 1];
        torn.insert(bytes.chunks(2 * SECTOR).filter(split).count());
    }
    assert_eq!(torn, BTreeSet::from([0, 1]));
}

#[test]
fn a_file_that_was_growing_may_end_in_zeros_or_rubbish() {
    let start = disk(&[("a", b"..")]);
    let events = [write("a", 0, b"xxxxxxxx")];
    let found = outcomes(&start, &events, "a");
    assert!(found.contains(&Some(b"..".to_vec())), "not written");
    assert!(found.contains(&Some(b"xxxxxxxx".to_vec())), "written");
    assert!(found.contains(&Some(b"..\0\0\0\0\0\0".to_vec())), "only grown");
    let rubbish = found
        .iter()
        .flatten()
        .filter(|bytes| bytes.len() == 8 && bytes[..2] == *b".." && bytes[2..] != [0; 6]);
    assert!(rubbish.count() > 1, "grown, and filled with something");
    assert!(found.iter().flatten().all(|bytes| bytes.len() == 2 || bytes.len() == 8));
}

#[test]
fn rubbish_never_stands_in_place_of_what_was_durable() {
    let start = disk(&[("a", b"....")]);
    let events = [write("a", 0, b"xx"), sync("a", 1), write("a", 1, b"yyyyyy")];
    for bytes in outcomes(&start, &events, "a").into_iter().flatten() {
        assert!(bytes.starts_with(b"xx..") || bytes == *b"xyyyyyy", "{bytes:?}");
    }
}

#[test]
fn a_shorter_size_is_there_or_not_until_it_is_synced() {
    let start = disk(&[("a", b"long")]);
    let mut events = vec![truncate("a", 1)];
    assert_eq!(outcomes(&start, &events, "a"), all(&[Some(b"long"), Some(b"l")]));
    events.push(sync("a", 1));
    assert_eq!(outcomes(&start, &events, "a"), all(&[Some(b"l")]));
}

#[test]
fn a_new_file_is_missing_or_empty_until_its_directory_is_synced() {
    let events = [create("a"), write("a", 0, b"x"), sync("a", 2), create("b")];
    assert_eq!(outcomes(&Image::new(), &events, "a"), all(&[None, Some(b"x")]));
    assert_eq!(outcomes(&Image::new(), &events, "b"), all(&[None, Some(b"")]));
}

#[test]
fn a_directory_is_synced_for_all_its_files_and_no_others() {
    let events = [
        create("a"),
        create("below/b"),
        create("c"),
        create("late"),
        sync_with_directory("c", 3),
        create("d"),
    ];
    assert_eq!(outcomes(&Image::new(), &events, "a"), all(&[Some(b"")]));
    assert_eq!(outcomes(&Image::new(), &events, "c"), all(&[Some(b"")]));
    assert_eq!(outcomes(&Image::new(), &events, "below/b"), all(&[None, Some(b"")]));
    assert_eq!(outcomes(&Image::new(), &events, "late"), all(&[None, Some(b"")]));
    assert_eq!(outcomes(&Image::new(), &events, "d"), all(&[None, Some(b"")]));
}

#[test]
fn a_deleted_file_may_come_back_with_what_was_durable_in_it() {
    let start = disk(&[("a", b".")]);
    let mut events = vec![write("a", 0, b"x"), sync("a", 1), delete("a", false)];
    assert_eq!(outcomes(&start, &events, "a"), all(&[None, Some(b"x")]));
    events.push(delete("b", true));
    assert_eq!(outcomes(&start, &events, "a"), all(&[None]), "the directory was synced");
}

#[test]
fn a_file_that_takes_a_deleted_ones_name_may_be_found_as_either() {
    let start = disk(&[("a", b"old")]);
    let events =
        [delete("a", false), create("a"), write("a", 0, b"new"), sync("a", 3), sync("a", 4)];
    assert_eq!(outcomes(&start, &events, "a"), all(&[None, Some(b"old"), Some(b"new")]));
}

#[test]
fn what_a_failed_sync_was_about_is_not_saved_by_a_later_one() {
    let start = disk(&[("a", b"..")]);
    let failed = Event::SyncFailed { file: "a".into(), began: 1 };
    let events = [write("a", 0, b"x"), failed, write("a", 1, b"y"), sync("a", 3)];
    assert_eq!(outcomes(&start, &events, "a"), all(&[Some(b".y"), Some(b"xy")]));
}

#[test]
fn what_is_written_anew_after_a_failed_sync_is_saved() {
    let start = disk(&[("a", b"..")]);
    let failed = Event::SyncFailed { file: "a".into(), began: 1 };
    let events = [write("a", 0, b"x"), failed, write("a", 0, b"z"), sync("a", 3)];
    assert_eq!(outcomes(&start, &events, "a"), all(&[Some(b"z.")]));
}

#[test]
fn writing_to_a_file_that_was_never_made_is_an_error() {
    let found = lost(&Image::new(), &[write("a", 0, b"x")], &mut Rng::with_seed(1));
    assert_eq!(found, Err("a".into()));
}

/// Blocks of a few files written, synced, and the files cut, at random.
fn busy(rng: &mut Rng) -> Vec<Event> {
    let mut events = vec![create("a"), create("b"), sync_with_directory("b", 2)];
    for nth in 0..60 {
        let file = if rng.bool() { "a" } else { "b" };
        let began = events.len();
        events.push(match rng.u8(0..10) {
            0..=6 => write(file, rng.usize(0..40) * 300, &[nth + 1; 300]),
            7 => truncate(file, rng.usize(0..40) * 300),
            _ => sync(file, began),
        });
    }
    events
}

#[test]
fn the_same_seed_finds_the_same_bytes_and_another_one_others() {
    let events = busy(&mut Rng::with_seed(1));
    let start = Image::new();
    for seed in 0..SEEDS {
        assert_eq!(outcome(&start, &events, seed), outcome(&start, &events, seed));
    }
    let different: BTreeSet<_> = (0..SEEDS).map(|seed| outcome(&start, &events, seed)).collect();
    assert!(different.len() > 200, "only {} of {SEEDS}", different.len());
}

#[test]
fn after_a_last_sync_of_everything_the_disk_holds_what_was_written() {
    for seed in 0..SEEDS {
        let mut events = busy(&mut Rng::with_seed(seed));
        let written: Vec<Vec<u8>> = ["a", "b"].map(|file| plain(&events, file)).to_vec();
        let end = events.len();
        events.extend([sync("a", end), sync("b", end)]);
        let found = outcome(&Image::new(), &events, seed);
        assert_eq!(found.into_values().collect::<Vec<_>>(), written);
    }
}

/// What a disk that forgets nothing has in a file.
fn plain(events: &[Event], name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for event in events {
        match event {
            Event::Write { file, offset, data } if file == Path::new(name) => {
                let missing = (offset + data.len()).saturating_sub(bytes.len());
                bytes.extend(iter::repeat_n(0, missing));
                bytes.splice(*offset..offset + data.len(), data.iter().copied());
            }
            Event::Truncate { file, size } if file == Path::new(name) => bytes.resize(*size, 0),
            Event::Create { .. }
            | Event::Write { .. }
            | Event::Truncate { .. }
            | Event::Sync { .. }
            | Event::SyncFailed { .. }
            | Event::Delete { .. }
            | Event::Mark(_) => {}
        }
    }
    bytes
}
