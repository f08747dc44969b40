//! Somebody who hears all that anything logs.

use std::{fmt, sync::Arc};

use tracing::{
    Event, Id, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Record},
};

type Hear = dyn Fn(&str) + Send + Sync;

#[derive(Clone)]
struct Log(Arc<Hear>);

/// Listens to both ways of logging that Rust's libraries have, at their most talkative, for as long
/// as the process lives.
pub fn to_everything(hear: impl Fn(&str) + Send + Sync + 'static) {
    let log = Log(Arc::new(hear));
    log::set_boxed_logger(Box::new(log.clone())).expect("the only logger");
    log::set_max_level(log::LevelFilter::Trace);
    tracing::subscriber::set_global_default(log).expect("the only subscriber");
}

impl Log {
    fn hear(&self, what: fmt::Arguments<'_>) {
        (self.0)(&what.to_string());
    }
}

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        self.hear(format_args!("{} {}", record.target(), record.args()));
    }

    fn flush(&self) {}
}

impl Visit for &Log {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.hear(format_args!("{field}: {value:?}"));
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.hear(format_args!("{} {}", span.metadata().target(), span.metadata().name()));
        span.record(&mut &*self);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut &*self);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.hear(format_args!("{}", event.metadata().target()));
        event.record(&mut &*self);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
