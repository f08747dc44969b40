//! A gateway where every customer's status changes once in five seconds, and says when it did.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{Router, extract::Path, routing::get};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::net::TcpListener;

const PERIOD_MS: i64 = 5_000;

pub struct Gateway {
    pub base: String,
    answers: Arc<AtomicU32>,
    since: Instant,
}

impl Gateway {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let answers = Arc::<AtomicU32>::default();
        let counted = Arc::clone(&answers);
        let status = move |Path((id, _)): Path<(u32, String)>| {
            counted.fetch_add(1, Ordering::Relaxed);
            std::future::ready(([("content-type", "application/json")], status_of(id).to_string()))
        };
        let path = "/Enrollment/{id}/{type}/true/get-identification-process-status";
        let served = axum::serve(listener, Router::new().route(path, get(status)));
        tokio::spawn(async move { served.await });
        Self { base, answers, since: Instant::now() }
    }

    /// Every answer after the first has a change to tell where the poll's gap is a change's or
    /// longer; of shorter gaps, so many as there are changes.
    pub fn changes_per_second(&self) -> f64 {
        const GAP_S: f64 = 3.0;
        let polls = f64::from(self.answers.load(Ordering::Relaxed));
        let period = Duration::from_millis(PERIOD_MS.unsigned_abs()).as_secs_f64();
        polls / self.since.elapsed().as_secs_f64() * GAP_S / period
    }
}

/// When a customer's status last changed is what it says. The customers' changes lie apart.
fn status_of(id: u32) -> Value {
    let now = Timestamp::now().as_millisecond();
    let apart = i64::from(id) * 37 % PERIOD_MS;
    let changed = now - (now - apart).rem_euclid(PERIOD_MS);
    json!({ "videoIdentificationStatus": format!("AT_{changed}") })
}
