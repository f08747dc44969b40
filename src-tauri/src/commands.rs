//! What the window may ask for. Each command is checked by its types, handed on and answered.

#![expect(clippy::needless_pass_by_value, reason = "Tauri hands commands what they own")]

use enrollment_core::{
    deep_link::DeepLink,
    desk::{
        Person, Reply,
        view::{Action, Add, Done, Feed, Key, Refused, Settings, ShiftEnded, Start, TokenProblem},
    },
    enrollment::{Entry, How},
    gateway::Reach,
    intake::{self, IntakeError, Line},
    numbers::Numbers,
    shift::{Shift, ShiftError, ShiftRead},
    support,
    tokens::AccessToken,
};
use jiff::Timestamp;
use tauri::{AppHandle, Builder, Runtime, State, WebviewWindow, generate_handler, ipc::Channel};

use crate::{
    Console,
    closing::Question,
    handout::{HandoutProblem, hand_out},
    settings::SettingsProblem,
    shift::Untaken,
    telling::Window,
    tray::{self, TrayWords},
    window::magnify,
};

pub fn register<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    builder.invoke_handler(generate_handler![
        start,
        subscribe,
        read_list,
        add,
        act,
        timeline,
        numbers,
        set_token,
        use_training_token,
        forget_token,
        read_token,
        fetch_token,
        reach,
        choose,
        tell,
        hide,
        come,
        end_shift,
        hand_over_shift,
        read_shift,
        take_in_shift,
        save_list,
        support_bundle,
        links,
        closing,
        stay,
        say_in_tray,
        to_tray,
        quit
    ])
}

#[tauri::command]
fn start(console: State<'_, Console>) -> Start {
    Start {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        settings: console.settings(),
        environments_trouble: console.environments_trouble(),
        settings_trouble: console.settings_trouble(),
    }
}

#[tauri::command]
fn subscribe(console: State<'_, Console>, channel: Channel<Feed>) {
    console.desk.subscribe(Window::of(&console, channel));
}

/// Reads a pasted list or a file of customers, and starts nothing.
#[tauri::command]
async fn read_list(bytes: Vec<u8>) -> Result<Vec<Line>, IntakeError> {
    intake::read(&bytes)
}

#[tauri::command]
async fn add(console: State<'_, Console>, enrollment: Add) -> Reply {
    console.desk.add(enrollment, How::Adding).await
}

#[tauri::command]
async fn act(console: State<'_, Console>, key: Key, state: u32, action: Action) -> Reply {
    console.desk.act(key, state, action).await
}

#[tauri::command]
async fn timeline(console: State<'_, Console>, key: Key) -> Result<Vec<Entry>, ()> {
    let entries = console.desk.timeline(key).await.ok_or(())?;
    Ok(entries.into_iter().map(Entry::made_visible).collect())
}

/// An environment in numbers, of a day that began at `since` (epoch milliseconds): only the window
/// knows the hour of midnight.
#[tauri::command]
async fn numbers(
    console: State<'_, Console>,
    environment: String,
    since: i64,
) -> Result<Numbers, ()> {
    console.desk.numbers(environment, since).await.ok_or(())
}

#[tauri::command]
async fn set_token(
    console: State<'_, Console>,
    environment: String,
    token: String,
    session_only: bool,
) -> Result<(), TokenProblem> {
    console.somebody_is_here().await.map_err(|_| TokenProblem::WhoIsThere)?;
    let token = AccessToken::from_pasted(&token)?;
    console.keep_token(&environment, token, session_only).await
}

#[tauri::command]
async fn use_training_token(
    console: State<'_, Console>,
    environment: String,
) -> Result<(), TokenProblem> {
    console.somebody_is_here().await.map_err(|_| TokenProblem::WhoIsThere)?;
    console.use_training_token(&environment).await
}

#[tauri::command]
async fn forget_token(
    console: State<'_, Console>,
    environment: String,
) -> Result<(), TokenProblem> {
    console.somebody_is_here().await.map_err(|_| TokenProblem::WhoIsThere)?;
    console.forget_token(&environment).await
}

#[tauri::command]
async fn read_token(console: State<'_, Console>, environment: String) -> Result<(), TokenProblem> {
    console.read_token(&environment).await
}

