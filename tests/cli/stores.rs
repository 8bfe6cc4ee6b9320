//! The store's file: where it is, and every way in which it cannot be used.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use rusqlite::Connection;

use crate::world::{Said, World};

#[track_caller]
fn is_store_trouble(said: &Said, what: &str) {
    assert_eq!((said.code, said.out.as_str()), (3, ""), "{said:?}");
    assert!(said.err.starts_with("error: ") && said.err.contains(what), "{said:?}");
}

#[test]
fn no_command_but_load_makes_a_store() {
    let world = World::without_a_store();
    for args in [
        "ticket list",
        "ticket inspect 1",
        "ticket close 1",
        "ticket escalate 1 --dry-run",
        "ticket create --customer 1 --service ride --ride 1 --issue OTHER --description x",
        "points balance --customer 1",
        "points grant --customer 1 --points 1 --reason x",
        "points history --customer 1",
        "token issue --customer 1",
        "token list",
        "token revoke 1",
        "notification mails",
        "notification resend 1",
        "webhook add https://1.1.1.1",
        "webhook list",
        "webhook remove 1 --yes",
        "webhook test 1",
        "webhook secret rotate 1",
        "webhook deliveries",
        "webhook redeliver 1",
        "doctor",
        "doctor --full",
    ] {
        let sentence = "error: no store at support.db: run 'support serve' or 'support fixtures load demo' first";
        world.run(args).failed(3, sentence);
    }
    assert_eq!(std::fs::read_dir(world.path(".")).unwrap().count(), 0);
}

#[test]
fn a_store_is_made_in_no_folder_that_is_not_there() {
    let world = World::without_a_store();
    world.write("file", "");
    for place in ["nowhere/x.db", "file/x.db"] {
        let sentence = format!(
            "error: the store at {place} cannot be created, because its folder does not exist: create the folder first"
        );
        world.run(&format!("fixtures load demo --db {place}")).failed(3, &sentence);
        world.run(&format!("serve --bind 127.0.0.1:0 --db {place}")).failed(3, &sentence);
    }
    let sentence = "error: no store at nowhere/x.db: run 'support serve' or 'support fixtures load demo' first";
    world.run("ticket list --db nowhere/x.db").failed(3, sentence);
    let said = world.run("fixtures load demo --db nowhere/x.db --format json");
    assert_eq!((said.code, said.error().0.as_str()), (3, "STORE_UNAVAILABLE"));
}

#[test]
fn a_store_that_cannot_be_written_is_named() {
    let said = World::without_a_store().run("fixtures load demo --db /proc/x.db");
    is_store_trouble(&said, "/proc/x.db");
}

#[test]
fn a_missing_store_has_a_code() {
    let said = World::without_a_store().run("ticket list --format json");
    assert_eq!((said.code, said.error().0.as_str()), (3, "STORE_UNAVAILABLE"));
}

#[test]
fn the_file_is_named_by_the_option_or_the_environment() {
    let world = World::small();
    std::fs::rename(world.path("support.db"), world.path("other.db")).unwrap();
    assert_eq!(world.listed("--db other.db"), [3, 2, 1]);
    let said = world.asks("ticket list --format json").env("SUPPORT_DB", "other.db").run().done();
    assert_eq!(said.json()["tickets"].as_array().unwrap().len(), 3);
    let said = world.asks("ticket list --db none.db").env("SUPPORT_DB", "other.db").run();
    is_store_trouble(&said, "no store at none.db");
}

#[test]
fn some_commands_need_no_store() {
    let world = World::without_a_store();
    for args in ["fixtures list", "completions bash", "man", "--help", "--version"] {
        world.run(args).done();
    }
    assert_eq!(std::fs::read_dir(world.path(".")).unwrap().count(), 0);
}

#[test]
fn a_file_of_something_else_is_told_apart() {
    let world = World::without_a_store();
    world.write("support.db", "a shopping list, and a long one: ".repeat(200));
    is_store_trouble(&world.run("ticket list"), "is not a support store");
    let other = Connection::open(world.path("other.db")).unwrap();
    other.execute_batch("CREATE TABLE t (x)").unwrap();
    is_store_trouble(&world.run("ticket list --db other.db"), "is not a support store");
    is_store_trouble(&world.run("fixtures load demo --db other.db"), "is not a support store");
}

#[test]
fn a_pipe_is_told_apart_and_waited_for_by_nobody() {
    let world = World::without_a_store();
    let made = std::process::Command::new("mkfifo").arg(world.path("support.db")).status().unwrap();
    assert!(made.success());
    is_store_trouble(&world.run("ticket list"), "is not a support store");
    is_store_trouble(&world.run("fixtures load demo"), "is not a support store");
    is_store_trouble(&world.run("serve --bind 127.0.0.1:0"), "is not a support store");
}

#[test]
fn a_newer_store_is_told_apart() {
    let world = World::small();
    Connection::open(world.path("support.db")).unwrap().pragma_update(None, "user_version", 9_999).unwrap();
    is_store_trouble(&world.run("ticket list"), "newer version");
}

#[test]
fn a_damaged_store_is_told_apart() {
    let world = World::small();
    let mut bytes = std::fs::read(world.path("support.db")).unwrap();
    bytes[4_096..].fill(0x55);
    world.write("support.db", bytes);
    is_store_trouble(&world.run("ticket list"), "damaged");
}

