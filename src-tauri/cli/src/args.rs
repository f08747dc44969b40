//! What the command line may say. Values are read here as text; `plan` judges them.

use std::{ffi::OsString, path::PathBuf};

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use enrollment_core::enrollment::Phase;

use crate::{journal, sandbox};

const EXIT_CODES: &str = "\
Exit codes:
    0  every target was reached; the journal is whole, or was exported
    1  this computer does not allow it
    2  bad arguments
    3  timed out: not finished while it was watched
    4  failed: the gateway named a failure status
    5  rejected: the gateway refused the request
    6  no token, or a refused one
    7  a signing link that the allowlist refuses
    8  misses of several kinds
    9  the journal is not whole: it is damaged, or its audit broken
  130  interrupted";

const WATCH_HELP: &str = "\
A token never stands in an argument or in the process environment: it comes from the environment's
entry in the password store, or from standard input.

    enrollment-watch watch --environment Test --phase pre-sign 1024 2048:merchant
    my-token-tool | enrollment-watch watch --gateway https://crm.example.bg \\
        --allow sign.example.bg --token-stdin --phase post-sign --json 1024

With --json, standard output is one object a line; `event` is started, status, problem, paused,
resumed or ended, and every user has exactly one started and one ended.";

/// Watch customers' identification and signing from a terminal or a script.
#[derive(Debug, Parser)]
#[command(name = "enrollment-watch", version, after_help = EXIT_CODES, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Watch users until each is ready to sign, has signed, or misses it
    Watch(WatchArgs),
    /// Say whether an allowlist accepts a signing link
    CheckUrl(CheckUrlArgs),
    /// Run the training gateway on this computer
    Sandbox(SandboxArgs),
    /// Keep, look for or forget the token of an environment
    #[command(subcommand)]
    Token(TokenCommand),
    /// Verify the console's journal, or export it
    #[command(subcommand)]
    Journal(JournalCommand),
    /// Say what the managed policy decides, or read a draft of one
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Pack what support may see of this user's console: no token, no link, nobody's name
    SupportBundle(BundleArgs),
    /// See eight made-up customers go all the way, in half a minute
    Demo,
}

#[derive(Debug, Args)]
#[command(after_help = WATCH_HELP)]
#[command(group(ArgGroup::new("where").required(true).args(["environment", "gateway"])))]
pub struct WatchArgs {
    /// An environment of the console's environments file
    #[arg(long, value_name = "NAME")]
    pub environment: Option<String>,

    /// A gateway: https, or http on a loopback address
    #[arg(long, value_name = "URL")]
    pub gateway: Option<String>,

    /// A signing host that may be opened, beside --gateway: host, *.host, host:port or host/path/;
    /// repeat it for more
    #[arg(long, value_name = "ENTRY", conflicts_with = "environment")]
    pub allow: Vec<String>,

    /// What is watched, and your word that the Success page before it was reached
    #[arg(long, value_enum)]
    pub phase: PhaseArg,

    /// Time between two polls of a user, 2 to 5 s [default: the environment's, or 3]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    pub interval: Option<f64>,

    /// How long a user is watched, 120 to 300 s [default: the environment's, or 300]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    pub cap: Option<f64>,

    /// Write one JSON object a line
    #[arg(long)]
    pub json: bool,

    /// Read the token from standard input
    #[arg(long)]
    pub token_stdin: bool,

    /// Whom to watch: ID, ID:individual or ID:merchant
    #[arg(value_name = "USER", required = true, allow_negative_numbers = true)]
    pub users: Vec<String>,
}

/// The managed policy is the administrator's file, which wins over whatever users choose.
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Read a draft, and say what it would decide
    Check {
        /// The draft
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Say what the policy of this computer decides
    Show,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PhaseArg {
    /// From the end of identification to the signing link
    PreSign,
    /// From signing to its confirmation
    PostSign,
}

impl From<PhaseArg> for Phase {
    fn from(phase: PhaseArg) -> Self {
        match phase {
            PhaseArg::PreSign => Self::PreSign,
            PhaseArg::PostSign => Self::PostSign,
        }
    }
}

/// Prints the host of a link that may be opened and exits with 0; otherwise says which rule
/// refuses it and exits with 7. Nothing is opened or fetched.
#[derive(Debug, Args)]
pub struct CheckUrlArgs {
    /// An allowlist entry: host, *.host, host:port or host/path/; repeat it for more
    #[arg(long, value_name = "ENTRY", required = true)]
    pub allow: Vec<String>,

    /// The link, as the gateway sent it
    #[arg(value_name = "URL", allow_hyphen_values = true)]
    pub url: OsString,
}

/// Runs until interrupted, keeps everything in memory and needs no network. What happens depends
/// on the user id alone.
#[derive(Debug, Args)]
#[command(after_help = sandbox::scenario_table())]
pub struct SandboxArgs {
    /// The port on 127.0.0.1; 0 takes any free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub port: u16,

    /// How long a token lives
    #[arg(long, value_name = "SECONDS", default_value_t = 3_600)]
    pub token_lifetime: u64,

    /// Every wait takes a tenth of its time
    #[arg(long)]
    pub quick: bool,
}

#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Keep a token, read from standard input or typed without showing
    Set(EnvironmentArg),
    /// Say whether there is a token, and when it says that it expires; exit 6 where there is none
    Status(EnvironmentArg),
    /// Forget the token
    Forget(EnvironmentArg),
}

