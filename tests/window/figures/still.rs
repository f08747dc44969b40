//! A window in which nothing happens: its start, its memory, and its rest.

use std::time::Duration;

use crate::window::{
    console::Console,
    large::{Filling, fill},
    stage::Stage,
};

use super::{
    HANDED_ON, LISTED, WATCHED,
    costs::{self, Costs},
    table::{self, Table},
};

const ROUNDS: usize = 7;

/// When the page was first painted with what was kept, in epoch milliseconds.
const LANDED: &str = r"
    const [, done] = arguments;
    const look = () => {
        const [landed] = performance.getEntriesByName('landed');
        if (landed && document.querySelectorAll('.row').length > 0) done(performance.timeOrigin + landed.startTime);
        else setTimeout(look, 50);
    };
    look();
";

/// An empty page is done when it is loaded: it has nothing to paint.
const LOADED: &str = "arguments[1](performance.timing.loadEventEnd)";

/// Start, memory and rest, beside a window with nothing in it.
pub async fn beside_an_empty_window(table: &mut Table) {
    let stage = Stage::set();
    // All of them handed on: nothing is live, and nothing counts.
    fill(&stage, Filling { enrollments: WATCHED, ..HANDED_ON });
    let (mut starts, mut memory) = ([const { Vec::new() }; 2], [const { Vec::new() }; 2]);
    for _ in 0..ROUNDS {
        for (nth, empty) in [false, true].into_iter().enumerate() {
            stage.is_free().await;
            let console = if empty { stage.start_empty().await } else { stage.start().await };
            starts[nth].push(started_after_ms(&stage, &console, empty).await);
            // What a start leaves to be done, and its memory, have gone by then.
            tokio::time::sleep(Duration::from_secs(3)).await;
            memory[nth].push(Costs::of(stage.console()).pss_mib());
            console.close().await;
        }
    }
    let [ours, empty] = starts.map(|times| table::median(&times));
    table.most("start_to_list_of_1000_vs_empty_window", ours / empty, 1.2);
    table.note("start_to_list_of_1000_ms", ours);
    table.note("start_of_empty_window_ms", empty);
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

/// From the beginning of the program, so that nothing of the driver's is in it.
async fn started_after_ms(stage: &Stage, console: &Console, empty: bool) -> f64 {
    let script = if empty { LOADED } else { LANDED };
    let done = console.try_out(script, "").await.as_f64().expect("a time");
    done - costs::began_ms(stage.console())
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

pub async fn ten_thousand_rows(table: &mut Table) {
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
