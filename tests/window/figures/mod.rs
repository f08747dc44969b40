//! What the window costs, and how fast it is, beside the plain way to do it: `make bench-window`.
//!
//! Every figure comes from the real window, driven from outside; what is told as a ratio is measured on
//! both sides in the same run.

mod costs;
mod gateway;
mod table;

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use enrollment_core::environment::Environment;
use serde_json::{Value, json};

use super::{
    large::{Filling, fill},
    stage::Stage,
};
use costs::Costs;
use gateway::Gateway;
use table::Table;

/// Watched while things change: each of them once in five seconds.
const WATCHED: u32 = 1_000;
const LISTED: u32 = 10_000;
const ROUNDS: usize = 5;
const HANDED_ON: Filling =
    Filling { enrollments: 0, lines: 4, open: 0, environment: Environment::SANDBOX };

const SETTINGS: &str = r#"{ "environment": "Test", "language": "en", "theme": "light", "place": "remote",
    "order": "id", "hideAfter": null }"#;

#[tokio::test]
#[ignore = "measures for minutes: make bench-window"]
async fn the_windows_figures() {
    let mut table = Table::default();
    beside_an_empty_window(&mut table).await;
    ten_thousand_rows(&mut table).await;
    while_things_change(&mut table).await;
    table.print();
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench");
    fs::create_dir_all(&target).expect("a folder");
    table.write(&target.join("window.json"));
}

/// Start, memory and rest, beside a window with nothing in it.
async fn beside_an_empty_window(table: &mut Table) {
    let stage = Stage::set();
    // All of them handed on: nothing is live, and nothing counts.
    fill(&stage, Filling { enrollments: WATCHED, ..HANDED_ON });
    let (mut starts, mut memory) = ([const { Vec::new() }; 2], [const { Vec::new() }; 2]);
    for _ in 0..ROUNDS {
        for (nth, empty) in [false, true].into_iter().enumerate() {
            stage.is_free().await;
            let begin = Instant::now();
            let console = if empty { stage.start_empty().await } else { stage.start().await };
            if !empty {
                console.shows(".row").await;
            }
            starts[nth].push(begin.elapsed().as_secs_f64());
            // What a start leaves to be done, and its memory, have gone by then.
            tokio::time::sleep(Duration::from_secs(3)).await;
            memory[nth].push(Costs::of(stage.console()).pss_mib());
            console.close().await;
        }
    }
    let [ours, empty] = starts.map(|times| table::median(&times));
    table.most("start_to_list_of_1000_vs_empty_window", ours / empty, 1.2);
    table.note("start_to_list_of_1000_s", ours);
    let [ours, empty] = memory.map(|sizes| table::median(&sizes));
    table.most("pss_above_empty_window_mib", ours - empty, 25.0);
    table.note("pss_of_empty_window_mib", empty);

    stage.is_free().await;
    let console = stage.start().await;
    console.shows(".row").await;
    // The last of the start is done, and the rate is told no more: then nothing is to happen.
    tokio::time::sleep(Duration::from_secs(15)).await;
    let before = Costs::of(stage.console());
    tokio::time::sleep(Duration::from_secs(30)).await;
    let share = Costs::of(stage.console()).cpu_since(&before).as_secs_f64() / 30.0;
    table.most("core_share_open_and_nothing_live_percent", share * 100.0, 0.5);
    console.close().await;
}

/// From the press that shows the list to its painted frame, beside elements for all rows.
const SHOW_ALL: &str = r"
    const [name, done] = arguments;
    const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
    (async () => {
        const tab = (which) => document.querySelector(`#tab-${which}`);
        const times = [];
        for (let round = 0; round < 5; round += 1) {
            tab('waiting').click();
            await painted();
            const begin = performance.now();
            tab('all').click();
            await painted();
            times.push(performance.now() - begin);
        }
        done({ times, height: document.querySelector('#list').getBoundingClientRect().height });
    })();
";

