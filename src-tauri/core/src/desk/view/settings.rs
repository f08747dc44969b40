//! What the console remembers of how it is used, and what it tells once at its start.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use super::TokenProblem;
use crate::{
    enrollment::{Place, visible},
    environment::LONGEST_NAME,
    journal::KeepDays,
    policy::{HideAfter, Operators, Policy},
};

/// What the console remembers of how it is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Settings {
    #[serde(deserialize_with = "environment_name")]
    pub environment: String,
    pub language: Language,
    pub theme: Theme,
    /// Where a new customer is, unless the clerk says otherwise.
    pub place: Place,
    /// For how many days a finished enrollment is kept: 1 to 3650.
    #[serde(default)]
    pub keep_days: KeepDays,
    /// When the list is covered by itself; null where never.
    #[serde(default = "Settings::usual_hiding")]
    pub hide_after: Option<HideAfter>,
    /// Whether keys that are characters act.
    #[serde(default = "Settings::usual_single_keys")]
    pub single_keys: bool,
    #[serde(default)]
    pub order: Order,
    #[serde(default)]
    pub heads_up: HeadsUp,
    /// Of what nothing is said on the desktop.
    #[serde(default)]
    pub muted: BTreeSet<News>,
    /// Whether a word on the desktop makes a sound.
    #[serde(default)]
    pub sound: bool,
    #[serde(default)]
    pub density: Density,
    #[serde(default)]
    pub zoom: Zoom,
    /// Whether the numbers of customers at this desk are hidden: the next in line sees the screen.
    #[serde(default = "Settings::usual_hiding_of_numbers")]
    pub hide_numbers: bool,
}

/// No environment has a longer name, so nobody chose one.
fn environment_name<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let name = String::deserialize(from)?;
    if name.chars().count() > LONGEST_NAME {
        return Err(D::Error::custom(format!(
            "environment: longer than {LONGEST_NAME} characters"
        )));
    }
    Ok(name)
}

impl Settings {
    #[must_use]
    pub fn usual_hiding_of_numbers() -> bool {
        true
    }

    /// When the list is covered where nobody chose: after ten minutes.
    #[must_use]
    pub fn usual_hiding() -> Option<HideAfter> {
        HideAfter::try_from(10).ok()
    }

    /// Keys that are characters act, until somebody whom that troubles switches them off.
    #[must_use]
    pub fn usual_single_keys() -> bool {
        true
    }
}

/// What the managed policy has decided: nobody can choose it in the window.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct PolicyView {
    /// The file that is in force, where there is one.
    pub file: Option<String>,
    /// What is wrong with a newer version of it. What it said before holds on.
    pub trouble: Option<String>,
    /// Whether the environments are the policy's own.
    pub environments: bool,
    pub keep_days: Option<KeepDays>,
    pub hide_after: Option<HideAfter>,
    /// Whether whoever uncovers the list says who they are.
    pub asks_operator: bool,
    /// The names to choose from; where there are none, they are typed.
    pub operators: Vec<String>,
}

impl PolicyView {
    /// What a policy has decided; nothing where there is none.
    #[must_use]
    pub fn of(policy: Option<&Policy>) -> Self {
        let Some(policy) = policy else { return Self::default() };
        let rules = &policy.rules;
        Self {
            file: Some(visible(&policy.file.display().to_string())),
            trouble: None,
            environments: rules.environments.is_some(),
            keep_days: rules.keep_days,
            hide_after: rules.hide_after,
            asks_operator: rules.operators.is_some(),
            operators: rules.operators.as_ref().map(Operators::names).unwrap_or_default().to_vec(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    Bg,
    En,
}

/// How much room a row takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Density {
    #[default]
    Comfortable,
    Compact,
}

/// How large everything in the window is, in percent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub enum Zoom {
    #[default]
    #[serde(rename = "100")]
    Usual,
    #[serde(rename = "125")]
    Larger,
    #[serde(rename = "150")]
    Large,
    #[serde(rename = "200")]
    Double,
}

impl Zoom {
    #[must_use]
    pub fn factor(self) -> f64 {
        match self {
            Self::Usual => 1.0,
            Self::Larger => 1.25,
            Self::Large => 1.5,
            Self::Double => 2.0,
        }
    }
}

/// What is said on the desktop to whoever looks elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum HeadsUp {
    Off,
    /// How many, and nobody's name: others see the desktop too.
    #[default]
    Counts,
    Names,
}

/// What may be said on the desktop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum News {
    Ready,
    Signed,
    /// Somebody has to do something: a new link is needed, or it was probably not signed.
    Needs,
    /// A watch ended without its goal.
    Ended,
    Blocked,
    /// An environment needs a token.
    Token,
}

/// By what the list is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// What needs a hand first, then the newest change.
    #[default]
    Attention,
    /// Who came last to the list.
    Newest,
    /// Who has stood longest where they stand.
    Longest,
    /// Whose watch ends next.
    TimeLeft,
    Name,
    Id,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    System,
    Light,
    Dark,
}

/// What the window asks for once, before it subscribes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Start {
    pub version: String,
    pub settings: Settings,
    /// What is wrong with the environments file, in words that name the place and the rule.
    pub environments_trouble: Option<String>,
    /// What is wrong with the settings file, in words that name the place and where it is now.
    pub settings_trouble: Option<String>,
}

/// What came of ending a shift.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ShiftEnded {
    /// How many watches ended with it.
    pub interrupted: u32,
    /// Tokens that the password store may still hold.
    pub tokens_left: Vec<TokenLeft>,
}

/// A token that could not be forgotten, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct TokenLeft {
    pub environment: String,
    pub why: TokenProblem,
}
