//! What must hold of all text that comes from outside, whatever it is.
//!
//! Each module has one judge, which reads the text with the core and panics where a property does
//! not hold. `tests/attacks` gives them millions of mutated texts, [`targets`] gives them what a
//! fuzzer makes up. Never shipped.

pub mod answer;
mod body;
pub mod environments;
pub mod link;
mod readers;
pub mod targets;
pub mod token;
