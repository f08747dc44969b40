//! The environments file: TOML, one `[[environment]]` table each.

use std::{fs, io, path::PathBuf};

use serde::{Deserialize, Deserializer, de::Error as _};
use toml::Spanned;

use super::{Budget, Environment, EnvironmentKind};
use crate::{
    enrollment::Status,
    gateway::GatewayUrl,
    signing_url::{Allowlist, AllowlistEntry},
    tokens::TokenCommand,
    watch::Pace,
};

const LONGEST_NAME: usize = 40;

/// The folder of the user's own settings; `None` where the system names none.
#[must_use]
pub fn config_folder() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "enrollment-console")
        .map(|dirs| dirs.config_dir().to_owned())
}

/// Where the user's environments file is looked for.
#[must_use]
pub fn file_path() -> Option<PathBuf> {
    config_folder().map(|folder| folder.join("environments.toml"))
}

/// What is wrong with an environments file, with the place where it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvironmentsError {
    /// TOML itself, an unknown or missing field, or a value that breaks its rule.
    #[error("{0}")]
    Text(String),
    #[error("line {line}: environment {name:?}: {rule}")]
    Environment { line: usize, name: String, rule: String },
}

/// Whose environments they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Author {
    User,
    /// Whoever writes the managed policy, who alone names programs that fetch tokens.
    Administrator,
}

/// The user's environments; none where there is no file.
///
/// # Errors
/// A file that cannot be read or breaks a rule: its path, and why.
pub fn load() -> Result<Vec<Environment>, (PathBuf, String)> {
    let Some(path) = file_path() else { return Ok(Vec::new()) };
    let environments = match fs::read_to_string(&path) {
        Ok(text) => parse(&text).map_err(|error| error.to_string()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error.to_string()),
    };
    environments.map_err(|why| (path, why))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    environment: Vec<Spanned<Table>>,
}

/// One `[[environment]]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Table {
    name: String,
    kind: EnvironmentKind,
    #[serde(deserialize_with = "gateway")]
    gateway: GatewayUrl,
    #[serde(deserialize_with = "entries")]
    allow: Vec<AllowlistEntry>,
    failure_statuses: Option<Vec<String>>,
    #[serde(default = "default_interval")]
    interval: f64,
    #[serde(default = "default_cap")]
    cap_pre_sign: f64,
    #[serde(default = "default_cap")]
    cap_post_sign: f64,
    requests_in_flight: Option<u16>,
    requests_per_second: Option<u16>,
    next_step: Option<String>,
    token_command: Option<Vec<String>>,
}

fn default_interval() -> f64 {
    Pace::default().interval().as_secs_f64()
}

fn default_cap() -> f64 {
    Pace::default().cap().as_secs_f64()
}

fn gateway<'de, D: Deserializer<'de>>(from: D) -> Result<GatewayUrl, D::Error> {
    String::deserialize(from)?.parse().map_err(D::Error::custom)
}

fn entries<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<AllowlistEntry>, D::Error> {
    Vec::<String>::deserialize(from)?
        .iter()
        .map(|text| {
            text.parse().map_err(|why| D::Error::custom(format!("allow: entry {text:?}: {why}")))
        })
        .collect()
}

/// Reads an environments file.
///
/// # Errors
/// The first thing that is wrong, with its line.
pub fn parse(text: &str) -> Result<Vec<Environment>, EnvironmentsError> {
    let file: File =
        toml::from_str(text).map_err(|e| EnvironmentsError::Text(e.to_string().trim().into()))?;
    environments(file.environment, Author::User, text)
}

