//! Test environment: the demo's customers, a store of their own, and the real executable that serves it.

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
use crate::executable::{Server, attempt, command, command_after, run, spawn};

/// Base path of the API.
pub(crate) const BASE: &str = "/api/customer/mtxi/support";
/// Text of the demo, from which tests derive their expectations too.
const DEMO: &str = include_str!("../../fixtures/demo.json");

/// Store with the demo and a token for each customer, created once and copied for each test.
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

/// Parses the demo.
pub(crate) fn demo() -> Value {
    serde_json::from_str(DEMO).unwrap()
}

/// Issues a token, and returns the command's output.
fn issue_record(folder: &Path, customer: i64, more: &[&str]) -> Value {
    let customer = customer.to_string();
    let issue = ["token", "issue", "--customer", &customer, "--format", "json"];
    let output = run(folder, &[&issue, more].concat());
    serde_json::from_slice(&output.stdout).expect("the command answers in JSON")
}

fn issue(folder: &Path, customer: i64, more: &[&str]) -> String {
    issue_record(folder, customer, more)["token"].as_str().expect("a token").to_owned()
}

/// Configuration of a world before its server starts.
#[derive(Default)]
pub(crate) struct Plan {
    fixture: Option<Value>,
    arguments: Vec<String>,
    variables: Vec<(&'static str, &'static str)>,
    sql: Option<&'static str>,
    prelude: Option<String>,
}

impl Plan {
    /// Loads this fixture after the demo.
    pub(crate) fn with_fixture(mut self, fixture: Value) -> Self {
        self.fixture = Some(fixture);
        self
    }

    /// Adds arguments of `serve`.
    pub(crate) fn with_arguments(mut self, arguments: &[&str]) -> Self {
        self.arguments.extend(arguments.iter().map(|&argument| argument.to_owned()));
        self
    }

    /// Starts the server with this soft limit on open files.
    pub(crate) fn with_descriptor_limit(self, limit: u32) -> Self {
        self.with_prelude(&format!("ulimit -Sn {limit}"))
    }

    /// Starts the server by a shell that runs this first.
    pub(crate) fn with_prelude(mut self, prelude: &str) -> Self {
        self.prelude = Some(prelude.to_owned());
        self
    }

    /// Sets an environment variable of `serve`; an empty one counts as not set.
    pub(crate) fn with_variable(mut self, name: &'static str, value: &'static str) -> Self {
        self.variables.push((name, value));
        self
    }

    /// Runs SQL statements on the store, to provoke a failure.
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
        let mut command = match &self.prelude {
            Some(prelude) => command_after(prelude, folder.path()),
            None => command(folder.path()),
        };
        command.envs(self.variables);
        let server = Server::start_by(command, &self.arguments);
        World { folder, arguments: self.arguments, server, tokens: template.tokens.clone() }
    }
}

