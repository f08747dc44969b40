//! What the console is made of, and how it starts.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use enrollment_core::{
    desk::{
        Attendance,
        driver::{self, Handle, Keeping},
        view::{Settings, TokenProblem, TokenState},
    },
    enrollment::Operator,
    environment::{self, Environment},
    gateway::GatewayUrlError,
    journal::{Folder, FolderError, Place},
    tokens::{AccessToken, Account, Keyring, KeyringError},
};
use enrollment_sandbox::{Config, Sandbox};
use tauri::{AppHandle, Manager, Runtime, async_runtime};

use crate::{
    clipboard::Clipboard,
    closing::Closing,
    settings::{SettingsFile, SettingsProblem},
    ways_out::Outside,
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
    #[error("the console is running already")]
    Running,
}

/// Everything the window's commands need.
pub struct Console {
    pub desk: Handle,
    pub closing: Arc<Closing>,
    pub environments_trouble: Option<String>,
    pub(crate) clipboard: Clipboard,
    keyring: Keyring,
    pub(crate) accounts: Vec<(String, Account)>,
    sandbox: Sandbox,
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

/// Starts the sandbox and the desk, and begins to read the tokens.
pub fn start<R: Runtime>(app: &AppHandle<R>, place: Place) -> Result<(), StartError> {
    let sandbox = async_runtime::block_on(Sandbox::start(Config::default()))?;
    let mut environments = vec![Environment::sandbox(sandbox.base().parse()?)];
    let (others, trouble) = match environment::load() {
        Ok(others) => (others, None),
        // Training works all the same; the window says what is wrong with the rest.
        Err((path, why)) => (Vec::new(), Some(format!("{}: {why}", path.display()))),
    };
    environments.extend(others);
    let accounts: Vec<_> = environments.iter().map(|e| (e.name.clone(), account(e))).collect();
    let names: Vec<String> = environments.iter().map(|e| e.name.clone()).collect();
    let clipboard = Clipboard::start();
    let outside = Arc::new(Outside { app: app.clone(), clipboard: clipboard.clone() });
    let operator = Operator::account(&whoami::username().unwrap_or_else(|_| "?".to_owned()));
    let settings =
        SettingsFile::read(environment::config_folder().map(|f| f.join("settings.json")));
    let keeping = Keeping::In { place, keep_days: settings.get().keep_days };
    let desk = driver::start(environments, operator, Attendance::Attended, outside, keeping)?;
    app.manage(Console {
        desk,
        closing: Arc::default(),
        environments_trouble: trouble,
        clipboard,
        keyring: Keyring::start(),
        accounts,
        sandbox,
        settings: Mutex::new(settings),
    });
    for environment in names {
        let app = app.clone();
        // The desk is told what came of it, and the window shows that.
        async_runtime::spawn(async move {
            let _ = app.state::<Console>().read_token(&environment).await;
        });
    }
    Ok(())
}

/// The sandbox's port is another one with every start, and its tokens outlive that.
fn account(environment: &Environment) -> Account {
    let gateway = if environment.name == Environment::SANDBOX {
        "training".to_owned()
    } else {
        environment.gateway.to_string()
    };
    Account::new(&environment.name, &gateway)
}

impl Console {
    /// Ends the desk once everything is saved, or for long enough nothing could be.
    pub(crate) fn end(&self) {
        self.clipboard.take_back();
        // Whoever quit was told what is not saved.
        let _ = self.desk.close(LAST_CHANCE);
    }

    pub(crate) fn settings(&self) -> Settings {
        self.settings.lock().unwrap_or_else(PoisonError::into_inner).get().clone()
    }

    /// What is wrong with the settings file.
    pub(crate) fn settings_trouble(&self) -> Option<String> {
        let settings = self.settings.lock().unwrap_or_else(PoisonError::into_inner);
        settings.trouble().map(str::to_owned)
    }

    /// Settings that cannot be written still hold until the console closes.
    pub(crate) fn choose(&self, settings: Settings) -> Result<(), SettingsProblem> {
        self.desk.keep_days(settings.keep_days);
        let mut file = self.settings.lock().unwrap_or_else(PoisonError::into_inner);
        file.set(settings).map_err(|_| SettingsProblem::NotWritten)
    }

    /// Asks the keyring for a token, at the start or after somebody unlocked it.
    pub(crate) async fn read_token(&self, environment: &str) -> Result<(), TokenProblem> {
        let account = self.account(environment)?;
        let (read, result) = match self.keyring.read(account).await {
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
        if !session_only {
            self.keyring.write(account, &token).await.map_err(problem)?;
        }
        self.desk.token(environment, token, session_only);
        Ok(())
    }

    /// Training needs no keyring: its tokens open nothing, so memory will do without asking.
    pub(crate) async fn use_training_token(&self, environment: &str) -> Result<(), TokenProblem> {
        if environment != Environment::SANDBOX {
            return Err(TokenProblem::UnknownEnvironment);
        }
        let token =
            AccessToken::from_pasted(&self.sandbox.issue_token()).map_err(TokenProblem::from)?;
        match self.keep_token(environment, token.clone(), false).await {
            Ok(()) => Ok(()),
            Err(_) => self.keep_token(environment, token, true).await,
        }
    }

    /// Forgets a token. One that was in memory alone is gone even where no keyring answers.
    pub(crate) async fn forget_token(&self, environment: &str) -> Result<(), TokenProblem> {
        let account = self.account(environment)?;
        let forgotten = self.keyring.forget(account).await;
        self.desk.token_forgotten(environment);
        match forgotten {
            Ok(()) | Err(KeyringError::NoneHere) => Ok(()),
            Err(error) => Err(problem(error)),
        }
    }

    fn account(&self, environment: &str) -> Result<&Account, TokenProblem> {
        self.accounts
            .iter()
            .find_map(|(name, account)| (name == environment).then_some(account))
            .ok_or(TokenProblem::UnknownEnvironment)
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
