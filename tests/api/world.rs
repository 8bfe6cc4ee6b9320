//! The world of a test: the demo's people, a store of their own, and the real executable that serves it.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::client::{Request, Response};
use crate::executable::{Server, attempt, run, spawn};

/// Where the API lives.
pub(crate) const BASE: &str = "/api/customer/mtxi/support";
/// The text of the demo, which is also what a test expects to find.
const DEMO: &str = include_str!("../../fixtures/demo.json");

/// A store with the demo loaded and a token for each of its people, made once and copied for each test.
struct Template {
    store: Vec<u8>,
    tokens: BTreeMap<i64, String>,
}

fn template() -> &'static Template {
    static TEMPLATE: OnceLock<Template> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let folder = TempDir::new().unwrap();
        run(folder.path(), &["fixtures", "load", "demo"]);
        let customers = demo()["customers"].as_array().unwrap().clone();
        let tokens = customers
            .iter()
            .map(|customer| {
                let id = customer["id"].as_i64().unwrap();
                (id, issue(folder.path(), id, &[]))
            })
            .collect();
        assert!(!folder.path().join("support.db-wal").exists(), "a command leaves a closed store behind");
        Template { store: fs::read(folder.path().join("support.db")).unwrap(), tokens }
    })
}

/// The demo as it stands in its file.
pub(crate) fn demo() -> Value {
    serde_json::from_str(DEMO).unwrap()
}

/// Issues a token, and gives the whole of what the command says.
fn issue_record(folder: &Path, customer: i64, more: &[&str]) -> Value {
    let customer = customer.to_string();
    let issue = ["token", "issue", "--customer", &customer, "--format", "json"];
    let output = run(folder, &[&issue, more].concat());
    serde_json::from_slice(&output.stdout).expect("the command answers in JSON")
}

fn issue(folder: &Path, customer: i64, more: &[&str]) -> String {
    issue_record(folder, customer, more)["token"].as_str().expect("a token").to_owned()
}

/// A world before its server starts.
#[derive(Default)]
pub(crate) struct Plan {
    fixture: Option<Value>,
    arguments: Vec<String>,
    sql: Option<&'static str>,
}

impl Plan {
    /// Loads this fixture after the demo.
    pub(crate) fn with_fixture(mut self, fixture: Value) -> Self {
        self.fixture = Some(fixture);
        self
    }

    /// Gives `serve` these arguments too.
    pub(crate) fn with_arguments(mut self, arguments: &[&str]) -> Self {
        self.arguments.extend(arguments.iter().map(|&argument| argument.to_owned()));
        self
    }

    /// Runs these statements on the store, to make something fail that does not by itself.
    pub(crate) fn with_sql(mut self, sql: &'static str) -> Self {
        self.sql = Some(sql);
        self
    }

    pub(crate) fn start(self) -> World {
        let template = template();
        let folder = TempDir::new().unwrap();
        let store = folder.path().join("support.db");
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&store).unwrap();
        file.write_all(&template.store).unwrap();
        drop(file);
        if let Some(fixture) = self.fixture {
            let file = folder.path().join("more.json");
            fs::write(&file, fixture.to_string()).unwrap();
            run(folder.path(), &["fixtures", "load", file.to_str().unwrap()]);
        }
        if let Some(sql) = self.sql {
            rusqlite::Connection::open(&store).unwrap().execute_batch(sql).unwrap();
        }
        let server = Server::start(folder.path(), &self.arguments);
        World { folder, arguments: self.arguments, server, tokens: template.tokens.clone() }
    }
}

/// A store of its own and the server on it; both are gone when it is.
pub(crate) struct World {
    folder: TempDir,
    arguments: Vec<String>,
    server: Server,
    tokens: BTreeMap<i64, String>,
}

impl World {
    pub(crate) fn start() -> Self {
        Plan::default().start()
    }

    pub(crate) fn plan() -> Plan {
        Plan::default()
    }

