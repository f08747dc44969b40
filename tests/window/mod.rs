//! The real window on a display of its own, with a real password store, driven from outside as a
//! hand would.

mod access;
mod clipboard;
mod console;
mod cover;
mod figures;
mod frame;
mod guards;
mod heads_up;
mod input;
mod installed;
mod journal;
mod journey;
mod keyboard;
mod language;
mod large;
mod leaks;
mod links;
mod list;
mod patience;
mod pictures;
mod policy;
mod props;
mod reach;
mod scan;
mod shift;
mod stage;
mod token;
mod tray;
mod ways_out;
mod web;
