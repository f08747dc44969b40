//! What an administrator has decided for every console of a machine.

mod hide_after;

pub use hide_after::{HideAfter, HideAfterError};
