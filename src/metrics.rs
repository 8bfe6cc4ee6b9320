//! What a server counts about itself, for Prometheus. Whoever counts holds the part that is theirs; nothing is counted
//! where nobody asked for it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use prometheus_client::encoding::text::encode;
pub use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use crate::model::principal::Principal;

/// How the text is named: `OpenMetrics`, which Prometheus reads as its own.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// One name with its value.
type Label = [(&'static str, &'static str); 1];
/// Two of them.
type Labels = [(&'static str, &'static str); 3];
/// A histogram for each route.
type ByRoute = Family<Label, Histogram, fn() -> Histogram>;

/// Everything that is counted.
pub struct Metrics {
    registry: Registry,
    /// Requests, and what they come on.
    pub requests: Arc<Requests>,
    /// The writer's commits.
    pub writer: Arc<Commits>,
    /// What came of the attempts to deliver.
    pub deliveries: Arc<Deliveries>,
    /// What came of the attempts to mail.
    pub mails: Arc<Deliveries>,
    seen: SeenGauges,
}

/// Requests, and what they come on.
pub struct Requests {
    answered: Family<Labels, Counter>,
    seconds: ByRoute,
    in_flight: Gauge,
    connections: Gauge,
}

/// The writer's commits.
#[derive(Debug)]
pub struct Commits {
    size: Histogram,
    seconds: Histogram,
    refusals: Counter,
}

/// What came of the attempts to deliver.
#[derive(Debug, Default)]
pub struct Deliveries {
    attempts: Family<Label, Counter>,
}

/// What is read when somebody asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The newest event's number.
    pub events: u64,
    /// Deliveries that were given up.
    pub dead: i64,
    /// Mails that were given up.
    pub dead_mails: i64,
    /// The store's size in bytes.
    pub bytes: u64,
    /// Its log's size in bytes.
    pub wal_bytes: u64,
}

/// Where that is shown.
#[derive(Default)]
struct SeenGauges {
    streams: Gauge,
    readable: Gauge,
    events: Counter,
    dead: Gauge,
    dead_mails: Gauge,
    bytes: Gauge,
    wal_bytes: Gauge,
}

/// Holds a gauge up by one for as long as it lives.
pub struct Held(Gauge);

