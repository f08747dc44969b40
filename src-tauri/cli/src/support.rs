//! `support-bundle`: what support may see.

use enrollment_core::support::{Sources, bundle};
use jiff::Timestamp;

use crate::{
    args::BundleArgs,
    destination::Destination,
    exit::{Exit, Stop, print},
};

pub fn run(args: &BundleArgs) -> Result<Exit, Stop> {
    // Before anything is read: whether it can be kept.
    let mut output = Destination::open(Some(&args.output))?;
    let archive = bundle(&Sources::usual(), env!("CARGO_PKG_VERSION"), Timestamp::now())
        .map_err(|error| Stop::new(Exit::Unable, error.to_string()))?;
    let written = output.writer().write_all(&archive);
    if let Err(error) = written
        && let Some(stop) = output.broke(&error)
    {
        return Err(stop);
    }
    output.finish()?;
    let _ = print(&format!("{}\n", args.output.display()));
    Ok(Exit::Reached)
}
