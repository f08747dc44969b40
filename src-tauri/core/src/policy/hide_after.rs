//! How long a list that nobody touches stays in sight.

use serde::{Deserialize, Serialize};

/// After how many minutes without a hand on it the list is covered: 1 to 120.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(try_from = "u16", into = "u16")]
pub struct HideAfter(u16);

/// Why a number of minutes is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("hide after: {0} minutes is not within 1 to 120")]
pub struct HideAfterError(u16);

impl TryFrom<u16> for HideAfter {
    type Error = HideAfterError;

    fn try_from(minutes: u16) -> Result<Self, HideAfterError> {
        if (1..=120).contains(&minutes) { Ok(Self(minutes)) } else { Err(HideAfterError(minutes)) }
    }
}

impl From<HideAfter> for u16 {
    fn from(minutes: HideAfter) -> Self {
        minutes.0
    }
}
