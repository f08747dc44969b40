//! Certificates, good ones and bad ones, and who vouches for them.

use std::sync::Arc;

use enrollment_core::gateway::Authorities;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::{
    RootCertStore, ServerConfig,
    crypto::aws_lc_rs::default_provider,
    pki_types::{CertificateDer, PrivateKeyDer},
    server::WebPkiClientVerifier,
};

const HTTP1: &[u8] = b"http/1.1";
const HTTP2: &[u8] = b"h2";

/// What the peers show, made once: nothing in a round depends on the keys.
pub struct Papers {
    pub authorities: Authorities,
    pub good: Arc<ServerConfig>,
    pub http2: Arc<ServerConfig>,
    pub expired: Arc<ServerConfig>,
    pub not_yet: Arc<ServerConfig>,
    pub other_name: Arc<ServerConfig>,
    pub stranger: Arc<ServerConfig>,
    pub self_signed: Arc<ServerConfig>,
    pub forged: Arc<ServerConfig>,
    pub not_for_servers: Arc<ServerConfig>,
    pub asks_for_one: Arc<ServerConfig>,
}

/// When the bad times begin and end.
pub const RAN_OUT: (i32, u8, u8) = (2024, 3, 1);
pub const BEGINS: (i32, u8, u8) = (2090, 6, 15);

/// The names of the gateways, and somebody else's.
const NAMES: [&str; 3] = ["127.0.0.1", "gateway.test", "*.gateway.test"];
const OTHER: [&str; 2] = ["other.example.bg", "127.0.0.2"];

struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
    der: CertificateDer<'static>,
}

impl Papers {
    pub fn make() -> Self {
        let ours = Authority::new("test authority");
        let stranger = Authority::new("stranger");
        // Named like ours, with another key.
        let forger = Authority::new("test authority");
        let plain = |_: &mut CertificateParams| {};
        let expired = |it: &mut CertificateParams| {
            it.not_before = date_time_ymd(2023, 1, 1);
            it.not_after = date_time_ymd(RAN_OUT.0, RAN_OUT.1, RAN_OUT.2);
        };
        let not_yet = |it: &mut CertificateParams| {
            it.not_before = date_time_ymd(BEGINS.0, BEGINS.1, BEGINS.2);
        };
        let for_clients = |it: &mut CertificateParams| {
            it.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        };
        Self {
            authorities: Authorities::parse(ours.pem.as_bytes()).expect("an authority"),
            good: ours.certifies(&NAMES, plain, HTTP1),
            http2: ours.certifies(&NAMES, plain, HTTP2),
            expired: ours.certifies(&NAMES, expired, HTTP1),
            not_yet: ours.certifies(&NAMES, not_yet, HTTP1),
            other_name: ours.certifies(&OTHER, plain, HTTP1),
            stranger: stranger.certifies(&NAMES, plain, HTTP1),
            self_signed: self_signed(),
            forged: forger.certifies(&NAMES, plain, HTTP1),
            not_for_servers: ours.certifies(&NAMES, for_clients, HTTP1),
            asks_for_one: ours.asks_for_one(),
        }
    }
}

impl Authority {
    fn new(name: &str) -> Self {
        let key = KeyPair::generate().expect("a key");
        let mut it = CertificateParams::default();
        it.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        it.distinguished_name.push(DnType::CommonName, name);
        it.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let made = it.self_signed(&key).expect("an authority");
        Self { issuer: Issuer::new(it, key), pem: made.pem(), der: made.der().clone() }
    }

    fn certifies(
        &self,
        names: &[&str],
        change: impl FnOnce(&mut CertificateParams),
        protocol: &[u8],
    ) -> Arc<ServerConfig> {
        let (der, key) = self.signs(names, change);
        Arc::new(finish(versions().with_no_client_auth(), der, &key, protocol))
    }

    /// A gateway that wants a certificate of whoever asks.
    fn asks_for_one(&self) -> Arc<ServerConfig> {
        let (der, key) = self.signs(&NAMES, |_| {});
        let mut roots = RootCertStore::empty();
        roots.add(self.der.clone()).expect("an authority");
        let verifier =
            WebPkiClientVerifier::builder_with_provider(roots.into(), default_provider().into())
                .build()
                .expect("a verifier");
        Arc::new(finish(versions().with_client_cert_verifier(verifier), der, &key, HTTP1))
    }

    fn signs(
        &self,
        names: &[&str],
        change: impl FnOnce(&mut CertificateParams),
    ) -> (CertificateDer<'static>, KeyPair) {
        let key = KeyPair::generate().expect("a key");
        let mut it = leaf(names);
        it.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        change(&mut it);
        let made = it.signed_by(&key, &self.issuer).expect("a certificate");
        (made.der().clone(), key)
    }
}

fn leaf(names: &[&str]) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut it = CertificateParams::new(names).expect("names");
    it.distinguished_name.push(DnType::CommonName, "gateway");
    it.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    it
}

fn self_signed() -> Arc<ServerConfig> {
    let key = KeyPair::generate().expect("a key");
    let made = leaf(&NAMES).self_signed(&key).expect("a certificate");
    Arc::new(finish(versions().with_no_client_auth(), made.der().clone(), &key, HTTP1))
}

fn versions() -> rustls::ConfigBuilder<ServerConfig, rustls::WantsVerifier> {
    ServerConfig::builder_with_provider(default_provider().into())
        .with_safe_default_protocol_versions()
        .expect("TLS versions")
}

fn finish(
    builder: rustls::ConfigBuilder<ServerConfig, rustls::server::WantsServerCert>,
    der: CertificateDer<'static>,
    key: &KeyPair,
    protocol: &[u8],
) -> ServerConfig {
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let mut config = builder.with_single_cert(vec![der], key).expect("a usable certificate");
    config.alpn_protocols = vec![protocol.to_vec()];
    config
}