impl Held {
    fn up(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Metrics {
    /// Everything at zero, but for the lines of the log that were lost, which their writer counts.
    pub fn new(lost_lines: &Counter) -> Self {
        let (requests, writer) = (Requests::default(), Commits::default());
        let (deliveries, mails) = (Deliveries::default(), Deliveries::default());
        let seen = SeenGauges::default();
        let mut registry = Registry::with_prefix("support");
        macro_rules! add {
            ($name:literal, $help:literal, $metric:expr) => {
                registry.register($name, $help, $metric.clone());
            };
        }
        add!("http_requests", "Requests answered, by route, class of status and kind of principal", requests.answered);
        add!("http_request_seconds", "Seconds until an answer began, by route", requests.seconds);
        add!("http_requests_in_flight", "Requests that are being answered", requests.in_flight);
        add!("http_connections", "Connections that are open", requests.connections);
        add!("http_streams", "Streams of events that are open", seen.streams);
        add!("writer_group_size", "Units of work in a commit", writer.size);
        add!("writer_commit_seconds", "Seconds that a commit took", writer.seconds);
        add!("writer_refusals", "Units of work refused since too many waited", writer.refusals);
        add!("events_published", "Events in the store so far, whoever published them", seen.events);
        add!("webhook_attempts", "Attempts to deliver, by what came of them", deliveries.attempts);
        add!("webhook_dead_letters", "Deliveries that were given up and not tried again", seen.dead);
        add!("mail_attempts", "Attempts to hand a mail to the relay, by what came of them", mails.attempts);
        add!("mail_dead_letters", "Mails that were given up and not tried again", seen.dead_mails);
        add!("log_lines_lost", "Lines of the log that could not be written", lost_lines);
        add!("store_readable", "Whether the store could be read just now", seen.readable);
        add!("store_bytes", "Size of the store's file", seen.bytes);
        add!("store_wal_bytes", "Size of the store's write-ahead log", seen.wal_bytes);
        Self {
            registry,
            requests: Arc::new(requests),
            writer: Arc::new(writer),
            deliveries: Arc::new(deliveries),
            mails: Arc::new(mails),
            seen,
        }
    }
}

impl Default for Requests {
    fn default() -> Self {
        Self {
            answered: Family::default(),
            seconds: Family::new_with_constructor(seconds),
            in_flight: Gauge::default(),
            connections: Gauge::default(),
        }
    }
}

impl Default for Commits {
    fn default() -> Self {
        let size = Histogram::new(exponential_buckets(1.0, 2.0, 9));
        Self { size, seconds: seconds(), refusals: Counter::default() }
    }
}

/// Times from a tenth of a millisecond to 13 s, each bound twice the one before.
fn seconds() -> Histogram {
    Histogram::new(exponential_buckets(0.000_1, 2.0, 18))
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

impl Metrics {
    /// The text for whoever asks, with so many streams open, and what was seen in the store; none where it could not be
    /// read.
    ///
    /// # Panics
    /// Never: a text takes whatever is written to it.
    pub fn text(&self, streams: usize, seen: Option<Seen>) -> String {
        self.seen.streams.set(i64::try_from(streams).unwrap_or(i64::MAX));
        self.seen.readable.set(seen.is_some().into());
        if let Some(seen) = seen {
            self.seen.events.inner().store(seen.events, Ordering::Relaxed);
            self.seen.dead.set(seen.dead);
            self.seen.dead_mails.set(seen.dead_mails);
            self.seen.bytes.set(i64::try_from(seen.bytes).unwrap_or(i64::MAX));
            self.seen.wal_bytes.set(i64::try_from(seen.wal_bytes).unwrap_or(i64::MAX));
        }
        let mut text = String::new();
        encode(&mut text, &self.registry).expect("a text takes what is written to it");
        text
    }
}

impl Requests {
    /// A connection stands, until what this gives is dropped.
    pub fn connected(&self) -> Held {
        Held::up(&self.connections)
    }

    /// A request is being answered, until what this gives is dropped.
    pub fn began(&self) -> Held {
        Held::up(&self.in_flight)
    }

    /// A request by this route, of this principal where it had a good token, was answered with this status.
    pub fn answered(&self, route: &'static str, by: Option<&Principal>, status: u16, took: Duration) {
        let class = match status {
            ..200 => "1xx",
            200..300 => "2xx",
            300..400 => "3xx",
            400..500 => "4xx",
            500.. => "5xx",
        };
        self.answered
            .get_or_create(&[("route", route), ("status", class), ("principal", by.map_or("none", Principal::kind))])
            .inc();
        self.seconds.get_or_create(&[("route", route)]).observe(took.as_secs_f64());
    }
}

impl Commits {
    /// So many units of work became durable with one commit.
    pub fn committed(&self, units: usize, took: Duration) {
        self.size.observe(u32::try_from(units).unwrap_or(u32::MAX).into());
        self.seconds.observe(took.as_secs_f64());
    }

    /// One was refused, since too many waited.
    pub fn refused(&self) {
        self.refusals.inc();
    }
}

impl Deliveries {
    /// An attempt came to this.
    pub fn attempted(&self, outcome: &'static str) {
        self.attempts.get_or_create(&[("outcome", outcome)]).inc();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_is_in_the_text() {
        let customer = Principal::Customer(crate::model::CustomerId::FIRST);
        let lost_lines = Counter::default();
        let metrics = Metrics::new(&lost_lines);
        lost_lines.inc();
        metrics.requests.answered("POST /", Some(&customer), 200, Duration::from_millis(3));
        metrics.requests.answered("POST /", Some(&customer), 204, Duration::from_millis(30));
        metrics.requests.answered("POST /", None, 503, Duration::ZERO);
        metrics.writer.committed(3, Duration::from_micros(250));
        metrics.writer.refused();
        metrics.deliveries.attempted("dead");
        metrics.mails.attempted("retried");
        let (connection, request) = (metrics.requests.connected(), metrics.requests.began());
        drop(request);
        let seen = Seen { events: 7, dead: 1, dead_mails: 2, bytes: 4096, wal_bytes: 0 };
        let text = metrics.text(2, Some(seen));
        for line in [
            "support_http_requests_total{route=\"POST /\",status=\"2xx\",principal=\"customer\"} 2",
            "support_http_requests_total{route=\"POST /\",status=\"5xx\",principal=\"none\"} 1",
            "support_http_request_seconds_count{route=\"POST /\"} 3",
            "support_http_requests_in_flight 0",
            "support_http_connections 1",
            "support_http_streams 2",
            "support_writer_group_size_sum 3.0",
            "support_writer_commit_seconds_count 1",
            "support_writer_refusals_total 1",
            "support_events_published_total 7",
            "support_webhook_attempts_total{outcome=\"dead\"} 1",
            "support_webhook_dead_letters 1",
            "support_mail_attempts_total{outcome=\"retried\"} 1",
            "support_mail_dead_letters 2",
            "support_log_lines_lost_total 1",
            "support_store_readable 1",
            "support_store_bytes 4096",
            "support_store_wal_bytes 0",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in {text}");
        }
        drop(connection);
        let text = metrics.text(0, None);
        assert!(text.contains("\nsupport_store_readable 0\n") && text.contains("\nsupport_http_connections 0\n"));
        assert!(text.ends_with("# EOF\n"));
    }
}
