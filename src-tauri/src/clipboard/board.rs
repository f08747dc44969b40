//! The operating system's clipboard.

use arboard::{Error, Set};
use zeroize::Zeroizing;

use super::{Board, NoClipboard};

/// Opened when there is something to put, and closed again with nothing of ours in it.
#[derive(Default)]
pub struct System(Option<arboard::Clipboard>);

impl System {
    fn open(&mut self) -> Result<&mut arboard::Clipboard, NoClipboard> {
        match &mut self.0 {
            Some(open) => Ok(open),
            none => Ok(none.insert(arboard::Clipboard::new().map_err(|_| NoClipboard)?)),
        }
    }
}

impl Board for System {
    fn put(&mut self, text: &str) -> Result<(), NoClipboard> {
        let put = without_history(self.open()?.set()).text(text);
        // The error's text is another program's, and goes no further.
        put.map_err(|_| NoClipboard)
    }

    fn text(&mut self) -> Result<Option<Zeroizing<String>>, NoClipboard> {
        match self.open()?.get_text() {
            Ok(text) => Ok(Some(Zeroizing::new(text))),
            // A picture, say, or nothing at all.
            Err(Error::ContentNotAvailable) => Ok(None),
            Err(_) => Err(NoClipboard),
        }
    }

    fn clear(&mut self) -> Result<(), NoClipboard> {
        self.open()?.clear().map_err(|_| NoClipboard)?;
        // Nothing is served any more.
        self.0 = None;
        Ok(())
    }
}

/// Asks programs that keep what was copied not to keep this, in each system's own way.
#[cfg(all(unix, not(target_os = "macos")))]
fn without_history(set: Set<'_>) -> Set<'_> {
    arboard::SetExtLinux::exclude_from_history(set)
}

#[cfg(target_os = "macos")]
fn without_history(set: Set<'_>) -> Set<'_> {
    arboard::SetExtApple::exclude_from_history(set)
}

#[cfg(windows)]
fn without_history(set: Set<'_>) -> Set<'_> {
    use arboard::SetExtWindows as _;
    set.exclude_from_monitoring().exclude_from_cloud().exclude_from_history()
}
