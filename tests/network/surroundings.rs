//! Where a part of the faults is played: the proxies that the process environment names. It cannot
//! be changed under a running process, so each part has a process of its own.

use std::{
    env,
    net::{Ipv4Addr, TcpListener},
    process::{Command, ExitCode},
};

use crate::{arguments::Arguments, faults};

/// Says which surroundings a process was started in, and the port of its proxy.
const VARIABLE: &str = "ENROLLMENT_NETWORK_TEST";

/// What stands between the client and the gateways that are not on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A proxy that knows the way.
    Proxy,
    /// A proxy that nobody runs.
    Nobody,
    /// A proxy of a kind that is not spoken.
    Socks,
}

#[derive(Clone, Copy)]
pub struct Surroundings {
    pub place: Place,
    pub proxy: u16,
}

/// Where this process was started.
pub fn here() -> Option<Surroundings> {
    let told = env::var(VARIABLE).ok()?;
    let (place, proxy) = told.split_once(' ')?;
    let place = *PLACES.iter().find(|it| it.word() == place)?;
    Some(Surroundings { place, proxy: proxy.parse().ok()? })
}

const PLACES: [Place; 3] = [Place::Proxy, Place::Nobody, Place::Socks];

impl Place {
    fn word(self) -> &'static str {
        match self {
            Self::Proxy => "proxy",
            Self::Nobody => "nobody",
            Self::Socks => "socks",
        }
    }
}

/// Starts this program anew in each of the surroundings that are wanted.
pub fn visit(arguments: &Arguments) -> ExitCode {
    let wanted = |place: &Place| {
        faults::all().any(|fault| fault.place() == *place && arguments.wants(fault))
    };
    let mut failed = false;
    for place in PLACES.into_iter().filter(wanted) {
        let port = free_port();
        let scheme = if place == Place::Socks { "socks5" } else { "http" };
        let proxy = format!("{scheme}://127.0.0.1:{port}");
        let program = env::current_exe().expect("this program has a path");
        let mut again = Command::new(program);
        again.args(env::args_os().skip(1)).env(VARIABLE, format!("{} {port}", place.word()));
        for name in ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
            again.env(name, &proxy);
        }
        // A name that is to be looked up here, and not by the proxy.
        again.env("NO_PROXY", ".nowhere.invalid").env_remove("no_proxy");
        // Neither may weaken anything, nor write anything down.
        again.env("SSLKEYLOGFILE", key_log()).env("NODE_TLS_REJECT_UNAUTHORIZED", "0");
        again.env_remove("REQUEST_METHOD");
        let status = again.status().expect("this program starts");
        failed |= !status.success();
    }
    if key_log().exists() {
        println!("the keys of the connections were written to {}", key_log().display());
        failed = true;
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn key_log() -> std::path::PathBuf {
    env::temp_dir().join(format!("enrollment-network-keys-{}", std::process::id()))
}

/// A port that nobody listens on just now.
fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}
