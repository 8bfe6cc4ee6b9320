//! A sign of life for whatever takes longer than a second.

use std::time::Duration;

use rusqlite::Connection;

use crate::terminal::seen;
use crate::world::World;

/// Loads a fixture, in the way that is given, while the store is held for so long.
fn held(milliseconds: u64, load: impl FnOnce(&World) -> String) -> String {
    let world = World::small();
    let lock = Connection::open(world.path("support.db")).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let unlock = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(milliseconds));
        lock.execute_batch("ROLLBACK").unwrap();
    });
    let told = load(&world);
    unlock.join().unwrap();
    told
}

const AGAIN: &str = "fixture.json: nothing changed: all of it was loaded before\n";

#[test]
fn a_person_sees_that_something_goes_on_after_a_second() {
    let seen = held(2_000, |world| seen(world, 100, "", "fixtures load fixture.json"));
    assert!(seen.contains("loading fixture.json") && seen.ends_with(AGAIN), "{seen:?}");
}

#[test]
fn nothing_moves_before_a_second_is_over() {
    let seen = held(200, |world| seen(world, 100, "", "fixtures load fixture.json"));
    assert_eq!(seen, AGAIN);
}

#[test]
fn a_program_sees_no_progress() {
    let told = held(2_000, |world| {
        let said = world.run("fixtures load fixture.json").done();
        said.out + &said.err
    });
    assert_eq!(told, AGAIN);
}
