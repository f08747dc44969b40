//! A link in the system's clipboard, for a minute at the most.
//!
//! One thread owns the clipboard: on X11 whoever copied something serves it for as long as it is to
//! be pasted. It takes back what it put there, and nothing that somebody else copied since.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::{Duration, Instant},
};

use enrollment_core::signing_url::SigningUrl;
use zeroize::Zeroizing;

mod board;

/// How long a copied link can be pasted.
const LIFE: Duration = Duration::from_secs(60);
/// How soon it is tried again where another program holds the clipboard.
const AGAIN: Duration = Duration::from_secs(1);
/// How long anybody waits for the clipboard.
const PATIENCE: Duration = Duration::from_secs(3);

/// The clipboard could not be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoClipboard;

/// A clipboard of text.
trait Board {
    fn put(&mut self, text: &str) -> Result<(), NoClipboard>;
    /// The text that is there, whoever put it; `None` where there is none.
    fn text(&mut self) -> Result<Option<Zeroizing<String>>, NoClipboard>;
    fn clear(&mut self) -> Result<(), NoClipboard>;
}

/// The way to the clipboard's thread, which ends with the last of these and leaves no link behind.
#[derive(Clone)]
pub struct Clipboard(Sender<Request>);

enum Request {
    Copy(SigningUrl, Sender<Result<(), NoClipboard>>),
    TakeBack(Sender<()>),
}

impl Clipboard {
    /// Starts the thread. It touches the clipboard only when asked to.
    pub fn start() -> Self {
        Self::with(board::System::default, LIFE)
    }

    fn with<B: Board>(board: impl FnOnce() -> B + Send + 'static, life: Duration) -> Self {
        let (sender, requests) = channel();
        let work = move || Keeper { board: board(), life, held: None }.serve(&requests);
        // Where no thread can be had the receiver is gone, and nothing can be copied.
        drop(thread::Builder::new().name("clipboard".into()).spawn(work));
        Self(sender)
    }

    /// Puts a link there in place of what there was.
    pub fn copy(&self, url: &SigningUrl) -> Result<(), NoClipboard> {
        let (answer, answered) = channel();
        self.0.send(Request::Copy(url.clone(), answer)).map_err(|_| NoClipboard)?;
        answered.recv_timeout(PATIENCE).unwrap_or(Err(NoClipboard))
    }

    /// Takes back the link that is still there. Waits for that, but not for long.
    pub fn take_back(&self) {
        let (answer, answered) = channel();
        if self.0.send(Request::TakeBack(answer)).is_ok() {
            // A clipboard that does not answer is asked again by the thread.
            let _ = answered.recv_timeout(PATIENCE);
        }
    }
}

/// A link of ours that may still be there, and when it is taken back.
struct Held {
    url: SigningUrl,
    until: Instant,
}

struct Keeper<B> {
    board: B,
    life: Duration,
    held: Option<Held>,
}

impl<B: Board> Keeper<B> {
    fn serve(mut self, requests: &Receiver<Request>) {
        loop {
            match self.next(requests) {
                Ok(Request::Copy(url, answer)) => {
                    // Nobody may be waiting any more: then it must not be there.
                    if answer.send(self.copy(url)).is_err() {
                        self.take_back();
                    }
                }
                Ok(Request::TakeBack(answer)) => {
                    self.take_back();
                    let _ = answer.send(());
                }
                Err(RecvTimeoutError::Timeout) => self.take_back(),
                Err(RecvTimeoutError::Disconnected) => return self.take_back(),
            }
        }
    }

    fn next(&self, requests: &Receiver<Request>) -> Result<Request, RecvTimeoutError> {
        match &self.held {
            None => requests.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(held) => {
                requests.recv_timeout(held.until.saturating_duration_since(Instant::now()))
            }
        }
    }

    fn copy(&mut self, url: SigningUrl) -> Result<(), NoClipboard> {
        self.board.put(url.expose())?;
        self.held = Some(Held { url, until: Instant::now() + self.life });
        Ok(())
    }

