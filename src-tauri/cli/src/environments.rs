//! The environments: the managed policy's, or those of the console's own file.

use std::path::PathBuf;

use enrollment_core::{
    enrollment::{shortened, visible},
    environment::{self, Environment},
    policy::Policy,
};

use crate::exit::Stop;

/// The environments of the file; none where there is no file.
///
/// # Errors
/// A file that cannot be read, or breaks a rule, with the place.
pub fn load() -> Result<Vec<Environment>, Stop> {
    environment::load().map_err(|(path, why)| {
        Stop::bad_argument(format!("environments file {}: {}", path.display(), one_line(&why)))
    })
}

/// The environment of this name, of the policy's where it has any, which no letter's case distinguishes from another.
///
/// # Errors
/// A broken file; a name that no environment has; the training environment, which has no fixed
/// address outside of the console.
pub fn find(
    name: &str,
    policy: Option<&Policy>,
    load: impl FnOnce() -> Result<Vec<Environment>, Stop>,
) -> Result<Environment, Stop> {
    let wanted = name.to_lowercase();
    if wanted == Environment::SANDBOX.to_lowercase() {
        return Err(Stop::bad_argument(
            "--environment: the training gateway has no environment here: \
             run `enrollment-watch sandbox` and name its address with --gateway",
        ));
    }
    let managed = policy.and_then(|policy| Some((policy, policy.rules.environments.clone()?)));
    let (mut environments, file) = match managed {
        Some((policy, environments)) => (environments, Some(policy.file.clone())),
        None => (load()?, environment::file_path()),
    };
    match environments.iter().position(|e| e.name.to_lowercase() == wanted) {
        Some(found) => Ok(environments.swap_remove(found)),
        None => Err(unknown(name, &environments, file)),
    }
}

fn unknown(name: &str, environments: &[Environment], file: Option<PathBuf>) -> Stop {
    let name = visible(&shortened(name, 40));
    let known: Vec<&str> = environments.iter().map(|e| e.name.as_str()).collect();
    let file = file.map_or_else(|| "environments.toml".to_owned(), |p| p.display().to_string());
    let known = if known.is_empty() {
        format!("there is none in {file}")
    } else {
        format!("{file} has {}", known.join(", "))
    };
    Stop::bad_argument(format!("--environment: there is no {name:?}; {known}"))
}

/// What a parser says over several lines, without the lines it quotes from the file.
fn one_line(text: &str) -> String {
    let quoted = |line: &str| {
        line.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ').starts_with('|')
    };
    let said: Vec<&str> =
        text.lines().map(str::trim).filter(|l| !l.is_empty() && !quoted(l)).collect();
    visible(&said.join(": "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Exit;

    const FILE_TEXT: &str = r#"
        [[environment]]
        name = "Test"
        kind = "test"
        gateway = "https://crm.example.bg"
        allow = []
    "#;

    fn found(name: &str) -> Result<Environment, Stop> {
        find(name, None, || Ok(environment::parse(FILE_TEXT).expect("good")))
    }

    #[test]
    fn a_name_is_found_in_any_case() {
        assert_eq!(found("test").expect("there").name, "Test");
    }

    #[test]
    fn an_unknown_name_is_told_what_there_is() {
        let stop = found("Live\u{202e}").expect_err("unknown");
        assert_eq!(stop.exit, Exit::BadArguments);
        assert!(stop.words.contains("Test") && !stop.words.contains('\u{202e}'), "{}", stop.words);
    }

    #[test]
    fn the_training_environment_is_the_sandboxs() {
        let stop =
            find("sandBOX", None, || panic!("the file is not looked at")).expect_err("refused");
        assert!(stop.words.contains("enrollment-watch sandbox"), "{}", stop.words);
    }

    #[test]
    fn a_broken_file_is_told_in_one_line_with_its_place() {
        let error = environment::parse(&FILE_TEXT.replace("https", "http")).expect_err("broken");
        let words = one_line(&error.to_string());
        assert!(words.contains("line 5") && words.contains("must begin with https://"), "{words}");
        assert!(!words.contains('\n') && !words.contains("5 |"), "{words}");
    }
}
