//! What the window is told, and what it may ask. These types are the whole of the boundary:
//! no token and no URL fits into any of them. [`QrCode`] is the one exception: it is a link in
//! another shape.

mod qr_code;
mod settings;
mod step;
mod token;
mod way;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use crate::enrollment::Key;
use crate::{
    enrollment::{
        Customer, Entry, GaveUp, NameError, Operator, Place, Problem, UserIdError, UserType,
    },
    environment::EnvironmentKind,
    journal::{Health, Notice},
};
pub use qr_code::{QrCode, QrCodeError};
pub use settings::{
    Density, HeadsUp, Language, News, Order, PolicyView, Settings, ShiftEnded, Start, Theme,
    TokenLeft, Zoom,
};
pub use step::{ProblemView, StepView, TimeLeft};
pub use token::{CommandView, TokenProblem, TokenState, TokenView};
pub use way::Way;

/// One enrollment as the list shows it. Times are milliseconds since 1970, UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "a row is what is painted, not a state")]
pub struct Row {
    pub key: Key,
    /// Counts the changes of step. A command carries the one it was shown for.
    pub state: u32,
    pub environment: String,
    pub id: u32,
    pub user_type: UserType,
    pub label: String,
    pub place: Place,
    pub step: StepView,
    /// When this step began.
    pub since: i64,
    /// The gateway's last value as it came; unseen characters written out. Null before the first
    /// answer and where the gateway says null.
    pub status: Option<String>,
    /// Whether the gateway's page names that status. True before the first answer.
    pub status_known: bool,
    pub message: Option<String>,
    pub problem: Option<ProblemView>,
    /// The link that may be opened, where there is one.
    pub link: Option<LinkView>,
    /// Whether id and type were confirmed against the CRM, which the first opening asks for.
    pub confirmed: bool,
    /// A single poll or an opening is under way.
    pub busy: bool,
    /// When the gateway is asked once more.
    pub look_at: Option<i64>,
    /// What somebody wrote down for it.
    pub note: String,
    /// Whether all that is shown of it is in the journal. True where there is no journal.
    pub saved: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct LinkView {
    pub host: String,
    /// Counts the links of this enrollment; only the newest can be opened.
    pub generation: u32,
    pub received: i64,
    /// Handed over at least once, in whatever way.
    pub opened: bool,
}

/// An environment as the header shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct EnvironmentView {
    pub name: String,
    pub kind: EnvironmentKind,
    /// Scheme, host and port of the gateway.
    pub gateway: String,
    /// The signing hosts that may be opened.
    pub allow: Vec<String>,
    /// What follows after signing, as the administrator wrote it.
    pub next_step: Option<String>,
    pub token: TokenView,
    pub offline: bool,
    /// More polls are due than the budget allows.
    pub behind: bool,
    /// The managed policy has taken it away: its rows can be read, and nothing is asked for them.
    pub withdrawn: bool,
}

/// How it goes with saving.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct JournalView {
    #[serde(flatten)]
    pub health: Health,
    /// When something was saved last.
    pub saved: Option<i64>,
    /// Changes that wait to be saved.
    pub waiting: u32,
    /// Lines of timelines that will never be saved: too many were waiting.
    pub lost: u32,
    /// What people have to know of the journal, oldest first.
    pub notices: Vec<Notice>,
}

/// The honest line at the foot of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Pulse {
    pub watched: u32,
    pub polls_per_second: f32,
}

/// What a subscriber gets: the whole table first, then numbered changes.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Feed {
    /// Counts from 1 for each subscriber. The first one holds every row.
    pub seq: u64,
    pub rows: Vec<Row>,
    pub removed: Vec<Key>,
    /// All environments, where one of them changed.
    pub environments: Option<Vec<EnvironmentView>>,
    /// How it goes with saving, where that changed.
    pub journal: Option<JournalView>,
    /// What the managed policy has decided, where that changed.
    pub policy: Option<PolicyView>,
    /// Who sits here, where that changed.
    pub operator: Option<Arc<Operator>>,
    pub pulse: Pulse,
    /// New lines of the timelines.
    pub entries: Vec<(Key, Entry)>,
}

