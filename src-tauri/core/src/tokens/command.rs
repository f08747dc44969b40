//! The program that an administrator named to fetch an environment's token.

use std::path::{Path, PathBuf};

/// A program whose standard output is a token. Only the managed policy names one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenCommand {
    program: PathBuf,
    arguments: Vec<String>,
}

/// Why a token command is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenCommandError {
    #[error("token-command: it names no program")]
    Empty,
    #[error("token-command: {0:?} is not an absolute path")]
    NotAbsolute(String),
}

impl TokenCommand {
    /// The program and its arguments, as the policy lists them: the program first, by its absolute
    /// path. No shell reads any of it.
    ///
    /// # Errors
    /// Where there is no program, or its path is not absolute.
    pub fn new(words: &[String]) -> Result<Self, TokenCommandError> {
        let (program, arguments) = words.split_first().ok_or(TokenCommandError::Empty)?;
        if !Path::new(program).is_absolute() {
            return Err(TokenCommandError::NotAbsolute(program.clone()));
        }
        Ok(Self { program: program.into(), arguments: arguments.to_vec() })
    }

    #[must_use]
    pub fn program(&self) -> &Path {
        &self.program
    }

    #[must_use]
    pub fn arguments(&self) -> &[String] {
        &self.arguments
    }
}
