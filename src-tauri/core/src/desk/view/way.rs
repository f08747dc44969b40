//! The ways in which a link may leave the console.

use serde::{Deserialize, Serialize};

/// How a link is handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// Opened on this computer.
    Browser,
    /// Copied, to be pasted where the customer gets it.
    Clipboard,
    /// Drawn, for the camera of the customer's phone.
    QrCode,
}
