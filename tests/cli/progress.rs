//! Progress of commands that take longer than a second.

use std::time::Duration;

use rusqlite::Connection;

use crate::terminal::terminal_output;
use crate::world::World;

/// Runs `load` while the store is locked for a time, and returns its output.
fn run_while_locked(milliseconds: u64, load: impl FnOnce(&World) -> String) -> String {
    let world = World::small();
    let lock = Connection::open(world.path("support.db")).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let unlock = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(milliseconds));
        lock.execute_batch("ROLLBACK").unwrap();
    });
    let output = load(&world);
    unlock.join().unwrap();
    output
}

const UNCHANGED: &str = "fixture.json: nothing changed: all of it was loaded before\n";

#[test]
fn a_terminal_shows_progress_after_a_second() {
    let output = run_while_locked(2_000, |world| terminal_output(world, 100, "", "fixtures load fixture.json"));
    assert!(output.contains("loading fixture.json") && output.ends_with(UNCHANGED), "{output:?}");
}

#[test]
fn no_progress_is_shown_within_a_second() {
    let output = run_while_locked(200, |world| terminal_output(world, 100, "", "fixtures load fixture.json"));
    assert_eq!(output, UNCHANGED);
}

#[test]
fn no_progress_is_shown_without_a_terminal() {
    let output = run_while_locked(2_000, |world| {
        let output = world.run("fixtures load fixture.json").success();
        output.out + &output.err
    });
    assert_eq!(output, UNCHANGED);
}