/// The environments of these tables, which stand in `text`.
pub(crate) fn environments(
    tables: Vec<Spanned<Table>>,
    author: Author,
    text: &str,
) -> Result<Vec<Environment>, EnvironmentsError> {
    let mut environments: Vec<Environment> = Vec::with_capacity(tables.len());
    for table in tables {
        let before = text.get(..table.span().start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let table = table.into_inner();
        let name = table.name.clone();
        let environment = environment(table, author, &environments)
            .map_err(|rule| EnvironmentsError::Environment { line, name, rule })?;
        environments.push(environment);
    }
    Ok(environments)
}

fn environment(
    table: Table,
    author: Author,
    before: &[Environment],
) -> Result<Environment, String> {
    check_name(&table.name, before)?;
    let loopback = table.gateway.is_loopback();
    let pace = |cap| Pace::new(table.interval, cap, loopback).map_err(|e| e.to_string());
    let (pre_sign, post_sign) = (pace(table.cap_pre_sign)?, pace(table.cap_post_sign)?);
    let usual = Budget::default();
    let budget = Budget::new(
        table.requests_in_flight.unwrap_or(usual.in_flight()),
        table.requests_per_second.unwrap_or(usual.per_second()),
    )
    .map_err(|e| e.to_string())?;
    let failures = table.failure_statuses.unwrap_or_else(|| vec![Environment::FAILURE.to_owned()]);
    for status in &failures {
        if status.is_empty() || Status::from_gateway(Some(status)).is_known() {
            return Err(format!("failure-statuses: {status:?} cannot mean failure"));
        }
    }
    Ok(Environment {
        failures,
        pre_sign,
        post_sign,
        budget,
        next_step: table.next_step,
        token_command: token_command(table.token_command, author)?,
        ..Environment::new(&table.name, table.kind, table.gateway, Allowlist::new(table.allow))
    })
}

fn token_command(
    words: Option<Vec<String>>,
    author: Author,
) -> Result<Option<TokenCommand>, String> {
    match (words, author) {
        (None, _) => Ok(None),
        (Some(_), Author::User) => {
            Err("token-command: only the managed policy of an administrator may name one".to_owned())
        }
        (Some(words), Author::Administrator) => {
            TokenCommand::new(&words).map(Some).map_err(|e| e.to_string())
        }
    }
}

fn check_name(name: &str, before: &[Environment]) -> Result<(), String> {
    let length = name.chars().count();
    if name.trim() != name || length == 0 || length > LONGEST_NAME {
        return Err(format!("name: 1 to {LONGEST_NAME} characters without blanks around them"));
    }
    if name.chars().any(crate::enrollment::is_unseen) {
        return Err("name: holds a character that cannot be seen".to_owned());
    }
    let same = |other: &str| other.to_lowercase() == name.to_lowercase();
    if same(Environment::SANDBOX) {
        return Err("name: \"Sandbox\" is the training environment's".to_owned());
    }
    if before.iter().any(|e| same(&e.name)) {
        return Err("name: stands in the file twice".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
        [[environment]]
        name = "Test"
        kind = "test"
        gateway = "https://crm.example.bg/api"
        allow = ["sign.example.bg", "*.b-trust.bg"]
        interval = 2.5
        cap-pre-sign = 120
        requests-per-second = 200
        next-step = "Open the account in the CRM."
    "#;

    #[test]
    fn a_file_names_its_environments() {
        let environments = parse(GOOD).expect("good");
        assert_eq!(environments.len(), 1);
        let test = &environments[0];
        assert_eq!(test.name, "Test");
        assert_eq!(test.allowlist.entries().len(), 2);
        assert_eq!(test.failures, ["ERROR"]);
        assert_eq!(test.pre_sign.interval().as_millis(), 2_500);
        assert_eq!((test.budget.in_flight(), test.budget.per_second()), (100, 200));
        assert_eq!((test.pre_sign.cap().as_secs(), test.post_sign.cap().as_secs()), (120, 300));
        assert!(parse("").expect("an empty file is one without environments").is_empty());
    }

    #[test]
    fn what_breaks_a_rule_is_named_with_its_place() {
        let twice = format!("{GOOD}{}", GOOD.replace("Test", "TEST"));
        for (text, expected) in [
            (GOOD.replace("https", "http"), "line 5"),
            (GOOD.replace("https", "http"), "must begin with https://"),
            (GOOD.replace("*.b-trust.bg", "*.bg"), "allow: entry \"*.bg\""),
            (GOOD.replace("interval", "intervall"), "unknown field `intervall`"),
            (GOOD.replace("\"test\"", "\"live\""), "unknown variant `live`"),
            (
                GOOD.replace("2.5", "1"),
                "line 2: environment \"Test\": interval: 1 s is not within 2 to 5 s",
            ),
            (
                format!("{GOOD}token-command = [\"/usr/bin/token\"]"),
                "token-command: only the managed policy",
            ),
            (GOOD.replace("200", "0"), "requests-per-second: 0 is not within 1 to 5000"),
            (GOOD.replace("120", "600"), "cap: 600 s is not within 120 to 300 s"),
            (GOOD.replace("\"Test\"", "\"sandbox\""), "is the training environment's"),
            (GOOD.replace("\"Test\"", "\" Test\""), "name: 1 to 40 characters"),
            (twice, "line 12: environment \"TEST\": name: stands in the file twice"),
            (format!("{GOOD}failure-statuses = [\"PROCESSING\"]"), "cannot mean failure"),
            ("[[environment]]\nname = \"x".into(), "line 2"),
        ] {
            let error = parse(&text).expect_err(expected).to_string();
            assert!(error.contains(expected), "{expected:?} is not in {error:?}");
        }
    }
}
