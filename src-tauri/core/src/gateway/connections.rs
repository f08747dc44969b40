//! How many connections of a client are being opened just now, seen from its connector.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use tokio::sync::Notify;
use tower_layer::Layer;
use tower_service::Service;

/// Shared by a client and its connector.
#[derive(Debug)]
pub(super) struct Connections {
    opening: AtomicUsize,
    /// Whether one connection carries many polls at once, as HTTP/2 does. Believed until an
    /// answer shows otherwise.
    multiplexed: AtomicBool,
    settled: Notify,
}

impl Connections {
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            opening: AtomicUsize::new(0),
            multiplexed: AtomicBool::new(true),
            settled: Notify::new(),
        })
    }

    pub fn are_opening(&self) -> bool {
        self.opening.load(Ordering::Relaxed) > 0
    }

    /// Waits where a connection is being opened that will serve this poll too. Without it a tick's
    /// polls would open one each, of which all but one are thrown away.
    pub async fn shared(&self) {
        while self.multiplexed.load(Ordering::Relaxed) && self.are_opening() {
            let settled = self.settled.notified();
            if self.are_opening() {
                settled.await;
            }
        }
    }

    pub fn answered(&self, version: reqwest::Version) {
        self.multiplexed.store(version == reqwest::Version::HTTP_2, Ordering::Relaxed);
    }
}

/// Counts a connection for as long as it is being opened, however that ends.
struct Opening(Arc<Connections>);

impl Opening {
    fn begin(connections: &Arc<Connections>) -> Self {
        connections.opening.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(connections))
    }
}

impl Drop for Opening {
    fn drop(&mut self) {
        self.0.opening.fetch_sub(1, Ordering::Relaxed);
        self.0.settled.notify_waiters();
    }
}

/// Puts [`Counted`] round a connector.
#[derive(Clone, Debug)]
pub(super) struct Counting(pub Arc<Connections>);

impl<C> Layer<C> for Counting {
    type Service = Counted<C>;

    fn layer(&self, connector: C) -> Counted<C> {
        Counted { connector, connections: Arc::clone(&self.0) }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Counted<C> {
    connector: C,
    connections: Arc<Connections>,
}

impl<C, To> Service<To> for Counted<C>
where
    C: Service<To>,
    C::Future: Send + 'static,
{
    type Response = C::Response;
    type Error = C::Error;
    type Future = Pin<Box<dyn Future<Output = Result<C::Response, C::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), C::Error>> {
        self.connector.poll_ready(context)
    }

    fn call(&mut self, to: To) -> Self::Future {
        let opening = Opening::begin(&self.connections);
        let connect = self.connector.call(to);
        Box::pin(async move {
            let connection = connect.await;
            drop(opening);
            connection
        })
    }
}
