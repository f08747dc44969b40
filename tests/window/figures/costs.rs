//! What a console and all that it started cost, as Linux counts it.

use std::{
    fs,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use crate::window::props;

/// As the system cuts its name short.
const WEB_PROCESS: &str = "WebKitWebProces";

pub struct Costs {
    cpu: Duration,
    web_cpu: Duration,
    pss_kib: u64,
    web_pss_kib: u64,
}

impl Costs {
    pub fn of(console: u32) -> Self {
        let all = props::descendants(console);
        let size_of = |ids: &[u32]| ids.iter().map(|id| pss_kib(*id)).sum();
        let time_of = |ids: &[u32]| ids.iter().map(|id| cpu(*id)).sum();
        let web: Vec<u32> = all.iter().copied().filter(|id| name(*id) == WEB_PROCESS).collect();
        assert!(!web.is_empty(), "a page has a process of its own");
        Self {
            cpu: time_of(&all),
            web_cpu: time_of(&web),
            pss_kib: size_of(&all),
            web_pss_kib: size_of(&web),
        }
    }

    pub fn pss_mib(&self) -> f64 {
        mib(self.pss_kib)
    }

    /// Of what shows the page alone.
    pub fn web_pss_mib(&self) -> f64 {
        mib(self.web_pss_kib)
    }

    pub fn cpu_since(&self, before: &Self) -> Duration {
        self.cpu.saturating_sub(before.cpu)
    }

    pub fn web_cpu_since(&self, before: &Self) -> Duration {
        self.web_cpu.saturating_sub(before.web_cpu)
    }
}

/// When a process began, in epoch milliseconds, to 10 ms.
pub fn began_ms(id: u32) -> f64 {
    let told = fs::read_to_string(format!("/proc/{id}/stat")).expect("a process");
    let ticks = after_name(&told).nth(19).and_then(|it| it.parse::<u32>().ok()).expect("a time");
    let uptime = fs::read_to_string("/proc/uptime").expect("a clock");
    let up: f64 = uptime.split(' ').next().and_then(|it| it.parse().ok()).expect("a time");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs_f64();
    (now - up + f64::from(ticks) / 100.0) * 1_000.0
}

fn name(id: u32) -> String {
    fs::read_to_string(format!("/proc/{id}/comm")).unwrap_or_default().trim().to_owned()
}

/// User and kernel time, in steps of 10 ms: that of threads which have ended counts as well.
fn cpu(id: u32) -> Duration {
    let told = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    let fields = after_name(&told).skip(11).take(2);
    let ticks: u64 = fields.filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

/// The fields after a process's name, which may hold blanks.
fn after_name(stat: &str) -> impl Iterator<Item = &str> {
    stat.rsplit(") ").next().unwrap_or_default().split(' ')
}

fn pss_kib(id: u32) -> u64 {
    let told = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).unwrap_or_default();
    let line = told.lines().find_map(|line| line.strip_prefix("Pss:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
}

fn mib(kib: u64) -> f64 {
    f64::from(u32::try_from(kib).unwrap_or(u32::MAX)) / 1024.0
}