    /// Customer 1: opened tickets 1, 9, 26 and 37.
    pub(crate) fn amina(&self) -> Actor<'_> {
        self.customer(1)
    }

    /// Customer 2: took part in Amina's ride 1.
    pub(crate) fn mateo(&self) -> Actor<'_> {
        self.customer(2)
    }

    /// Customer 3: took part in Amina's ride 1.
    pub(crate) fn grace(&self) -> Actor<'_> {
        self.customer(3)
    }

    /// Customer 5: has nothing to do with Amina.
    pub(crate) fn jonas(&self) -> Actor<'_> {
        self.customer(5)
    }

    /// Customer 9: their rewards account is not active.
    pub(crate) fn tom(&self) -> Actor<'_> {
        self.customer(9)
    }

    pub(crate) fn customer(&self, id: i64) -> Actor<'_> {
        let token = self.tokens.get(&id).cloned().unwrap_or_else(|| issue(self.folder.path(), id, &[]));
        Actor { world: self, token }
    }

    /// The same customer with a token of these options.
    pub(crate) fn customer_with(&self, id: i64, options: &[&str]) -> Actor<'_> {
        Actor { world: self, token: issue(self.folder.path(), id, options) }
    }

    /// Whoever holds this text for a token.
    pub(crate) fn actor_with_token(&self, token: &str) -> Actor<'_> {
        Actor { world: self, token: token.to_owned() }
    }

    /// Everything that `token issue` says.
    pub(crate) fn token_record(&self, customer: i64, options: &[&str]) -> Value {
        issue_record(self.folder.path(), customer, options)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.server.address
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("support.db")
    }

    /// A request without a token to this path below the base.
    pub(crate) fn request(&self, method: &str, path: &str) -> Request {
        Request::new(self.address(), method, &format!("{BASE}{path}"))
    }

    /// A request without a token to this target.
    pub(crate) fn request_to(&self, method: &str, target: &str) -> Request {
        Request::new(self.address(), method, target)
    }

    /// Runs a command beside the server.
    #[track_caller]
    pub(crate) fn run(&self, arguments: &[&str]) {
        run(self.folder.path(), arguments);
    }

    /// Runs a command beside the server that may fail.
    pub(crate) fn try_run(&self, arguments: &[&str]) -> std::process::Output {
        attempt(self.folder.path(), arguments)
    }

    /// Starts a command in the world's folder, whose standard output is read while it runs.
    pub(crate) fn spawn(&self, arguments: &[&str]) -> std::process::Child {
        spawn(self.folder.path(), arguments)
    }

    /// A second server on the same store.
    pub(crate) fn start_second_server(&self) -> Server {
        Server::start(self.folder.path(), &self.arguments)
    }

    /// A second server on the same store, with other arguments.
    pub(crate) fn start_second_server_with(&self, arguments: &[&str]) -> Server {
        Server::start(self.folder.path(), &arguments.iter().map(|&argument| argument.to_owned()).collect::<Vec<_>>())
    }

    /// What a command beside the server prints as JSON.
    #[track_caller]
    pub(crate) fn run_json(&self, arguments: &[&str]) -> Value {
        let output = run(self.folder.path(), &[arguments, &["--format", "json"]].concat());
        serde_json::from_slice(&output.stdout).expect("the command answers in JSON")
    }

    /// A customer's points, and their credit in dollars.
    pub(crate) fn balance(&self, customer: i64) -> (i64, String) {
        let balance = self.run_json(&["points", "balance", "--customer", &customer.to_string()]);
        assert_eq!(balance["credit"]["currency"], "USD", "{balance}");
        (balance["points"].as_i64().unwrap(), balance["credit"]["amount"].as_str().unwrap().to_owned())
    }

    /// The ticket with its history, as an agent sees it.
    pub(crate) fn inspect_ticket(&self, ticket: i64) -> Value {
        self.run_json(&["ticket", "inspect", &ticket.to_string()])
    }

    /// Keeps every other writer out of the store until it is dropped.
    pub(crate) fn lock_store(&self) -> rusqlite::Connection {
        let connection = rusqlite::Connection::open(self.file()).unwrap();
        connection.busy_timeout(Duration::from_secs(5)).unwrap();
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        connection
    }

    /// What the server wrote to standard error so far.
    pub(crate) fn log(&self) -> String {
        self.server.log()
    }

    /// The lines of the log that hold this text, once there is one.
    pub(crate) fn log_lines(&self, text: &str) -> Vec<String> {
        eventually(Duration::from_secs(10), || {
            let log = self.log();
            // The last line may still be on its way.
            let whole = log.rfind('\n').map_or("", |end| &log[..end]);
            let lines: Vec<String> = whole.lines().filter(|line| line.contains(text)).map(str::to_owned).collect();
            (!lines.is_empty()).then_some(lines)
        })
    }

    /// Sends the server a signal: `TERM`, `INT`, `KILL`.
    pub(crate) fn signal(&self, signal: &str) {
        let pid = self.server.pid().to_string();
        let sent = Command::new("sh").args(["-c", "kill -s \"$0\" \"$1\"", signal, &pid]).status().unwrap();
        assert!(sent.success(), "the server is there to be signalled");
    }

    /// The memory that the server has now, in KiB, and how many descriptors it holds.
    pub(crate) fn resource_usage(&self) -> (u64, usize) {
        let process = format!("/proc/{}", self.server.pid());
        let text = fs::read_to_string(format!("{process}/status")).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a size");
        let descriptors = fs::read_dir(format!("{process}/fd")).unwrap().count();
        (line.trim().trim_end_matches(" kB").parse().unwrap(), descriptors)
    }

    /// The most memory that the server has had so far, in KiB.
    pub(crate) fn peak_memory(&self) -> u64 {
        let status = format!("/proc/{}/status", self.server.pid());
        let text = fs::read_to_string(status).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// How the server ended, which it must within this time.
    #[track_caller]
    pub(crate) fn wait_for_exit(&self, time: Duration) -> ExitStatus {
        eventually(time, || self.server.ended())
    }

    /// Starts the server anew on the same store, once the one before has ended.
    pub(crate) fn restart(&mut self) {
        self.server = Server::start(self.folder.path(), &self.arguments);
    }

    /// The same with other arguments from now on.
    pub(crate) fn restart_with(&mut self, arguments: &[&str]) {
        self.arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
        self.restart();
    }
}

