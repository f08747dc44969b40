//! How long finished enrollments are kept.

use serde::{Deserialize, Serialize};

/// For how many days after its end an enrollment is kept: 1 to 3,650.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(try_from = "u16", into = "u16")]
pub struct KeepDays(u16);

/// Why a number of days is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("keep days: {0} is not within 1 to 3650")]
pub struct KeepDaysError(u16);

impl Default for KeepDays {
    fn default() -> Self {
        Self(30)
    }
}

impl TryFrom<u16> for KeepDays {
    type Error = KeepDaysError;

    fn try_from(days: u16) -> Result<Self, KeepDaysError> {
        if (1..=3_650).contains(&days) { Ok(Self(days)) } else { Err(KeepDaysError(days)) }
    }
}

impl From<KeepDays> for u16 {
    fn from(days: KeepDays) -> Self {
        days.0
    }
}
