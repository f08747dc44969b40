//! A shift on its way from one desk to the next: a file of whoever still needs somebody, without any
//! secret. What it says is somebody else's word until it was judged.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    enrollment::{
        LONGEST_LABEL, Operator, Phase, Place, Statement, User, UserId, UserType, is_unseen,
    },
    environment::LONGEST_NAME,
};

/// The largest file, in bytes: thousands of enrollments, each with a long note, fit in.
pub const LARGEST: usize = 64 << 20;
/// The longest note, in characters.
pub const LONGEST_NOTE: usize = 2_000;
/// The longest label as it stands on the list, where a character that cannot be seen is written out
/// as `\u{e007f}`.
const LONGEST_WRITTEN_OUT: usize = LONGEST_LABEL * 9;
/// The longest name of an account, in characters.
const LONGEST_ACCOUNT: usize = 256;
/// Two statements are made at the most, one before each phase.
const MOST_STATEMENTS: usize = 2;
const FORMAT: &str = "enrollment-shift";
const VERSION: u32 = 1;

/// What is handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Shift {
    format: String,
    version: u32,
    pub made: Timestamp,
    pub by: Arc<Operator>,
    pub enrollments: Vec<Handed>,
}

/// One enrollment of it. There is no place for a link or a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Handed {
    pub environment: String,
    pub user: User,
    pub label: String,
    pub place: Place,
    pub stands: Stands,
    pub statements: Vec<Statement>,
    pub note: String,
}

/// Where it stands, as far as another desk can go on from there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Stands {
    /// Nothing was stated yet.
    Expected,
    /// This phase is to be watched on.
    PreSign,
    PostSign,
    /// Signed, and not handed on yet.
    Signed,
}

impl Stands {
    /// The phase that is watched on, where one is.
    #[must_use]
    pub fn phase(self) -> Option<Phase> {
        match self {
            Self::PreSign => Some(Phase::PreSign),
            Self::PostSign => Some(Phase::PostSign),
            Self::Expected | Self::Signed => None,
        }
    }
}

/// Why a file is no shift. The window translates the code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum ShiftError {
    #[error("the file is larger than 64 MiB")]
    TooLarge,
    #[error("the file holds no shift")]
    NoShift,
    #[error("a newer console wrote the file")]
    Newer,
    #[error("by: at most 256 characters for the account, 60 for the name, all to be seen")]
    By,
    /// `entry` counts from 1.
    #[error("enrollment {entry}: {field}: {rule}")]
    Entry { entry: u32, field: &'static str, rule: &'static str },
}

/// What the window is shown of another desk's shift before it is taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ShiftRead {
    #[cfg_attr(test, ts(type = "string"))]
    pub made: Timestamp,
    pub by: Arc<Operator>,
    pub lines: Vec<ShiftLine>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ShiftLine {
    pub environment: String,
    #[cfg_attr(test, ts(type = "number"))]
    pub id: UserId,
    pub user_type: UserType,
    pub label: String,
    pub stands: Stands,
    pub verdict: Verdict,
}

impl ShiftRead {
    #[must_use]
    pub fn of(shift: &Shift, verdicts: &[Verdict]) -> Self {
        let line = |(handed, verdict): (&Handed, &Verdict)| ShiftLine {
            environment: handed.environment.clone(),
            id: handed.user.id,
            user_type: handed.user.user_type,
            label: handed.label.clone(),
            stands: handed.stands,
            verdict: *verdict,
        };
        let lines = shift.enrollments.iter().zip(verdicts).map(line).collect();
        Self { made: shift.made, by: Arc::clone(&shift.by), lines }
    }
}

/// What a desk says of one enrollment of a shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, rename = "ShiftVerdict"))]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Good,
    UnknownEnvironment,
    /// It is in the list already, whatever became of it there.
    AlreadyHere,
    /// Two of this shift are the same user; the first one counts.
    Twice,
}

