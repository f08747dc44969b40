//! The desktop shell around the core: one window, its commands, and the way to the browser.
//!
//! Nothing is decided here. Commands are checked by their types, handed to the desk, and answered.

mod clipboard;
mod closing;
mod commands;
mod console;
mod diary;
mod handout;
mod heads_up;
mod last_words;
mod links;
mod list_file;
mod profile;
mod ruled;
mod settings;
mod shift;
mod telling;
mod tray;
mod ways_out;
mod window;

use std::sync::{Mutex, PoisonError};

use enrollment_core::policy::PolicyFile;
use tauri::{App, AppHandle, Builder, Manager, RunEvent, Runtime, WindowEvent, Wry};

pub use console::{Console, StartError};
pub use last_words::show as show_last_words;
use profile::Profile;
pub use telling::Telling;

/// The web view's folder, until the console ends.
type OwnProfile = Mutex<Option<Profile>>;

/// Runs the console until its window is closed.
///
/// # Errors
/// Why it could not start.
pub fn run() -> Result<(), StartError> {
    run_as(Setup::default())
}

/// What the console is set up by.
pub struct Setup {
    pub policy: PolicyFile,
    pub telling: Telling,
}

impl Default for Setup {
    fn default() -> Self {
        Self { policy: PolicyFile::usual(), telling: Telling::Together }
    }
}

/// The same in another way. Nothing that ships calls it: which policy holds is nobody's choice.
///
/// # Errors
/// Why it could not start.
pub fn run_as(setup: Setup) -> Result<(), StartError> {
    // Whoever is second asks the first one for its window, and the plugin then ends this program.
    // Where there is no D-Bus to ask over, the folder decides who is first.
    let single = tauri_plugin_single_instance::init(|app, arguments, _| {
        window::bring_forward(app);
        if let Some(console) = app.try_state::<Console>() {
            console.links.take(arguments);
        }
    });
    let app = build::<Wry>(Builder::default().plugin(single), setup)?;
    // What is not text is no link either.
    app.state::<Console>().links.take(std::env::args_os().filter_map(|it| it.into_string().ok()));
    app.run(|app, event| happened(app, &event));
    Ok(())
}

/// The console on any of Tauri's runtimes, its tests' included.
///
/// # Errors
/// Why it could not start.
pub fn build<R: Runtime>(builder: Builder<R>, setup: Setup) -> Result<App<R>, StartError> {
    let policy = setup.policy.read()?;
    let app = commands::register(builder)
        .plugin(tauri_plugin_shell::init())
        .build(tauri::generate_context!("tauri.conf.json"))?;
    let place = console::claim_folder()?;
    let profile = Profile::make().map_err(StartError::Profile)?;
    // The engine begins by starting programs of its own, and waits for nothing of the console's.
    let window = window::open(app.handle(), &profile)?;
    console::start(app.handle(), place, setup, policy.as_ref())?;
    window::magnify(&window, app.state::<Console>().settings().zoom);
    app.manage(OwnProfile::new(Some(profile)));
    Ok(app)
}

fn happened<R: Runtime>(app: &AppHandle<R>, event: &RunEvent) {
    let console = app.state::<Console>();
    if let RunEvent::WindowEvent { event: WindowEvent::CloseRequested { api, .. }, .. } = event
        && console.closing.ask(console.tray.is_shown())
    {
        api.prevent_close();
    }
    // Elsewhere a link comes as an argument of a program that is started.
    #[cfg(target_os = "macos")]
    if let RunEvent::Opened { urls } = event {
        console.links.take(urls.iter().map(ToString::to_string));
    }
    if matches!(event, RunEvent::Exit) {
        console.end();
        let profile = app.state::<OwnProfile>();
        let profile = profile.lock().unwrap_or_else(PoisonError::into_inner).take();
        profile.map(Profile::end).unwrap_or_default();
    }
}
