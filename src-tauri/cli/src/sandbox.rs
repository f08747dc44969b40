//! `sandbox`: the training gateway, until it is told to stop.

use std::{fmt::Write as _, time::Duration};

use enrollment_sandbox::{Config, Pace, Sandbox, scenarios};

use crate::{
    args::SandboxArgs,
    exit::{Exit, Stop, print},
    interrupts::Interrupts,
};

/// What eighty columns leave for a scenario's words.
const ROOM: usize = 45;

pub async fn run(args: &SandboxArgs) -> Result<Exit, Stop> {
    let mut interrupts = Interrupts::catch()
        .map_err(|e| Stop::new(Exit::Unable, format!("cannot catch signals: {e}")))?;
    let config = Config {
        port: args.port,
        token_lifetime: Duration::from_secs(args.token_lifetime),
        pace: if args.quick { Pace::Quick } else { Pace::Real },
    };
    let sandbox = Sandbox::start(config).await.map_err(|e| {
        Stop::bad_argument(format!("--port {}: 127.0.0.1 does not give it: {e}", args.port))
    })?;
    // Whoever wanted only the address may have closed the pipe; the gateway stays.
    let _ = print(&welcome(&sandbox.base(), args.quick));
    interrupts.next().await;
    sandbox.stop().await;
    Ok(Exit::Interrupted)
}

fn welcome(base: &str, quick: bool) -> String {
    let pace = if quick { " Every wait takes a tenth of its time." } else { "" };
    format!(
        "{base}

A training gateway: no real customers, and everything is forgotten when it stops.{pace}
Watch a customer, with a token of its own:

    curl -sX POST {base}/token |
      enrollment-watch watch --gateway {base} \\
        --phase pre-sign --token-stdin 1000

{}
Ctrl-C stops it.
",
        scenario_table()
    )
}

/// Which user id does what.
pub fn scenario_table() -> String {
    let mut table = "What the user ids do:\n".to_owned();
    for scenario in scenarios() {
        let mut lines = wrapped(scenario.what, ROOM);
        let first = lines.next().unwrap_or_default();
        // Writing to a String cannot fail.
        let _ =
            writeln!(table, "  {}-{}  {:<21}{first}", scenario.first, scenario.last, scenario.name);
        for line in lines {
            let _ = writeln!(table, "{:34}{line}", "");
        }
    }
    table.push_str("Any other id is fast. An individual and a merchant of one id are two users.\n");
    table
}

/// The words in lines of at most `room` characters, where no word is longer.
fn wrapped(words: &str, room: usize) -> impl Iterator<Item = String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= room => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) | None => lines.push(word.to_owned()),
        }
    }
    lines.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_fits_eighty_columns_and_tells_all() {
        let table = scenario_table();
        assert!(table.lines().all(|line| line.chars().count() < 80), "{table}");
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        for scenario in scenarios() {
            assert!(words(&table).contains(&words(scenario.what)), "{}", scenario.name);
        }
    }
}
