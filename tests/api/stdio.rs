//! Standard output and error: a descriptor that fails, blocks or is closed never stops, delays or fails a request or
//! the shutdown.

use std::fs::{File, OpenOptions};
use std::io::{PipeReader, Read, Write, pipe};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::client::{Request, Response};
use crate::executable::{command, run};
use crate::world::{BASE, eventually, ride_ticket};

/// Maximum time of a shutdown.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(8);

/// Capacity of a pipe on Linux, in bytes.
const PIPE_CAPACITY: usize = 64 * 1024;

/// Server with the descriptors of the test; killed on drop.
struct Server {
    child: Child,
    address: SocketAddr,
    folder: TempDir,
    token: String,
}

impl Server {
    /// Starts the server with its own store.
    fn start(arguments: &[&str], stdout: impl Into<Stdio>, stderr: impl Into<Stdio>) -> Self {
        Self::start_by(arguments, |serve| serve, stdout, stderr)
    }

    fn start_by(
        arguments: &[&str],
        wrap: impl Fn(Command) -> Command,
        stdout: impl Into<Stdio>,
        stderr: impl Into<Stdio>,
    ) -> Self {
        let folder = TempDir::new().unwrap();
        run(folder.path(), &["fixtures", "load", "demo"]);
        let issue = ["token", "issue", "--customer", "1", "--format", "json"];
        let record: Value = serde_json::from_slice(&run(folder.path(), &issue).stdout).unwrap();
        let address = free_address();
        let mut serve = command(folder.path());
        serve.arg("serve").args(["--metrics", "--bind", &address.to_string()]).args(arguments);
        let mut serve = wrap(serve);
        let child = serve.stdin(Stdio::null()).stdout(stdout).stderr(stderr).spawn().unwrap();
        let token = record["token"].as_str().unwrap().to_owned();
        let server = Self { child, address, folder, token };
        eventually(Duration::from_secs(20), || TcpStream::connect(address).ok());
        server
    }

    fn request(&self, method: &str, target: &str) -> Request {
        Request::new(self.address, method, target).bearer(&self.token)
    }

    /// Asserts that reads and writes succeed.
    fn assert_serves(&self) {
        for _ in 0..3 {
            self.request("POST", BASE).json(&ride_ticket()).send().assert_ok();
            self.request("GET", &format!("{BASE}/1")).send().assert_ok();
            self.request("GET", "/nowhere").send().assert_status(404);
        }
        self.request("GET", "/readyz").send().assert_status(200);
    }

    fn lost_lines(&self) -> u64 {
        let metrics: Response = self.request("GET", "/metrics").send();
        let line = metrics.text().lines().find_map(|line| line.strip_prefix("support_log_lines_lost_total "));
        line.expect("the metric").parse().unwrap()
    }

