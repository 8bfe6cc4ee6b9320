//! What the README shows is what happens: each `console` block is typed into one shell, from top to bottom.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

/// How long one command of the README may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Ends the output of a command.
const MARK: &str = "--- end of output ---";

/// A command of the README, with the output shown under it.
struct Example {
    line: usize,
    command: String,
    shown: Vec<String>,
}

#[test]
fn the_readme_shows_what_happens() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let examples = examples(&readme);
    assert!(examples.len() > 5, "the README has lost its examples");
    let folder = tempfile::tempdir().unwrap();
    let mut shell = Shell::start(folder.path());
    let free = || TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let (port, other) = (free(), free());
    let here = |text: &str| text.replace("8080", &port).replace("8081", &other);
    let mut wrong = Vec::new();
    for example in &examples {
        let said = shell.run(&here(&example.command));
        let shown: Vec<String> = example.shown.iter().map(|line| here(line)).collect();
        if !fits(&shown, &said) {
            let (command, shown, said) = (&example.command, shown.join("\n"), said.join("\n"));
            wrong.push(format!("README.md:{}: $ {command}\n--- shown\n{shown}\n--- said\n{said}", example.line));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn a_readme_that_shows_something_else_is_found_out() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    assert!(fits(&lines("a\n...\nd [..]!"), &lines("a\nb\nc\nd e!")));
    assert!(!fits(&lines("a"), &lines("b")));
    assert!(!fits(&lines("a\nb"), &lines("a")));
    assert!(!fits(&lines("a"), &lines("a\nb")));
    assert!(!fits(&lines("x[..]y"), &lines("xz")));
}

/// The commands of all `console` blocks, in order.
fn examples(readme: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut inside = false;
    for (number, line) in readme.lines().enumerate() {
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

/// Whether what was said is what is shown: `...` stands for any lines, `[..]` for anything within a line.
fn fits(shown: &[String], said: &[String]) -> bool {
    match shown.split_first() {
        None => said.is_empty(),
        Some((line, rest)) if line == "..." => (0..=said.len()).any(|skipped| fits(rest, &said[skipped..])),
        Some((line, rest)) => {
            said.split_first().is_some_and(|(first, others)| fits_line(line, first) && fits(rest, others))
        }
    }
}

fn fits_line(shown: &str, said: &str) -> bool {
    let mut parts = shown.split("[..]");
    let Some(mut rest) = said.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(place) => rest = &rest[place + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// One bash that runs everything, as a reader's would.
struct Shell {
    child: Child,
    output: Receiver<String>,
}

impl Shell {
    fn start(folder: &Path) -> Self {
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
            .spawn()
            .expect("bash is there to be run");
        let (sender, output) = mpsc::channel();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| sender.send(line)));
        child.stdin.as_mut().unwrap().write_all(b"exec 2>&1\n").unwrap();
        Self { child, output }
    }

    fn run(&mut self, command: &str) -> Vec<String> {
        let typed = format!("{command}\nprintf '\\n%s\\n' '{MARK}'\n");
        self.child.stdin.as_mut().unwrap().write_all(typed.as_bytes()).unwrap();
        let mut said = Vec::new();
        loop {
            let line = self.output.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no end to `{command}`: {said:?}"));
            if line == MARK {
                break;
            }
            said.push(line);
        }
        while said.last().is_some_and(String::is_empty) {
            said.pop();
        }
        said
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        // The shell's end takes the server it started with it.
        let _ = self.child.stdin.as_mut().map(|stdin| stdin.write_all(b"kill $(jobs -p) 2>/dev/null; wait; exit\n"));
        let _ = self.child.wait();
    }
}
