//! What a console and all that it started cost, as Linux counts it.

use std::{fs, time::Duration};

use crate::window::props;

pub struct Costs {
    cpu: Duration,
    pss_kib: u64,
}

impl Costs {
    pub fn of(console: u32) -> Self {
        let all = props::descendants(console);
        Self {
            cpu: all.iter().map(|id| cpu(*id)).sum(),
            pss_kib: all.iter().map(|id| pss_kib(*id)).sum(),
        }
    }

    pub fn pss_mib(&self) -> f64 {
        f64::from(u32::try_from(self.pss_kib).unwrap_or(u32::MAX)) / 1024.0
    }

    pub fn cpu_since(&self, before: &Self) -> Duration {
        self.cpu.saturating_sub(before.cpu)
    }
}

/// User and kernel time, in steps of 10 ms: that of threads which have ended counts as well.
fn cpu(id: u32) -> Duration {
    let told = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    // The name before may hold blanks.
    let fields = told.rsplit(") ").next().unwrap_or_default().split(' ').skip(11).take(2);
    let ticks: u64 = fields.filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

fn pss_kib(id: u32) -> u64 {
    let told = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).unwrap_or_default();
    let line = told.lines().find_map(|line| line.strip_prefix("Pss:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
}
