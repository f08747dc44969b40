//! The real program against a gateway that plays a script, or beside a journal that a console keeps:
//! what it sends, what it tells, and the code it ends with.

mod arguments;
mod commands;
mod connections;
mod documents;
mod faults;
mod gateway;
mod journal;
mod many;
mod output;
mod program;
mod secure;
mod signals;
mod targets;
mod time;
mod tokens;
