//! What a process has used, as Linux counts it for each thread.

use std::{collections::BTreeMap, fs, io, time::Duration};

use anyhow::{Context, Result, anyhow};

/// What was used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    pub cpu: Duration,
    /// Context switches because a thread had nothing to do, each of which ends in a wake-up.
    pub voluntary: u64,
    /// Context switches because somebody else's turn had come.
    pub involuntary: u64,
}

/// What each thread of a process has used so far, by its id.
#[derive(Debug, Default)]
pub struct Threads(BTreeMap<u32, Usage>);

impl Threads {
    /// The threads of a process at this moment.
    pub fn of(process: u32) -> Result<Self> {
        let folder = format!("/proc/{process}/task");
        let mut threads = BTreeMap::new();
        for entry in fs::read_dir(&folder).context(folder)? {
            let entry = entry?;
            let Some(id) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
                continue;
            };
            let read = |name: &str| fs::read_to_string(entry.path().join(name));
            match read("schedstat").and_then(|s| Ok((s, read("status")?))) {
                Ok((schedstat, status)) => {
                    let usage = usage(&schedstat, &status)
                        .ok_or_else(|| anyhow!("/proc/{process}/task/{id} is not understood"))?;
                    threads.insert(id, usage);
                }
                // It ended while it was being read, which `since` will notice.
                Err(error) if is_gone(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Self(threads))
    }

    /// What was used since `before`; `None` where a thread has ended, whose use nobody knows.
    pub fn since(&self, before: &Self) -> Option<Usage> {
        if before.0.keys().any(|id| !self.0.contains_key(id)) {
            return None;
        }
        let mut used = Usage::default();
        for (id, now) in &self.0 {
            let then = before.0.get(id).copied().unwrap_or_default();
            used.cpu += now.cpu.saturating_sub(then.cpu);
            used.voluntary += now.voluntary.saturating_sub(then.voluntary);
            used.involuntary += now.involuntary.saturating_sub(then.involuntary);
        }
        Some(used)
    }
}

/// The memory of a process in bytes, with what it shares counted in proportion.
pub fn proportional_set_size(process: u32) -> Result<u64> {
    let path = format!("/proc/{process}/smaps_rollup");
    let text = fs::read_to_string(&path).context(path)?;
    let kib = field(&text, "Pss").context("smaps_rollup without Pss")?;
    Ok(kib * 1024)
}

fn is_gone(error: &io::Error) -> bool {
    /// What reading a file of a thread that has just ended gives.
    const NO_SUCH_PROCESS: i32 = 3;
    error.kind() == io::ErrorKind::NotFound || error.raw_os_error() == Some(NO_SUCH_PROCESS)
}

/// The first number of `schedstat` is the time spent on a processor, in nanoseconds.
fn usage(schedstat: &str, status: &str) -> Option<Usage> {
    let nanoseconds = schedstat.split_whitespace().next()?.parse().ok()?;
    Some(Usage {
        cpu: Duration::from_nanos(nanoseconds),
        voluntary: field(status, "voluntary_ctxt_switches")?,
        involuntary: field(status, "nonvoluntary_ctxt_switches")?,
    })
}

/// The number in a line `Name:   number …`.
fn field(text: &str, name: &str) -> Option<u64> {
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    value.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATUS: &str = "Name:\ttokio-rt\nvoluntary_ctxt_switches:\t12\n\
                          nonvoluntary_ctxt_switches:\t3\n";

    #[test]
    fn the_files_of_a_thread_are_read() {
        let cpu = Duration::from_nanos(2_500);
        assert_eq!(
            usage("2500 77 9\n", STATUS),
            Some(Usage { cpu, voluntary: 12, involuntary: 3 })
        );
        assert_eq!(usage("", STATUS), None);
        assert_eq!(usage("2500 77 9\n", "Name:\ttokio-rt\n"), None);
        assert_eq!(field("Rss:  9 kB\nPss:   8 kB\nPss_Dirty: 7 kB\n", "Pss"), Some(8));
    }

    #[test]
    fn use_is_summed_over_threads_unless_one_has_ended() {
        let used =
            |ms, voluntary| Usage { cpu: Duration::from_millis(ms), voluntary, involuntary: 0 };
        let before = Threads(BTreeMap::from([(1, used(10, 5)), (2, used(20, 5))]));
        let after = Threads(BTreeMap::from([(1, used(11, 6)), (2, used(22, 7)), (3, used(4, 1))]));
        assert_eq!(after.since(&before), Some(used(7, 4)));
        assert_eq!(before.since(&after), None);
    }

    #[test]
    fn this_very_process_can_be_read() {
        let threads = Threads::of(std::process::id()).expect("Linux counts");
        assert!(threads.0.values().any(|usage| usage.cpu > Duration::ZERO));
        assert!(proportional_set_size(std::process::id()).expect("Linux counts") > 1024);
    }
}