/// The product's own rows, one for everybody: what a list without windowing would build.
const BUILD_ALL: &str = r"
    const [count, done] = arguments;
    (async () => {
        const [{ createRow }, { viewOf }, { speaker }] = await Promise.all(
            ['row', 'rows', 'words/say'].map((name) => import(new URL(`${name}.js`, document.baseURI).href)));
        const say = speaker('en');
        const none = () => {};
        const events = { onSelect: none, onPress: none, onChoose: none };
        const now = Date.now();
        const one = (id) => ({ key: id, state: 1, environment: 'Test', id, userType: 'individual', label: `Иванова, Мария ${id}`,
            place: 'desk', step: { step: 'handed-on' }, since: now, status: 'PROCESSING', statusKnown: true, message: null,
            problem: null, link: null, confirmed: true, busy: false, lookAt: null, note: '', saved: true });
        const panel = document.querySelector('#list-panel');
        const list = document.createElement('ul');
        list.className = 'list';
        const begin = performance.now();
        for (let id = 1; id <= Number(count); id += 1) {
            const row = createRow(id, events, begin);
            row.patch(viewOf(one(id), now, say, null), false, say);
            list.append(row.node);
        }
        panel.replaceChildren(list);
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - begin), 0));
    })();
";

async fn ten_thousand_rows(table: &mut Table) {
    let stage = Stage::set();
    fill(&stage, Filling { enrollments: LISTED, open: 60, ..HANDED_ON });
    let console = stage.start().await;
    console.shows("#tab-all").await;
    let shown = console.try_out(SHOW_ALL, "").await;
    let times: Vec<f64> = serde_json::from_value(shown["times"].clone()).expect("times");
    let ours = table::median(&times);
    let all = console.try_out(BUILD_ALL, &LISTED.to_string()).await.as_f64().expect("a time");
    table.most("first_frame_10000_rows_ms", ours, 100.0);
    table.most("first_frame_vs_all_rows", ours / all, 1.0 / 20.0);
    table.note("all_rows_ms", all);
    console.close().await;
}

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

/// A thousand watches of which each changes once in five seconds.
async fn while_things_change(table: &mut Table) {
    let gateway = Gateway::start().await;
    let stage = Stage::set();
    stage.decree(&format!(
        "training = false\n[[environment]]\nname = \"Test\"\nkind = \"test\"\ngateway = {:?}\n\
         allow = []\nrequests-in-flight = 400\nrequests-per-second = 1000\n",
        gateway.base
    ));
    stage.settings(SETTINGS);
    fill(&stage, Filling { enrollments: LISTED - WATCHED, environment: "Test", ..HANDED_ON });
    let console = stage.start_ruled().await;
    console.press_for("#token", "#token-dialog").await;
    console.write("#token-field", "made-up").await;
    console.press_away("#token-keep", "#token-dialog").await;
    assert_eq!(console.try_out(ADD_ALL, &WATCHED.to_string()).await, json!(true));
    console.press("#tab-trouble").await;
    console.says("#list", "AT_").await;
    // Everybody was polled by then: the first answers all come at once.
    tokio::time::sleep(Duration::from_secs(5)).await;
    let late = numbers(&console.try_out(LATENESS, "20").await);
    assert!(late.len() > 50, "only {} changes were painted", late.len());
    // A poll is due every three seconds, so a change waits for up to that long.
    table.most("change_to_painted_row_p99_above_the_gap_ms", table::p99(&late) - 3_000.0, 250.0);
    table.note("change_to_painted_row_median_ms", table::median(&late));
    table.note("changes_painted", f64::from(u32::try_from(late.len()).unwrap_or_default()));
    console.press("#tab-all").await;
    let frames = numbers(&console.try_out(SCROLL, "20").await);
    table.most("scrolling_10000_rows_frame_p99_ms", table::p99(&frames), 50.0);
    table.note("scrolling_frame_median_ms", table::median(&frames));
    table.note("changes_per_s", gateway.changes_per_second());
    console.leave().await;
}

fn numbers(value: &Value) -> Vec<f64> {
    serde_json::from_value(value.clone()).expect("numbers")
}
