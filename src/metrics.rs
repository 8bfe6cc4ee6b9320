//! Metrics of a server in the Prometheus text format. Each component holds the part that it updates; a server without
//! `--metrics` has none.

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

/// Content type of the metrics: `OpenMetrics` 1.0, which Prometheus accepts.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Set of one label.
type Label = [(&'static str, &'static str); 1];
/// Set of three labels.
type Labels = [(&'static str, &'static str); 3];
/// Histogram for each route.
type ByRoute = Family<Label, Histogram, fn() -> Histogram>;

/// All metrics of a server.
pub struct Metrics {
    registry: Registry,
    /// Metrics of requests and connections.
    pub requests: Arc<Requests>,
    /// Metrics of the writer's commits.
    pub writer: Arc<Commits>,
    /// Metrics of attempts to deliver to webhooks.
    pub deliveries: Arc<Deliveries>,
    /// Metrics of attempts to send mails.
    pub mails: Arc<Deliveries>,
    sampled: SampledGauges,
}

/// Metrics of requests and connections.
pub struct Requests {
    answered: Family<Labels, Counter>,
    seconds: ByRoute,
    in_flight: Gauge,
    connections: Gauge,
}

/// Metrics of the writer's commits.
#[derive(Debug)]
pub struct Commits {
    size: Histogram,
    seconds: Histogram,
    refusals: Counter,
}

/// Metrics of delivery attempts.
#[derive(Debug, Default)]
pub struct Deliveries {
    attempts: Family<Label, Counter>,
}

/// Values that are read from the store at each scrape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreSample {
    /// Number of the newest event.
    pub events: u64,
    /// Number of dead deliveries.
    pub dead: i64,
    /// Number of dead mails.
    pub dead_mails: i64,
    pub bytes: u64,
    pub wal_bytes: u64,
}

/// Gauges and counters that are set at each scrape.
#[derive(Default)]
struct SampledGauges {
    streams: Gauge,
    readable: Gauge,
    events: Counter,
    dead: Gauge,
    dead_mails: Gauge,
    bytes: Gauge,
    wal_bytes: Gauge,
}

/// Increment of a gauge, undone when it is dropped.
pub struct GaugeGuard(Gauge);

impl GaugeGuard {
    fn increment(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for GaugeGuard {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Metrics {
    /// Creates all metrics at zero, except `lost_lines`, which the log's writer increments.
    pub fn new(lost_lines: &Counter) -> Self {
        let (requests, writer) = (Requests::default(), Commits::default());
        let (deliveries, mails) = (Deliveries::default(), Deliveries::default());
        let sampled = SampledGauges::default();
        let mut registry = Registry::with_prefix("support");
        macro_rules! add {
            ($name:literal, $help:literal, $metric:expr) => {
                registry.register($name, $help, $metric.clone());
            };
        }
        add!("http_requests", "Responses, by route, class of status and kind of principal", requests.answered);
        add!("http_request_seconds", "Seconds until the response head was ready, by route", requests.seconds);
        add!("http_requests_in_flight", "Requests in progress", requests.in_flight);
        add!("http_connections", "Open connections", requests.connections);
        add!("http_streams", "Open event streams", sampled.streams);
        add!("writer_group_size", "Units of work per commit", writer.size);
        add!("writer_commit_seconds", "Duration of commits in seconds", writer.seconds);
        add!("writer_refusals", "Units of work rejected because the queue was full", writer.refusals);
        add!("events_published", "Events published so far by all processes", sampled.events);
        add!("webhook_attempts", "Attempts to deliver to a webhook, by outcome", deliveries.attempts);
        add!("webhook_dead_letters", "Deliveries given up and not redelivered", sampled.dead);
        add!("mail_attempts", "Attempts to send a mail to the relay, by outcome", mails.attempts);
        add!("mail_dead_letters", "Mails given up and not resent", sampled.dead_mails);
        add!("log_lines_lost", "Log lines that could not be written", lost_lines);
        add!("store_readable", "1 if the store could be read at this scrape, else 0", sampled.readable);
        add!("store_bytes", "Size of the store in bytes", sampled.bytes);
        add!("store_wal_bytes", "Size of the write-ahead log in bytes", sampled.wal_bytes);
        Self {
            registry,
            requests: Arc::new(requests),
            writer: Arc::new(writer),
            deliveries: Arc::new(deliveries),
            mails: Arc::new(mails),
            sampled,
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

/// Creates a histogram of seconds with buckets from 0.1 ms to 13 s, each twice the one before.
fn seconds() -> Histogram {
    Histogram::new(exponential_buckets(0.000_1, 2.0, 18))
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

impl Metrics {
    /// Returns the metrics as text. `streams` is the number of open streams; `sample` is `None` if the store could not
    /// be read.
    ///
    /// # Panics
    /// Never: writing to a `String` does not fail.
    pub fn text(&self, streams: usize, sample: Option<StoreSample>) -> String {
        self.sampled.streams.set(i64::try_from(streams).unwrap_or(i64::MAX));
        self.sampled.readable.set(sample.is_some().into());
        if let Some(sample) = sample {
            self.sampled.events.inner().store(sample.events, Ordering::Relaxed);
            self.sampled.dead.set(sample.dead);
            self.sampled.dead_mails.set(sample.dead_mails);
            self.sampled.bytes.set(i64::try_from(sample.bytes).unwrap_or(i64::MAX));
            self.sampled.wal_bytes.set(i64::try_from(sample.wal_bytes).unwrap_or(i64::MAX));
        }
        let mut text = String::new();
        encode(&mut text, &self.registry).expect("writing to a String does not fail");
        text
    }
}

impl Requests {
    /// Counts a connection as open until the returned value is dropped.
    pub fn connected(&self) -> GaugeGuard {
        GaugeGuard::increment(&self.connections)
    }

    /// Counts a request as in flight until the returned value is dropped.
    pub fn began(&self) -> GaugeGuard {
        GaugeGuard::increment(&self.in_flight)
    }

    /// Counts a response with this route and status, and the principal if the request was authenticated.
    pub fn answered(&self, route: &'static str, principal: Option<&Principal>, status: u16, took: Duration) {
        let class = match status {
            ..200 => "1xx",
            200..300 => "2xx",
            300..400 => "3xx",
            400..500 => "4xx",
            500.. => "5xx",
        };
        self.answered
            .get_or_create(&[
                ("route", route),
                ("status", class),
                ("principal", principal.map_or("none", Principal::kind)),
            ])
            .inc();
        self.seconds.get_or_create(&[("route", route)]).observe(took.as_secs_f64());
    }
}

impl Commits {
    /// Records a commit of this number of units of work.
    pub fn committed(&self, units: usize, took: Duration) {
        self.size.observe(u32::try_from(units).unwrap_or(u32::MAX).into());
        self.seconds.observe(took.as_secs_f64());
    }

    /// Counts a unit of work that was rejected because the queue was full.
    pub fn refused(&self) {
        self.refusals.inc();
    }
}

impl Deliveries {
    /// Counts an attempt with this outcome.
    pub fn attempted(&self, outcome: &'static str) {
        self.attempts.get_or_create(&[("outcome", outcome)]).inc();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_appears_in_the_text() {
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
        let sample = StoreSample { events: 7, dead: 1, dead_mails: 2, bytes: 4096, wal_bytes: 0 };
        let text = metrics.text(2, Some(sample));
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
