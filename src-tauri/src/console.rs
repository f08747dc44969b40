//! What the console is made of, and how it starts.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use enrollment_core::{
    desk::{
        Attendance,
        driver::{self, Handle, Keeping},
        view::{Settings, TokenProblem, TokenState},
    },
    enrollment::{Operator, Problem, ProblemKind},
    environment::{self, Environment},
    gateway::{Client, ClientError, GatewayUrlError, Reach},
    journal::{Folder, FolderError, Place},
    policy::{self, News, Policy, PolicyError},
    support,
    tokens::{AccessToken, Account, Keyring, KeyringError},
};
use tauri::{AppHandle, Manager, Runtime, async_runtime};

use crate::{
    Setup, Telling,
    clipboard::Clipboard,
    closing::Closing,
    diary::Diary,
    heads_up::HeadsUp,
    links::Links,
    ruled::{Ruled, account},
    settings::{SettingsFile, SettingsProblem},
    tray::Tray,
    ways_out::Outside,
    window,
};

/// Why the console could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("the window could not be opened: {0}")]
    Window(#[from] tauri::Error),
    #[error("there is no private folder for the window: {0}")]
    Profile(io::Error),
    #[error("the sandbox could not be started on 127.0.0.1: {0}")]
    Sandbox(#[from] io::Error),
    #[error("the sandbox has no usable address: {0}")]
    SandboxAddress(#[from] GatewayUrlError),
    #[error(transparent)]
    Desk(#[from] driver::StartError),
    #[error(transparent)]
    Policy(#[from] PolicyError),
    #[error("nobody can look whether the managed policy changes: {0}")]
    Follow(io::Error),
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error("the console is running already")]
    Running,
}

/// Everything the window's commands need.
pub struct Console {
    pub desk: Handle,
    pub closing: Arc<Closing>,
    pub(crate) clipboard: Clipboard,
    pub(crate) diary: Arc<Diary>,
    pub(crate) heads_up: HeadsUp,
    pub(crate) links: Links,
    pub(crate) tray: Tray,
    pub(crate) telling: Telling,
    keyring: Keyring,
    ruled: Mutex<Ruled>,
    settings: Mutex<SettingsFile>,
}

/// How long a closing console waits for its disk.
const LAST_CHANCE: Duration = Duration::from_secs(5);

/// Takes the folder of this user's journal for this console. A console that is just closing may
/// still have it for a while; where it cannot be had at all, that is tried again later.
///
/// # Errors
/// [`StartError::Running`] where another console keeps it.
pub fn claim_folder() -> Result<Place, StartError> {
    // Where the system names no such folder, none can be made either, and that is said.
    let path = Folder::usual().unwrap_or_default();
    let end = Instant::now() + LAST_CHANCE + Duration::from_secs(1);
    loop {
        return match Folder::claim(&path) {
            Ok(folder) => Ok(Place::Here(folder)),
            Err(FolderError::InUse(_)) if Instant::now() < end => {
                thread::sleep(Duration::from_millis(50));
                continue;
            }
            Err(FolderError::InUse(_)) => Err(StartError::Running),
            Err(_) => Ok(Place::NotYet(path)),
        };
    }
}

/// Starts the desk by the policy that holds, follows that from now on, and begins to read the
/// tokens.
pub fn start<R: Runtime>(
    app: &AppHandle<R>,
    place: Place,
    setup: Setup,
    policy: Option<&Policy>,
) -> Result<(), StartError> {
    let ruled = Ruled::by(policy.cloned())?;
    let clipboard = Clipboard::start();
    let outside = Arc::new(Outside { app: app.clone(), clipboard: clipboard.clone() });
    let operator = Operator::account(&whoami::username().unwrap_or_else(|_| "?".to_owned()));
    let settings =
        SettingsFile::read(environment::config_folder().map(|f| f.join("settings.json")));
    let decree = ruled.decree(settings.get());
    let keeping = Keeping::In { place, keep_days: decree.keep_days };
    let environments = ruled.environments().to_vec();
    let unread = environments.iter().filter(|e| e.token_command.is_none());
    let unread = unread.map(|e| e.name.clone()).collect();
    let desk = driver::start(environments, operator, Attendance::Attended, outside, keeping)?;
    desk.policy(decree)?;
    let pressed_in = app.clone();
    let forward = move || window::bring_forward(&pressed_in);
    app.manage(Console {
        desk,
        closing: Arc::default(),
        clipboard,
        diary: Arc::new(Diary::begin(support::log_folder().as_deref())),
        heads_up: HeadsUp::start(forward),
        links: Links::default(),
        tray: Tray::start(app),
        telling: setup.telling,
        keyring: Keyring::start(),
        ruled: Mutex::new(ruled),
        settings: Mutex::new(settings),
    });
    policy::follow(setup.policy, policy, follower(app)).map_err(StartError::Follow)?;
    read_tokens(app, unread);
    Ok(())
}

fn follower<R: Runtime>(app: &AppHandle<R>) -> impl Fn(News) + Send + 'static {
    let app = app.clone();
    move |news| {
        let console = app.state::<Console>();
        match news {
            News::Changed(policy) => match console.follow(*policy) {
                Ok(unread) => read_tokens(&app, unread),
                Err(why) => console.desk.policy_trouble(Some(why.to_string())),
            },
            News::Trouble(words) => console.desk.policy_trouble(Some(words)),
            News::Mended => console.desk.policy_trouble(None),
        }
    }
}

/// The desk is told what comes of it, and the window shows that.
fn read_tokens<R: Runtime>(app: &AppHandle<R>, environments: Vec<String>) {
    for environment in environments {
        let app = app.clone();
        async_runtime::spawn(async move {
            let _ = app.state::<Console>().read_token(&environment).await;
        });
    }
}

impl Console {
    /// Ends the desk once everything is saved, or for long enough nothing could be.
    pub(crate) fn end(&self) {
        self.clipboard.take_back();
        // Whoever quit was told what is not saved.
        let _ = self.desk.close(LAST_CHANCE);
        self.diary.end();
    }

    pub(crate) fn settings(&self) -> Settings {
        self.settings.lock().unwrap_or_else(PoisonError::into_inner).get().clone()
    }

    /// What is wrong with the settings file.
    pub(crate) fn settings_trouble(&self) -> Option<String> {
        let settings = self.settings.lock().unwrap_or_else(PoisonError::into_inner);
        settings.trouble().map(str::to_owned)
    }

    /// What is wrong with the user's own environments.
    pub(crate) fn environments_trouble(&self) -> Option<String> {
        self.ruled().trouble().map(str::to_owned)
    }

    /// Settings that cannot be written still hold until the console closes.
    pub(crate) fn choose(&self, settings: Settings) -> Result<(), SettingsProblem> {
        let ruled = self.ruled();
        let mut file = self.settings.lock().unwrap_or_else(PoisonError::into_inner);
        if ruled.forbids(&settings, file.get()) {
            return Err(SettingsProblem::Managed);
        }
        if ruled.keep_days().is_none() {
            self.desk.keep_days(settings.keep_days);
        }
        file.set(settings).map_err(|_| SettingsProblem::NotWritten)
    }

    /// Follows another policy. Answers which environments' tokens are to be read.
    fn follow(&self, policy: Policy) -> Result<Vec<String>, StartError> {
        let settings = self.settings();
        let mut ruled = self.ruled();
        let unread = ruled.follow(Some(policy))?;
        self.desk.policy(ruled.decree(&settings))?;
        Ok(unread)
    }

    fn ruled(&self) -> MutexGuard<'_, Ruled> {
        self.ruled.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The environments that may have a token in the password store.
    pub(crate) fn with_tokens(&self) -> Vec<String> {
        let ruled = self.ruled();
        ruled.environments().iter().map(|environment| environment.name.clone()).collect()
    }

    /// Whether anybody answers for an environment's gateway, over a connection of its own; none where
    /// there is no such environment.
    pub(crate) async fn reach(&self, environment: &str) -> Option<Reach> {
        let client = {
            let ruled = self.ruled();
            let named = ruled.named(environment)?;
            Client::new(&named.gateway, named.authorities.as_ref())
        };
        let unset = |_| Reach::Silent { problem: Problem::new(ProblemKind::Tls) };
        match client.map_err(unset) {
            Ok(client) => Some(client.reach().await),
            Err(reach) => Some(reach),
        }
    }

    /// Asks the keyring for a token, at the start or after somebody unlocked it.
    pub(crate) async fn read_token(&self, environment: &str) -> Result<(), TokenProblem> {
        let account = self.account(environment)?;
        let (read, result) = match self.keyring.read(&account).await {
            Ok(Some(token)) => (Ok(token), Ok(())),
            Ok(None) => (Err(TokenState::Missing), Ok(())),
            Err(error) => (Err(state(error)), Err(problem(error))),
        };
        self.desk.token_read(environment, read);
        result
    }

    /// Keeps a token and begins to use it; in memory alone where that was asked for.
    pub(crate) async fn keep_token(
        &self,
        environment: &str,
        token: AccessToken,
        session_only: bool,
    ) -> Result<(), TokenProblem> {
        let account = self.account(environment)?;
        if self.is_fetched(environment) {
            return Err(TokenProblem::Fetched);
        }
        if !session_only {
            self.keyring.write(&account, &token).await.map_err(problem)?;
        }
        self.desk.token(environment, token, session_only);
        Ok(())
    }

    /// Training needs no keyring: its tokens open nothing, so memory will do without asking.
    pub(crate) async fn use_training_token(&self, environment: &str) -> Result<(), TokenProblem> {
        if environment != Environment::SANDBOX {
            return Err(TokenProblem::UnknownEnvironment);
        }
        let issued = self.ruled().training_token().ok_or(TokenProblem::UnknownEnvironment)?;
        let token = AccessToken::from_pasted(&issued).map_err(TokenProblem::from)?;
        match self.keep_token(environment, token.clone(), false).await {
            Ok(()) => Ok(()),
            Err(_) => self.keep_token(environment, token, true).await,
        }
    }

    /// Forgets a token. One that was in memory alone is gone even where no keyring answers.
    pub(crate) async fn forget_token(&self, environment: &str) -> Result<(), TokenProblem> {
        let account = self.account(environment)?;
        let forgotten = self.keyring.forget(&account).await;
        self.desk.token_forgotten(environment);
        match forgotten {
            Ok(()) | Err(KeyringError::NoneHere) => Ok(()),
            Err(error) => Err(problem(error)),
        }
    }

    /// Has an environment's token command run; the window hears from the desk what came of it.
    pub(crate) fn fetch_token(&self, environment: &str) -> Result<(), TokenProblem> {
        self.account(environment)?;
        self.desk.fetch_token(environment);
        Ok(())
    }

    fn is_fetched(&self, environment: &str) -> bool {
        self.ruled().named(environment).is_some_and(|named| named.token_command.is_some())
    }

    /// Where an environment's token is kept.
    fn account(&self, environment: &str) -> Result<Account, TokenProblem> {
        self.ruled().named(environment).map(account).ok_or(TokenProblem::UnknownEnvironment)
    }
}

fn state(error: KeyringError) -> TokenState {
    match error {
        KeyringError::Locked => TokenState::Locked,
        KeyringError::Busy => TokenState::Busy,
        KeyringError::Denied => TokenState::Denied,
        KeyringError::NoneHere => TokenState::NoneHere,
    }
}

fn problem(error: KeyringError) -> TokenProblem {
    match error {
        KeyringError::Locked => TokenProblem::Locked,
        KeyringError::Busy => TokenProblem::Busy,
        KeyringError::Denied => TokenProblem::Denied,
        KeyringError::NoneHere => TokenProblem::NoneHere,
    }
}