    /// Asserts that the server shuts down in time, with exit code 0 and a consistent store.
    fn assert_shuts_down(mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("sh").args(["-c", "kill -s TERM \"$0\"", &pid]).status().unwrap().success());
        let ended = eventually(SHUTDOWN_TIMEOUT, || self.child.try_wait().unwrap());
        assert_eq!(ended.code(), Some(0));
        assert!(!self.folder.path().join("support.db-wal").exists());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

fn full_device() -> File {
    OpenOptions::new().write(true).open("/dev/full").unwrap()
}

/// Returns a pipe with a closed reader.
fn broken_pipe() -> Stdio {
    pipe().unwrap().1.into()
}

/// Returns a full pipe; its reader must be held and reads nothing.
fn full_pipe() -> (PipeReader, Stdio) {
    let (reader, writer) = pipe().unwrap();
    let mut filler = writer.try_clone().unwrap();
    let (wrote, chunks) = channel();
    // Blocks once the pipe is full, until the reader is dropped.
    thread::spawn(move || while filler.write_all(&[b'.'; 4096]).is_ok() && wrote.send(()).is_ok() {});
    chunks.iter().take(PIPE_CAPACITY / 4096).for_each(drop);
    (reader, writer.into())
}

/// Wraps the server in a shell that closes this descriptor.
fn closing(descriptor: u8) -> impl Fn(Command) -> Command {
    move |serve: Command| {
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(format!("exec \"$@\" {descriptor}>&-")).arg("sh").arg(serve.get_program());
        shell.args(serve.get_args()).current_dir(serve.get_current_dir().unwrap_or(Path::new("/"))).env_clear();
        shell.envs(serve.get_envs().filter_map(|(name, value)| Some((name, value?))));
        shell
    }
}

#[test]
fn a_log_on_a_full_device_loses_only_its_lines() {
    for format in ["text", "json"] {
        let server = Server::start(&["--log-format", format], Stdio::null(), full_device());
        server.assert_serves();
        eventually(Duration::from_secs(5), || (server.lost_lines() >= 10).then_some(()));
        server.assert_shuts_down();
    }
}

#[test]
fn a_log_with_a_closed_reader_loses_only_its_lines() {
    let server = Server::start(&[], Stdio::null(), broken_pipe());
    server.assert_serves();
    eventually(Duration::from_secs(5), || (server.lost_lines() >= 10).then_some(()));
    server.assert_shuts_down();
}

#[test]
fn a_blocked_log_delays_neither_requests_nor_the_shutdown() {
    let (reader, stderr) = full_pipe();
    let server = Server::start(&[], Stdio::null(), stderr);
    server.assert_serves();
    server.assert_shuts_down();
    drop(reader);
}

#[test]
fn a_server_without_standard_error_or_output_serves() {
    for descriptor in [1, 2] {
        let server = Server::start_by(&[], closing(descriptor), Stdio::null(), Stdio::null());
        server.assert_serves();
        server.assert_shuts_down();
    }
}

#[test]
fn a_blocked_greeting_delays_nothing() {
    let (reader, stdout) = full_pipe();
    let server = Server::start(&["--demo"], stdout, Stdio::null());
    server.request("GET", "/readyz").send().assert_status(200);
    server.assert_shuts_down();
    drop(reader);
    for stdout in [Stdio::from(full_device()), broken_pipe()] {
        let server = Server::start(&[], stdout, Stdio::null());
        server.assert_serves();
        server.assert_shuts_down();
    }
}

#[test]
fn a_log_that_recovers_reports_the_number_of_lost_lines() {
    let folder = TempDir::new().unwrap();
    let fifo = folder.path().join("log");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let opened = fifo.clone();
    let reader = thread::spawn(move || File::open(opened).unwrap());
    let stderr = OpenOptions::new().write(true).open(&fifo).unwrap();
    let reader = reader.join().unwrap();
    let server = Server::start(&["--log-format", "json"], Stdio::null(), stderr);
    drop(reader);
    server.assert_serves();
    let lost = eventually(Duration::from_secs(5), || Some(server.lost_lines()).filter(|lost| *lost >= 10));
    let mut reader = File::open(&fifo).unwrap();
    server.assert_serves();
    let mut log = Vec::new();
    while !log.ends_with(b"\n") || !String::from_utf8_lossy(&log).contains("lines were lost") {
        let mut part = [0; 4096];
        let length = reader.read(&mut part).unwrap();
        log.extend(&part[..length]);
    }
    let lines: Vec<Value> =
        String::from_utf8(log).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<u64> = lines.iter().filter_map(|line| line["lines"].as_u64()).collect();
    assert!(told.len() == 1 && told[0] >= lost, "{told:?} of {lost}");
    server.assert_shuts_down();
}

#[test]
fn a_server_that_cannot_start_exits_with_a_blocked_standard_error() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = TempDir::new().unwrap();
    let (reader, stderr) = full_pipe();
    let mut serve = command(folder.path());
    serve.args(["serve", "--bind", &taken.local_addr().unwrap().to_string()]);
    let mut child = serve.stdin(Stdio::null()).stdout(Stdio::null()).stderr(stderr).spawn().unwrap();
    let ended = eventually(SHUTDOWN_TIMEOUT, || child.try_wait().unwrap());
    assert_eq!(ended.code(), Some(1));
    drop(reader);
}