/// Somebody with a token.
#[derive(Clone)]
pub(crate) struct Actor<'w> {
    world: &'w World,
    pub(crate) token: String,
}

impl Actor<'_> {
    /// A request with the token to this path below the base.
    pub(crate) fn request(&self, method: &str, path: &str) -> Request {
        self.world.request(method, path).bearer(&self.token)
    }

    pub(crate) fn create(&self, ticket: &Value) -> Response {
        self.request("POST", "/").json(ticket).send()
    }

    /// Opens a ticket about ride 1, with these words, and gives its id.
    #[track_caller]
    pub(crate) fn create_ride_ticket(&self, words: &str) -> i64 {
        self.create_group_ticket(words, &[])
    }

    /// The same, with a group.
    #[track_caller]
    pub(crate) fn create_group_ticket(&self, words: &str, group: &[i64]) -> i64 {
        let mut ticket = ride_ticket();
        ticket["description"] = words.into();
        ticket["groupCustomerIds"] = json!(group);
        self.create(&ticket).data()["ticketId"].as_i64().unwrap()
    }

    pub(crate) fn track(&self, ticket: i64) -> Response {
        self.request("GET", &format!("/{ticket}")).send()
    }

    pub(crate) fn escalate(&self, ticket: i64) -> Response {
        self.request("POST", "/escalate").json(&json!({"ticketId": ticket})).send()
    }

    pub(crate) fn close(&self, ticket: i64) -> Response {
        self.request("POST", "/close").json(&json!({"ticketId": ticket})).send()
    }

    /// The list of this query: `?limit=2`, or nothing.
    pub(crate) fn list(&self, query: &str) -> Response {
        self.request("GET", &format!("/{query}")).send()
    }
}

/// A ticket that Amina, Mateo and Grace may open.
pub(crate) fn ride_ticket() -> Value {
    json!({"serviceType": "ride", "issueType": "PAYMENT_ISSUE", "description": "charged twice", "rideId": 1})
}

/// Waits for what the look gives, which it must within this time.
#[track_caller]
pub(crate) fn eventually<T>(time: Duration, mut poll: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + time;
    loop {
        if let Some(found) = poll() {
            return found;
        }
        assert!(Instant::now() < end, "it did not happen within {time:?}");
        thread::sleep(Duration::from_millis(10));
    }
}