#[test]
fn a_store_locked_for_too_long_is_told_apart() {
    let world = World::small();
    let lock = Connection::open(world.path("support.db")).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    is_store_trouble(&world.run("ticket close 1 2"), "locked by another process");
    assert_eq!(world.listed(""), [3, 2, 1]);
    lock.execute_batch("ROLLBACK").unwrap();
    world.run("ticket close 1").done();
}

#[test]
fn a_store_locked_for_a_moment_only_waits() {
    let world = World::small();
    let lock = Connection::open(world.path("support.db")).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let unlock = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(700));
        lock.execute_batch("ROLLBACK").unwrap();
    });
    world.run("ticket close 1").done();
    unlock.join().unwrap();
}

#[test]
fn a_command_leaves_one_file_behind() {
    let world = World::small();
    world.run("ticket close 1").done();
    let names = std::fs::read_dir(world.path(".")).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<_> = names.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["fixture.json", "support.db"]);
}

#[test]
fn a_name_that_is_too_long_for_a_store_leaves_no_file() {
    let world = World::without_a_store();
    let deep = format!("{}x.db", "d/".repeat(300));
    std::fs::create_dir_all(world.path(&"d/".repeat(300))).unwrap();
    for name in [format!("{}.db", "x".repeat(252)), format!("{}.db", "x".repeat(245)), deep] {
        let sentence = format!("error: the file name {name} is too long for a store: choose a shorter name");
        world.run(&format!("fixtures load demo --db {name}")).failed(3, &sentence);
        assert!(!std::fs::exists(world.path(&name)).unwrap(), "{name}");
    }
    world.run(&format!("fixtures load demo --db {}", "x".repeat(247))).done();
}

#[test]
fn a_log_that_was_left_beside_a_copy_changes_nothing_until_the_user_decides() {
    let world = World::demo();
    let crashed = world.path("crashed.db");
    let store = Connection::open(world.path("support.db")).unwrap();
    store.execute("VACUUM INTO ?1", [world.path("backup.db").to_str().unwrap()]).unwrap();
    // What a crash leaves: a log that was not moved.
    store.execute_batch("PRAGMA wal_autocheckpoint = 0; UPDATE customers SET name = 'Nobody' WHERE id = 1").unwrap();
    std::fs::copy(world.path("backup.db"), &crashed).unwrap();
    std::fs::copy(world.path("support.db-wal"), world.path("crashed.db-wal")).unwrap();
    let before = (std::fs::read(&crashed).unwrap(), std::fs::read(world.path("crashed.db-wal")).unwrap());
    let sentence = "error: the write-ahead log crashed.db-wal does not belong to crashed.db: \
                    if crashed.db is a restored copy, delete crashed.db-wal";
    for command in ["ticket list", "ticket close 1", "doctor", "fixtures load demo", "serve --bind 127.0.0.1:0"] {
        is_store_trouble(&world.run(&format!("{command} --db crashed.db")), sentence.trim_start_matches("error: "));
    }
    assert!(before == (std::fs::read(&crashed).unwrap(), std::fs::read(world.path("crashed.db-wal")).unwrap()));
    std::fs::remove_file(world.path("crashed.db-wal")).unwrap();
    world.run("ticket list --db crashed.db").done();
}

#[test]
fn a_server_without_descriptors_says_so() {
    for limit in [6, 8, 12, 16, 18] {
        let world = World::without_a_store();
        lacks_descriptors(&world, limit, "serve --bind 127.0.0.1:0");
        assert_eq!(std::fs::read_dir(world.path(".")).unwrap().count(), 0);
    }
}

#[test]
fn a_command_without_descriptors_says_so() {
    let world = World::small();
    for limit in [5, 6, 8] {
        lacks_descriptors(&world, limit, "ticket list");
    }
}

#[track_caller]
fn lacks_descriptors(world: &World, limit: usize, arguments: &str) {
    let mut shell = std::process::Command::new("sh");
    let command = format!("ulimit -n {limit}; exec {} {arguments}", env!("CARGO_BIN_EXE_support"));
    let said = world.clean(&mut shell).args(["-c", &command]).output().unwrap();
    let text = String::from_utf8_lossy(&said.stderr).into_owned();
    let sentence = "error: the system's limit on open files is reached: raise it (ulimit -n)";
    assert_eq!((said.status.code(), text.trim_end()), (Some(3), sentence), "{limit}");
}

#[test]
fn the_documented_backup_is_its_owners_alone_and_can_be_repeated() {
    let page = include_str!("../../docs/operations.md");
    let begin = page.find("\nrm -f backup.new").unwrap() + 1;
    let recipe = page[begin..].split('\n').next().unwrap();
    let world = World::small();
    // The recipe needs one statement of sqlite3 alone, which may not be installed here.
    let program = "#!/usr/bin/env python3\nimport sqlite3, sys\nsqlite3.connect(sys.argv[1], isolation_level=None).execute(sys.argv[2])\n";
    world.write("sqlite3", program);
    std::fs::set_permissions(world.path("sqlite3"), Permissions::from_mode(0o755)).unwrap();
    for night in 1..=2 {
        let path = format!("{}:{}", world.path("").display(), std::env::var("PATH").unwrap());
        let mut shell = std::process::Command::new("bash");
        let done = world.clean(&mut shell).env("PATH", path).args(["-c", &format!("umask 022; {recipe}")]).status();
        assert!(done.unwrap().success());
        let mode = std::fs::metadata(world.path("backup.db")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let closed = world.listed("--status CLOSED");
        let copied = world.json("--db backup.db ticket list --status CLOSED");
        assert_eq!(crate::world::ids(&copied), closed, "night {night}");
        world.run("ticket close 1");
    }
}
