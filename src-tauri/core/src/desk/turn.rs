//! What a turn takes, and what it asks for.

use super::view::{Action, Add, Done, Key, PolicyView, QrCode, Refused, TokenState, Way};
use crate::{
    enrollment::{How, User},
    environment::Environment,
    journal::{Batch, KeepDays, Report},
    shift::Shift,
    signing_url::SigningUrl,
    time::Mono,
    tokens::{AccessToken, FetchError, TokenCommand},
};

/// Names one request, so that an answer that comes too late finds nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RequestId(pub(super) u64);

/// Names one command, so that its answer finds the asker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ticket(pub u64);

impl Ticket {
    /// Of what was asked for earlier: nobody waits for the answer.
    pub const NOBODY: Self = Self(u64::MAX);
}

/// The answer to a command.
pub type Reply = Result<Done, Refused>;

/// Something that reached the desk.
#[derive(Debug)]
pub enum Arrival {
    Add {
        ticket: Ticket,
        add: Add,
        how: How,
    },
    Act {
        ticket: Ticket,
        key: Key,
        state: u32,
        action: Action,
    },
    Answer {
        request: RequestId,
        answer: crate::gateway::Answer,
    },
    /// A way out came back; an error is a code, never another program's text.
    Left {
        key: Key,
        result: Result<Left, String>,
    },
    /// Something that concerns whoever sits here, and no single customer.
    Person {
        ticket: Ticket,
        does: Person,
    },
    /// Somebody takes in what another desk handed over.
    TakeIn {
        ticket: Ticket,
        shift: Box<Shift>,
    },
    Token {
        environment: String,
        token: AccessToken,
        session_only: bool,
    },
    /// Somebody had the token forgotten.
    TokenForgotten {
        environment: String,
    },
    /// What the keyring gave when it was asked. A token that somebody entered meanwhile stays.
    TokenRead {
        environment: String,
        read: Result<AccessToken, TokenState>,
    },
    /// Somebody wants the environment's token command to run.
    FetchToken {
        environment: String,
    },
    /// A run of an environment's token command has ended.
    TokenFetched {
        environment: usize,
        result: Result<AccessToken, FetchError>,
    },
    /// The journal tells something.
    Journal(Report),
    /// Somebody chose for how many days finished enrollments are kept.
    KeepDays(KeepDays),
    /// What the managed policy has decided, at the start and whenever it changes.
    Policy(Box<Decree>),
    /// What is wrong with a newer policy, where something is. What was decided before holds on.
    PolicyTrouble(Option<String>),
    /// Every live watch ends: the caller was interrupted.
    StopAll,
}

/// All that follows from the managed policy, or from there being none.
#[derive(Clone, Debug)]
pub struct Decree {
    pub view: PolicyView,
    /// All environments there are from now on, the training one included.
    pub environments: Vec<Environment>,
    pub keep_days: KeepDays,
    /// Which policy it is, for the audit: the SHA-256 of its file.
    pub sha256: Option<String>,
}

/// A poll to send.
#[derive(Debug)]
pub struct Send {
    pub request: RequestId,
    pub environment: usize,
    pub user: User,
    pub token: AccessToken,
}

/// A link on its way out of the console, checked at this very moment.
#[derive(Debug)]
pub struct Leaving {
    pub key: Key,
    pub way: Way,
    pub url: SigningUrl,
}

/// How a link has left.
#[derive(Debug)]
pub enum Left {
    Opened,
    Copied,
    Shown(QrCode),
}

/// What somebody who sits here does to the console as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Person {
    /// Asks whether anything may be done: whether it is known who is here, where that is asked.
    Knocks,
    /// Covers the list and goes; whoever comes back may be somebody else.
    Leaves,
    /// Says who is here.
    Comes {
        name: String,
    },
    EndsShift,
    /// These are in a file for another desk by now, and are watched here no longer.
    HandsOver {
        keys: Vec<Key>,
    },
    /// Writes a part of the list into a file.
    Exports {
        what: String,
        format: String,
    },
}

/// What a turn asks for.
#[derive(Debug, Default)]
pub struct Turn {
    pub sends: Vec<Send>,
    /// Requests whose answers nobody waits for any more.
    pub cancels: Vec<RequestId>,
    /// Environments that are new, or have another gateway than before.
    pub clients: Vec<(usize, Environment)>,
    /// Environments whose connections are not to be trusted any more.
    pub renew: Vec<usize>,
    pub leaving: Vec<Leaving>,
    /// Token commands to run, and whose they are: one at a time for each environment.
    pub fetches: Vec<(usize, TokenCommand)>,
    pub replies: Vec<(Ticket, Reply)>,
    /// What is to be kept, where there is a journal.
    pub journal: Option<Batch>,
    /// When the next turn is due, unless something arrives before.
    pub wake: Option<Mono>,
}
