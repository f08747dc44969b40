//! What support needs to see of a console: its log, and a bundle of facts. Neither holds a token, a
//! link, a name or a whole id; what can stand in them is named by types, and words that come from
//! elsewhere are [`redacted`].

mod bundle;
mod facts;
mod log;
mod log_file;
mod redaction;

pub use bundle::{BundleError, Sources, bundle, system};
pub use log::{Chronicle, Line, What};
pub use log_file::{LogFile, log_folder};
pub use redaction::redacted;
