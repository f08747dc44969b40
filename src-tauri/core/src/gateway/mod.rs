//! The CRM gateway: one call, one classified answer. It never decides what happens next.

mod answer;
mod base;
mod body;
mod client;
mod connections;

pub use answer::{Answer, StatusAnswer, UntrustedUrl};
pub use base::{GatewayUrl, GatewayUrlError};
pub use client::{Client, ClientError};
