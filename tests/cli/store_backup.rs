//! `support store backup`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};
use serde_json::Value;

use crate::terminal::terminal_output;
use crate::world::{SUPPORT, World};

/// Number of backups beside the writers.
const BACKUPS: usize = 5;
const WRITERS: usize = 4;

/// Returns the mode bits of a file.
pub(crate) fn mode(world: &World, file: &str) -> u32 {
    fs::metadata(world.path(file)).unwrap().permissions().mode() & 0o7777
}

/// Returns the names of the files in the world's folder, sorted.
pub(crate) fn file_names(world: &World) -> Vec<String> {
    let names = fs::read_dir(world.path(".")).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<_> = names.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}

/// Returns the manifest of a backup.
pub(crate) fn manifest(world: &World, file: &str) -> Value {
    serde_json::from_slice(&fs::read(world.path(&format!("{file}.manifest.json"))).unwrap()).unwrap()
}

#[test]
fn a_backup_is_one_file_that_opens_where_nothing_can_be_written() {
    let world = World::demo();
    let printed = world.json("store backup copy.db");
    assert_eq!(file_names(&world), ["copy.db", "copy.db.manifest.json", "support.db"]);
    let uri = format!("file:{}?immutable=1", world.path("copy.db").display());
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    let copy = Connection::open_with_flags(uri, flags).unwrap();
    let mode: String = copy.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
    assert_eq!(mode, "delete");
    let tickets: i64 = copy.query_row("SELECT count(*) FROM tickets", [], |row| row.get(0)).unwrap();
    assert_eq!(tickets, 42);
    assert_eq!(fs::read(world.path("copy.db")).unwrap()[18..20], [1, 1], "the header says rollback journal");
    let manifest = manifest(&world, "copy.db");
    assert_eq!(manifest["rows"]["tickets"], 42);
    assert_eq!(manifest["bytes"], fs::metadata(world.path("copy.db")).unwrap().len());
    assert_eq!(manifest["head"], world.json("audit verify")["head"]);
    assert_eq!((&printed["file"], &printed["sha256"]), (&"copy.db".into(), &manifest["sha256"]));
    let sum = Command::new("sha256sum").arg(world.path("copy.db")).output().unwrap();
    assert!(String::from_utf8(sum.stdout).unwrap().starts_with(manifest["sha256"].as_str().unwrap()));
}

#[test]
fn copy_and_manifest_are_readable_by_their_owner_only_under_any_umask() {
    for umask in ["0", "022", "777"] {
        let world = World::small();
        let mut shell = Command::new("sh");
        let line = format!("umask {umask}; exec {SUPPORT} store backup copy.db");
        assert!(world.isolate(&mut shell).args(["-c", &line]).status().unwrap().success(), "{umask}");
        assert_eq!((mode(&world, "copy.db"), mode(&world, "copy.db.manifest.json")), (0o600, 0o600), "{umask}");
    }
}

#[test]
fn an_existing_file_is_replaced_with_force_only() {
    let world = World::small();
    world.write("copy.db", "mine");
    world
        .run("store backup copy.db")
        .fails_with(1, "error: copy.db already exists: name another file, or replace it with --force");
    assert_eq!(fs::read(world.path("copy.db")).unwrap(), b"mine");
    world.run("store backup copy.db --force").success();
    let first = manifest(&world, "copy.db");
    world.run("ticket close 1").success();
    world.run("store backup copy.db --force").success();
    assert_ne!(manifest(&world, "copy.db")["head"], first["head"]);
    assert_eq!(file_names(&world), ["copy.db", "copy.db.manifest.json", "fixture.json", "support.db"]);
}

#[test]
fn the_store_itself_and_devices_are_never_replaced() {
    let world = World::small();
    fs::hard_link(world.path("support.db"), world.path("link.db")).unwrap();
    let before = world.json("ticket list");
    for file in ["support.db", "link.db", "/dev/null", "."] {
        let output = world.run(&format!("store backup {file} --force"));
        assert!(output.code == 1 && output.err.contains("could not be written"), "{file}: {output:?}");
    }
    assert_eq!(file_names(&world), ["fixture.json", "link.db", "support.db"]);
    assert_eq!(world.json("ticket list"), before);
}

#[test]
fn a_failed_backup_leaves_nothing() {
    let world = World::small();
    let output = world.run("store backup nowhere/copy.db");
    assert!(output.code == 1 && output.err.contains("nowhere/copy.db"), "{output:?}");
    // A write beyond the limit on the size of files fails as on a full disk.
    let mut shell = Command::new("sh");
    let line = format!("trap '' XFSZ; ulimit -f 64; exec {SUPPORT} store backup copy.db");
    let output = world.isolate(&mut shell).args(["-c", &line]).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(file_names(&world), ["fixture.json", "support.db"]);
}

#[test]
fn standard_output_receives_the_copy_and_standard_error_its_manifest() {
    let world = World::small();
    let mut command = world.command("store backup -").into_command();
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let manifest: Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(manifest["bytes"], output.stdout.len());
    world.write("copy.db", &output.stdout);
    assert_eq!(world.ticket_ids("--db copy.db"), [3, 2, 1]);
}

#[test]
fn a_terminal_receives_no_copy() {
    let world = World::small();
    let output = terminal_output(&world, 200, "", "store backup -");
    assert_eq!(
        output.trim_end(),
        "error: a copy of the store is not written to a terminal: name a file, or redirect standard output"
    );
}

/// Guard that stops the writers, also after a panic.
struct StopOnDrop<'s>(&'s AtomicBool);

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[test]
fn backups_beside_writers_hold_every_write_acknowledged_before_they_began() {
    let world = World::small();
    let (stop, acknowledged) = (AtomicBool::new(false), [const { AtomicI64::new(0) }; WRITERS]);
    std::thread::scope(|scope| {
        let _stop = StopOnDrop(&stop);
        for (writer, acknowledged) in acknowledged.iter().enumerate() {
            let (world, stop) = (&world, &stop);
            scope.spawn(move || {
                while !stop.load(Ordering::SeqCst) {
                    let customer = 1 + writer % 2;
                    let key = format!("{writer}-{}", acknowledged.load(Ordering::SeqCst));
                    let grant = format!("points grant --customer {customer} --points 1 --reason x --key {key}");
                    world.run(&grant).success();
                    acknowledged.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        for number in 0..BACKUPS {
            let sum = || acknowledged.iter().map(|count| count.load(Ordering::SeqCst)).sum::<i64>();
            let enough = sum() + 10;
            let deadline = Instant::now() + Duration::from_mins(1);
            while sum() < enough {
                assert!(Instant::now() < deadline, "the writers stand still");
                std::thread::yield_now();
            }
            let before: Vec<_> = acknowledged.iter().map(|count| count.load(Ordering::SeqCst)).collect();
            let file = format!("copy-{number}.db");
            world.run(&format!("store backup {file}")).success();
            let copy = Connection::open(world.path(&file)).unwrap();
            let mut held = copy.prepare("SELECT count(*) FROM ledger WHERE key LIKE ?1 || '-%'").unwrap();
            for (writer, acknowledged) in before.into_iter().enumerate() {
                let held: i64 = held.query_row([writer.to_string()], |row| row.get(0)).unwrap();
                assert!(held >= acknowledged, "{file} has {held} of {acknowledged} grants of writer {writer}");
            }
            let verified = world.json(&format!("audit verify --db {file}"));
            assert_eq!(verified["head"], manifest(&world, &file)["head"]);
        }
    });
}
