//! From arguments to what is to be watched. Nothing is read or sent here but the environments
//! file, and the first thing that is wrong ends it.

use std::collections::HashMap;

use enrollment_core::{
    enrollment::{Phase, User, UserId, UserType, shortened, visible},
    environment::{Environment, EnvironmentKind, loopback_entry},
    gateway::GatewayUrl,
    policy::Policy,
    signing_url::{Allowlist, AllowlistEntry},
    tokens::Account,
    watch::Pace,
};

use crate::{args::WatchArgs, environments, exit::Stop, policy};

/// The name that a gateway without an environment goes by.
const UNNAMED: &str = "gateway";
/// How much of a wrong argument is repeated: somebody may have pasted a token there.
const REPEATED: usize = 24;

/// What is to be watched, and how.
#[derive(Debug)]
pub struct Plan {
    pub environment: Environment,
    pub users: Vec<User>,
    pub phase: Phase,
    pub json: bool,
    pub token: TokenFrom,
    /// What the caller should know, and what stops nothing.
    pub notes: Vec<String>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum TokenFrom {
    Stdin,
    Keyring(Account),
    /// The desk has the environment's token command run.
    Command,
}

/// Reads the arguments of `watch`.
///
/// # Errors
/// The argument that breaks a rule, and the rule.
pub fn plan(
    args: &WatchArgs,
    policy: Option<&Policy>,
    load: impl FnOnce() -> Result<Vec<Environment>, Stop>,
) -> Result<Plan, Stop> {
    let mut notes = Vec::new();
    let users = users(&args.users, &mut notes)?;
    let phase = args.phase.into();
    let mut environment = match (&args.gateway, &args.environment) {
        (Some(gateway), _) => unnamed(gateway, &args.allow, policy)?,
        (None, Some(name)) => environments::find(name, policy, load)?,
        (None, None) => return Err(Stop::bad_argument("name an --environment or a --gateway")),
    };
    set_pace(&mut environment, phase, args)?;
    let token = if args.token_stdin {
        // Whoever brings one wants no other.
        environment.token_command = None;
        TokenFrom::Stdin
    } else if args.gateway.is_some() {
        return Err(Stop::bad_argument(
            "--gateway: needs --token-stdin, because only environments have a token in the \
             password store",
        ));
    } else if environment.token_command.is_some() {
        TokenFrom::Command
    } else {
        TokenFrom::Keyring(account(&environment))
    };
    if phase == Phase::PreSign && environment.allowlist.entries().is_empty() {
        notes.push("nothing is on the allowlist: every signing link will be refused".to_owned());
    }
    Ok(Plan { environment, users, phase, json: args.json, token, notes })
}

/// The account that keeps an environment's token.
pub fn account(environment: &Environment) -> Account {
    Account::new(&environment.name, &environment.gateway.to_string())
}

fn users(texts: &[String], notes: &mut Vec<String>) -> Result<Vec<User>, Stop> {
    let mut seen: HashMap<User, &str> = HashMap::new();
    let mut users = Vec::with_capacity(texts.len());
    for text in texts {
        let user = user(text, notes)?;
        if let Some(before) = seen.insert(user, text) {
            let before = repeated(before);
            return Err(Stop::bad_argument(format!(
                "USER {}: repeats {before}: each user is watched once",
                repeated(text)
            )));
        }
        users.push(user);
    }
    Ok(users)
}

fn user(text: &str, notes: &mut Vec<String>) -> Result<User, Stop> {
    let wrong =
        |why: &dyn std::fmt::Display| Stop::bad_argument(format!("USER {}: {why}", repeated(text)));
    let (id_text, kind) = match text.split_once(':') {
        Some((id, kind)) => (id, kind.trim()),
        None => (text, UserType::Individual.word()),
    };
    let id: UserId = id_text.parse().map_err(|why| wrong(&why))?;
    let user_type = UserType::of_word(kind)
        .ok_or_else(|| wrong(&"after the colon stands individual or merchant"))?;
    if id_text != id.to_string() {
        notes.push(format!("USER {}: read as {id}", repeated(text)));
    }
    Ok(User { id, user_type })
}

fn unnamed(gateway: &str, allow: &[String], policy: Option<&Policy>) -> Result<Environment, Stop> {
    let gateway: GatewayUrl = gateway.parse().map_err(|e| Stop::bad_argument(format!("--{e}")))?;
    policy::admits(policy, &gateway)?;
    let mut entries = entries(allow)?;
    entries.extend(loopback_entry(&gateway));
    Ok(Environment::new(UNNAMED, EnvironmentKind::Test, gateway, Allowlist::new(entries)))
}

/// Reads `--allow` entries.
///
/// # Errors
/// The first that breaks a rule, and the rule.
pub fn entries(allow: &[String]) -> Result<Vec<AllowlistEntry>, Stop> {
    let entry = |text: &String| {
        text.parse().map_err(|e| {
            let text = visible(&shortened(text, 80));
            Stop::bad_argument(format!("--allow \"{text}\": {e}"))
        })
    };
    allow.iter().map(entry).collect()
}

fn set_pace(environment: &mut Environment, phase: Phase, args: &WatchArgs) -> Result<(), Stop> {
    let usual = environment.pace(phase);
    let interval = args.interval.unwrap_or(usual.interval().as_secs_f64());
    let cap = args.cap.unwrap_or(usual.cap().as_secs_f64());
    let loopback = environment.gateway.is_loopback();
    let pace =
        Pace::new(interval, cap, loopback).map_err(|e| Stop::bad_argument(format!("--{e}")))?;
    match phase {
        Phase::PreSign => environment.pre_sign = pace,
        Phase::PostSign => environment.post_sign = pace,
    }
    Ok(())
}

fn repeated(text: &str) -> String {
    format!("\"{}\"", visible(&shortened(text, REPEATED)))
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::args::{Cli, Command};

    fn read(line: &str) -> Result<Plan, Stop> {
        let words = ["enrollment-watch", "watch"].into_iter().chain(line.split(' '));
        let Command::Watch(args) = Cli::try_parse_from(words).expect(line).command else {
            panic!("another command");
        };
        plan(&args, None, || Ok(Vec::new()))
    }

    fn words(line: &str) -> String {
        read(line).expect_err(line).words
    }

    const LOCAL: &str = "--gateway http://127.0.0.1:8080 --token-stdin --phase pre-sign";

    #[test]
    fn users_are_individuals_unless_they_say_otherwise() {
        let plan = read(&format!("{LOCAL} 7 8:merchant 8:individual")).expect("good");
        let users: Vec<String> = plan.users.iter().map(ToString::to_string).collect();
        assert_eq!(users, ["7:individual", "8:merchant", "8:individual"]);
        assert!(plan.notes.is_empty(), "{:?}", plan.notes);
    }

    #[test]
    fn an_id_that_had_to_be_read_is_said() {
        let plan = read(&format!("{LOCAL} 007")).expect("good");
        assert_eq!(plan.notes, ["USER \"007\": read as 7"]);
    }

    #[test]
    fn a_user_that_stands_twice_says_which() {
        let words = words(&format!("{LOCAL} 7 8 07:individual"));
        assert_eq!(words, "USER \"07:individual\": repeats \"7\": each user is watched once");
    }

    #[test]
    fn what_breaks_a_rule_is_named_with_the_rule() {
        for (line, said) in [
            (format!("{LOCAL} -1"), "USER \"-1\": the id holds something other"),
            (format!("{LOCAL} 0"), "USER \"0\": the id is not within 1 to 2147483647"),
            (format!("{LOCAL} 7:Merchant"), "after the colon"),
            (format!("{LOCAL} 7:"), "after the colon"),
            (format!("{LOCAL} --interval 0 7"), "--interval: 0 s is not within 0.01"),
            (format!("{LOCAL} --cap -3 7"), "--cap: -3 s is not within"),
            (format!("{LOCAL} --interval nan 7"), "--interval: "),
            (format!("{LOCAL} --allow *.bg 7"), "--allow \"*.bg\": this is a public suffix"),
            (LOCAL.replace("127.0.0.1", "crm.example.bg") + " 7", "--gateway: must begin"),
            (LOCAL.replace(" --token-stdin", "") + " 7", "--gateway: needs --token-stdin"),
            ("--environment X --phase pre-sign 7".to_owned(), "--environment: there is no \"X\""),
        ] {
            let words = words(&line);
            assert!(words.contains(said), "{line}: {words}");
        }
    }

    #[test]
    fn only_a_loopback_gateway_may_be_hurried() {
        let far = "--gateway https://crm.example.bg --token-stdin --phase post-sign";
        assert!(words(&format!("{far} --interval 1 7")).starts_with("--interval: 1 s is not"));
        assert!(words(&format!("{far} --cap 301 7")).starts_with("--cap: 301 s is not"));
        let plan = read(&format!("{LOCAL} --interval 0.1 --cap 2 7")).expect("good");
        assert_eq!(plan.environment.pre_sign.interval().as_millis(), 100);
        assert_eq!(plan.environment.allowlist.entries().len(), 1, "its own signing pages");
    }

    #[test]
    fn where_a_program_brings_the_token_none_is_looked_for_but_one_that_is_brought_counts() {
        let policy = r#"
            [[environment]]
            name = "Central"
            kind = "production"
            gateway = "https://crm.example.bg"
            allow = []
            token-command = ["/usr/local/bin/crm-token"]
        "#;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("policy.toml");
        std::fs::write(&path, policy).expect("written");
        let policy = enrollment_core::policy::PolicyFile::draft(&path).read().expect("good");
        let planned = |line: &str| {
            let words = ["enrollment-watch", "watch"].into_iter().chain(line.split(' '));
            let Command::Watch(args) = Cli::try_parse_from(words).expect(line).command else {
                panic!("another command");
            };
            plan(&args, policy.as_ref(), || panic!("the user's own file is not read"))
        };
        let central = planned("--environment central --phase pre-sign 7").expect("good");
        assert_eq!(central.token, TokenFrom::Command);
        let brought = planned("--environment central --phase pre-sign --token-stdin 7");
        let brought = brought.expect("good");
        assert_eq!((brought.token, brought.environment.token_command), (TokenFrom::Stdin, None));
        let elsewhere = "--gateway https://elsewhere.example --token-stdin --phase pre-sign 7";
        assert!(planned(elsewhere).expect_err("refused").words.contains("managed policy"));
    }

    #[test]
    fn an_empty_allowlist_is_said_where_it_matters() {
        let far = "--gateway https://crm.example.bg --token-stdin";
        let notes = |phase: &str| read(&format!("{far} --phase {phase} 7")).expect("good").notes;
        assert!(notes("pre-sign")[0].contains("every signing link will be refused"));
        assert!(notes("post-sign").is_empty());
    }

    #[test]
    fn a_long_wrong_argument_is_not_repeated_whole() {
        let token = "e".repeat(60);
        assert!(!words(&format!("{LOCAL} {token}")).contains(&token[..30]));
    }
}
