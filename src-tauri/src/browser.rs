//! The one adapter that opens links in the system's browser.

use enrollment_core::{desk::driver::Browser, signing_url::SigningUrl};
use tauri::{AppHandle, Runtime};
use tauri_plugin_shell::ShellExt;

/// Opens links through the shell plugin. From Rust it checks nothing, which is why nothing but a
/// [`SigningUrl`] gets here.
pub struct ShellBrowser<R: Runtime>(pub AppHandle<R>);

impl<R: Runtime> Browser for ShellBrowser<R> {
    fn open(&self, url: &SigningUrl) -> Result<(), String> {
        #[expect(deprecated, reason = "the plugin is fixed; its successor changes this line alone")]
        let opened = self.0.shell().open(url.expose(), None);
        // The launcher's text holds the whole URL: it goes no further than here.
        opened.map_err(|_| "no-browser".to_owned())
    }
}
