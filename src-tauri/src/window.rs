//! The one window, with its guards on.

use tauri::{
    AppHandle, Manager, Runtime, WebviewUrl, WebviewWindowBuilder, webview::NewWindowResponse,
};

/// Opens the window. It shows the console's own page and nothing else, whatever the page asks for.
pub fn open<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, "main", WebviewUrl::App("index.html".into()))
        .title("Enrollment Console")
        .inner_size(1_100.0, 720.0)
        .min_inner_size(760.0, 480.0)
        .on_navigation(|url| {
            let own = matches!((url.scheme(), url.host_str()), ("tauri", Some("localhost")));
            // WebView2 serves the app's own page over http.
            own || matches!((url.scheme(), url.host_str()), ("http", Some("tauri.localhost")))
        })
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .build()?;
    Ok(())
}

/// Shows the window to whoever started the console once more.
pub fn bring_forward<R: Runtime>(app: &AppHandle<R>) {
    let Some(window) = app.get_webview_window("main") else { return };
    // A window manager may refuse any of these; then the window is where it is.
    let _ = window.unminimize();
    let _ = window.show();
    let _ = window.set_focus();
}
