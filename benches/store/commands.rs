//! Measures commands as whole processes, compared with the `sqlite3` shell if it is installed, and the startup time of
//! a server.

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use crate::Options;
use crate::files::{World, command};
use crate::times::{Times, in_rounds, print_row};

const COMMANDS: &[&[&str]] = &[
    &["ticket", "list"],
    &["ticket", "list", "--format", "json"],
    &["ticket", "list", "--status", "OPEN,ESCALATED", "--sort", "level"],
    &["ticket", "list", "--customer", "1"],
    &["ticket", "list", "--search", "charged twice"],
    &["ticket", "inspect", "7"],
    &["points", "balance", "--customer", "1"],
];
/// Query of `ticket list`, for the `sqlite3` shell.
const NEWEST: &str = "SELECT details.* FROM (SELECT id, created_at FROM tickets ORDER BY created_at DESC, id DESC LIMIT 51) \
    AS page CROSS JOIN ticket_details AS details ON details.id = page.id ORDER BY page.created_at DESC, page.id DESC";

/// Prints a row for each command.
pub(crate) fn measure(options: &Options, worlds: &[World]) {
    for arguments in COMMANDS {
        row(options, worlds, &format!("`support {}`", arguments.join(" ")), |world, times| {
            times.measure(|| run(&mut command(&world.file, arguments)));
        });
    }
    if Command::new("sqlite3").arg("-version").stdout(Stdio::null()).status().is_ok_and(|status| status.success()) {
        row(options, worlds, "`sqlite3` with the query of `support ticket list`", |world, times| {
            times.measure(|| run(Command::new("sqlite3").arg("-readonly").arg(&world.file).arg(NEWEST)));
        });
    }
    row(options, worlds, "`support serve`, until `/readyz` responds", first_answer);
}

fn row(options: &Options, worlds: &[World], name: &str, mut run: impl FnMut(&World, &mut Times)) {
    if options.selects(name) {
        print_row(name, &mut in_rounds(worlds, options.time, |_, world, times| run(world, times)), &[]);
    }
}

fn run(command: &mut Command) {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("it runs");
    assert!(status.success(), "{command:?}");
}

/// Measures the startup of a server, from the start of the process to its first response, which reports that the store
/// is readable and writable.
fn first_answer(world: &World, times: &mut Times) {
    let mut serve = command(&world.file, &["serve", "--bind", "127.0.0.1:0"]);
    serve.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut server = None;
    times.measure(|| {
        let mut child = serve.spawn().expect("it starts");
        let mut output = String::new();
        let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
        out.read_line(&mut output).expect("it says where it listens");
        let address = output.trim().rsplit("http://").next().unwrap_or_default();
        let mut stream = TcpStream::connect(address).expect("it listens");
        let request = format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        server = Some((child, out));
    });
    if let Some((mut child, _out)) = server {
        let _ = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
        let _ = child.wait();
    }
}
