//! Standard output on a thread of its own: a reader that does not read holds up no poll, and no
//! signal.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use tokio::sync::oneshot;

use crate::exit::print;

/// How long a program that is told to go waits for what it has written to be taken.
const PARTING: Duration = Duration::from_millis(200);
const LOOK_AGAIN: Duration = Duration::from_millis(5);

pub struct Output {
    /// `None` once everything was said.
    texts: Option<mpsc::Sender<String>>,
    /// `None` once the thread's last word was taken.
    ended: Option<oneshot::Receiver<io::Result<()>>>,
    waiting: Arc<AtomicUsize>,
}

impl Output {
    pub fn start() -> Self {
        let (sender, texts) = mpsc::channel::<String>();
        let (last_word, ended) = oneshot::channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let taken = Arc::clone(&waiting);
        let write = move || {
            for text in texts {
                if let Err(error) = print(&text) {
                    // Nobody may be listening any more: the program is on its way out.
                    let _ = last_word.send(Err(error));
                    return;
                }
                taken.fetch_sub(1, Ordering::Relaxed);
            }
            let _ = last_word.send(Ok(()));
        };
        // Where no thread can be had, its last word is missing, which counts as a failure.
        drop(thread::Builder::new().name("output".into()).spawn(write));
        Self { texts: Some(sender), ended: Some(ended), waiting }
    }

    /// Writes a text, and flushes after it.
    pub fn write(&self, text: String) {
        if let Some(texts) = &self.texts {
            self.waiting.fetch_add(1, Ordering::Relaxed);
            // The thread is gone after a failure, which `failure` tells.
            let _ = texts.send(text);
        }
    }

    /// Whether everything written so far was taken: a live picture is not worth queueing for.
    pub fn is_idle(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) == 0
    }

    /// Waits for standard output to break. May be dropped and asked for again.
    pub async fn failure(&mut self) -> io::Error {
        match self.last_word().await {
            Err(error) => error,
            Ok(()) => std::future::pending().await,
        }
    }

    /// Waits until everything was taken.
    ///
    /// # Errors
    /// Where standard output broke.
    pub async fn finish(&mut self) -> io::Result<()> {
        self.texts = None;
        self.last_word().await
    }

    async fn last_word(&mut self) -> io::Result<()> {
        let Some(ended) = &mut self.ended else { return Err(io::ErrorKind::BrokenPipe.into()) };
        let word = ended.await.unwrap_or_else(|_| Err(io::ErrorKind::BrokenPipe.into()));
        self.ended = None;
        word
    }
}

impl Drop for Output {
    /// On a hurried way out what was written last, such as the cursor's return, still gets its
    /// moment.
    fn drop(&mut self) {
        self.texts = None;
        let Some(ended) = &mut self.ended else { return };
        let mut patience = PARTING;
        while matches!(ended.try_recv(), Err(oneshot::error::TryRecvError::Empty)) {
            let Some(rest) = patience.checked_sub(LOOK_AGAIN) else { return };
            patience = rest;
            thread::sleep(LOOK_AGAIN);
        }
    }
}
