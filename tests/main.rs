//! The console as a whole: what its window may ask for, and what people do in it.

#[cfg(target_os = "linux")]
mod canary;
mod packages;
mod permissions;
mod promises;
#[cfg(target_os = "linux")]
mod window;
