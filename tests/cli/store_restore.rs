//! `support store restore`.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use rexpect::session::spawn_command;
use rusqlite::Connection;

use crate::beside::serve;
use crate::store_backup::{file_names, manifest, mode};
use crate::world::{SUPPORT, World};

/// Number of restores that are killed.
const KILLS: u64 = 12;

/// Creates a store with a backup, and closes ticket 1 after it.
fn changed_since_backup() -> World {
    let world = World::small();
    world.run("store backup copy.db").success();
    world.run("ticket close 1").success();
    assert_eq!(world.ticket_ids("--status CLOSED"), [3, 1]);
    world
}

/// Returns the only file of the world with this prefix.
fn kept(world: &World) -> String {
    let names: Vec<_> =
        file_names(world).into_iter().filter(|name| name.starts_with("support.db.before-restore-")).collect();
    assert_eq!(names.len(), 1, "{names:?}");
    names[0].clone()
}

#[test]
fn a_restore_replaces_the_store_and_keeps_the_old_one() {
    let world = changed_since_backup();
    let copy = fs::read(world.path("copy.db")).unwrap();
    let mut shell = Command::new("sh");
    let line = format!("umask 0; exec {SUPPORT} store restore copy.db --yes --format json");
    assert!(world.isolate(&mut shell).args(["-c", &line]).stdout(Stdio::null()).status().unwrap().success());
    assert_eq!(mode(&world, "support.db"), 0o600);
    assert_eq!(fs::read(world.path("support.db")).unwrap(), copy);
    assert_eq!(world.ticket_ids("--status CLOSED"), [3]);
    assert_eq!(world.json("audit verify")["head"], manifest(&world, "copy.db")["head"]);
    let kept = kept(&world);
    assert_eq!(mode(&world, &kept), 0o600);
    assert_eq!(world.ticket_ids(&format!("--status CLOSED --db {kept}")), [3, 1]);
    assert_eq!(fs::read(world.path("copy.db")).unwrap(), copy, "the backup stays as it is");
}

#[test]
fn a_store_is_restored_to_a_free_place_without_an_old_one() {
    let world = changed_since_backup();
    let printed = world.json("--db other.db store restore copy.db --yes");
    assert_eq!((&printed["store"], &printed["kept"]), (&"other.db".into(), &serde_json::Value::Null));
    assert_eq!(world.ticket_ids("--status CLOSED --db other.db"), [3]);
    assert_eq!(mode(&world, "other.db"), 0o600);
}

#[test]
fn a_store_in_use_is_not_replaced() {
    let world = changed_since_backup();
    let server = serve(&world);
    let before = file_names(&world);
    let sentence =
        "error: the store at support.db is open in another process: stop the server and other commands first";
    world.run("store restore copy.db --yes").fails_with(3, sentence);
    assert_eq!((file_names(&world), world.ticket_ids("--status CLOSED")), (before, vec![3, 1]));
    drop(server);
    world.run("store restore copy.db --yes").success();
}

#[test]
fn a_store_that_another_program_has_open_is_not_replaced() {
    let world = changed_since_backup();
    let shell = Connection::open(world.path("support.db")).unwrap();
    let _: i64 = shell.query_row("SELECT count(*) FROM tickets", [], |row| row.get(0)).unwrap();
    let output = world.run("store restore copy.db --yes");
    assert!(output.code == 3 && output.err.contains("open in another process"), "{output:?}");
    assert_eq!(file_names(&world).iter().filter(|name| name.contains("restore") || name.contains("part")).count(), 0);
    drop(shell);
    assert_eq!(world.ticket_ids("--status CLOSED"), [3, 1]);
}

#[test]
fn a_restore_needs_a_confirmation() {
    let world = changed_since_backup();
    let sentence = "error: Replace the store support.db by copy.db? There is no terminal to ask on: repeat the command \
                    with --yes";
    world.run("store restore copy.db").fails_with(1, sentence);
    for (answer, closed) in [("n", vec![3, 1]), ("y", vec![3])] {
        let mut shell = Command::new("sh");
        world.isolate(&mut shell).args(["-c", &format!("{SUPPORT} store restore copy.db; echo ended with $?")]);
        let mut session = spawn_command(shell, Some(20_000)).unwrap();
        session.exp_string("Replace the store support.db by copy.db? [y/N] ").unwrap();
        session.send_line(answer).unwrap();
        let output = session.exp_eof().unwrap();
        assert_eq!(output.contains("nothing was changed"), answer == "n", "{output:?}");
        assert!(output.contains("ended with 0"), "{output:?}");
        assert_eq!(world.ticket_ids("--status CLOSED"), closed);
    }
}

