//! `cargo bench --bench serve`: the executable under load over loopback, compared with the limits of this machine: a
//! constant reply from the same accept loop and warp, and the bare store (SQLite alone) with the same rows, indexes and commits.
//!
//! Options after `--`: `--rounds N` (5), `--seconds S` (2) per measurement, `--connections N,N` (1,32,256), `--reads`
//! for the read-only loads, `--serve OPTIONS` for options of `serve` in these loads, such as `--metrics`.

#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]
#![expect(clippy::cast_precision_loss, reason = "counts of a few seconds are far below 2^52")]

mod load;
mod process;
mod yardstick;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request};
use http_body_util::Full;
use load::{Load, Next, load};
use process::Server;

const BASE: &str = "/api/customer/mtxi/support";
const DESCRIPTION: &str = "The driver took a long way round, and the price was higher than the one I had accepted.";
const EVENT: &str = r#"{"ticketId":1,"customerId":1,"groupCustomerIds":[],"serviceType":"ride","issueType":"OTHER","status":"OPEN","level":1,"actor":{"kind":"customer","id":1}}"#;
/// Default numbers of connections.
const CONNECTIONS: &[usize] = &[1, 32, 256];

/// Measurements of one load, and of its yardsticks in the same round.
struct Measured {
    load: Load,
    batch: f64,
    constant: Option<Load>,
    bare: Option<f64>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    if std::env::var_os(yardstick::CONSTANT).is_some() {
        return run_constant();
    }
    let options = Options::read();
    let folder = tempfile::tempdir().expect("a folder to measure in");
    let template = prepare(folder.path());
    let token = token(&template);
    println!(
        "| load | connections | requests/s | p50 ms | p99 ms | CPU µs/request | memory MiB | batch | of the yardstick |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for connections in &options.connections {
        let mut results: Vec<(&str, Vec<Measured>)> = Vec::new();
        for _ in 0..options.rounds {
            for (name, measured) in round(&folder, &template, &token, *connections, &options).await {
                match results.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, results)) => results.push(measured),
                    None => results.push((name, vec![measured])),
                }
            }
        }
        for (name, results) in &results {
            print_row(name, *connections, results);
        }
    }
}

/// Runs the server of constant replys on all processors, as the product does.
fn run_constant() {
    let serve = || {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
        runtime.block_on(yardstick::serve_constant());
    };
    std::thread::spawn(serve).join().expect("it serves until it is ended");
}

/// Command-line options.
struct Options {
    rounds: usize,
    time: Duration,
    connections: Vec<usize>,
    reads: bool,
    serve: Vec<String>,
}

impl Options {
    fn read() -> Self {
        let arguments: Vec<String> = std::env::args().collect();
        let place = |name: &str| arguments.iter().position(|argument| argument == name);
        let after = |name: &str| arguments.get(place(name)? + 1);
        let connections = after("--connections").map(|list| list.split(',').filter_map(|n| n.parse().ok()).collect());
        Self {
            rounds: after("--rounds").and_then(|rounds| rounds.parse().ok()).unwrap_or(5).max(1),
            time: Duration::from_secs_f64(after("--seconds").and_then(|time| time.parse().ok()).unwrap_or(2.0)),
            connections: connections.unwrap_or_else(|| CONNECTIONS.to_vec()),
            reads: place("--reads").is_some(),
            serve: after("--serve")
                .map(|serve_options| serve_options.split(' ').map(str::to_owned).collect())
                .unwrap_or_default(),
        }
    }
}

/// Generates a store with 10,000 tickets, which each load copies.
fn prepare(folder: &Path) -> PathBuf {
    let store = folder.join("template.db");
    support(&store, &["fixtures", "generate", "--tickets", "10000", "--customers", "200", "--seed", "1"]);
    store
}

fn token(store: &Path) -> String {
    let output = support(store, &["token", "issue", "--customer", "1"]);
    output.lines().next().unwrap_or_default().to_owned()
}

/// Returns the newest ticket of customer 1.
fn ticket_of_one(store: &Path) -> Option<i64> {
    let output = support(store, &["ticket", "list", "--customer", "1", "--limit", "1", "--format", "json"]);
    serde_json::from_str::<serde_json::Value>(&output).ok()?["tickets"][0]["ticketId"].as_i64()
}

