//! The one adapter that takes links out of the console.

use enrollment_core::{desk::driver::WaysOut, signing_url::SigningUrl};
use tauri::{AppHandle, Runtime};
use tauri_plugin_shell::ShellExt;

use crate::clipboard::Clipboard;

/// The system's browser, through the shell plugin, and its clipboard. From Rust the plugin checks
/// nothing, which is why nothing but a [`SigningUrl`] gets here.
pub struct Outside<R: Runtime> {
    pub app: AppHandle<R>,
    pub clipboard: Clipboard,
}

impl<R: Runtime> WaysOut for Outside<R> {
    fn open(&self, url: &SigningUrl) -> Result<(), String> {
        #[expect(deprecated, reason = "the plugin is fixed; its successor changes this line alone")]
        let opened = self.app.shell().open(url.expose(), None);
        // The launcher's text holds the whole URL: it goes no further than here.
        opened.map_err(|_| "no-browser".to_owned())
    }

    fn copy(&self, url: &SigningUrl) -> Result<(), String> {
        self.clipboard.copy(url).map_err(|_| "no-clipboard".to_owned())
    }
}
