//! A gateway where every customer's status changes at a steady pace, and says when it did.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering},
    },
    time::Duration,
};

use axum::{Router, extract::Path, http::StatusCode, routing::get};
use jiff::Timestamp;
use serde_json::json;
use tokio::net::TcpListener;

pub struct Gateway {
    pub base: String,
    customers: Arc<Customers>,
}

struct Customers {
    period_ms: i64,
    is_still: AtomicBool,
    /// What each was last said to be.
    said: Vec<AtomicI64>,
    changes: AtomicU32,
}

impl Gateway {
    /// Its customers have the numbers from 1 on; the status of each changes once in a period.
    pub async fn start(customers: u32, period: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let customers = Arc::new(Customers {
            period_ms: i64::try_from(period.as_millis()).expect("a period"),
            is_still: AtomicBool::new(false),
            said: (0..=customers).map(|_| AtomicI64::new(0)).collect(),
            changes: AtomicU32::new(0),
        });
        let asked = Arc::clone(&customers);
        let answer = move |Path((id, _)): Path<(u32, String)>| {
            std::future::ready(match asked.status(id) {
                Some(status) => {
                    let body = json!({ "videoIdentificationStatus": status }).to_string();
                    Ok(([("content-type", "application/json")], body))
                }
                None => Err(StatusCode::NOT_FOUND),
            })
        };
        let path = "/Enrollment/{id}/{type}/true/get-identification-process-status";
        let served = axum::serve(listener, Router::new().route(path, get(answer)));
        tokio::spawn(async move { served.await });
        Self { base, customers }
    }

    /// From now on everybody stays as they are.
    pub fn be_still(&self, still: bool) {
        self.customers.is_still.store(still, Ordering::Relaxed);
    }

    /// How many answers until now said another status than the one before.
    pub fn changes(&self) -> u32 {
        self.customers.changes.load(Ordering::Relaxed)
    }
}

impl Customers {
    /// When a customer's status last changed is what it says. The customers' changes lie apart.
    fn status(&self, id: u32) -> Option<String> {
        let said = self.said.get(usize::try_from(id).ok()?)?;
        let before = said.load(Ordering::Relaxed);
        let changed = if before != 0 && self.is_still.load(Ordering::Relaxed) {
            before
        } else {
            let now = Timestamp::now().as_millisecond();
            now - (now - i64::from(id) * 37 % self.period_ms).rem_euclid(self.period_ms)
        };
        if said.swap(changed, Ordering::Relaxed) != changed && before != 0 {
            self.changes.fetch_add(1, Ordering::Relaxed);
        }
        Some(format!("AT_{changed}"))
    }
}
