//! The desktop shell around the core: one window, its commands, and the way to the browser.
//!
//! Nothing is decided here. Commands are checked by their types, handed to the desk, and answered.

mod browser;
mod closing;
mod commands;
mod console;
mod settings;
mod window;

use tauri::{App, AppHandle, Builder, Manager, RunEvent, Runtime, WindowEvent, Wry};

pub use console::{Console, StartError};

/// Runs the console until its window is closed.
///
/// # Errors
/// Why it could not start.
pub fn run() -> Result<(), StartError> {
    // The folder decides who is first. Whoever is second asks the first one for its window, and
    // the plugin then ends this program; where there is no D-Bus to ask over, it goes on.
    let folder = console::claim_folder();
    let single = tauri_plugin_single_instance::init(|app, _, _| window::bring_forward(app));
    let app = prepare::<Wry>(Builder::default().plugin(single))?;
    console::start(app.handle(), folder?)?;
    window::open(app.handle())?;
    app.run(|app, event| happened(app, &event));
    Ok(())
}

/// The console on any of Tauri's runtimes, its tests' included.
///
/// # Errors
/// Why it could not start.
pub fn build<R: Runtime>(builder: Builder<R>) -> Result<App<R>, StartError> {
    let app = prepare(builder)?;
    console::start(app.handle(), console::claim_folder()?)?;
    window::open(app.handle())?;
    Ok(app)
}

fn prepare<R: Runtime>(builder: Builder<R>) -> Result<App<R>, StartError> {
    Ok(commands::register(builder)
        .plugin(tauri_plugin_shell::init())
        .build(tauri::generate_context!("tauri.conf.json"))?)
}

fn happened<R: Runtime>(app: &AppHandle<R>, event: &RunEvent) {
    match event {
        RunEvent::WindowEvent { event: WindowEvent::CloseRequested { api, .. }, .. } => {
            if app.state::<Console>().closing.ask() {
                api.prevent_close();
            }
        }
        RunEvent::Exit => app.state::<Console>().end(),
        // Everything else is Tauri's own affair.
        _ => {}
    }
}
