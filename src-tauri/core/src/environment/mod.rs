//! Environments: where a gateway is, which links may be opened, how often to ask. No secrets.

mod file;

use serde::{Deserialize, Serialize};

use crate::{
    enrollment::Phase,
    gateway::{Authorities, GatewayUrl},
    signing_url::{Allowlist, AllowlistEntry},
    tokens::TokenCommand,
    watch::Pace,
};

pub(crate) use file::{Author, LONGEST_NAME, Table, environments, load_from};
pub use file::{EnvironmentsError, config_folder, file_path, load, parse, parse_beside};

/// One gateway and the rules that go with it.
#[derive(Clone, Debug)]
pub struct Environment {
    pub name: String,
    pub kind: EnvironmentKind,
    pub gateway: GatewayUrl,
    /// Who alone may vouch for the gateway; where there is nothing, whoever the platform trusts.
    pub authorities: Option<Authorities>,
    pub allowlist: Allowlist,
    /// Statuses that mean failure.
    pub failures: Vec<String>,
    pub pre_sign: Pace,
    pub post_sign: Pace,
    pub budget: Budget,
    /// What follows after signing, in the administrator's words.
    pub next_step: Option<String>,
    /// What fetches its tokens, where the managed policy names something.
    pub token_command: Option<TokenCommand>,
}

/// What a gateway is asked for at the most, by all watches of its environment together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    in_flight: u16,
    per_second: u16,
}

/// Why a budget is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BudgetError {
    #[error("requests-in-flight: {0} is not within 1 to 1000")]
    InFlight(u16),
    #[error("requests-per-second: {0} is not within 1 to 5000")]
    PerSecond(u16),
}

impl Default for Budget {
    fn default() -> Self {
        Self { in_flight: 100, per_second: 400 }
    }
}

impl Budget {
    /// A budget of requests in flight at once, and of requests a second.
    ///
    /// # Errors
    /// Outside 1 to 1,000 and 1 to 5,000.
    pub fn new(in_flight: u16, per_second: u16) -> Result<Self, BudgetError> {
        if !(1..=1_000).contains(&in_flight) {
            return Err(BudgetError::InFlight(in_flight));
        }
        if !(1..=5_000).contains(&per_second) {
            return Err(BudgetError::PerSecond(per_second));
        }
        Ok(Self { in_flight, per_second })
    }

    #[must_use]
    pub fn in_flight(self) -> u16 {
        self.in_flight
    }

    #[must_use]
    pub fn per_second(self) -> u16 {
        self.per_second
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum EnvironmentKind {
    Production,
    Test,
    Training,
}

impl Environment {
    /// The name of the training environment that every console has. No file may use it.
    pub const SANDBOX: &'static str = "Sandbox";

    /// The failure status that every environment begins with.
    pub const FAILURE: &'static str = "ERROR";

    /// An environment with the contract's defaults.
    #[must_use]
    pub fn new(name: &str, kind: EnvironmentKind, gateway: GatewayUrl, allow: Allowlist) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            gateway,
            authorities: None,
            allowlist: allow,
            failures: vec![Self::FAILURE.to_owned()],
            pre_sign: Pace::default(),
            post_sign: Pace::default(),
            budget: Budget::default(),
            next_step: None,
            token_command: None,
        }
    }

    /// The training environment, whose gateway and signing pages are one server on this machine.
    #[must_use]
    pub fn sandbox(gateway: GatewayUrl) -> Self {
        let allow = Allowlist::new(loopback_entry(&gateway).into_iter().collect());
        Self::new(Self::SANDBOX, EnvironmentKind::Training, gateway, allow)
    }

    /// Whether both ask the same gateway in the same way: a token of the one may go to the other,
    /// over the connections that there are.
    #[must_use]
    pub fn is_same_gateway(&self, other: &Self) -> bool {
        self.gateway == other.gateway && self.authorities == other.authorities
    }

    #[must_use]
    pub fn pace(&self, phase: Phase) -> Pace {
        match phase {
            Phase::PreSign => self.pre_sign,
            Phase::PostSign => self.post_sign,
        }
    }
}

/// The entry for signing pages that a gateway on this machine serves itself; none for others.
#[must_use]
pub fn loopback_entry(gateway: &GatewayUrl) -> Option<AllowlistEntry> {
    gateway
        .is_loopback()
        .then(|| gateway.port().try_into().ok())
        .flatten()
        .map(AllowlistEntry::sandbox)
}
