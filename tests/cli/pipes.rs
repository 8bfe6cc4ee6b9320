//! Closed pipes and full disks.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::world::World;

/// Runs a shell command in the folder of the world. Returns its exit code, standard output and standard error.
fn shell(world: &World, line: &str) -> (i32, String, String) {
    let mut bash = std::process::Command::new("bash");
    let line = line.replace("support ", &format!("{} ", crate::world::SUPPORT));
    let output = world.isolate(&mut bash).args(["-o", "pipefail", "-c", &line]).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let world = World::demo();
    for format in ["table", "json", "ndjson", "csv"] {
        let (code, out, err) = shell(&world, &format!("support ticket list --all --format {format} | head -1"));
        assert_eq!((code, out.lines().count(), err.as_str()), (0, 1, ""), "{format}");
    }
    for command in ["--help", "man", "completions bash", "ticket inspect 1 2 3 4", "points balance --customer 1"] {
        let (code, _, err) = shell(&world, &format!("support {command} | true"));
        assert_eq!((code, err.as_str()), (0, ""), "{command}");
    }
}

#[test]
fn a_command_ends_after_its_reader_closes_the_pipe() {
    let world = World::demo();
    let mut command = world.command("ticket list --all --format ndjson").into_command();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::with_capacity(16, child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
}

#[test]
fn every_ticket_is_closed_after_the_pipe_is_closed() {
    let world = World::small();
    let (code, _, err) = shell(&world, "support ticket close 1 2 | true");
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(world.ticket_ids("--status CLOSED"), [3, 2, 1]);
}

#[test]
fn a_full_disk_is_an_error() {
    let world = World::small();
    let (code, _, err) = shell(&world, "support ticket list > /dev/full");
    assert_eq!(code, 1);
    assert!(err.starts_with("error: standard output could not be written: "), "{err}");
    for command in ["--help", "--version", "ticket list -h", "help ticket", "man", "ticket inspect 1 2"] {
        let (code, _, err) = shell(&world, &format!("support {command} > /dev/full"));
        assert_eq!((code, err.lines().count()), (1, 1), "{command}: {err}");
        assert!(err.starts_with("error: standard output could not be written: "), "{command}: {err}");
    }
    for command in ["--help --format json", "ticket list --format json"] {
        let (code, _, err) = shell(&world, &format!("support {command} > /dev/full"));
        assert!(code == 1 && err.lines().count() == 1 && err.starts_with("{\"error\":{\"code\":"), "{command}: {err}");
    }
}

#[test]
fn data_is_on_standard_output_and_hints_on_standard_error() {
    let world = World::demo();
    let (_, out, err) = shell(
        &world,
        "support ticket list --limit 1 --format csv 2>/dev/null; support ticket list --customer 3 --status closed --search nothing >/dev/null",
    );
    assert_eq!(out.lines().count(), 2);
    assert_eq!(err, "no tickets match\n");
}
