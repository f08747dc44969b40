//! What the gateway and the subjects agree on.

use std::time::Duration;

use anyhow::{Context, Result};
use serde::Deserialize;

/// The token that the gateway accepts.
pub const TOKEN: &str = "bench-token";
/// The `Authorization` that goes with it.
pub const BEARER: &str = "Bearer bench-token";
/// From send to send, for every subject.
pub const INTERVAL: Duration = Duration::from_secs(3);

/// The path of the call for one user.
pub fn path(id: u32) -> String {
    format!("/Enrollment/{id}/0/true/get-identification-process-status")
}

/// The user that a path asks for.
pub fn user_in(path: &str) -> Option<u32> {
    let rest = path.strip_prefix("/Enrollment/")?;
    let (id, rest) = rest.split_once('/')?;
    let rest = rest.strip_prefix("0/").or_else(|| rest.strip_prefix("1/"))?;
    (rest == "true/get-identification-process-status").then(|| id.parse().ok())?
}

/// A status as the subjects without rules of their own read it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusBody {
    pub video_identification_status: Option<String>,
}

/// Reads the status in a body.
pub fn status_in(body: &[u8]) -> Result<Option<String>> {
    let body: StatusBody = serde_json::from_slice(body).context("the gateway's body")?;
    Ok(body.video_identification_status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_its_user() {
        assert_eq!(user_in(&path(7)), Some(7));
        assert_eq!(
            user_in("/Enrollment/8/1/true/get-identification-process-status"),
            Some(8),
            "a merchant"
        );
        for other in [
            "/",
            "/Enrollment/8/2/true/get-identification-process-status",
            "/Enrollment/x/0/true/get-identification-process-status",
            "/Enrollment/8/0/false/get-identification-process-status",
            "/Enrollment/8/0/true/get-identification-process-status/",
        ] {
            assert_eq!(user_in(other), None, "{other}");
        }
    }
}