#[derive(Debug, Args)]
pub struct EnvironmentArg {
    /// An environment of the console's environments file
    #[arg(long = "environment", value_name = "NAME")]
    pub name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenErrand {
    Set,
    Status,
    Forget,
}

impl TokenCommand {
    pub fn errand(&self) -> (TokenErrand, &str) {
        match self {
            Self::Set(arg) => (TokenErrand::Set, &arg.name),
            Self::Status(arg) => (TokenErrand::Status, &arg.name),
            Self::Forget(arg) => (TokenErrand::Forget, &arg.name),
        }
    }
}

/// Writes a ZIP archive of plain text: versions, settings, environments, how the journal stands with
/// masked ids, what the gateway sent that the contract does not name, and the log. A console may run
/// meanwhile.
#[derive(Debug, Args)]
pub struct BundleArgs {
    /// A new file, for this user alone
    #[arg(long, value_name = "FILE", default_value = "enrollment-support.zip")]
    pub output: PathBuf,
}

#[derive(Debug, Subcommand)]
pub enum JournalCommand {
    Verify(VerifyArgs),
    Export(ExportArgs),
}

/// Follow the audit line by line, and compare all the rest with its checksums
///
/// Exits with 0 where all of it is whole, and with 9 where something is damaged, missing or was
/// changed; then it says what. A console may have the journal open meanwhile. Lines that were cut
/// off at the end of the audit leave no gap: --head finds them.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// The audit's head as it was noted down earlier, which it must still hold
    #[arg(long, value_name = "HASH")]
    pub head: Option<String>,

    /// A journal's folder or a backup's file [default: this user's own journal]
    #[arg(value_name = "JOURNAL")]
    pub journal: Option<PathBuf>,
}

/// Write the timelines, the enrollments or the audit as CSV or JSON
///
/// Ids show their last two digits, and labels and notes are left out, unless --plain-ids. The
/// export itself is put in the journal's audit first, and is not made where that cannot be saved.
#[derive(Debug, Args)]
#[command(after_long_help = journal::column_table())]
pub struct ExportArgs {
    #[arg(long, value_enum)]
    pub format: ExportFormat,

    #[arg(long, value_enum, default_value_t = ExportWhat::Timeline)]
    pub what: ExportWhat,

    /// Write whole ids, labels and notes: personal data
    #[arg(long)]
    pub plain_ids: bool,

    /// A new file, for this user alone [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// A journal's folder [default: this user's own journal]
    #[arg(value_name = "JOURNAL")]
    pub journal: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// For spreadsheets: UTF-8 with a byte order mark, commas, a first line of names. What a
    /// spreadsheet would take for a formula has an apostrophe before it
    Csv,
    /// One object a line; every key is always there, null where there is nothing to say
    Json,
}

impl ExportFormat {
    pub fn word(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportWhat {
    /// What happened, one enrollment after the other
    Timeline,
    /// The enrollments as they stand, also those that were taken off the list
    Enrollments,
    /// What people did
    Audit,
}

impl ExportWhat {
    pub fn word(self) -> &'static str {
        match self {
            Self::Timeline => "timeline",
            Self::Enrollments => "enrollments",
            Self::Audit => "audit",
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_link_may_look_like_an_option() {
        let line = ["enrollment-watch", "check-url", "--allow", "a.example.bg", "-x://"];
        let Command::CheckUrl(args) = Cli::try_parse_from(line).expect("parses").command else {
            panic!("another command");
        };
        assert_eq!(args.url, "-x://");
        assert_eq!(args.allow, ["a.example.bg"]);
    }
}
