//! What an administrator has decided for every console of a machine: one file, which wins over
//! whatever the user chose.

mod file;
mod follow;
mod hide_after;
mod operators;
mod parse;

use std::path::PathBuf;

use crate::{environment::Environment, journal::KeepDays};

pub use file::{PolicyError, PolicyFile};
pub use follow::{News, follow};
pub use hide_after::{HideAfter, HideAfterError};
pub use operators::Operators;

/// A managed policy. Whatever it leaves out stays the user's choice.
#[derive(Clone, Debug)]
pub struct Policy {
    pub file: PathBuf,
    /// The SHA-256 of the file, in hexadecimal digits: what stands in the audit.
    pub digest: String,
    pub rules: Rules,
}

/// What a policy says.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    pub keep_days: Option<KeepDays>,
    pub hide_after: Option<HideAfter>,
    /// Who may uncover the list, where whoever does so has to say who they are.
    pub operators: Option<Operators>,
    /// All environments but the training one; the user's own file is not read then.
    pub environments: Option<Vec<Environment>>,
    pub training: Training,
}

/// Whether the sandbox is among the environments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Training {
    #[default]
    Offered,
    Refused,
}