impl Shift {
    #[must_use]
    pub fn new(made: Timestamp, by: Arc<Operator>, enrollments: Vec<Handed>) -> Self {
        Self { format: FORMAT.to_owned(), version: VERSION, made, by, enrollments }
    }

    /// As it is written into a file.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        // Only maps whose keys are no text, and writers that fail, cannot be written.
        serde_json::to_vec_pretty(self).unwrap_or_default()
    }

    /// Reads a file that somebody brought.
    ///
    /// # Errors
    /// Where it is none, is too large or too new, or breaks a rule: which entry and field.
    pub fn from_json(bytes: &[u8]) -> Result<Self, ShiftError> {
        /// What every version has.
        #[derive(Deserialize)]
        struct Head {
            format: String,
            version: u32,
        }
        if bytes.len() > LARGEST {
            return Err(ShiftError::TooLarge);
        }
        let head: Head = serde_json::from_slice(bytes).map_err(|_| ShiftError::NoShift)?;
        match (&*head.format, head.version) {
            (FORMAT, VERSION) => {}
            (FORMAT, newer) if newer > VERSION => return Err(ShiftError::Newer),
            _ => return Err(ShiftError::NoShift),
        }
        let shift: Self = serde_json::from_slice(bytes).map_err(|_| ShiftError::NoShift)?;
        if !is_sound(&shift.by) {
            return Err(ShiftError::By);
        }
        for (entry, handed) in (1..).zip(&shift.enrollments) {
            handed.check().map_err(|(field, rule)| ShiftError::Entry { entry, field, rule })?;
        }
        Ok(shift)
    }
}

impl Handed {
    fn check(&self) -> Result<(), (&'static str, &'static str)> {
        if self.environment.chars().count() > LONGEST_NAME {
            return Err(("environment", "at most 40 characters"));
        }
        if self.environment.chars().any(is_unseen) {
            return Err(("environment", "a character that cannot be seen"));
        }
        if self.label.chars().count() > LONGEST_WRITTEN_OUT {
            return Err(("label", "at most 80 characters"));
        }
        if self.label.chars().any(is_unseen) {
            return Err(("label", "a character that cannot be seen"));
        }
        if self.note.chars().count() > LONGEST_NOTE {
            return Err(("note", "at most 2000 characters"));
        }
        if self.statements.len() > MOST_STATEMENTS {
            return Err(("statements", "at most two"));
        }
        if !self.statements.iter().all(|statement| is_sound(&statement.by)) {
            return Err((
                "statements",
                "by: at most 256 characters for the account, 60 for the name",
            ));
        }
        // Nobody is polled for whom nobody has said so.
        let stated = |phase: Phase| self.statements.iter().any(|s| s.says >= phase.begins_on());
        let missing = match self.stands {
            Stands::Expected => false,
            Stands::PreSign => !stated(Phase::PreSign),
            Stands::PostSign | Stands::Signed => !stated(Phase::PostSign),
        };
        if missing { Err(("stands", "the statement before it is missing")) } else { Ok(()) }
    }
}

