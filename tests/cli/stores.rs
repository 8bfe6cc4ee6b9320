//! Store file: path, creation and every reason why it cannot be used.

use std::time::Duration;

use rusqlite::Connection;

use crate::world::{Output, World};

#[track_caller]
fn is_store_error(output: &Output, message: &str) {
    assert_eq!((output.code, output.out.as_str()), (3, ""), "{output:?}");
    assert!(output.err.starts_with("error: ") && output.err.contains(message), "{output:?}");
}

#[test]
fn commands_without_serve_and_load_create_no_store() {
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
        "store backup copy.db",
        "store backup -",
        "store check",
    ] {
        let sentence = "error: no store at support.db: run 'support serve' or 'support fixtures load demo' first";
        world.run(args).fails_with(3, sentence);
    }
    assert_eq!(std::fs::read_dir(world.path(".")).unwrap().count(), 0);
}

#[test]
fn a_store_is_not_created_in_a_missing_folder() {
    let world = World::without_a_store();
    world.write("file", "");
    for path in ["nowhere/x.db", "file/x.db"] {
        let sentence = format!(
            "error: the store at {path} cannot be created, because its folder does not exist: create the folder first"
        );
        world.run(&format!("fixtures load demo --db {path}")).fails_with(3, &sentence);
        world.run(&format!("serve --bind 127.0.0.1:0 --db {path}")).fails_with(3, &sentence);
    }
    let sentence = "error: no store at nowhere/x.db: run 'support serve' or 'support fixtures load demo' first";
    world.run("ticket list --db nowhere/x.db").fails_with(3, sentence);
    let output = world.run("fixtures load demo --db nowhere/x.db --format json");
    assert_eq!((output.code, output.error().0.as_str()), (3, "STORE_UNAVAILABLE"));
}

#[test]
fn an_unwritable_store_is_an_error_with_its_path() {
    let output = World::without_a_store().run("fixtures load demo --db /proc/x.db");
    is_store_error(&output, "/proc/x.db");
}

#[test]
fn a_missing_store_has_an_error_code() {
    let output = World::without_a_store().run("ticket list --format json");
    assert_eq!((output.code, output.error().0.as_str()), (3, "STORE_UNAVAILABLE"));
}

#[test]
fn the_option_or_the_environment_sets_the_file() {
    let world = World::small();
    std::fs::rename(world.path("support.db"), world.path("other.db")).unwrap();
    assert_eq!(world.ticket_ids("--db other.db"), [3, 2, 1]);
    let output = world.command("ticket list --format json").env("SUPPORT_DB", "other.db").run().success();
    assert_eq!(output.json()["tickets"].as_array().unwrap().len(), 3);
    let output = world.command("ticket list --db none.db").env("SUPPORT_DB", "other.db").run();
    is_store_error(&output, "no store at none.db");
}

#[test]
fn some_commands_work_without_a_store() {
    let world = World::without_a_store();
    for args in ["fixtures list", "completions bash", "man", "--help", "--version"] {
        world.run(args).success();
    }
    assert_eq!(std::fs::read_dir(world.path(".")).unwrap().count(), 0);
}

#[test]
fn another_file_is_not_a_store() {
    let world = World::without_a_store();
    world.write("support.db", "a shopping list, and a long one: ".repeat(200));
    is_store_error(&world.run("ticket list"), "is not a support store");
    let other = Connection::open(world.path("other.db")).unwrap();
    other.execute_batch("CREATE TABLE t (x)").unwrap();
    is_store_error(&world.run("ticket list --db other.db"), "is not a support store");
    is_store_error(&world.run("fixtures load demo --db other.db"), "is not a support store");
}

#[test]
fn a_named_pipe_is_not_a_store_and_does_not_block() {
    let world = World::without_a_store();
    let made = std::process::Command::new("mkfifo").arg(world.path("support.db")).status().unwrap();
    assert!(made.success());
    is_store_error(&world.run("ticket list"), "is not a support store");
    is_store_error(&world.run("fixtures load demo"), "is not a support store");
    is_store_error(&world.run("serve --bind 127.0.0.1:0"), "is not a support store");
}

#[test]
fn a_newer_store_is_rejected() {
    let world = World::small();
    Connection::open(world.path("support.db")).unwrap().pragma_update(None, "user_version", 9_999).unwrap();
    is_store_error(&world.run("ticket list"), "newer version");
}

#[test]
fn a_damaged_store_is_rejected() {
    let world = World::small();
    let mut bytes = std::fs::read(world.path("support.db")).unwrap();
    bytes[4_096..].fill(0x55);
    world.write("support.db", bytes);
    is_store_error(&world.run("ticket list"), "damaged");
}

