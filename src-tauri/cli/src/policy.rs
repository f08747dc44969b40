//! The managed policy: what it decides here, and a draft of it read before it is in force.

use std::path::Path;

use enrollment_core::{
    enrollment::visible,
    environment::Environment,
    gateway::GatewayUrl,
    policy::{Operators, Policy, PolicyFile, Rules, Training},
};

use crate::{
    args::PolicyCommand,
    exit::{Exit, Stop, print},
};

/// The policy of this computer.
///
/// # Errors
/// One that cannot be followed; nothing is done then.
pub fn in_force() -> Result<Option<Policy>, Stop> {
    PolicyFile::usual().read().map_err(|error| Stop::bad_argument(visible(&error.to_string())))
}

/// Where the policy names the environments, a token goes to no gateway besides them.
///
/// # Errors
/// Names the rule and the file.
pub fn admits(policy: Option<&Policy>, gateway: &GatewayUrl) -> Result<(), Stop> {
    match policy {
        Some(policy) if policy.rules.environments.is_some() && !gateway.is_loopback() => {
            Err(Stop::bad_argument(format!(
                "--gateway: the managed policy {} names the gateways of this computer: use \
                 --environment",
                policy.file.display()
            )))
        }
        Some(_) | None => Ok(()),
    }
}

pub fn run(command: &PolicyCommand) -> Result<Exit, Stop> {
    let words = match command {
        PolicyCommand::Check { file } => checked(file)?,
        PolicyCommand::Show => match in_force()? {
            Some(policy) => told(&policy),
            None => format!("{}: there is none\n", PolicyFile::usual().path().display()),
        },
    };
    // It was read, whether or not somebody reads of it.
    let _ = print(&words);
    Ok(Exit::Reached)
}

fn checked(file: &Path) -> Result<String, Stop> {
    match PolicyFile::draft(file).read() {
        Ok(Some(policy)) => Ok(told(&policy)),
        Ok(None) => Err(Stop::bad_argument(format!("FILE {}: is not there", file.display()))),
        Err(error) => Err(Stop::bad_argument(visible(&error.to_string()))),
    }
}

/// What a policy decides, a line each.
fn told(policy: &Policy) -> String {
    let mut lines = vec![format!("{}: {}", policy.file.display(), policy.digest)];
    lines.extend(decisions(&policy.rules));
    visible_lines(&lines)
}

fn decisions(rules: &Rules) -> Vec<String> {
    let users = || "the user's choice".to_owned();
    let days = rules.keep_days.map_or_else(users, |days| u16::from(days).to_string());
    let minutes = rules.hide_after.map_or_else(users, |minutes| u16::from(minutes).to_string());
    let names = match &rules.operators {
        None => "nobody is asked".to_owned(),
        Some(Operators::Ask) => "asked for".to_owned(),
        Some(Operators::Choose(names)) => names.join(", "),
    };
    let training = match rules.training {
        Training::Offered => "offered",
        Training::Refused => "not offered",
    };
    let mut lines = vec![
        format!("keep-days: {days}"),
        format!("hide-after: {minutes}"),
        format!("operator-names: {names}"),
        format!("training: {training}"),
    ];
    match &rules.environments {
        None => lines.push("environments: the user's own file".to_owned()),
        Some(environments) => lines.extend(environments.iter().flat_map(environment)),
    }
    lines
}

fn environment(environment: &Environment) -> Vec<String> {
    let entries: Vec<String> =
        environment.allowlist.entries().iter().map(ToString::to_string).collect();
    let mut lines = vec![
        format!("environment {:?}: {}", environment.name, environment.gateway),
        format!("  may open: {}", if entries.is_empty() { "-".into() } else { entries.join(", ") }),
    ];
    if let Some(command) = &environment.token_command {
        lines.push(format!("  token from: {}", command.program().display()));
    }
    if environment.authorities.is_some() {
        lines.push("  vouched for by its own authorities alone".to_owned());
    }
    lines
}

fn visible_lines(lines: &[String]) -> String {
    lines.iter().map(|line| visible(line) + "\n").collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const CENTRAL: &str = r#"
        hide-after = 5
        operator-names = ["Мария Петрова"]
        [[environment]]
        name = "Central"
        kind = "production"
        gateway = "https://crm.example.bg"
        allow = ["*.example.bg"]
        token-command = ["/usr/local/bin/crm-token"]
    "#;

    fn policy(text: &str) -> Policy {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("policy.toml");
        fs::write(&path, text).expect("written");
        PolicyFile::draft(&path).read().expect("good").expect("there")
    }

    #[test]
    fn a_draft_is_told_decision_by_decision() {
        let told = told(&policy(CENTRAL));
        for line in [
            "keep-days: the user's choice",
            "hide-after: 5",
            "operator-names: Мария Петрова",
            "training: offered",
            "environment \"Central\": https://crm.example.bg",
            "  may open: *.example.bg",
            "  token from: /usr/local/bin/crm-token",
        ] {
            assert!(told.lines().any(|it| it == line), "{line:?} is not in {told}");
        }
    }

    #[test]
    fn a_policy_that_names_gateways_admits_no_other_but_on_this_computer() {
        let (far, near) = ("https://elsewhere.example", "http://127.0.0.1:8080");
        let gateway = |text: &str| text.parse::<GatewayUrl>().expect("a gateway");
        let strict = policy(CENTRAL);
        let refusal = admits(Some(&strict), &gateway(far)).expect_err("refused").words;
        assert!(refusal.starts_with("--gateway: the managed policy "), "{refusal}");
        assert!(admits(Some(&strict), &gateway(near)).is_ok());
        for free in [None, Some(&policy("keep-days = 7"))] {
            assert!(admits(free, &gateway(far)).is_ok());
        }
    }
}
