//! An hour of changes, after which the page's process is to be as large as it was.

use std::time::{Duration, Instant};

use crate::window::stage::Stage;

use super::{
    WATCHED,
    changes::watch_all,
    costs::Costs,
    gateway::Gateway,
    table::{self, Table},
};

/// A hundred changes a second.
const PERIOD: Duration = Duration::from_secs(10);
const HOUR: Duration = Duration::from_secs(3_600);
/// What everybody's first watch fills is filled by then.
const WARM: Duration = Duration::from_secs(300);
const MINUTE: Duration = Duration::from_secs(60);
/// Sizes on either end, a minute apart: one of them alone may lie just before a collection.
const ENDS: usize = 5;

pub async fn an_hour_of_changes(table: &mut Table) {
    let gateway = Gateway::start(WATCHED, PERIOD).await;
    let stage = Stage::set();
    let console = watch_all(&stage, &gateway, false).await;
    console.press("#tab-all").await;
    tokio::time::sleep(WARM).await;
    let (begin, changes) = (Instant::now(), gateway.changes());
    let mut sizes = Vec::new();
    while begin.elapsed() < HOUR {
        // A watch lasts for five minutes: those that are over begin again, as an agent would have it.
        console.press("#several").await;
        console.press("#several-all").await;
        console.press(".several [data-do='watch-again']").await;
        console.press("#several-end").await;
        sizes.push(Costs::of(stage.console()).web_pss_mib());
        println!("after {:.0?}: {:.1} MiB", begin.elapsed(), sizes[sizes.len() - 1]);
        tokio::time::sleep(MINUTE).await;
    }
    let changes = f64::from(gateway.changes() - changes) / begin.elapsed().as_secs_f64();
    let before = table::median(&sizes[..ENDS]);
    let after = table::median(&sizes[sizes.len() - ENDS..]);
    table.most("web_process_grown_in_an_hour_percent", (after / before - 1.0) * 100.0, 5.0);
    table.note("web_process_before_mib", before);
    table.note("web_process_after_mib", after);
    table.note("hour_changes_per_s", changes);
    console.leave().await;
}
