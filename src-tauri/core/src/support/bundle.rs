//! One archive for whoever helps: what there is to know of a console that names no customer.

use std::{
    env, fs,
    io::{self, Cursor, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use serde_json::{Value, json};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::{facts, log_folder, redacted};
use crate::{
    desk::view::Settings,
    environment::{self, Environment},
    journal::{Folder, Reader},
    policy::{Operators, Policy, PolicyFile, Training},
};

/// Of a log that is longer the end is taken, in bytes.
const LONGEST_LOG: u64 = 1 << 20;

const READ_ME: &str = "\
A bundle for support, written by Enrollment Console.

console.json       versions, and on what system it runs
settings.json      how the window is set
environments.json  gateways, allowed hosts, and what the managed policy decides
journal.json       how many enrollments are kept, in which steps; the newest with masked numbers
contract.json      statuses, links and answers that the contract does not name, and how often
log/               what changed around the console: no customer stands in it

There is no token in it, no link, no name, no label, no note and no whole number of a customer.
Text that came from elsewhere is shortened, and what could be a token is taken out of it.
Everything is plain text: read it before you send it.
";

/// Why no bundle could be made.
#[derive(Debug, thiserror::Error)]
#[error("the bundle could not be packed: {0}")]
pub struct BundleError(#[from] io::Error);

impl From<zip::result::ZipError> for BundleError {
    fn from(error: zip::result::ZipError) -> Self {
        Self(error.into())
    }
}

/// Where a bundle looks. What is not there is left out, and what cannot be read is told in it.
#[derive(Debug)]
pub struct Sources {
    pub settings: Option<PathBuf>,
    pub environments: Option<PathBuf>,
    pub policy: PolicyFile,
    pub journal: Option<PathBuf>,
    pub log: Option<PathBuf>,
}

impl Sources {
    /// This user's own.
    #[must_use]
    pub fn usual() -> Self {
        Self {
            settings: environment::config_folder().map(|folder| folder.join("settings.json")),
            environments: environment::file_path(),
            policy: PolicyFile::usual(),
            journal: Folder::usual(),
            log: log_folder(),
        }
    }
}

/// A ZIP archive of all that support may see. `version` is that of the program that is asked.
///
/// # Errors
/// Where it cannot be packed.
pub fn bundle(sources: &Sources, version: &str, now: Timestamp) -> Result<Vec<u8>, BundleError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    put(&mut zip, "READ-ME.txt", READ_ME.as_bytes())?;
    let policy = sources.policy.read().map_err(|error| redacted(&error.to_string()));
    let (journal, drift) = match sources.journal.as_deref().map(Reader::open) {
        None => (json!({ "trouble": "the system names no folder" }), json!([])),
        Some(reader) => reader
            .and_then(|reader| facts::journal(&reader))
            .unwrap_or_else(|error| (trouble(&error.to_string()), json!([]))),
    };
    for (name, value) in [
        ("console.json", console(version, now)),
        ("settings.json", settings(sources.settings.as_deref())),
        ("environments.json", environments(sources.environments.as_deref(), policy.as_ref())),
        ("journal.json", journal),
        ("contract.json", drift),
    ] {
        put(&mut zip, name, &serde_json::to_vec_pretty(&value).map_err(io::Error::from)?)?;
    }
    for (name, text) in sources.log.as_deref().map(logs).unwrap_or_default() {
        put(&mut zip, &format!("log/{name}"), &text)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn put(zip: &mut ZipWriter<Cursor<Vec<u8>>>, name: &str, text: &[u8]) -> Result<(), BundleError> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    zip.start_file(name, options)?;
    zip.write_all(text)?;
    Ok(())
}

fn trouble(words: &str) -> Value {
    json!({ "trouble": redacted(words) })
}

fn console(version: &str, now: Timestamp) -> Value {
    let said = |name: &str| env::var(name).ok().map(|value| redacted(&value));
    json!({
        "version": version,
        "made": now,
        "system": system(),
        "session": said("XDG_SESSION_TYPE"),
        "desktop": said("XDG_CURRENT_DESKTOP"),
        "language": said("LANG"),
    })
}

/// What system this is: its name, and on Linux that of the distribution.
#[must_use]
pub fn system() -> String {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    let name = name.map_or(env::consts::OS, |quoted| quoted.trim_matches('"'));
    redacted(&format!("{name}, {}", env::consts::ARCH))
}

fn settings(path: Option<&Path>) -> Value {
    let read = |path: &Path| match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(json!("the usual ones")),
        Err(error) => Err(error.to_string()),
        Ok(text) => {
            // What is in no setting does not come through.
            let settings = serde_json::from_slice::<Settings>(&text).map_err(|e| e.to_string())?;
            serde_json::to_value(settings).map_err(|e| e.to_string())
        }
    };
    path.map_or_else(|| trouble("no folder"), |path| read(path).unwrap_or_else(|e| trouble(&e)))
}

fn environments(path: Option<&Path>, policy: Result<&Option<Policy>, &String>) -> Value {
    let own = match path.map(environment::load_from) {
        None => trouble("the system names no folder"),
        Some(Err(error)) => trouble(&error),
        Some(Ok(all)) => all.iter().map(one_environment).collect(),
    };
    let policy = match policy {
        Ok(None) => json!("there is none"),
        Ok(Some(policy)) => decided(policy),
        Err(words) => trouble(words),
    };
    json!({ "own": own, "policy": policy })
}

/// A token command's arguments may be anything, so its program alone is named.
fn one_environment(environment: &Environment) -> Value {
    let allow = environment.allowlist.entries().iter().map(ToString::to_string);
    json!({
        "name": environment.name,
        "kind": environment.kind,
        "gateway": environment.gateway.to_string(),
        "allow": allow.collect::<Vec<_>>(),
        "failures": environment.failures,
        "requests-in-flight": environment.budget.in_flight(),
        "requests-per-second": environment.budget.per_second(),
        "own-authorities": environment.authorities.is_some(),
        "token-command": environment.token_command.as_ref().map(|it| it.program().display().to_string()),
    })
}

fn decided(policy: &Policy) -> Value {
    let rules = &policy.rules;
    let environments = rules.environments.as_ref();
    json!({
        "file": policy.file.display().to_string(),
        "sha256": policy.digest,
        "keep-days": rules.keep_days,
        "hide-after": rules.hide_after.map(u16::from),
        "operator-names": rules.operators.as_ref().map(|names| match names {
            Operators::Ask => 0,
            Operators::Choose(names) => names.len(),
        }),
        "training": rules.training == Training::Offered,
        "environments": environments.map(|all| all.iter().map(one_environment).collect::<Value>()),
    })
}

/// The files of the log, oldest first, of each its end.
fn logs(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .map(|all| all.flatten().map(|file| file.path()).collect())
        .unwrap_or_default();
    files.retain(|path| path.extension().is_some_and(|it| it == "log"));
    files.sort();
    files
        .iter()
        .filter_map(|path| Some((path.file_name()?.to_str()?.to_owned(), end_of(path).ok()?)))
        .collect()
}

fn end_of(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = fs::File::open(path)?;
    let begins = file.metadata()?.len().saturating_sub(LONGEST_LOG);
    file.seek(SeekFrom::Start(begins))?;
    let mut text = Vec::new();
    file.take(LONGEST_LOG).read_to_end(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use zip::ZipArchive;

    use super::*;

    const TOKEN: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYWRlLXVwIn0.c2lnbmF0dXJl";

    fn opened(sources: &Sources) -> BTreeMap<String, String> {
        let now = Timestamp::UNIX_EPOCH;
        let archive = bundle(sources, "0.1.0", now).expect("packed");
        let mut archive = ZipArchive::new(Cursor::new(archive)).expect("an archive");
        let names = archive.file_names().map(|name| name.expect("text").into_owned());
        let names: Vec<String> = names.collect();
        let read = |name: String| {
            let mut text = String::new();
            archive.by_name(&name).expect("there").read_to_string(&mut text).expect("text");
            (name, text)
        };
        names.into_iter().map(read).collect()
    }

    fn sources(folder: &Path) -> Sources {
        Sources {
            settings: Some(folder.join("settings.json")),
            environments: Some(folder.join("environments.toml")),
            policy: PolicyFile::draft(&folder.join("policy.toml")),
            journal: Some(folder.join("journal")),
            log: Some(folder.join("log")),
        }
    }

    #[test]
    fn where_nothing_is_the_bundle_says_so() {
        let folder = tempfile::tempdir().expect("a folder");
        let files = opened(&sources(folder.path()));
        assert!(files["journal.json"].contains("there is no journal"), "{files:?}");
        assert!(files["settings.json"].contains("the usual ones"), "{files:?}");
        assert!(files["environments.json"].contains("there is none"), "{files:?}");
        assert_eq!(files.len(), 6, "no log");
    }

    #[test]
    fn what_people_wrote_into_the_wrong_place_does_not_come_along() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str| folder.path().join(name);
        fs::write(file("settings.json"), format!("{{\"token\":\"{TOKEN}\"}}")).expect("written");
        fs::write(file("environments.toml"), format!("token = \"{TOKEN}\"")).expect("written");
        let policy = format!(
            "[[environment]]\nname = \"Central\"\nkind = \"production\"\n\
             gateway = \"https://crm.example.bg\"\nallow = [\"sign.example.bg\"]\n\
             token-command = [\"/bin/echo\", \"{TOKEN}\"]"
        );
        fs::write(file("policy.toml"), policy).expect("written");
        let files = opened(&sources(folder.path()));
        for (name, text) in &files {
            assert!(!text.contains("eyJ"), "{name}: {text}");
        }
        for told in ["crm.example.bg", "sign.example.bg", "/bin/echo", "trouble"] {
            assert!(files["environments.json"].contains(told), "{told} in {files:?}");
        }
    }

    #[test]
    fn the_log_comes_along_and_of_a_long_one_the_end() {
        let folder = tempfile::tempdir().expect("a folder");
        let log = folder.path().join("log");
        fs::create_dir(&log).expect("a folder");
        let lines = "{\"what\":\"ended\"}\n".repeat(100_000);
        fs::write(log.join("console.2026-01-01.log"), &lines).expect("written");
        fs::write(log.join("notes.txt"), "somebody's").expect("written");
        let files = opened(&sources(folder.path()));
        assert_eq!(files.len(), 7);
        let told = &files["log/console.2026-01-01.log"];
        assert!(told.len() as u64 == LONGEST_LOG && lines.ends_with(told.as_str()));
    }
}
