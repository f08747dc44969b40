//! The CRM gateway: one call, one classified answer. It never decides what happens next.

mod answer;
mod authorities;
mod base;
mod body;
mod client;
mod connections;
mod reach;
mod reading;
mod silence;

pub use answer::{Answer, StatusAnswer, UntrustedUrl};
pub use authorities::{Authorities, AuthoritiesError};
pub use base::{GatewayUrl, GatewayUrlError};
pub use client::{Client, ClientError};
pub use reach::Reach;
pub use reading::{FOREVER, LARGEST_BODY, read, retry_after};
