//! What stands in a policy file: TOML.

use serde::Deserialize;
use toml::Spanned;

use super::{HideAfter, Operators, Rules, Training};
use crate::{
    environment::{Author, Table, environments},
    journal::KeepDays,
    owned::Trust,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    keep_days: Option<KeepDays>,
    hide_after: Option<HideAfter>,
    operator_names: Option<Operators>,
    training: Option<Spanned<bool>>,
    environment: Option<Vec<Spanned<Table>>>,
}

/// Reads a policy; files that it names are as trusted as it is.
///
/// # Errors
/// The first thing that is wrong, with its line.
pub fn parse(text: &str, trust: Trust) -> Result<Rules, String> {
    let file: File = toml::from_str(text).map_err(|e| e.to_string().trim().to_owned())?;
    let environments = file
        .environment
        .map(|tables| environments(tables, Author::Administrator { trust }, text))
        .transpose()
        .map_err(|e| e.to_string())?;
    let refused = file.training.filter(|training| !training.as_ref());
    if let Some(training) = &refused
        && environments.as_ref().is_none_or(Vec::is_empty)
    {
        let line = text[..training.span().start].matches('\n').count() + 1;
        return Err(format!("line {line}: training: false leaves no [[environment]] at all"));
    }
    Ok(Rules {
        keep_days: file.keep_days,
        hide_after: file.hide_after,
        operators: file.operator_names,
        environments,
        training: if refused.is_some() { Training::Refused } else { Training::Offered },
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::owned::OwnedError;

    fn parse(text: &str) -> Result<Rules, String> {
        super::parse(text, |_| Ok(()))
    }

    const GOOD: &str = r#"
        keep-days = 14
        hide-after = 5
        operator-names = ["Мария Петрова", "J. Smith"]
        training = false

        [[environment]]
        name = "Central"
        kind = "production"
        gateway = "https://crm.example.bg"
        allow = ["sign.example.bg"]
        token-command = ["/usr/local/bin/crm-token", "--role", "support"]
    "#;

    #[test]
    fn a_policy_fixes_what_it_names() {
        let rules = parse(GOOD).expect("good");
        assert_eq!(rules.keep_days.map(u16::from), Some(14));
        assert_eq!(rules.hide_after.map(u16::from), Some(5));
        let operators = rules.operators.expect("named");
        assert_eq!(operators.names(), ["Мария Петрова", "J. Smith"]);
        assert_eq!(rules.training, Training::Refused);
        let environments = rules.environments.expect("fixed");
        assert_eq!(environments.len(), 1);
        let command = environments[0].token_command.as_ref().expect("a command");
        assert_eq!(command.program(), Path::new("/usr/local/bin/crm-token"));
        assert_eq!(command.arguments(), ["--role", "support"]);
    }

    #[test]
    fn what_is_left_out_stays_the_users_choice() {
        let rules = parse("").expect("an empty policy fixes nothing");
        assert!(rules.keep_days.is_none() && rules.hide_after.is_none());
        assert!(rules.operators.is_none() && rules.environments.is_none());
        assert_eq!(rules.training, Training::Offered);
        let asks = parse("operator-names = \"ask\"").expect("good").operators;
        assert_eq!(asks, Some(Operators::Ask));
        let none = parse("environment = []").expect("good").environments;
        assert!(none.is_some_and(|none| none.is_empty()), "training alone");
    }

    #[test]
    fn what_breaks_a_rule_is_named_with_its_line() {
        for (text, line, rule) in [
            ("\nkeep-days = 0".to_owned(), 2, "keep days: 0 is not within 1 to 3650"),
            ("hide-after = 121".to_owned(), 1, "hide after: 121 minutes is not within 1 to 120"),
            ("hide-after = \"5\"".to_owned(), 1, "invalid type"),
            ("keepdays = 3".to_owned(), 1, "unknown field `keepdays`"),
            ("operator-names = \"yes\"".to_owned(), 1, "operator-names: \"yes\" is not \"ask\""),
            ("operator-names = []".to_owned(), 1, "operator-names: the list is empty"),
            ("operator-names = [\"A\", \"A\"]".to_owned(), 1, "stands in the list twice"),
            ("operator-names = [\"A\\u202e\"]".to_owned(), 1, "cannot be seen"),
            ("\n\ntraining = false".to_owned(), 3, "training: false leaves no"),
            (GOOD.replace("/usr/local/bin/crm-token", "crm-token"), 7, "not an absolute path"),
            (GOOD.replace("https", "http"), 10, "gateway: must begin with https://"),
            (GOOD.replace("\"Central\"", "\"Sandbox\""), 7, "is the training environment's"),
            (GOOD.replace("allow =", "allowed ="), 11, "unknown field `allowed`"),
            ("environment = 1\nkeep-days".to_owned(), 2, "TOML"),
        ] {
            let error = parse(&text).expect_err(rule);
            assert!(error.contains(rule), "{rule:?} is not in {error:?}");
            assert!(error.contains(&format!("line {line}")), "line {line} is not in {error:?}");
        }
    }

    #[test]
    fn a_file_of_authorities_is_as_trusted_as_the_policy_that_names_it() {
        let text = GOOD.to_owned() + "ca = \"/anywhere/ca.pem\"";
        let distrusted = |path: &Path| Err(OwnedError::Writable(path.to_owned()));
        let error = super::parse(&text, distrusted).expect_err("anybody's");
        assert!(error.contains("ca: /anywhere/ca.pem: can be written by others"), "{error}");
    }

    #[test]
    fn the_example_is_a_good_policy_and_so_is_each_line_that_it_leaves_out() {
        let example = include_str!("../../../../docs/policy.example.toml");
        let given = parse(example).expect("good");
        assert!(given.environments.is_some_and(|environments| environments.len() == 1));
        let is_left_out = |line: &&str| {
            let name = line.strip_prefix("# ").and_then(|rest| rest.split_once(" = "));
            name.is_some_and(|(name, _)| !name.contains(' '))
        };
        let left_out: Vec<&str> = example.lines().filter(is_left_out).collect();
        assert!(left_out.len() >= 5, "{left_out:?}");
        for line in left_out {
            match parse(&example.replace(line, &line[2..])) {
                Ok(_) => {}
                // It names a file that is not here.
                Err(why) => {
                    assert!(line.contains("ca = ") && why.contains("cannot be read"), "{why}");
                }
            }
        }
    }
}
