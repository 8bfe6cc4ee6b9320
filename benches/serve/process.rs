//! A server in a process of its own, and what it costs: processor time, memory, commits.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::JoinHandle;
use std::time::Duration;

/// A running server.
pub(crate) struct Server {
    child: Child,
    log: JoinHandle<String>,
    _out: BufReader<ChildStdout>,
    /// Where it listens, as `ADDR:PORT`.
    pub(crate) address: String,
}

impl Server {
    /// Starts a command that prints where it listens on its first line.
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the server starts");
        let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut errors = child.stderr.take().expect("it is piped");
        let log = std::thread::spawn(move || {
            let mut log = String::new();
            let _ = errors.read_to_string(&mut log);
            log
        });
        let mut line = String::new();
        out.read_line(&mut line).expect("it says where it listens");
        let address = line.trim().rsplit("http://").next().unwrap_or_default().to_owned();
        Self { child, log, _out: out, address }
    }

    /// The product itself, on this store.
    pub(crate) fn support(store: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_support"));
        command.arg("--db").arg(store).args(["serve", "--bind", "127.0.0.1:0"]);
        Self::start(command.env("RUST_LOG", "support::store=info"))
    }

    /// The accept loop and warp alone, with a constant reply.
    pub(crate) fn constant() -> Self {
        let this = std::env::current_exe().expect("this program has a path");
        Self::start(Command::new(this).env(super::yardstick::CONSTANT, "1"))
    }

    /// Processor time so far, of all threads, by the system's own accounting (to 10 ms).
    pub(crate) fn cpu(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
        let ticks = |place: usize| fields.get(place).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
        Duration::from_millis((ticks(11) + ticks(12)) * 10)
    }

    /// Memory that is its own, with its share of what it shares, in MiB.
    pub(crate) fn memory(&self) -> f64 {
        let rollup = std::fs::read_to_string(format!("/proc/{}/smaps_rollup", self.child.id())).unwrap_or_default();
        let line = rollup.lines().find(|line| line.starts_with("Pss:")).unwrap_or_default();
        let kib = line.split_whitespace().nth(1).and_then(|kib| kib.parse::<f64>().ok());
        kib.unwrap_or(0.0) / 1024.0
    }

    /// Ends it as a supervisor would, and returns its log.
    pub(crate) fn end(mut self) -> String {
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
        self.log.join().unwrap_or_default()
    }
}

/// Units of work for each commit, as the writer's last word tells.
pub(crate) fn batch(log: &str) -> f64 {
    let number = |name: &str| {
        let after = log.rsplit(&format!("{name}=")).next()?;
        after.split(|sign: char| !sign.is_ascii_digit()).next()?.parse::<f64>().ok()
    };
    match (number("jobs"), number("commits")) {
        (Some(jobs), Some(commits)) if commits > 0.0 => jobs / commits,
        _ => 1.0,
    }
}