    fn take_back(&mut self) {
        let Some(held) = self.held.take() else { return };
        let ours = self.board.text().map(|text| text.is_some_and(|it| *it == held.url.expose()));
        let gone = ours.and_then(|ours| if ours { self.board.clear() } else { Ok(()) });
        if gone.is_err() {
            self.held = Some(Held { until: Instant::now() + AGAIN, ..held });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use enrollment_core::signing_url::Allowlist;

    use super::*;

    #[derive(Default)]
    struct Desk {
        text: Option<String>,
        /// Another program holds it for so many askings.
        occupied: u32,
    }

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Desk>>);

    impl Shared {
        fn text(&self) -> Option<String> {
            self.0.lock().expect("it is whole").text.clone()
        }

        fn somebody_copies(&self, text: &str) {
            self.0.lock().expect("it is whole").text = Some(text.to_owned());
        }

        fn is_left_by(&self, seconds: u64) -> Option<String> {
            let end = Instant::now() + Duration::from_secs(seconds);
            while self.text().is_some() && Instant::now() < end {
                thread::sleep(Duration::from_millis(5));
            }
            self.text()
        }
    }

    impl Board for Shared {
        fn put(&mut self, text: &str) -> Result<(), NoClipboard> {
            self.somebody_copies(text);
            Ok(())
        }

        fn text(&mut self) -> Result<Option<Zeroizing<String>>, NoClipboard> {
            let mut desk = self.0.lock().expect("it is whole");
            if desk.occupied > 0 {
                desk.occupied -= 1;
                return Err(NoClipboard);
            }
            Ok(desk.text.clone().map(Zeroizing::new))
        }

        fn clear(&mut self) -> Result<(), NoClipboard> {
            self.0.lock().expect("it is whole").text = None;
            Ok(())
        }
    }

    const LINK: &str = "https://sign.example.bg/s/1";

    fn url(text: &str) -> SigningUrl {
        let allow = Allowlist::new(vec!["sign.example.bg".parse().expect("an entry")]);
        allow.check(text).expect("an allowed link")
    }

    fn copied(life: Duration) -> (Shared, Clipboard) {
        let desk = Shared::default();
        let board = desk.clone();
        let clipboard = Clipboard::with(move || board, life);
        clipboard.copy(&url(LINK)).expect("copied");
        assert_eq!(desk.text().as_deref(), Some(LINK));
        (desk, clipboard)
    }

    #[test]
    fn a_copied_link_is_gone_when_its_time_is_over_and_another_one_has_its_own_time() {
        let (desk, clipboard) = copied(Duration::from_millis(300));
        thread::sleep(Duration::from_millis(150));
        clipboard.copy(&url("https://sign.example.bg/s/2")).expect("copied");
        thread::sleep(Duration::from_millis(200));
        assert!(desk.text().is_some_and(|text| text.ends_with("/s/2")));
        assert_eq!(desk.is_left_by(5), None);
    }

    #[test]
    fn what_somebody_copied_since_stays() {
        let (desk, clipboard) = copied(Duration::from_millis(50));
        desk.somebody_copies("a recipe");
        thread::sleep(Duration::from_millis(200));
        clipboard.take_back();
        drop(clipboard);
        assert_eq!(desk.is_left_by(0).as_deref(), Some("a recipe"));
    }

    #[test]
    fn a_link_is_taken_back_on_demand_and_when_the_console_ends() {
        let (desk, clipboard) = copied(LIFE);
        clipboard.take_back();
        assert_eq!(desk.text(), None);
        let (desk, clipboard) = copied(LIFE);
        drop(clipboard);
        assert_eq!(desk.is_left_by(5), None);
    }

    #[test]
    fn a_clipboard_that_another_program_holds_is_asked_again() {
        let (desk, clipboard) = copied(LIFE);
        desk.0.lock().expect("it is whole").occupied = 1;
        clipboard.take_back();
        assert!(desk.text().is_some());
        assert_eq!(desk.is_left_by(5), None);
    }
}
