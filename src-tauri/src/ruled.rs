//! What is decided about this console from outside of it: the managed policy, and the environments
//! that there are because of it.

use enrollment_core::{
    desk::{
        Decree,
        view::{PolicyView, Settings},
    },
    environment::{self, Environment},
    journal::KeepDays,
    policy::{Policy, Rules, Training},
    tokens::Account,
};
use enrollment_sandbox::{Config, Sandbox};
use tauri::async_runtime;

use crate::console::StartError;

/// The policy that holds, and what follows from it.
pub(crate) struct Ruled {
    policy: Option<Policy>,
    sandbox: Option<Sandbox>,
    own: Option<OwnFile>,
    environments: Vec<Environment>,
}

/// The user's own environments, read once and only where the policy names none.
struct OwnFile {
    environments: Vec<Environment>,
    trouble: Option<String>,
}

impl Ruled {
    pub fn by(policy: Option<Policy>) -> Result<Self, StartError> {
        let mut ruled = Self { policy: None, sandbox: None, own: None, environments: Vec::new() };
        ruled.follow(policy)?;
        Ok(ruled)
    }

    /// Takes a policy in place of the one before; where its environments cannot be set up, that one
    /// holds on. Answers which of them may have a token in the password store that nobody has asked
    /// for yet.
    pub fn follow(&mut self, policy: Option<Policy>) -> Result<Vec<String>, StartError> {
        let rules = policy.as_ref().map(|policy| policy.rules.clone()).unwrap_or_default();
        let environments = self.environments_by(&rules)?;
        let known = |new: &Environment| {
            let before = self.environments.iter().find(|old| old.name == new.name);
            before.is_some_and(|old| old.token_command.is_none() && old.is_same_gateway(new))
        };
        let asks = environments.iter().filter(|e| e.token_command.is_none() && !known(e));
        let unread = asks.map(|e| e.name.clone()).collect();
        (self.policy, self.environments) = (policy, environments);
        Ok(unread)
    }

    fn environments_by(&mut self, rules: &Rules) -> Result<Vec<Environment>, StartError> {
        let mut environments = Vec::new();
        if rules.training == Training::Offered {
            environments.push(Environment::sandbox(self.sandbox()?.base().parse()?));
        }
        let others = match &rules.environments {
            Some(managed) => managed,
            None => &self.own.get_or_insert_with(OwnFile::read).environments,
        };
        environments.extend(others.iter().cloned());
        Ok(environments)
    }

    /// Started where training is offered for the first time.
    fn sandbox(&mut self) -> Result<&Sandbox, StartError> {
        let sandbox = match self.sandbox.take() {
            Some(running) => running,
            None => async_runtime::block_on(Sandbox::start(Config::default()))?,
        };
        Ok(self.sandbox.insert(sandbox))
    }

    pub fn environments(&self) -> &[Environment] {
        &self.environments
    }

    pub fn named(&self, name: &str) -> Option<&Environment> {
        self.environments.iter().find(|environment| environment.name == name)
    }

    /// What is wrong with the user's own environments.
    pub fn trouble(&self) -> Option<&str> {
        self.own.as_ref().and_then(|own| own.trouble.as_deref())
    }

    /// A token that opens nothing; none where training is not offered.
    pub fn training_token(&self) -> Option<String> {
        self.named(Environment::SANDBOX)?;
        self.sandbox.as_ref().map(Sandbox::issue_token)
    }

    /// For how long finished enrollments are kept, where the policy has decided that.
    pub fn keep_days(&self) -> Option<KeepDays> {
        self.policy.as_ref().and_then(|policy| policy.rules.keep_days)
    }

    /// Whether somebody chooses anew what the policy has decided.
    pub fn forbids(&self, chosen: &Settings, before: &Settings) -> bool {
        let rules = self.policy.as_ref().map(|policy| &policy.rules);
        let hides = rules.is_some_and(|rules| rules.hide_after.is_some());
        self.keep_days().is_some() && chosen.keep_days != before.keep_days
            || hides && chosen.hide_after != before.hide_after
    }