#[tauri::command]
async fn fetch_token(console: State<'_, Console>, environment: String) -> Result<(), TokenProblem> {
    console.somebody_is_here().await.map_err(|_| TokenProblem::WhoIsThere)?;
    console.fetch_token(&environment)
}

#[tauri::command]
async fn choose<R: Runtime>(
    window: WebviewWindow<R>,
    console: State<'_, Console>,
    settings: Settings,
) -> Result<(), SettingsProblem> {
    console.somebody_is_here().await.map_err(|_| SettingsProblem::WhoIsThere)?;
    let zoom = settings.zoom;
    let chosen = console.choose(settings);
    if !matches!(chosen, Err(SettingsProblem::Managed)) {
        magnify(&window, zoom);
    }
    chosen
}

/// A word on the desktop, for whoever looks elsewhere.
#[tauri::command]
fn tell(console: State<'_, Console>, words: String, sound: bool) {
    console.heads_up.tell(&words, sound);
}

/// The list is covered; whoever comes back may have to say who they are.
#[tauri::command]
async fn hide(console: State<'_, Console>) -> Reply {
    console.desk.person(Person::Leaves).await
}

/// Asks whether anybody answers for a gateway: neither a token nor a customer is told.
#[tauri::command]
async fn reach(console: State<'_, Console>, environment: String) -> Result<Reach, ()> {
    console.reach(&environment).await.ok_or(())
}

#[tauri::command]
async fn come(console: State<'_, Console>, name: String) -> Reply {
    console.desk.person(Person::Comes { name }).await
}

#[tauri::command]
async fn end_shift(console: State<'_, Console>) -> Result<ShiftEnded, Refused> {
    console.end_shift().await
}

/// Writes whoever still needs somebody into a file, and answers where it is. Only then are they
/// watched here no longer.
#[tauri::command]
async fn hand_over_shift(console: State<'_, Console>) -> Result<String, HandoutProblem> {
    console.hand_over_shift().await
}

/// Reads another desk's shift and judges it; nothing changes.
#[tauri::command]
async fn read_shift(console: State<'_, Console>, bytes: Vec<u8>) -> Result<ShiftRead, ShiftError> {
    Ok(console.desk.judge(Shift::from_json(&bytes)?).await)
}

#[tauri::command]
async fn take_in_shift(console: State<'_, Console>, bytes: Vec<u8>) -> Result<Done, Untaken> {
    Ok(console.desk.take_in(Shift::from_json(&bytes)?).await?)
}

/// Writes rows of the list into a file for spreadsheets, and answers where it is.
#[tauri::command]
async fn save_list(
    console: State<'_, Console>,
    rows: Vec<Vec<String>>,
) -> Result<String, HandoutProblem> {
    console.save_list(&rows).await
}

/// Writes what support may see into a file, and answers where it is.
#[tauri::command]
async fn support_bundle() -> Result<String, HandoutProblem> {
    let bundle = || {
        let version = env!("CARGO_PKG_VERSION");
        support::bundle(&support::Sources::usual(), version, Timestamp::now())
            .map_err(|error| HandoutProblem::not_written(&error))
    };
    hand_out("enrollment-support", "zip", bundle).await
}

/// The page takes links into the console from now on.
#[tauri::command]
fn links(console: State<'_, Console>, channel: Channel<DeepLink>) {
    console.links.begin(channel);
}

#[tauri::command]
fn closing(console: State<'_, Console>, channel: Channel<Question>) {
    console.closing.begin(channel);
}

#[tauri::command]
fn stay(console: State<'_, Console>) {
    console.closing.stay();
}

#[tauri::command]
fn say_in_tray(console: State<'_, Console>, words: TrayWords) {
    console.tray.tell(&words);
}

/// Closes the window and goes on watching. Answers whether there is a tray to come back from; where
/// there is none the window stays.
#[tauri::command]
fn to_tray<R: Runtime>(app: AppHandle<R>) -> bool {
    tray::hide_window(&app)
}

#[tauri::command]
fn quit<R: Runtime>(app: AppHandle<R>) {
    app.exit(0);
}