/// Store and server of one test; both are removed on drop.
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

    /// Customer 1: owner of tickets 1, 9, 26 and 37.
    pub(crate) fn amina(&self) -> Actor<'_> {
        self.customer(1)
    }

    /// Customer 2: participant of Amina's ride 1.
    pub(crate) fn mateo(&self) -> Actor<'_> {
        self.customer(2)
    }

    /// Customer 3: participant of Amina's ride 1.
    pub(crate) fn grace(&self) -> Actor<'_> {
        self.customer(3)
    }

    /// Customer 5: unrelated to Amina.
    pub(crate) fn jonas(&self) -> Actor<'_> {
        self.customer(5)
    }

    /// Customer 9: inactive rewards account.
    pub(crate) fn tom(&self) -> Actor<'_> {
        self.customer(9)
    }

    pub(crate) fn customer(&self, id: i64) -> Actor<'_> {
        let token = self.tokens.get(&id).cloned().unwrap_or_else(|| issue(self.folder.path(), id, &[]));
        Actor { world: self, token }
    }

    /// Returns a customer with a token of these options.
    pub(crate) fn customer_with(&self, id: i64, options: &[&str]) -> Actor<'_> {
        Actor { world: self, token: issue(self.folder.path(), id, options) }
    }

    /// Returns an actor with this text as a token.
    pub(crate) fn actor_with_token(&self, token: &str) -> Actor<'_> {
        Actor { world: self, token: token.to_owned() }
    }

    /// Returns the output of `token issue`.
    pub(crate) fn token_record(&self, customer: i64, options: &[&str]) -> Value {
        issue_record(self.folder.path(), customer, options)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.server.address
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("support.db")
    }

    /// Returns a request without a token to this path below the base.
    pub(crate) fn request(&self, method: &str, path: &str) -> Request {
        Request::new(self.address(), method, &format!("{BASE}{path}"))
    }

    /// Returns a request without a token to this target.
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

    /// Spawns a command in the world's folder, with piped standard output.
    pub(crate) fn spawn(&self, arguments: &[&str]) -> std::process::Child {
        spawn(self.folder.path(), arguments)
    }

    /// Starts a second server on the same store.
    pub(crate) fn start_second_server(&self) -> Server {
        Server::start(self.folder.path(), &self.arguments)
    }

    /// Starts a second server on the same store, with other arguments.
    pub(crate) fn start_second_server_with(&self, arguments: &[&str]) -> Server {
        Server::start(self.folder.path(), &arguments.iter().map(|&argument| argument.to_owned()).collect::<Vec<_>>())
    }

    /// Runs a command and returns its JSON output.
    #[track_caller]
    pub(crate) fn run_json(&self, arguments: &[&str]) -> Value {
        let output = run(self.folder.path(), &[arguments, &["--format", "json"]].concat());
        serde_json::from_slice(&output.stdout).expect("the command answers in JSON")
    }

    /// Returns a customer's points, and their credit in dollars.
    pub(crate) fn balance(&self, customer: i64) -> (i64, String) {
        let balance = self.run_json(&["points", "balance", "--customer", &customer.to_string()]);
        assert_eq!(balance["credit"]["currency"], "USD", "{balance}");
        (balance["points"].as_i64().unwrap(), balance["credit"]["amount"].as_str().unwrap().to_owned())
    }

    /// Returns the ticket with its history, as an agent sees it.
    pub(crate) fn inspect_ticket(&self, ticket: i64) -> Value {
        self.run_json(&["ticket", "inspect", &ticket.to_string()])
    }

    /// Locks the store for other writers until dropped.
    pub(crate) fn lock_store(&self) -> rusqlite::Connection {
        let connection = rusqlite::Connection::open(self.file()).unwrap();
        connection.busy_timeout(Duration::from_secs(5)).unwrap();
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        connection
    }

    /// Returns the server's standard error so far.
    pub(crate) fn log(&self) -> String {
        self.server.log()
    }

    /// Waits for log lines with this text, and returns them.
    pub(crate) fn log_lines(&self, text: &str) -> Vec<String> {
        eventually(Duration::from_secs(10), || {
            let log = self.log();
            // The last line may be incomplete.
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

    pub(crate) fn pid(&self) -> u32 {
        self.server.pid()
    }

    /// Returns the server's current memory, in KiB, and its number of open descriptors.
    pub(crate) fn resource_usage(&self) -> (u64, usize) {
        let process = format!("/proc/{}", self.server.pid());
        let text = fs::read_to_string(format!("{process}/status")).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a size");
        let descriptors = fs::read_dir(format!("{process}/fd")).unwrap().count();
        (line.trim().trim_end_matches(" kB").parse().unwrap(), descriptors)
    }

    /// Returns the server's peak memory, in KiB.
    pub(crate) fn peak_memory(&self) -> u64 {
        let status = format!("/proc/{}/status", self.server.pid());
        let text = fs::read_to_string(status).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// Waits for the server's exit within this time, and returns its status.
    #[track_caller]
    pub(crate) fn wait_for_exit(&self, time: Duration) -> ExitStatus {
        eventually(time, || self.server.ended())
    }

    /// Starts the server on the same store, after the previous one has exited.
    pub(crate) fn restart(&mut self) {
        self.server = Server::start(self.folder.path(), &self.arguments);
    }

    /// Restarts the server with other arguments.
    pub(crate) fn restart_with(&mut self, arguments: &[&str]) {
        self.arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
        self.restart();
    }
}

/// Client with a token.
#[derive(Clone)]
pub(crate) struct Actor<'w> {
    world: &'w World,
    pub(crate) token: String,
}

impl Actor<'_> {
    /// Returns a request with the token to this path below the base.
    pub(crate) fn request(&self, method: &str, path: &str) -> Request {
        self.world.request(method, path).bearer(&self.token)
    }

    pub(crate) fn create(&self, ticket: &Value) -> Response {
        self.request("POST", "/").json(ticket).send()
    }

    /// Creates a ticket about ride 1 with this description, and returns its id.
    #[track_caller]
    pub(crate) fn create_ride_ticket(&self, words: &str) -> i64 {
        self.create_group_ticket(words, &[])
    }

    /// Creates a ticket about ride 1 with a group, and returns its id.
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

    /// Lists tickets with this query: `?limit=2`, or empty.
    pub(crate) fn list(&self, query: &str) -> Response {
        self.request("GET", &format!("/{query}")).send()
    }
}

/// Returns a ticket that Amina, Mateo and Grace may open.
pub(crate) fn ride_ticket() -> Value {
    json!({"serviceType": "ride", "issueType": "PAYMENT_ISSUE", "description": "charged twice", "rideId": 1})
}

/// Polls until a value is returned; panics after this time.
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