/// A new enrollment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Add {
    pub environment: String,
    /// As typed; read by the rules of `UserId`.
    pub id: String,
    pub user_type: UserType,
    pub label: String,
    pub place: Place,
    pub customer: Customer,
    /// The same id is already here in the other type, and the agent means both.
    pub both_types: bool,
}

/// What can be done to an enrollment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(
    tag = "do",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Action {
    IdentificationFinished,
    SigningFinished,
    /// The page that a customer returns to says that signing is finished. Taken where the link was
    /// handed over by this console since it started, and nowhere else.
    Returned,
    CheckNow,
    NewLink,
    /// `confirmed`: id and type were confirmed against the CRM. `here`: the customer is remote and
    /// the agent means to open it on this computer all the same.
    HandOver {
        way: Way,
        generation: u32,
        confirmed: bool,
        here: bool,
    },
    Stop,
    WrongId,
    WatchAgain,
    /// Asks the gateway once at this moment, within a day; none takes that back.
    LookAgain {
        at: Option<i64>,
    },
    GaveUp {
        reason: GaveUp,
    },
    HandedOn,
    Remove,
    /// Undoes the removal, for as long as the window offers it.
    Restore,
    /// Writes something down, in place of what stood there before.
    Note {
        note: String,
    },
    /// Has its number shown for a while where numbers are hidden. It is noted, and that is all that
    /// the desk does of it.
    Reveal,
    /// Deletes all that is kept of it, for good.
    Forget,
}

/// What a command did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(tag = "done", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Done {
    /// `normalised`: the id was typed with spaces or leading zeros.
    Added {
        key: Key,
        normalised: bool,
    },
    Done,
    Opened {
        host: String,
    },
    /// It is in the clipboard, for a minute at the most.
    Copied {
        host: String,
    },
    /// The newest link by now, as a picture. To be shown for a minute at the most.
    Shown {
        host: String,
        generation: u32,
        code: QrCode,
    },
    /// `interrupted`: how many watches ended with the shift.
    ShiftEnded {
        interrupted: u32,
    },
    /// So many are another desk's to go on with.
    HandedOver {
        enrollments: u32,
    },
    /// So many of another desk's are in the list now.
    TakenIn {
        enrollments: u32,
    },
    /// The single poll came back: the row and the timeline tell what it said.
    Checked,
}

/// Why a command did nothing. The window translates the code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(tag = "code", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Refused {
    #[error("there is no such environment")]
    UnknownEnvironment,
    #[error("the administrator has taken this environment away")]
    Withdrawn,
    #[error("there is no such enrollment")]
    UnknownEnrollment,
    #[error("id: {rule}")]
    BadId { rule: UserIdError },
    #[error("label: at most 80 characters")]
    LabelTooLong,
    #[error("note: at most 2000 characters")]
    NoteTooLong,
    #[error("this user is already in the list")]
    AlreadyHere { key: Key },
    #[error("this id is already in the list in the other type")]
    OtherType { key: Key },
    #[error("the enrollment has moved on")]
    MovedOn,
    #[error("this step does not allow it")]
    NotNow,
    #[error("the environment needs a token")]
    NeedsToken,
    #[error("there is no connection to the gateway")]
    Offline,
    #[error("the gateway asked to wait")]
    NotBefore { at: i64 },
    #[error("time: within the next 24 hours")]
    BadTime,
    #[error("a newer link has arrived")]
    OlderLink,
    #[error("confirm id and type first")]
    ConfirmUser,
    #[error("the customer is not at this desk")]
    ConfirmRemote,
    #[error("handed over a moment ago")]
    TooSoon,
    #[error("another link is being handed over")]
    Opening,
    #[error("the fresh link is on another host")]
    OtherHost { host: String },
    #[error("the gateway gave no link")]
    NoLink,
    #[error("the link was refused")]
    LinkRefused { rule: String, host: Option<String> },
    #[error("the gateway gave no status")]
    NoAnswer { problem: Problem },
    #[error("the link could not be handed over")]
    NotOpened { why: String },
    #[error("a newer console wrote the journal: nothing can be changed here")]
    ReadOnly,
    #[error("say first who is there")]
    WhoIsThere,
    #[error("name: {rule}")]
    BadName { rule: NameError },
    #[error("name: it is not one of those to choose from")]
    UnknownName,
    #[error("the console is closing")]
    Closing,
}