#[test]
fn a_corrupt_backup_is_refused_before_anything_changes() {
    let world = changed_since_backup();
    let whole = fs::read(world.path("copy.db")).unwrap();
    let before = fs::read(world.path("support.db")).unwrap();
    let names = file_names(&world);
    let mut flipped = whole.clone();
    let at = whole.windows(8).position(|bytes| bytes == b"Mateo He").unwrap();
    flipped[at] ^= 1;
    let mut torn = whole.clone();
    torn[8_192..12_288].fill(0x55);
    for (content, has_manifest) in [(flipped, true), (torn.clone(), true), (torn, false), (b"not one".to_vec(), false)]
    {
        world.write("copy.db", &content);
        let moved = world.path("away.json");
        if !has_manifest {
            fs::rename(world.path("copy.db.manifest.json"), &moved).unwrap();
        }
        let output = world.run("store restore copy.db --yes");
        assert!(output.code == 3 && output.err.contains("copy.db"), "{output:?}");
        if !has_manifest {
            fs::rename(&moved, world.path("copy.db.manifest.json")).unwrap();
        }
        assert!(fs::read(world.path("support.db")).unwrap() == before);
        assert_eq!(file_names(&world), names);
    }
    world.write("copy.db", whole);
    world.run("store restore copy.db --yes").success();
}

#[test]
fn a_backup_with_a_broken_audit_log_is_refused() {
    let world = changed_since_backup();
    fs::remove_file(world.path("copy.db.manifest.json")).unwrap();
    let copy = Connection::open(world.path("copy.db")).unwrap();
    copy.execute_batch("UPDATE tickets SET status = 'CLOSED' WHERE id = 2").unwrap();
    drop(copy);
    let output = world.run("store restore copy.db --yes");
    assert!(output.code == 3 && output.err.contains("ticket 2"), "{output:?}");
    assert_eq!(world.ticket_ids("--status CLOSED"), [3, 1]);
}

#[test]
fn a_missing_backup_and_the_store_itself_are_refused() {
    let world = World::small();
    let output = world.run("store restore none.db --yes");
    assert!(output.code == 1 && output.err.contains("none.db could not be read"), "{output:?}");
    let output = world.run("store restore support.db --yes");
    assert!(output.code == 3 && output.err.contains("the copy is the store itself"), "{output:?}");
    assert_eq!(file_names(&world), ["fixture.json", "support.db"]);
}

#[test]
fn a_wal_that_a_crash_left_is_kept_in_the_old_store_and_removed() {
    let world = changed_since_backup();
    // State after a crash: a WAL without a checkpoint, and its index.
    let crashed = World::without_a_store();
    let store = Connection::open(world.path("support.db")).unwrap();
    store
        .execute_batch(
            "PRAGMA wal_autocheckpoint = 0; BEGIN; UPDATE audit_head SET before = tag, tag = randomblob(16);
             UPDATE customers SET name = 'Nobody' WHERE id = 1; COMMIT",
        )
        .unwrap();
    for name in ["support.db", "support.db-wal", "support.db-shm", "copy.db", "copy.db.manifest.json"] {
        fs::copy(world.path(name), crashed.path(name)).unwrap();
    }
    crashed.run("store restore copy.db --yes").success();
    let kept = kept(&crashed);
    assert_eq!(file_names(&crashed), ["copy.db", "copy.db.manifest.json", "support.db", &kept]);
    let name = |file: &str| -> String {
        let store = Connection::open(crashed.path(file)).unwrap();
        store.query_row("SELECT name FROM customers WHERE id = 1", [], |row| row.get(0)).unwrap()
    };
    assert_eq!((name("support.db"), name(&kept)), ("Amina Diallo".to_owned(), "Nobody".to_owned()));
}

#[test]
fn a_damaged_store_is_replaced_and_kept_with_its_wal() {
    let world = changed_since_backup();
    let mut damaged = fs::read(world.path("support.db")).unwrap();
    damaged[100..].fill(0x55);
    world.write("support.db", &damaged);
    assert!(world.run("ticket list").err.contains("support store restore BACKUP"));
    world.write("support.db-wal", "left by somebody");
    world.run("store restore copy.db --yes").success();
    let names = file_names(&world);
    assert_eq!(world.ticket_ids("--status CLOSED"), [3]);
    let kept = names.iter().find(|name| name.contains(".before-restore-") && !name.ends_with("-wal")).unwrap();
    assert_eq!(fs::read(world.path(kept)).unwrap(), damaged);
    assert_eq!(fs::read(world.path(&format!("{kept}-wal"))).unwrap(), b"left by somebody");
    assert!(!names.contains(&"support.db-wal".to_owned()), "{names:?}");
}

#[test]
fn a_restore_that_is_killed_leaves_the_old_store_or_the_new_one() {
    let world = changed_since_backup();
    let old = fs::read(world.path("support.db")).unwrap();
    for kill in 0..KILLS {
        world.write("support.db", &old);
        let mut restore = world.command("store restore copy.db --yes").into_command();
        let mut restore = restore.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // The moments differ; whichever is hit, the assertion holds.
        std::thread::sleep(Duration::from_millis(kill * 3));
        restore.kill().unwrap();
        restore.wait().unwrap();
        let closed = world.ticket_ids("--status CLOSED");
        assert!(closed == [3, 1] || closed == [3], "{closed:?}");
        world.run("audit verify").success();
    }
}
