//! The CRM gateway: one call, one classified answer. It never decides what happens next.

mod answer;
mod base;
mod body;
mod client;
mod connections;
mod reading;

pub use answer::{Answer, StatusAnswer, UntrustedUrl};
pub use base::{GatewayUrl, GatewayUrlError};
pub use client::{Client, ClientError};
pub use reading::{FOREVER, LARGEST_BODY, read, retry_after};
