//! Server process and its cost: CPU time, memory and commits.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

/// Running server.
pub(crate) struct Server {
    child: Child,
    _out: BufReader<ChildStdout>,
    /// Listening address, as `ADDR:PORT`.
    pub(crate) address: String,
}

impl Server {
    /// Starts a command that prints its listening address on the first line.
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the server starts");
        let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut line = String::new();
        out.read_line(&mut line).expect("it says where it listens");
        let address = line.trim().rsplit("http://").next().unwrap_or_default().to_owned();
        Self { child, _out: out, address }
    }

    /// Starts the product on this store, with a log of warnings only.
    pub(crate) fn support(store: &Path, more: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_support"));
        command.arg("--db").arg(store).args(["serve", "--bind", "127.0.0.1:0"]).args(more);
        Self::start(command.env("RUST_LOG", "warn").env("SUPPORT_RATE_LIMIT", "off").env("SUPPORT_AWARD_LIMIT", "off"))
    }

    /// Starts the accept loop and warp alone, with a constant reply.
    pub(crate) fn constant() -> Self {
        let this = std::env::current_exe().expect("this program has a path");
        Self::start(Command::new(this).env(super::yardstick::CONSTANT, "1"))
    }

    /// Returns the CPU time of all threads so far (resolution 10 ms).
    pub(crate) fn cpu(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
        let ticks = |place: usize| fields.get(place).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
        Duration::from_millis((ticks(11) + ticks(12)) * 10)
    }

    /// Returns the proportional set size (PSS) in MiB.
    pub(crate) fn memory(&self) -> f64 {
        let rollup = std::fs::read_to_string(format!("/proc/{}/smaps_rollup", self.child.id())).unwrap_or_default();
        let line = rollup.lines().find(|line| line.starts_with("Pss:")).unwrap_or_default();
        let kib = line.split_whitespace().nth(1).and_then(|kib| kib.parse::<f64>().ok());
        kib.unwrap_or(0.0) / 1024.0
    }

    /// Returns the average number of units of work per commit, from the metrics of the server.
    pub(crate) fn batch(&self) -> f64 {
        let mut stream = TcpStream::connect(&self.address).expect("the server accepts");
        let request = format!("GET /metrics HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address);
        stream.write_all(request.as_bytes()).expect("the server reads");
        let mut counts = String::new();
        stream.read_to_string(&mut counts).expect("the server answers");
        let count = |name: &str| {
            let line = counts.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|count| count.trim().parse::<f64>().ok()).expect("the server counts its commits")
        };
        count("support_writer_group_size_sum") / count("support_writer_group_size_count").max(1.0)
    }

    /// Stops the server with SIGTERM.
    pub(crate) fn end(mut self) {
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }
}