    /// All that the desk has to know of it.
    pub fn decree(&self, settings: &Settings) -> Decree {
        Decree {
            view: PolicyView::of(self.policy.as_ref()),
            environments: self.environments.clone(),
            keep_days: self.keep_days().unwrap_or(settings.keep_days),
            sha256: self.policy.as_ref().map(|policy| policy.digest.clone()),
        }
    }
}

impl OwnFile {
    fn read() -> Self {
        match environment::load() {
            Ok(environments) => Self { environments, trouble: None },
            // Training works all the same; the window says what is wrong with the rest.
            Err((path, why)) => Self {
                environments: Vec::new(),
                trouble: Some(format!("{}: {why}", path.display())),
            },
        }
    }
}

/// The sandbox's port is another one with every start, and its tokens outlive that.
pub(crate) fn account(environment: &Environment) -> Account {
    let gateway = if environment.name == Environment::SANDBOX {
        "training".to_owned()
    } else {
        environment.gateway.to_string()
    };
    Account::new(&environment.name, &gateway)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use enrollment_core::policy::PolicyFile;

    use super::*;

    const CENTRAL: &str = r#"
        training = false
        [[environment]]
        name = "Central"
        kind = "production"
        gateway = "https://crm.example.bg"
        allow = ["sign.example.bg"]
    "#;

    fn policy(text: &str) -> Option<Policy> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("policy.toml");
        fs::write(&path, text).expect("written");
        PolicyFile::draft(&path).read().expect("a good policy")
    }

    fn names(ruled: &Ruled) -> Vec<&str> {
        ruled.environments().iter().map(|e| &*e.name).collect()
    }

    #[test]
    fn a_policy_s_environments_are_all_there_are_and_training_is_left_out_where_it_says_so() {
        let mut ruled = Ruled::by(policy(CENTRAL)).expect("set up");
        assert_eq!(names(&ruled), ["Central"]);
        assert!(ruled.sandbox.is_none() && ruled.own.is_none(), "neither was needed");
        assert_eq!(ruled.training_token(), None);
        let with_training = policy(&CENTRAL.replace("training = false", ""));
        assert_eq!(ruled.follow(with_training).expect("followed"), ["Sandbox"]);
        assert_eq!(names(&ruled), ["Sandbox", "Central"]);
        assert!(ruled.training_token().is_some());
    }

    #[test]
    fn only_a_token_that_may_be_in_the_password_store_is_asked_for_and_only_once() {
        let mut ruled = Ruled::by(policy(CENTRAL)).expect("set up");
        let unread = |ruled: &mut Ruled, text: &str| ruled.follow(policy(text)).expect("followed");
        let elsewhere = CENTRAL.replace("crm.", "other.");
        let fetched = format!("{CENTRAL}token-command = [\"/bin/true\"]");
        assert_eq!(unread(&mut ruled, CENTRAL), [""; 0], "it is the same one");
        assert_eq!(unread(&mut ruled, &elsewhere), ["Central"]);
        assert_eq!(unread(&mut ruled, &fetched), [""; 0], "its command brings it");
        assert_eq!(unread(&mut ruled, CENTRAL), ["Central"]);
    }

    #[test]
    fn what_the_policy_has_decided_is_not_chosen_and_all_else_is() {
        let settings: Settings = serde_json::from_str(
            r#"{"environment":"Sandbox","language":"bg","theme":"dark","place":"desk"}"#,
        )
        .expect("settings");
        let days = KeepDays::try_from(9).expect("days");
        let longer = Settings { keep_days: days, ..settings.clone() };
        let never = Settings { hide_after: None, ..settings.clone() };
        let other = Settings { environment: "Central".to_owned(), ..settings.clone() };
        let free = Ruled::by(policy(CENTRAL)).expect("set up");
        assert!([&longer, &never, &other].iter().all(|it| !free.forbids(it, &settings)));
        assert_eq!(free.decree(&longer).keep_days, days);
        let text = format!("keep-days = 7\nhide-after = 5\n{CENTRAL}");
        let bound = Ruled::by(policy(&text)).expect("set up");
        assert!(bound.forbids(&longer, &settings) && bound.forbids(&never, &settings));
        assert!(!bound.forbids(&other, &settings));
        assert_eq!(u16::from(bound.decree(&longer).keep_days), 7);
    }
}
