//! The desktop shell around the core: one window, its commands, and the way to the browser.
//!
//! Nothing is decided here. Commands are checked by their types, handed to the desk, and answered.

mod browser;
mod commands;
mod console;
mod settings;
mod window;

use tauri::{App, Builder, Runtime, Wry};

pub use console::{Console, StartError};

/// Runs the console until its window is closed.
///
/// # Errors
/// Why it could not start.
pub fn run() -> Result<(), StartError> {
    let app = build::<Wry>(Builder::default())?;
    app.run(|_, _| {});
    Ok(())
}

/// The console on any of Tauri's runtimes, its tests' included.
///
/// # Errors
/// Why it could not start.
pub fn build<R: Runtime>(builder: Builder<R>) -> Result<App<R>, StartError> {
    let app = commands::register(builder)
        .plugin(tauri_plugin_shell::init())
        .build(tauri::generate_context!("tauri.conf.json"))?;
    console::start(app.handle())?;
    window::open(app.handle())?;
    Ok(app)
}