#[test]
fn a_lock_timeout_is_an_error() {
    let world = World::small();
    let lock = Connection::open(world.path("support.db")).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    is_store_error(&world.run("ticket close 1 2"), "locked by another process");
    assert_eq!(world.ticket_ids(""), [3, 2, 1]);
    lock.execute_batch("ROLLBACK").unwrap();
    world.run("ticket close 1").success();
}

#[test]
fn a_command_waits_for_a_short_lock() {
    let world = World::small();
    let lock = Connection::open(world.path("support.db")).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let unlock = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(700));
        lock.execute_batch("ROLLBACK").unwrap();
    });
    world.run("ticket close 1").success();
    unlock.join().unwrap();
}

#[test]
fn a_command_leaves_only_the_store_file() {
    let world = World::small();
    world.run("ticket close 1").success();
    let names = std::fs::read_dir(world.path(".")).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<_> = names.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["fixture.json", "support.db"]);
}

#[test]
fn a_file_name_that_is_too_long_is_rejected_and_creates_no_file() {
    let world = World::without_a_store();
    let deep = format!("{}x.db", "d/".repeat(300));
    std::fs::create_dir_all(world.path(&"d/".repeat(300))).unwrap();
    for name in [format!("{}.db", "x".repeat(252)), format!("{}.db", "x".repeat(245)), deep] {
        let sentence = format!("error: the file name {name} is too long for a store: choose a shorter name");
        world.run(&format!("fixtures load demo --db {name}")).fails_with(3, &sentence);
        assert!(!std::fs::exists(world.path(&name)).unwrap(), "{name}");
    }
    world.run(&format!("fixtures load demo --db {}", "x".repeat(247))).success();
}

#[test]
fn a_wal_of_another_store_is_an_error_and_changes_nothing() {
    let world = World::demo();
    let crashed = world.path("crashed.db");
    let store = Connection::open(world.path("support.db")).unwrap();
    store.execute("VACUUM INTO ?1", [world.path("backup.db").to_str().unwrap()]).unwrap();
    // State after a crash: a WAL without a checkpoint.
    store.execute_batch("PRAGMA wal_autocheckpoint = 0; UPDATE customers SET name = 'Nobody' WHERE id = 1").unwrap();
    std::fs::copy(world.path("backup.db"), &crashed).unwrap();
    std::fs::copy(world.path("support.db-wal"), world.path("crashed.db-wal")).unwrap();
    let before = (std::fs::read(&crashed).unwrap(), std::fs::read(world.path("crashed.db-wal")).unwrap());
    let sentence = "error: the write-ahead log crashed.db-wal does not belong to crashed.db: \
                    if crashed.db is a restored copy, delete crashed.db-wal";
    for command in ["ticket list", "ticket close 1", "doctor", "fixtures load demo", "serve --bind 127.0.0.1:0"] {
        is_store_error(&world.run(&format!("{command} --db crashed.db")), sentence.trim_start_matches("error: "));
    }
    assert!(before == (std::fs::read(&crashed).unwrap(), std::fs::read(world.path("crashed.db-wal")).unwrap()));
    std::fs::remove_file(world.path("crashed.db-wal")).unwrap();
    world.run("ticket list --db crashed.db").success();
}

#[test]
fn a_server_without_file_descriptors_fails_with_a_message() {
    for limit in [6, 8, 12, 16, 18] {
        let world = World::without_a_store();
        fails_without_descriptors(&world, limit, "serve --bind 127.0.0.1:0");
        assert_eq!(std::fs::read_dir(world.path(".")).unwrap().count(), 0);
    }
}

#[test]
fn a_command_without_file_descriptors_fails_with_a_message() {
    let world = World::small();
    for limit in [5, 6, 8] {
        fails_without_descriptors(&world, limit, "ticket list");
    }
}

#[track_caller]
fn fails_without_descriptors(world: &World, limit: usize, arguments: &str) {
    let mut shell = std::process::Command::new("sh");
    let command = format!("ulimit -n {limit}; exec {} {arguments}", env!("CARGO_BIN_EXE_support"));
    let result = world.isolate(&mut shell).args(["-c", &command]).output().unwrap();
    let text = String::from_utf8_lossy(&result.stderr).into_owned();
    let sentence = "error: the system's limit on open files is reached: raise it (ulimit -n)";
    assert_eq!((result.status.code(), text.trim_end()), (Some(3), sentence), "{limit}");
}