/// Whether somebody's name can be shown as it is.
fn is_sound(by: &Operator) -> bool {
    let named = by.name.as_deref().is_none_or(|name| Operator::read_name(name).is_ok());
    named && by.account.chars().count() <= LONGEST_ACCOUNT && !by.account.chars().any(is_unseen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enrollment::{How, Says, UserId, UserType};

    pub fn handed(stands: Stands) -> Handed {
        let by = Arc::new(Operator::account("maria"));
        let at = Timestamp::UNIX_EPOCH;
        let says = match stands {
            Stands::Expected => None,
            Stands::PreSign => Some(Says::IdentificationFinished),
            Stands::PostSign | Stands::Signed => Some(Says::SigningFinished),
        };
        let statement = |says| Statement { says, how: How::Button, by: Arc::clone(&by), at };
        Handed {
            environment: "Test".to_owned(),
            user: User { id: UserId::new(1_024).expect("an id"), user_type: UserType::Merchant },
            label: "Иванова, М.".to_owned(),
            place: Place::Desk,
            stands,
            statements: says.map(statement).into_iter().collect(),
            note: "каса 3\nobади се".to_owned(),
        }
    }

    fn shift(enrollments: Vec<Handed>) -> Shift {
        Shift::new(Timestamp::UNIX_EPOCH, Arc::new(Operator::account("maria")), enrollments)
    }

    #[test]
    fn what_was_written_is_read_again() {
        let all = [Stands::Expected, Stands::PreSign, Stands::PostSign, Stands::Signed];
        let whole = shift(all.map(handed).to_vec());
        assert_eq!(Shift::from_json(&whole.to_json()), Ok(whole));
    }

    fn by_a_long_name(mut handed: Handed) -> Handed {
        handed.statements[0].by = Arc::new(Operator::account(&"x".repeat(257)));
        handed
    }

    #[test]
    fn whoever_wrote_it_has_a_name_that_can_be_shown() {
        let named = |name: &str| Operator { name: Some(name.into()), ..Operator::account("maria") };
        let by = [Operator::account(&"x".repeat(1 << 20)), named("Мария\u{202e}"), named("")];
        for by in by {
            let file = Shift { by: Arc::new(by), ..shift(Vec::new()) }.to_json();
            assert_eq!(Shift::from_json(&file), Err(ShiftError::By));
        }
    }

    #[test]
    fn a_whole_bank_of_enrollments_with_long_notes_is_read_again() {
        let one = Handed { note: "я".repeat(1_000), ..handed(Stands::PostSign) };
        let whole = shift(vec![one; 10_000]);
        assert!(Shift::from_json(&whole.to_json()).is_ok());
    }

    #[test]
    fn what_is_no_shift_is_refused_with_the_entry_and_the_rule() {
        let read = |text: &str| Shift::from_json(text.as_bytes()).expect_err("refused");
        assert_eq!(read(""), ShiftError::NoShift);
        assert_eq!(read("[]"), ShiftError::NoShift);
        assert_eq!(read(r#"{"format":"x","version":1}"#), ShiftError::NoShift);
        assert_eq!(read(r#"{"format":"enrollment-shift","version":2}"#), ShiftError::Newer);
        assert_eq!(read(&"x".repeat(LARGEST + 1)), ShiftError::TooLarge);
        let text = String::from_utf8(shift(vec![handed(Stands::PreSign)]).to_json());
        let text = text.expect("text");
        for changed in [
            text.replace("1024", "0"),
            text.replace("\"place\"", "\"url\": \"x\", \"place\""),
            text.replace("merchant", "admin"),
        ] {
            assert_ne!(changed, text);
            assert_eq!(read(&changed), ShiftError::NoShift, "{changed}");
        }
        for (broken, field) in [
            (Handed { environment: "x".repeat(41), ..handed(Stands::PreSign) }, "environment"),
            (Handed { label: "x".repeat(721), ..handed(Stands::PreSign) }, "label"),
            (Handed { label: "a\u{202e}".to_owned(), ..handed(Stands::PreSign) }, "label"),
            (Handed { note: "x".repeat(2_001), ..handed(Stands::PreSign) }, "note"),
            (Handed { statements: Vec::new(), ..handed(Stands::PreSign) }, "stands"),
            (Handed { stands: Stands::PostSign, ..handed(Stands::PreSign) }, "stands"),
            (Handed { stands: Stands::Signed, ..handed(Stands::PreSign) }, "stands"),
            (by_a_long_name(handed(Stands::PreSign)), "statements"),
        ] {
            let file = shift(vec![handed(Stands::Expected), broken]).to_json();
            let error = Shift::from_json(&file).expect_err("refused");
            assert!(
                matches!(error, ShiftError::Entry { entry: 2, field: it, .. } if it == field),
                "{error:?}"
            );
        }
    }
}
