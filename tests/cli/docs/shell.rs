//! Runs the `console` blocks of a documentation page in one shell.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

/// Time-out of a command.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Line that ends the output of a command.
const END_OF_OUTPUT: &str = "--- end of output ---";

/// Command of a page with the output that the page shows.
pub(super) struct Example {
    line: usize,
    command: String,
    shown: Vec<String>,
}

/// Runs the examples of a page in a new folder, and returns the differences between shown and real output.
pub(super) fn differences(page: &str, text: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let mut shell = Shell::start(folder.path());
    let ports = ["8080", "8081", "8082"].map(|shown| (shown, free_port()));
    let replace = |text: &str| ports.iter().fold(text.to_owned(), |text, (shown, free)| text.replace(shown, free));
    let mut wrong = Vec::new();
    for example in &examples(text) {
        let Some(printed) = shell.run(&replace(&example.command)) else {
            wrong.push(format!("{page}:{}: $ {}\n--- does not end", example.line, example.command));
            break;
        };
        let shown: Vec<String> = example.shown.iter().map(|line| replace(line)).collect();
        if !matches(&shown, &printed) {
            let (command, shown, printed) = (&example.command, shown.join("\n"), printed.join("\n"));
            let line = example.line;
            wrong.push(format!("{page}:{line}: $ {command}\n--- shown\n{shown}\n--- printed\n{printed}"));
        }
    }
    wrong
}

/// Returns a free port.
pub(super) fn free_port() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string()
}

/// Returns the commands of all `console` blocks, in order.
pub(super) fn examples(text: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut inside = false;
    for (number, line) in text.lines().enumerate() {
        if line.starts_with("```") {
            inside = line == "```console";
        } else if let (true, Some(command)) = (inside, line.strip_prefix("$ ")) {
            examples.push(Example { line: number + 1, command: command.to_owned(), shown: Vec::new() });
        } else if let (true, Some(example)) = (inside, examples.last_mut()) {
            if example.shown.is_empty() && example.command.ends_with('\\') {
                example.command.push('\n');
                example.command.push_str(line);
            } else {
                example.shown.push(line.to_owned());
            }
        }
    }
    examples
}

/// Returns true if the printed lines match the shown lines, in which `...` matches any lines and `[..]` any text.
pub(super) fn matches(shown: &[String], printed: &[String]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((line, rest)) if line == "..." => (0..=printed.len()).any(|skipped| matches(rest, &printed[skipped..])),
        Some((line, rest)) => {
            printed.split_first().is_some_and(|(first, others)| matches_line(line, first) && matches(rest, others))
        }
    }
}

fn matches_line(shown: &str, printed: &str) -> bool {
    let mut parts = shown.split("[..]");
    let Some(mut rest) = printed.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(index) => rest = &rest[index + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// Bash process that runs the commands of a page.
pub(super) struct Shell {
    child: Child,
    output: Receiver<String>,
    /// True after a time-out.
    timed_out: bool,
}

impl Shell {
    pub(super) fn start(folder: &Path) -> Self {
        let program = Path::new(env!("CARGO_BIN_EXE_support")).parent().unwrap();
        let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
        let mut child = Command::new("bash")
            .args(["--noprofile", "--norc"])
            .current_dir(folder)
            .env_clear()
            .envs([("PATH", path.as_str()), ("HOME", folder.to_str().unwrap()), ("TZ", "UTC")])
            .env("SUPPORT_AGENT", "maria")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .expect("bash is installed");
        let (sender, output) = mpsc::channel();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| sender.send(line)));
        child.stdin.as_mut().unwrap().write_all(b"exec 2>&1\n").unwrap();
        Self { child, output, timed_out: false }
    }

    /// Runs a command and returns its output, or `None` after a time-out.
    pub(super) fn run(&mut self, command: &str) -> Option<Vec<String>> {
        let typed = format!("{command}\nprintf '\\n%s\\n' '{END_OF_OUTPUT}'\n");
        self.child.stdin.as_mut().unwrap().write_all(typed.as_bytes()).unwrap();
        let mut printed = Vec::new();
        loop {
            match self.output.recv_timeout(TIMEOUT) {
                Ok(line) if line == END_OF_OUTPUT => break,
                Ok(line) => printed.push(line),
                Err(_) => {
                    self.timed_out = true;
                    return None;
                }
            }
        }
        while printed.last().is_some_and(String::is_empty) {
            printed.pop();
        }
        Some(printed)
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        if self.timed_out {
            let group = format!("-{}", self.child.id());
            let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        }
        // The shell kills the servers that it started.
        let _ = self.child.stdin.as_mut().map(|stdin| stdin.write_all(b"kill $(jobs -p) 2>/dev/null; wait; exit\n"));
        let _ = self.child.wait();
    }
}
