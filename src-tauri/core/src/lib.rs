//! Everything that decides. No Tauri, no window.

pub mod deep_link;
pub mod desk;
pub mod enrollment;
pub mod environment;
pub mod gateway;
pub mod intake;
pub mod journal;
pub mod numbers;
pub mod owned;
pub mod policy;
pub mod process;
pub mod shift;
pub mod signing_url;
pub mod spreadsheet;
pub mod support;
pub mod time;
pub mod tokens;
pub mod watch;
