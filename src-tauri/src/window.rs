//! The one window, with its guards on.

use enrollment_core::{
    desk::view::Zoom,
    enrollment::{shortened, visible},
};
use tauri::{
    AppHandle, Manager, Runtime, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    webview::{NewWindowResponse, PermissionResponse},
};
#[cfg(target_os = "linux")]
use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt as _, WebViewExt};

use crate::profile::Profile;

/// The longest title, in characters.
const LONGEST_TITLE: usize = 80;

/// Opens the window. It shows the console's own page and nothing else, whatever the page asks for.
/// What the engine writes down of it goes into that folder.
pub fn open<R: Runtime>(app: &AppHandle<R>, profile: &Profile) -> tauri::Result<WebviewWindow<R>> {
    let window = WebviewWindowBuilder::new(app, "main", WebviewUrl::App("index.html".into()))
        .title("Enrollment Console")
        .inner_size(1_100.0, 720.0)
        .min_inner_size(760.0, 480.0)
        .data_directory(profile.path())
        // No camera, microphone, place, screen or notification: the page needs none.
        .on_permission_request(|_, _| PermissionResponse::Deny)
        .general_autofill_enabled(false)
        .devtools(cfg!(debug_assertions))
        .on_document_title_changed(|window, title| {
            // A title that cannot be set is no reason to stop.
            let _ = window.set_title(&shortened(&visible(&title), LONGEST_TITLE));
        })
        .on_navigation(is_own_page)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false);
    // There the engine takes no folder, and nobody drives the window from outside.
    #[cfg(target_os = "macos")]
    let window = window.incognito(true);
    let window = window.build()?;
    #[cfg(target_os = "linux")]
    paint_in_memory(&window)?;
    Ok(window)
}

pub fn magnify<R: Runtime>(window: &WebviewWindow<R>, zoom: Zoom) {
    // An engine that cannot magnify shows everything as it is.
    let _ = window.set_zoom(zoom.factor());
}

/// A list needs no graphics card: without one the window takes less memory, scrolls faster where the
/// card is only played by the processor, and is not left white by a driver's fault.
#[cfg(target_os = "linux")]
fn paint_in_memory<R: Runtime>(window: &WebviewWindow<R>) -> tauri::Result<()> {
    window.with_webview(|view| {
        if let Some(settings) = WebViewExt::settings(&view.inner()) {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    })
}

fn is_own_page(url: &Url) -> bool {
    let own = matches!((url.scheme(), url.host_str()), ("tauri", Some("localhost")));
    // WebView2 serves the app's own page over http.
    let webview2 = cfg!(windows)
        && matches!((url.scheme(), url.host_str()), ("http", Some("tauri.localhost")));
    own || webview2
}

/// Shows the window to whoever started the console once more.
pub fn bring_forward<R: Runtime>(app: &AppHandle<R>) {
    let Some(window) = app.get_webview_window("main") else { return };
    // A window manager may refuse any of these; then the window is where it is.
    let _ = window.unminimize();
    let _ = window.show();
    let _ = window.set_focus();
}
