//! The environments file.

use std::collections::BTreeSet;

use enrollment_core::environment::{Environment, EnvironmentsError, parse};

/// How many environments the text holds.
///
/// # Errors
/// The first thing that is wrong with it.
///
/// # Panics
/// Where a property does not hold.
pub fn judge(text: &str) -> Result<usize, EnvironmentsError> {
    let environments = parse(text).inspect_err(|error| {
        assert!(!error.to_string().is_empty(), "a file is refused with a reason");
    })?;
    let mut names = BTreeSet::from([Environment::SANDBOX.to_lowercase()]);
    for environment in &environments {
        let name = environment.name.to_lowercase();
        assert!(!name.trim().is_empty() && names.insert(name), "a name of its own");
        keeps_the_contract(environment);
    }
    Ok(environments.len())
}

fn keeps_the_contract(environment: &Environment) {
    let gateway = environment.gateway.to_string();
    let loopback = environment.gateway.is_loopback();
    assert!(gateway.starts_with("https://") || loopback && gateway.starts_with("http://"));
    for entry in environment.allowlist.entries() {
        // So it is none of the sandbox's, which no text parses to.
        assert_eq!(entry.to_string().parse().as_ref(), Ok(entry));
    }
    for pace in [environment.pre_sign, environment.post_sign] {
        let (interval, cap) = (pace.interval().as_secs_f64(), pace.cap().as_secs_f64());
        assert!(interval > 0.0 && cap > 0.0);
        let contract = (2.0..=5.0).contains(&interval) && (120.0..=300.0).contains(&cap);
        assert!(contract || loopback, "every {interval} s for {cap} s");
    }
    assert!((1..=1_000).contains(&environment.budget.in_flight()));
    assert!((1..=5_000).contains(&environment.budget.per_second()));
    let never = ["", "PROCESSING", "STARTED", "DOCUMENT_SIGN_SUCCESS"];
    assert!(environment.failures.iter().all(|status| !never.contains(&&**status)));
}
