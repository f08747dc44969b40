//! The environments file: TOML, one `[[environment]]` table each.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Deserializer, de::Error as _};
use toml::Spanned;

use super::{Budget, Environment, EnvironmentKind};
use crate::{
    enrollment::Status,
    gateway::{Authorities, GatewayUrl},
    owned::Trust,
    signing_url::{Allowlist, AllowlistEntry},
    tokens::TokenCommand,
    watch::Pace,
};

/// In characters.
pub(crate) const LONGEST_NAME: usize = 40;

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
#[derive(Clone, Copy, Debug)]
pub(crate) enum Author<'a> {
    /// Paths may count from the folder that the file stands in.
    User { folder: Option<&'a Path> },
    /// Whoever writes the managed policy, who alone names programs that fetch tokens. The files
    /// that it names are to be theirs, too.
    Administrator { trust: Trust },
}

/// The user's environments; none where there is no file.
///
/// # Errors
/// A file that cannot be read or breaks a rule: its path, and why.
pub fn load() -> Result<Vec<Environment>, (PathBuf, String)> {
    let Some(path) = file_path() else { return Ok(Vec::new()) };
    load_from(&path).map_err(|why| (path, why))
}

/// Those of a file; none where it is not there.
pub(crate) fn load_from(path: &Path) -> Result<Vec<Environment>, String> {
    match fs::read_to_string(path) {
        Ok(text) => parse_beside(&text, path.parent()).map_err(|error| error.to_string()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error.to_string()),
    }
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
    /// A file of certificate authorities that alone may vouch for the gateway.
    ca: Option<PathBuf>,
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

/// Reads an environments file that stands in no folder: each file it names has its whole path.
///
/// # Errors
/// The first thing that is wrong, with its line.
pub fn parse(text: &str) -> Result<Vec<Environment>, EnvironmentsError> {
    parse_beside(text, None)
}

/// Reads an environments file; paths in it may count from its folder.
///
/// # Errors
/// As [`parse`].
pub fn parse_beside(
    text: &str,
    folder: Option<&Path>,
) -> Result<Vec<Environment>, EnvironmentsError> {
    let file: File =
        toml::from_str(text).map_err(|e| EnvironmentsError::Text(e.to_string().trim().into()))?;
    environments(file.environment, Author::User { folder }, text)
}

/// The environments of these tables, which stand in `text`.
pub(crate) fn environments(
    tables: Vec<Spanned<Table>>,
    author: Author<'_>,
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
    author: Author<'_>,
    before: &[Environment],
) -> Result<Environment, String> {
    check_name(&table.name, before)?;
    let authorities = authorities(&table, author)?;
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
        authorities,
        failures,
        pre_sign,
        post_sign,
        budget,
        next_step: table.next_step,
        token_command: token_command(table.token_command, author)?,
        ..Environment::new(&table.name, table.kind, table.gateway, Allowlist::new(table.allow))
    })
}

fn authorities(table: &Table, author: Author<'_>) -> Result<Option<Authorities>, String> {
    let Some(named) = &table.ca else { return Ok(None) };
    if !table.gateway.is_https() {
        return Err("ca: an http gateway has no certificate".to_owned());
    }
    // Never from where the program happens to have been started.
    let folder = match author {
        Author::User { folder } => folder.filter(|folder| folder.is_absolute()),
        Author::Administrator { .. } => None,
    };
    let path = match folder {
        Some(folder) => folder.join(named),
        None if named.is_absolute() => named.clone(),
        None => return Err(format!("ca: {}: must be a whole path", named.display())),
    };
    if let Author::Administrator { trust } = author {
        trust(&path).map_err(|why| format!("ca: {why}"))?;
    }
    match Authorities::read(&path) {
        Ok(authorities) => Ok(Some(authorities)),
        Err(why) => Err(format!("ca: {}: {why}", path.display())),
    }
}

fn token_command(
    words: Option<Vec<String>>,
    author: Author<'_>,
) -> Result<Option<TokenCommand>, String> {
    match (words, author) {
        (None, _) => Ok(None),
        (Some(_), Author::User { .. }) => {
            Err("token-command: only the managed policy of an administrator may name one"
                .to_owned())
        }
        (Some(words), Author::Administrator { .. }) => {
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
            (format!("{GOOD}ca = \"ca.pem\""), "ca: ca.pem: must be a whole path"),
            (format!("{GOOD}ca = \"/nowhere/ca.pem\""), "ca: /nowhere/ca.pem: cannot be read"),
            (format!("{GOOD}ca = 3"), "line 11"),
        ] {
            let error = parse(&text).expect_err(expected).to_string();
            assert!(error.contains(expected), "{expected:?} is not in {error:?}");
        }
    }

    #[test]
    fn a_file_of_authorities_counts_from_the_folder_of_the_environments() {
        let folder = tempfile::tempdir().expect("a folder");
        let made = rcgen::generate_simple_self_signed(vec!["crm.example.bg".to_owned()]);
        let made = made.expect("a certificate");
        fs::write(folder.path().join("ca.pem"), made.cert.pem()).expect("written");
        fs::write(folder.path().join("key.pem"), made.signing_key.serialize_pem())
            .expect("written");
        let with = |file: &str| {
            parse_beside(&format!("{GOOD}ca = {file:?}"), Some(folder.path()))
                .map(|environments| environments[0].authorities.is_some())
                .map_err(|why| why.to_string())
        };
        assert_eq!(with("ca.pem"), Ok(true));
        let whole = folder.path().join("ca.pem");
        assert_eq!(with(whole.to_str().expect("UTF-8")), Ok(true));
        let key = with("key.pem").expect_err("a key");
        assert!(key.starts_with("line 2: environment \"Test\": ca: "), "{key}");
        assert!(key.contains("key.pem: holds a private key"), "{key}");
        assert!(with("").expect_err("the folder itself").contains("is not a file"));
        let local = GOOD.replace("https://crm.example.bg/api", "http://127.0.0.1:8080");
        let error = parse_beside(&format!("{local}ca = \"ca.pem\""), Some(folder.path()));
        assert!(error.expect_err("http").to_string().contains("ca: an http gateway"));
    }

    #[test]
    fn the_example_is_a_good_file() {
        let example = include_str!("../../../../docs/environments.example.toml");
        assert_eq!(parse(example).expect("good").len(), 1);
        // What it only mentions is spelled as it is read.
        for line in example.lines().filter_map(|line| line.strip_prefix("# ca = ")) {
            let error = parse(&format!("{example}\nca = {line}")).expect_err("no such file");
            assert!(error.to_string().contains("cannot be read"), "{error}");
        }
        assert!(example.contains("# ca = \"/"), "the key is shown with a whole path");
    }
}
