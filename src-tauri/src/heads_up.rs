//! A word to whoever looks elsewhere, in the desktop's own way.

#[cfg(all(unix, not(target_os = "macos")))]
use std::sync::atomic::{AtomicBool, Ordering};
use std::{
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

use enrollment_core::enrollment::{shortened, visible};
use notify_rust::Notification;

/// The longest word, in characters.
const LONGEST: usize = 400;
/// More than these wait for nobody: what they say stands in the window.
const WAITING: usize = 4;

struct Word {
    text: String,
    sound: bool,
}

/// Hands words to the desktop, on a thread of its own: a desktop that does not answer holds up
/// nobody.
#[derive(Clone, Debug)]
pub struct HeadsUp(Option<SyncSender<Word>>);

impl HeadsUp {
    /// Without a thread nothing is told, and the window says all of it. `pressed`: what follows when
    /// somebody presses a word, where the desktop tells of it.
    pub fn start(pressed: impl Fn() + Send + Sync + 'static) -> Self {
        let (sender, words) = sync_channel(WAITING);
        let thread = thread::Builder::new().name("heads-up".into());
        let pressed = Arc::new(pressed);
        Self(thread.spawn(move || tell_each(&words, &pressed)).ok().map(|_| sender))
    }

    pub fn tell(&self, text: &str, sound: bool) {
        let text = shortened(&visible(text), LONGEST);
        if let Some(sender) = &self.0 {
            // Where it cannot be told now it is not told late.
            let _ = sender.try_send(Word { text, sound });
        }
    }
}

fn tell_each<P: Fn() + Send + Sync + 'static>(words: &Receiver<Word>, pressed: &Arc<P>) {
    #[cfg(all(unix, not(target_os = "macos")))]
    let waits = Arc::<AtomicBool>::default();
    while let Ok(Word { text, sound }) = words.recv() {
        let mut note = Notification::new();
        note.appname("Enrollment Console").summary("Enrollment Console").body(&escaped(&text));
        #[cfg(all(unix, not(target_os = "macos")))]
        {
            /// Each takes the place of the one before: thirty customers are no reason for thirty.
            const ID: u32 = 0x00E4_0110;
            note.id(ID).icon("enrollment-console");
            note.hint(notify_rust::Hint::Category("im".into()));
            // The desktop shows no button for it: pressing the words does it.
            note.action("default", "Enrollment Console");
        }
        if sound {
            note.sound_name(SOUND);
        }
        // A desktop without notifications has none.
        let Ok(shown) = note.show() else { continue };
        #[cfg(all(unix, not(target_os = "macos")))]
        if !waits.swap(true, Ordering::Relaxed) {
            wait_for_press(shown, Arc::clone(pressed), Arc::clone(&waits));
        }
        #[cfg(not(all(unix, not(target_os = "macos"))))]
        let _ = (shown, pressed);
    }
}

/// On one more thread, until the words are pressed or gone. Words in place of others have their
/// number, so one that waits is enough for all.
#[cfg(all(unix, not(target_os = "macos")))]
fn wait_for_press<P: Fn() + Send + Sync + 'static>(
    shown: notify_rust::NotificationHandle,
    pressed: Arc<P>,
    waits: Arc<AtomicBool>,
) {
    let again = Arc::clone(&waits);
    let thread = thread::Builder::new().name("heads-up-press".into());
    let waiting = thread.spawn(move || {
        shown.wait_for_action(|action| {
            if action == "default" {
                pressed();
            }
        });
        waits.store(false, Ordering::Relaxed);
    });
    if waiting.is_err() {
        again.store(false, Ordering::Relaxed);
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
const SOUND: &str = "message-new-instant";
#[cfg(not(all(unix, not(target_os = "macos"))))]
const SOUND: &str = "Default";

/// On a Linux desktop the text may be markup, which a label is not.
fn escaped(text: &str) -> String {
    if cfg!(all(unix, not(target_os = "macos"))) {
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn a_label_is_never_markup() {
        assert_eq!(escaped("<b>A&B</b>"), "&lt;b&gt;A&amp;B&lt;/b&gt;");
    }

    #[test]
    fn what_nobody_takes_holds_up_nobody() {
        let (sender, words) = sync_channel(1);
        let heads_up = HeadsUp(Some(sender));
        for n in 0..3 {
            heads_up.tell(&format!("{n}\u{202e}{}", "x".repeat(LONGEST)), false);
        }
        let word = words.recv().expect("the first one");
        assert!(word.text.starts_with("0\\u{202e}") && !word.sound);
        assert!(word.text.chars().count() <= LONGEST + 1);
        assert!(words.try_recv().is_err(), "the others were not told late");
        HeadsUp(None).tell("nobody listens", true);
    }
}