fn support(store: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_support"));
    let output = command.arg("--db").arg(store).args(arguments).output().expect("the command runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Runs one round: every load once on its own store, followed by its yardsticks.
async fn round(
    folder: &tempfile::TempDir,
    template: &Path,
    token: &str,
    connections: usize,
    options: &Options,
) -> Vec<(&'static str, Measured)> {
    let store = folder.path().join("round.db");
    std::fs::copy(template, &store).expect("the template is copied");
    let mut measured = Vec::new();
    let ticket = if options.reads {
        ticket_of_one(&store)
    } else {
        writes(folder, &store, template, token, connections, options.time, &mut measured).await.last().copied()
    };
    let ticket = ticket.expect("the customer has a ticket");
    let serve_options: Vec<&str> = options.serve.iter().map(String::as_str).collect();
    let server = Server::support(&store, &serve_options);
    for (name, target) in [("track", format!("{BASE}/{ticket}")), ("list", format!("{BASE}?limit=50"))] {
        let read = load(&server, connections, options.time, false, reading(&server, token, &target)).await;
        let constant = constant(&server, token, &target, connections, options.time).await;
        measured.push((name, Measured { load: read, batch: 1.0, constant: Some(constant), bare: None }));
    }
    server.end();
    for file in ["round.db", "round.db-wal", "round.db-shm", "bare.db", "bare.db-wal", "bare.db-shm"] {
        let _ = std::fs::remove_file(folder.path().join(file));
    }
    measured
}

/// Runs the loads that write, with `--metrics`, and returns the opened tickets.
async fn writes(
    folder: &tempfile::TempDir,
    store: &Path,
    template: &Path,
    token: &str,
    connections: usize,
    time: Duration,
    measured: &mut Vec<(&'static str, Measured)>,
) -> Arc<[i64]> {
    let server = Server::support(store, &["--metrics"]);
    let created = load(&server, connections, time, true, creating(&server, token)).await;
    let tickets: Arc<[i64]> = created.bodies.iter().filter_map(ticket_id).collect();
    let group = server.batch();
    server.end();
    let bare = folder.path().join("bare.db");
    std::fs::copy(template, &bare).expect("the template is copied");
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 256")]
    let bare_rate = yardstick::bare_store(&bare, group.round() as usize, time);
    measured.push(("create", Measured { load: created, batch: group, constant: None, bare: Some(bare_rate) }));
    for path in ["escalate", "close"] {
        let server = Server::support(store, &["--metrics"]);
        let moved = load(&server, connections, time, false, moving(&server, token, path, &tickets)).await;
        measured.push((path, Measured { load: moved, batch: server.batch(), constant: None, bare: None }));
        server.end();
    }
    tickets
}

/// Measures a constant reply of the same size as the product's response to this target.
async fn constant(server: &Server, token: &str, target: &str, connections: usize, time: Duration) -> Load {
    let probe = reading(server, token, target);
    let one = load(server, 1, time, true, Arc::new(move |number| (number == 0).then(|| probe(number)).flatten())).await;
    let size = one.bodies.first().map_or(440, Bytes::len);
    let yardstick = Server::constant();
    let measured =
        load(&yardstick, connections, time, false, reading(&yardstick, token, &format!("/constant/{size}"))).await;
    yardstick.end();
    measured
}

fn request(server: &Server, token: &str, method: Method, target: &str) -> http::request::Builder {
    let builder = Request::builder().method(method).uri(target).header("host", &server.address);
    builder.header("authorization", format!("Bearer {token}"))
}

fn reading(server: &Server, token: &str, target: &str) -> Next {
    let (address, token, target) = (server.address.clone(), token.to_owned(), target.to_owned());
    Arc::new(move |_| {
        let builder = Request::builder().uri(&target).header("host", &address);
        builder.header("authorization", format!("Bearer {token}")).body(Full::default()).ok()
    })
}

fn posting(
    server: &Server,
    token: &str,
    target: &str,
    body: impl Fn(u64) -> Option<String> + Send + Sync + 'static,
) -> Next {
    let head = request(server, token, Method::POST, target).header("content-type", "application/json");
    let head = head.body(()).expect("a good head").into_parts().0;
    Arc::new(move |number| Some(Request::from_parts(head.clone(), Full::from(body(number)?))))
}

fn creating(server: &Server, token: &str) -> Next {
    let body = format!(r#"{{"serviceType":"ride","issueType":"OTHER","description":"{DESCRIPTION}","rideId":1}}"#);
    posting(server, token, BASE, move |_| Some(body.clone()))
}

fn moving(server: &Server, token: &str, path: &str, tickets: &Arc<[i64]>) -> Next {
    let tickets = Arc::clone(tickets);
    posting(server, token, &format!("{BASE}/{path}"), move |number| {
        let ticket = tickets.get(usize::try_from(number).ok()?)?;
        Some(format!(r#"{{"ticketId":{ticket}}}"#))
    })
}

fn ticket_id(body: &Bytes) -> Option<i64> {
    serde_json::from_slice::<serde_json::Value>(body).ok()?["data"]["ticketId"].as_i64()
}

/// Prints the medians of all rounds, and the ratios to the yardsticks of the same rounds.
fn print_row(name: &str, connections: usize, results: &[Measured]) {
    let of = |value: &dyn Fn(&Measured) -> Option<f64>| median(results.iter().filter_map(value).collect());
    let own = |value: fn(&Load) -> f64| of(&|measured| Some(value(&measured.load)));
    let mut ratios = Vec::new();
    if results.iter().any(|measured| measured.constant.is_some()) {
        let cpu = of(&|measured| measured.constant.as_ref().map(|constant| measured.load.cpu / constant.cpu));
        let rate = of(&|measured| measured.constant.as_ref().map(|constant| measured.load.rate() / constant.rate()));
        let over = of(&|measured| measured.constant.as_ref().map(|constant| measured.load.cpu - constant.cpu));
        ratios.push(format!("CPU {cpu:.2} ×, rate {rate:.2} ×, {over:.0} µs over the constant reply"));
    }
    if results.iter().any(|measured| measured.bare.is_some()) {
        let rate = of(&|measured| measured.bare.map(|bare| measured.load.rate() / bare));
        let bare = of(&|measured| measured.bare);
        ratios.push(format!("rate {rate:.2} × the bare store's {bare:.0}/s"));
    }
    println!(
        "| {name} | {connections} | {:.0} | {:.2} | {:.2} | {:.0} | {:.1} | {:.1} | {} |",
        own(Load::rate),
        own(|load| load.p50),
        own(|load| load.p99),
        own(|load| load.cpu),
        own(|load| load.memory),
        of(&|measured| Some(measured.batch)),
        ratios.join("; "),
    );
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
