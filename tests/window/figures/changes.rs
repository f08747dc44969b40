//! A thousand watches while things change: how soon a row says so, how smoothly it scrolls, and what
//! it costs to be told.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::window::{
    console::Console,
    large::{Filling, fill},
    stage::Stage,
};

use super::{
    HANDED_ON, LISTED, WATCHED,
    costs::Costs,
    gateway::Gateway,
    table::{self, Table},
};

/// Each of them once in this time: two hundred changes a second.
const PERIOD: Duration = Duration::from_secs(5);

const SETTINGS: &str = r#"{ "environment": "Test", "language": "en", "theme": "light", "place": "remote",
    "order": "id", "hideAfter": null }"#;

/// Adds everybody without the dialog: what is measured comes after.
const ADD_ALL: &str = r"
    const [count, done] = arguments;
    (async () => {
        const { invoke } = window.__TAURI__.core;
        for (let id = 1; id <= Number(count); id += 1) {
            await invoke('add', { enrollment: { environment: 'Test', id: String(id), userType: 'individual', label: '',
                place: 'remote', customer: 'identification-finished', bothTypes: false } });
        }
        done(true);
    })();
";

/// How long after a change at the gateway its row says so, for a minute.
const LATENESS: &str = r"
    const [seconds, done] = arguments;
    const late = [];
    const seen = new WeakMap();
    const look = () => {
        for (const raw of document.querySelectorAll('#list .raw')) {
            const said = raw.textContent;
            if (seen.get(raw) === said) continue;
            const first = !seen.has(raw);
            seen.set(raw, said);
            const at = Number(said.split('_')[1]);
            if (!first && at) requestAnimationFrame(() => setTimeout(() => late.push(Date.now() - at), 0));
        }
    };
    look();
    const observer = new MutationObserver(look);
    observer.observe(document.querySelector('#list'), { subtree: true, childList: true, characterData: true });
    setTimeout(() => { observer.disconnect(); done(late); }, Number(seconds) * 1000);
";

/// Scrolls through everything and back, and answers how long each frame took.
const SCROLL: &str = r"
    const [seconds, done] = arguments;
    const panel = document.querySelector('#list-panel');
    const frames = [];
    const end = performance.now() + Number(seconds) * 1000;
    let [last, step] = [performance.now(), 400];
    const turn = (now) => {
        frames.push(now - last);
        last = now;
        const most = panel.scrollHeight - panel.clientHeight;
        if (panel.scrollTop + step > most || panel.scrollTop + step < 0) step = -step;
        panel.scrollTop += step;
        if (performance.now() < end) requestAnimationFrame(turn);
        else done(frames.slice(2));
    };
    requestAnimationFrame(turn);
";

/// Everybody is watched by a console that is ready for it.
pub async fn watch_all(stage: &Stage, gateway: &Gateway, alone: bool) -> Console {
    stage.decree(&format!(
        "training = false\n[[environment]]\nname = \"Test\"\nkind = \"test\"\ngateway = {:?}\n\
         allow = []\nrequests-in-flight = 400\nrequests-per-second = 1000\n",
        gateway.base
    ));
    stage.settings(SETTINGS);
    let console =
        if alone { stage.start_told_one_by_one().await } else { stage.start_ruled().await };
    console.press_for("#token", "#token-dialog").await;
    console.write("#token-field", "made-up").await;
    console.press_away("#token-keep", "#token-dialog").await;
    assert_eq!(console.try_out(ADD_ALL, &WATCHED.to_string()).await, json!(true));
    console.press("#tab-trouble").await;
    console.says("#list", "AT_").await;
    // Everybody was polled by then: the first answers all come at once.
    tokio::time::sleep(Duration::from_secs(5)).await;
    console
}

pub async fn while_things_change(table: &mut Table) {
    let gateway = Gateway::start(WATCHED, PERIOD).await;
    let stage = Stage::set();
    fill(&stage, Filling { enrollments: LISTED - WATCHED, environment: "Test", ..HANDED_ON });
    let console = watch_all(&stage, &gateway, false).await;
    let late = numbers(&console.try_out(LATENESS, "20").await);
    assert!(late.len() > 50, "only {} changes were painted", late.len());
    // A poll is due every three seconds, so a change waits for up to that long.
    table.most("change_to_painted_row_p99_above_the_gap_ms", table::p99(&late) - 3_000.0, 250.0);
    table.note("change_to_painted_row_median_ms", table::median(&late));
    table.note("changes_painted", f64::from(u32::try_from(late.len()).unwrap_or_default()));
    console.press("#tab-all").await;
    let (changes, begin) = (gateway.changes(), Instant::now());
    let frames = numbers(&console.try_out(SCROLL, "20").await);
    let changes = f64::from(gateway.changes() - changes) / begin.elapsed().as_secs_f64();
    table.most("scrolling_10000_rows_frame_p99_ms", table::p99(&frames), 50.0);
    table.note("scrolling_frame_median_ms", table::median(&frames));
    table.note("scrolling_changes_per_s", changes);
    console.leave().await;
}

/// What a change costs beyond what the polls cost that find none. What it costs to poll and to keep
/// is the same either way, so the page's own process counts; that of all is told beside it.
pub async fn told_together(table: &mut Table) {
    let together = us_per_change(false).await;
    let alone = us_per_change(true).await;
    table.most("page_cpu_per_change_vs_a_message_for_each", together.page / alone.page, 1.0 / 5.0);
    table.note("page_cpu_per_change_us", together.page);
    table.note("page_cpu_per_change_with_a_message_for_each_us", alone.page);
    table.note("cpu_per_change_us", together.all);
    table.note("cpu_per_change_with_a_message_for_each_us", alone.all);
}

struct Spent {
    page: f64,
    all: f64,
}

async fn us_per_change(alone: bool) -> Spent {
    const MEASURED: Duration = Duration::from_secs(20);
    let gateway = Gateway::start(WATCHED, PERIOD).await;
    let stage = Stage::set();
    let console = watch_all(&stage, &gateway, alone).await;
    let spent = async || {
        let (changes, before) = (gateway.changes(), Costs::of(stage.console()));
        tokio::time::sleep(MEASURED).await;
        let now = Costs::of(stage.console());
        let us = |time: Duration| time.as_secs_f64() * 1e6;
        let (page, all) = (us(now.web_cpu_since(&before)), us(now.cpu_since(&before)));
        (page, all, f64::from(gateway.changes() - changes))
    };
    let (page, all, changes) = spent().await;
    gateway.be_still(true);
    // The last changes have been told by then.
    tokio::time::sleep(Duration::from_secs(5)).await;
    let (still_page, still, none) = spent().await;
    assert!(changes > 1_000.0 && none < 1.0, "{changes} changes, and {none} while all was still");
    console.leave().await;
    Spent { page: (page - still_page) / changes, all: (all - still) / changes }
}

fn numbers(value: &Value) -> Vec<f64> {
    serde_json::from_value(value.clone()).expect("numbers")
}
