//! One running console, and the hand and eye at its window.

use std::path::Path;

use fantoccini::{
    Client, ClientBuilder, Locator,
    actions::{InputSource as _, KeyAction, KeyActions},
    elements::{Element, ElementRef},
    wd::{Capabilities, WebDriverCompatibleCommand},
};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tauri::{Url, http::Method};
use tokio::time::timeout;

use super::patience::{PATIENCE, until};

/// A press may come to nothing: what has just appeared is not pressed by accident.
const MOST_PRESSES: usize = 60;

/// As the driver's protocol writes keys that are no characters (W3C, section 17.4.2).
pub const TAB: char = '\u{E004}';
pub const ENTER: char = '\u{E007}';
pub const ESCAPE: char = '\u{E00C}';
pub const UP: char = '\u{E013}';

pub struct Console {
    client: Client,
}

impl Console {
    pub async fn open(driver: &str, program: &Path, arguments: &[&str]) -> Self {
        let options = json!({ "binary": program, "args": arguments });
        let capabilities: Capabilities =
            [("webkitgtk:browserOptions".to_owned(), options)].into_iter().collect();
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let connected = builder.capabilities(capabilities).connect(driver);
        let client = timeout(PATIENCE, connected).await.expect("in time").expect("a window");
        let console = Self { client };
        console.shows(r#":root[data-ready="true"]"#).await;
        console
    }

    pub async fn close(self) {
        timeout(PATIENCE, self.client.close()).await.expect("in time").expect("the window closes");
    }

    /// Tells the driver of a window that has ended by itself: it has one at a time.
    pub async fn leave(self) {
        let _ = timeout(PATIENCE, self.client.close()).await;
    }

    /// Waits for what can be seen.
    pub async fn shows(&self, css: &str) -> Element {
        match until(async || self.seen(css).await).await {
            Some(element) => element,
            None => self.fail(&format!("never showed {css}")).await,
        }
    }

    /// Waits for it to be gone.
    pub async fn hides(&self, css: &str) {
        if until(async || self.seen(css).await.is_none().then_some(())).await.is_none() {
            self.fail(&format!("went on to show {css}")).await;
        }
    }

    /// Waits for these words, and answers all that stands with them. The driver's own reading of
    /// a text leaves out what could be cut short, so this asks the page.
    pub async fn says(&self, css: &str, words: &str) -> String {
        let said = until(async || {
            let text = self.seen(css).await?.prop("innerText").await.ok()??;
            text.contains(words).then_some(text)
        });
        match said.await {
            Some(text) => text,
            None => self.fail(&format!("{css} never said {words:?}")).await,
        }
    }

    pub async fn seen(&self, css: &str) -> Option<Element> {
        let element = self.client.find(Locator::Css(css)).await.ok()?;
        element.is_displayed().await.ok()?.then_some(element)
    }

    pub async fn count(&self, css: &str) -> usize {
        self.client.find_all(Locator::Css(css)).await.expect("an answer").len()
    }

    pub async fn press(&self, css: &str) {
        let pressed = until(async || self.seen(css).await?.click().await.ok());
        if pressed.await.is_none() {
            self.fail(&format!("{css} could not be pressed")).await;
        }
    }

    /// Presses until something is gone.
    pub async fn press_away(&self, css: &str, gone: &str) {
        self.shows(css).await;
        let away = until(async || {
            let Some(element) = self.seen(css).await else {
                return self.seen(gone).await.is_none().then_some(());
            };
            element.click().await.ok()?;
            None
        });
        if away.await.is_none() {
            self.fail(&format!("pressing {css} never made {gone} go")).await;
        }
    }

    /// Presses until the window does not answer any more.
    pub async fn click_away(&self, css: &str) {
        self.shows(css).await;
        let gone = until(async || match self.seen(css).await {
            Some(element) => element.click().await.is_err().then_some(()),
            None => Some(()),
        });
        gone.await.unwrap_or_else(|| panic!("pressing {css} never ended anything"));
    }

    /// Presses as long as there is something to press, until this shows.
    pub async fn press_for(&self, css: &str, effect: &str) -> Element {
        self.shows(css).await;
        let mut presses = 0;
        let shown = until(async || {
            let shown = self.seen(effect).await;
            if shown.is_none() && presses < MOST_PRESSES {
                presses += 1;
                // One that is covered or gone by now is looked for again.
                self.seen(css).await?.click().await.ok()?;
            }
            shown
        });
        match shown.await {
            Some(element) => element,
            None => self.fail(&format!("pressing {css} never led to {effect}")).await,
        }
    }

    /// Types in place of what stands in a field.
    pub async fn write(&self, css: &str, words: &str) {
        // A page that is just being laid out has no place to type yet.
        let empty = until(async || {
            let field = self.seen(css).await?;
            field.clear().await.ok().map(|()| field)
        });
        match empty.await {
            Some(field) => field.send_keys(words).await.expect("a field that takes words"),
            None => self.fail(&format!("{css} could not be emptied")).await,
        }
    }

    /// Adds an individual as a clerk does.
    pub async fn add(&self, id: &str, step: &str, label: &str) {
        self.add_as("individual", id, step, label).await;
    }

    pub async fn add_as(&self, user_type: &str, id: &str, step: &str, label: &str) {
        self.press_for("#add", "#add-dialog").await;
        self.write("#add-id", id).await;
        for (name, value) in [("add-type", user_type), ("add-customer", step)] {
            self.press(&format!(r#"label:has([name="{name}"][value="{value}"])"#)).await;
        }
        self.write("#add-label", label).await;
        self.press("#add-submit").await;
        self.hides("#add-dialog").await;
    }

    /// Brings what stands in a dialog away from the dialog's foot: the driver takes what that covers
    /// for what can be seen.
    pub async fn bring_into_view(&self, css: &str) {
        const SCRIPT: &str = r"
            document.querySelector(arguments[0]).scrollIntoView({ block: 'center' });
            arguments[1](true);
        ";
        self.shows(css).await;
        self.try_out(SCRIPT, css).await;
    }

    /// Runs a script in the page that says what came of it.
    pub async fn try_out(&self, script: &str, with: &str) -> serde_json::Value {
        let tried = self.client.execute_async(script, vec![with.into()]);
        timeout(PATIENCE, tried).await.expect("in time").expect("what came of it")
    }

    /// Puts words into a field that are too many to be typed.
    pub async fn paste(&self, css: &str, words: &str) {
        let field = serde_json::to_value(self.shows(css).await).expect("an element");
        let script = "arguments[0].value = arguments[1]";
        self.client.execute(script, vec![field, words.into()]).await.expect("pasted");
    }

    /// Types where something has the focus, in a field or not.
    pub async fn type_into(&self, css: &str, keys: &str) {
        self.shows(css).await.send_keys(keys).await.expect("it takes keys");
    }

    /// Presses a key, wherever the focus is.
    pub async fn key(&self, key: char) {
        let press = KeyActions::new("keyboard".into())
            .then(KeyAction::Down { value: key })
            .then(KeyAction::Up { value: key });
        self.client.perform_actions(press).await.expect("a key");
    }

    /// Whether the focus is on one of these.
    pub async fn has_focus(&self, css: &str) -> bool {
        const SCRIPT: &str = "return document.activeElement?.matches(arguments[0]) ?? false";
        let matches = self.client.execute(SCRIPT, vec![css.into()]).await.expect("an answer");
        matches.as_bool().unwrap_or_default()
    }

    /// What has the focus, without what is in it.
    pub async fn focus(&self) -> String {
        const SCRIPT: &str = "return document.activeElement?.cloneNode().outerHTML ?? ''";
        let focus = self.client.execute(SCRIPT, Vec::new()).await.expect("an answer");
        focus.as_str().unwrap_or_default().to_owned()
    }

    /// The page as it stands.
    pub async fn source(&self) -> String {
        self.client.source().await.expect("the page's source")
    }

    pub async fn value(&self, css: &str) -> String {
        let value = self.shows(css).await.prop("value").await.expect("a field");
        value.unwrap_or_default()
    }

    pub async fn attribute(&self, css: &str, name: &str) -> Option<String> {
        self.shows(css).await.attr(name).await.expect("an answer")
    }

    /// What assistive technology takes it for, and by what name.
    pub async fn role_and_name(&self, css: &str) -> (String, String) {
        let element = self.shows(css).await.element_id();
        (
            self.computed(&element, "computedrole").await,
            self.computed(&element, "computedlabel").await,
        )
    }

    async fn computed(&self, element: &ElementRef, what: &'static str) -> String {
        let command = Computed { element: element.to_string(), what };
        let answer = self.client.issue_cmd(command).await.expect("an answer");
        answer.as_str().unwrap_or_default().to_owned()
    }

    /// No link and no token has come into the page, seen or unseen.
    pub async fn holds_no_secret(&self) {
        let source = self.source().await;
        assert!(source.contains("enrollment") || source.contains("Enrollment"), "{source}");
        for secret in ["/sign/", "eyJ", "Bearer"] {
            assert!(!source.contains(secret), "the page holds {secret}: {source}");
        }
    }

    /// The window as it looks, as a PNG. An engine that paints in memory takes it with the next frame
    /// that has something to paint: where nothing moves, that is a spot which nobody sees.
    pub async fn picture(&self) -> Vec<u8> {
        const MOVE: &str = r"
            const spot = document.createElement('i');
            Object.assign(spot.style, { position: 'fixed', insetBlockStart: 0, insetInlineStart: 0, inlineSize: '1px', blockSize: '1px' });
            // A modal dialog's page is the dialog.
            (document.querySelector('dialog[open]') ?? document.body).append(spot);
            let odd = false;
            const move = setInterval(() => { odd = !odd; spot.style.background = odd ? '#00000001' : '#00000000'; }, 50);
            window.moved = () => { clearInterval(move); spot.remove(); };
        ";
        self.client.execute(MOVE, Vec::new()).await.expect("it moves");
        let picture = timeout(PATIENCE, self.client.screenshot()).await;
        self.client.execute("window.moved()", Vec::new()).await.expect("it rests");
        picture.expect("in time").expect("a picture")
    }

    async fn fail(&self, what: &str) -> ! {
        let page = self.client.find(Locator::Css("body")).await;
        let words = match page {
            Ok(page) => page.prop("innerText").await.ok().flatten().unwrap_or_default(),
            Err(error) => error.to_string(),
        };
        panic!("{what}. The window says:\n{words}");
    }
}

/// What the engine computes of an element for assistive technology.
#[derive(Debug)]
struct Computed {
    element: String,
    what: &'static str,
}

impl WebDriverCompatibleCommand for Computed {
    fn endpoint(
        &self,
        base_url: &Url,
        session: Option<&str>,
    ) -> Result<Url, <Url as std::str::FromStr>::Err> {
        let session = session.unwrap_or_default();
        base_url.join(&format!("session/{session}/element/{}/{}", self.element, self.what))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::GET, None)
    }
}
