//! Runs of the executable in a clean environment, as a command or as a server.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

/// Variables of the limits that are off for servers, unless a test sets them: tests send many requests as one customer.
const LIMITS: [&str; 3] = ["SUPPORT_RATE_LIMIT", "SUPPORT_AUTH_FAILURE_LIMIT", "SUPPORT_AWARD_LIMIT"];

/// Returns a command of the executable in a clean environment, with the store in this folder.
pub(crate) fn command(folder: &Path) -> Command {
    prepare(Command::new(env!("CARGO_BIN_EXE_support")), folder)
}

/// Returns a command like [`command`] that a shell starts after `prelude`, such as `ulimit -n 64`.
pub(crate) fn command_after(prelude: &str, folder: &Path) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{prelude}; exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_support")]);
    prepare(command, folder)
}

fn prepare(mut command: Command, folder: &Path) -> Command {
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.env_clear().env("HOME", folder).env("PATH", path).env("TZ", "UTC").current_dir(folder);
    command.arg("--db").arg(folder.join("support.db"));
    command
}

/// Runs a command that may fail.
pub(crate) fn attempt(folder: &Path, arguments: &[&str]) -> Output {
    attempt_with(folder, &[], arguments)
}

/// Runs a command that may fail, with these environment variables.
pub(crate) fn attempt_with(folder: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
    command(folder).envs(variables.iter().copied()).args(arguments).stdin(Stdio::null()).output().unwrap()
}

/// Spawns a command with piped standard output.
pub(crate) fn spawn(folder: &Path, arguments: &[&str]) -> Child {
    let mut command = command(folder);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

#[track_caller]
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Output {
    let output = command(folder).args(arguments).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

/// Running `support serve`, killed on drop.
pub(crate) struct Server {
    child: Mutex<Child>,
    pub(crate) address: SocketAddr,
    log: Arc<Mutex<Vec<u8>>>,
}

impl Server {
    pub(crate) fn start(folder: &Path, arguments: &[String]) -> Self {
        Self::start_by(command(folder), arguments)
    }

    /// Starts a server by a command to which `serve` and these arguments are added.
    pub(crate) fn start_by(mut command: Command, arguments: &[String]) -> Self {
        let bind: &[&str] =
            if arguments.iter().any(|argument| argument == "--bind") { &[] } else { &["--bind", "127.0.0.1:0"] };
        let is_set = |command: &Command, variable| command.get_envs().any(|(name, _)| name == variable);
        for variable in LIMITS {
            if !is_set(&command, variable) {
                command.env(variable, "off");
            }
        }
        let mut child = command
            .arg("serve")
            .args(bind)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = Arc::new(Mutex::new(Vec::new()));
        let mut stderr = child.stderr.take().unwrap();
        let kept = Arc::clone(&log);
        let keeper = thread::spawn(move || {
            let mut part = [0; 4096];
            while let Ok(length @ 1..) = stderr.read(&mut part) {
                kept.lock().unwrap().extend(&part[..length]);
            }
        });
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let Some(address) = line.trim_end().strip_prefix("support listening on http://") else {
            let _ = child.kill();
            let _ = child.wait();
            keeper.join().unwrap();
            panic!("unexpected first line {line:?}: {}", String::from_utf8_lossy(&log.lock().unwrap()));
        };
        let address = address.parse().expect("an address and a port");
        thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()));
        Self { child: Mutex::new(child), address, log }
    }

    /// Returns the server's standard error so far.
    pub(crate) fn log(&self) -> String {
        String::from_utf8_lossy(&self.log.lock().unwrap()).into_owned()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.lock().unwrap().id()
    }

    /// Returns the exit status; `None` while the server runs.
    pub(crate) fn ended(&self) -> Option<ExitStatus> {
        self.child.lock().unwrap().try_wait().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let child = self.child.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner);
        let _ = child.kill();
        let _ = child.wait();
    }
}
