//! The arguments of the benchmark and of the processes it is made of.

use std::{ffi::OsString, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

#[derive(Debug, Parser)]
#[command(name = "enrollment-bench", version, about)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Measures everything and says which goals were reached (what happens without a command too)
    Run(RunArgs),
    #[command(hide = true)]
    Gateway(GatewayArgs),
    #[command(hide = true)]
    Engine(EngineArgs),
    #[command(hide = true)]
    TaskPerWatch(SubjectArgs),
    #[command(hide = true)]
    RawHyper(SubjectArgs),
    #[command(hide = true)]
    BareClient(BareClientArgs),
    #[command(hide = true)]
    Spin,
}

#[derive(Debug, Parser)]
pub struct RunArgs {
    /// Rounds, in each of which every subject is measured once
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    pub rounds: u32,
    /// Measure these alone; the figures are printed and not written
    #[arg(long, num_args = 1.., value_name = "NAME")]
    pub only: Vec<Part>,
    /// Short windows and one round, for work on the benchmark: the figures do not count
    #[arg(long)]
    pub quick: bool,
    /// How long gaps are watched for the contract
    #[arg(long, default_value_t = 10.0, value_name = "MINUTES")]
    pub gap_minutes: f64,
    /// Where certificates, profiles and summary.json go
    #[arg(long, default_value = "target/bench", value_name = "FOLDER")]
    pub folder: PathBuf,
}

/// The parts of the benchmark, in the order in which they are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// CPU per poll, 1,000 watches, answers after 40 to 100 ms
    Cpu,
    /// CPU per poll, 1,000 watches, answers at once
    CpuAtOnce,
    /// CPU per poll, 100 watches
    Cpu100,
    /// The share of a core, 10 watches
    Cpu10,
    /// Instructions per poll beside the bare client library
    Instructions,
    /// Memory per watch, 10,000 watches
    Memory,
    /// From a change at the gateway to the subscriber
    Flips,
    /// Wake-ups when nothing is left to watch
    Idle,
    /// Fairness where 10,000 watches share 200 requests a second
    Budget,
    /// Gaps between polls beside a process that eats a core
    Gaps,
}

#[derive(Clone, Debug, Args)]
pub struct GatewayArgs {
    /// The certificate's file, in PEM
    #[arg(long)]
    pub certificate: PathBuf,
    /// The file of its private key, in PEM
    #[arg(long)]
    pub key: PathBuf,
    /// The users are numbered from 1 to this
    #[arg(long)]
    pub users: u32,
    /// Answers take at least this long, in milliseconds
    #[arg(long)]
    pub least_ms: u64,
    /// Answers take at most this long, in milliseconds
    #[arg(long)]
    pub most_ms: u64,
    #[arg(long)]
    pub seed: u64,
    /// Users change between two statuses, and the message says when
    #[arg(long)]
    pub flips: bool,
    /// The answer, counted from 1, at which a user has reached the target
    #[arg(long)]
    pub target_at: Option<u32>,
}

impl GatewayArgs {
    /// What makes a process of this program a gateway with these arguments.
    pub fn to_command(&self) -> Vec<OsString> {
        let mut command: Vec<OsString> =
            vec!["gateway".into(), "--certificate".into(), self.certificate.clone().into()];
        command.extend(["--key".into(), self.key.clone().into()]);
        let numbers = [
            ("--users", Some(u64::from(self.users))),
            ("--least-ms", Some(self.least_ms)),
            ("--most-ms", Some(self.most_ms)),
            ("--seed", Some(self.seed)),
            ("--target-at", self.target_at.map(u64::from)),
        ];
        for (name, number) in numbers {
            if let Some(number) = number {
                command.extend([name.into(), number.to_string().into()]);
            }
        }
        if self.flips {
            command.push("--flips".into());
        }
        command
    }
}

#[derive(Debug, Args)]
pub struct SubjectArgs {
    /// Where the gateway is
    #[arg(long)]
    pub gateway: String,
    /// The users are numbered from 1 to this
    #[arg(long)]
    pub users: u32,
}

#[derive(Debug, Args)]
pub struct EngineArgs {
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// The environment's budget of requests a second, where it is not the usual one
    #[arg(long)]
    pub per_second: Option<u16>,
}

#[derive(Debug, Args)]
pub struct BareClientArgs {
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// How many polls to send
    #[arg(long)]
    pub polls: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gateways_arguments_come_back_as_they_went() {
        let args = GatewayArgs {
            certificate: "a/cert.pem".into(),
            key: "a/key.pem".into(),
            users: 7,
            least_ms: 40,
            most_ms: 100,
            seed: 3,
            flips: true,
            target_at: Some(2),
        };
        let words = std::iter::once("enrollment-bench".into()).chain(args.to_command());
        let Some(Command::Gateway(read)) = Cli::parse_from(words).command else {
            panic!("not read as a gateway");
        };
        assert_eq!(format!("{read:?}"), format!("{args:?}"));
    }
}
