//! What a page could do that somebody has brought words or code into: nothing.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    time::sleep,
};

use super::stage::Stage;

/// Tries to get out; answers what came of each try.
const TRIES: &str = r"
    const [base, done] = arguments;
    const outcome = async (attempt) => {
        try {
            return String(await attempt());
        } catch (thrown) {
            return `refused: ${thrown.name}`;
        }
    };
    const loads = (node, attribute, where = document.body) => new Promise((resolve, reject) => {
        node.addEventListener('load', () => resolve('loaded'));
        node.addEventListener('error', () => reject(new Error('not loaded')));
        node[attribute] = `${base}/${node.localName}`;
        where.append(node);
        setTimeout(() => reject(new Error('nothing came')), 1500);
    });
    const made = (name, more = {}) => Object.assign(document.createElement(name), more);
    const clicks = (link) => {
        document.body.append(link);
        link.click();
        return 'clicked';
    };
    (async () => done({
        evaluates: await outcome(() => globalThis['ev' + 'al']('1 + 1')),
        makes: await outcome(() => new globalThis.Function('return 2')()),
        fetches: await outcome(() => fetch(`${base}/fetch`)),
        asks: await outcome(() => new Promise((resolve, reject) => {
            const request = new XMLHttpRequest();
            request.onload = () => resolve('answered');
            request.onerror = () => reject(new Error('no answer'));
            request.open('GET', `${base}/xhr`);
            request.send();
        })),
        image: await outcome(() => loads(made('img'), 'src')),
        script: await outcome(() => loads(made('script'), 'src')),
        style: await outcome(() => loads(made('link', { rel: 'stylesheet' }), 'href', document.head)),
        frame: await outcome(() => loads(made('iframe'), 'src').then(() => {
            const frame = document.querySelector('iframe');
            return frame.contentDocument === null ? 'loaded' : 'empty';
        })),
        socket: await outcome(() => new Promise((resolve, reject) => {
            const socket = new WebSocket(base.replace('http', 'ws'));
            socket.onopen = () => resolve('open');
            socket.onerror = () => reject(new Error('not open'));
        })),
        inline: await outcome(() => {
            document.body.append(made('script', { textContent: 'globalThis.ranInline = 1' }));
            return globalThis.ranInline ?? 'did not run';
        }),
        window: await outcome(() => globalThis.open(`${base}/window`)),
        download: await outcome(() => clicks(made('a', { href: `${base}/download`, download: 'x' }))),
        blank: await outcome(() => clicks(made('a', { href: `${base}/blank`, target: '_blank' }))),
        goes: await outcome(() => clicks(made('a', { href: `${base}/goes` }))),
        assigns: await outcome(() => { location.href = `${base}/assigns`; return 'assigned'; }),
        prototype: await outcome(() => { Object.prototype.added = 1; return ({}).added ?? 'frozen'; }),
    }))();
";

/// Somebody on 127.0.0.1 who gives everybody the same answer, and remembers what he was asked.
struct Listener {
    base: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Listener {
    async fn start(answer: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let notes = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer_all(stream, Arc::clone(&notes), answer.clone()));
            }
        });
        Self { base, asked }
    }
}

async fn answer_all(stream: TcpStream, asked: Arc<Mutex<Vec<String>>>, answer: String) {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    while stream.read_line(&mut line).await.is_ok_and(|read| read > 0) {
        if line == "\r\n" {
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", answer.len());
            if stream.write_all((head + &answer).as_bytes()).await.is_err() {
                return;
            }
        } else if line.contains(" HTTP/1.") {
            asked.lock().expect("a lock").push(line.trim().to_owned());
        }
        line.clear();
    }
}

#[tokio::test]
async fn whatever_runs_in_the_page_it_reaches_nobody_and_stays_where_it_is() {
    let stage = Stage::set();
    let console = stage.start().await;
    let listener = Listener::start("alert(1)".to_owned()).await;
    let outcomes = console.try_out(TRIES, &listener.base).await;
    sleep(Duration::from_secs(2)).await;
    for what in ["evaluates", "makes", "fetches", "asks", "image", "script", "style", "socket"] {
        let outcome = outcomes[what].as_str().expect("an outcome");
        assert!(outcome.starts_with("refused: "), "{what}: {outcomes}");
    }
    assert_ne!(outcomes["frame"], "loaded", "{outcomes}");
    assert_eq!(outcomes["inline"], "did not run", "{outcomes}");
    assert_eq!(outcomes["window"], "null", "{outcomes}");
    let frozen = ["frozen", "refused: TypeError"].map(Value::from);
    assert!(frozen.contains(&outcomes["prototype"]), "{outcomes}");
    assert_eq!(listener.asked.lock().expect("a lock")[..], [""; 0], "nobody was asked");
    console.shows("#add").await;
    assert_eq!(stage.opened_links(), [""; 0], "nor the browser");
    console.close().await;
}

#[tokio::test]
async fn a_gateways_words_are_only_ever_text_and_nothing_in_them_is_unseen() {
    let message = "<img src=x onerror=alert(1)><b id=hurt>\u{202e}gnol\u{200b}\u{0}\u{1b}[2J";
    let answer = json!({ "videoIdentificationStatus": "<b id=hurt>\u{2066}X", "message": message });
    let gateway = Listener::start(answer.to_string()).await;
    let stage = Stage::set();
    stage.decree(&format!(
        "training = false\n[[environment]]\nname = \"Test\"\nkind = \"test\"\ngateway = {:?}\nallow = []",
        gateway.base
    ));
    let console = stage.start_ruled().await;
    console.press_for("#token", "#token-dialog").await;
    console.write("#token-field", "made-up").await;
    console.press_away("#token-keep", "#token-dialog").await;
    console.press_for("#add", "#add-dialog").await;
    console.write("#add-id", "7").await;
    console.press(r#"label:has([name="add-customer"][value="identification-finished"])"#).await;
    console.write("#add-label", "<i id=hurt>\u{202e}").await;
    console.press("#add-submit").await;
    console.press(".row .row-select").await;
    let told = console.says(".pane", "<img src=x onerror=alert(1)><b id=hurt>").await;
    for shown in [r"\u{202e}gnol\u{200b}\u{0}\u{1b}[2J", r"\u{2066}X"] {
        assert!(told.contains(shown), "{shown} in {told}");
    }
    assert_eq!(console.count("#hurt, .pane img, .row img").await, 0, "no words become a page");
    let unseen = ['\u{202e}', '\u{200b}', '\u{2066}', '\u{1b}'];
    assert!(!console.source().await.contains(unseen));
    console.close().await;
}
