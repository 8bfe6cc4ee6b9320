//! Webhooks at the command line: what destroys something asks first, and names it.

use std::process::Command;

use rexpect::session::{PtySession, spawn_command};

use crate::world::{SUPPORT, World};

/// A world with webhook 1.
fn world() -> World {
    let world = World::small();
    world.run("webhook add https://example.com/hooks").done();
    world
}

/// The secrets of webhook 1 that sign now, in their bytes: the newest, and the one before.
fn secrets(world: &World) -> (Vec<u8>, Option<Vec<u8>>) {
    let store = rusqlite::Connection::open(world.path("support.db")).unwrap();
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    store.query_row("SELECT secret, old_secret FROM webhooks WHERE id = 1", [], row).unwrap()
}

/// The command at a terminal.
fn at_a_terminal(world: &World, args: &str) -> PtySession {
    spawn_command(world.asks(args).into_command(), Some(20_000)).unwrap()
}

#[test]
fn a_secret_that_was_promised_to_stay_good_is_not_dropped_without_a_yes() {
    let world = world();
    let (first, none) = secrets(&world);
    assert_eq!(none, None);
    world.run("webhook secret rotate 1").done();
    let (second, kept) = secrets(&world);
    assert_eq!(kept, Some(first));
    for format in ["table", "json"] {
        let said = world.run(&format!("webhook secret rotate 1 --format {format}"));
        assert_eq!((said.code, said.out.as_str()), (1, ""), "{said:?}");
        let named = "Webhook 1 still has a previous secret (expires: ";
        assert!(said.err.contains(named) && said.err.contains("repeat the command with --yes"), "{said:?}");
    }
    assert_eq!(secrets(&world).0, second);
    world.run("webhook secret rotate 1 --yes").done();
    assert_eq!(secrets(&world).1, Some(second));
}

#[test]
fn a_second_rotation_within_the_day_asks_at_a_terminal() {
    let world = world();
    at_a_terminal(&world, "webhook secret rotate 1").exp_string("whsec_").unwrap();
    let before = secrets(&world);
    let mut shell = Command::new("sh");
    world.clean(&mut shell).args(["-c", &format!("{SUPPORT} webhook secret rotate 1; echo ended with $?")]);
    let mut asked = spawn_command(shell, Some(20_000)).unwrap();
    asked.exp_string("Webhook 1 still has a previous secret").unwrap();
    asked.exp_string("[y/N] ").unwrap();
    asked.send_line("n").unwrap();
    let said = asked.exp_eof().unwrap();
    assert!(said.contains("nothing was changed") && !said.contains("error:"), "{said}");
    assert!(said.contains("ended with 0"), "{said}");
    assert_eq!(secrets(&world), before);
    let mut asked = at_a_terminal(&world, "webhook secret rotate 1");
    asked.exp_string("[y/N] ").unwrap();
    asked.send_line("y").unwrap();
    asked.exp_string("whsec_").unwrap();
    asked.exp_eof().unwrap();
    assert_eq!(secrets(&world).1, Some(before.0));
}

#[test]
fn a_secret_whose_day_is_over_is_nothing_to_ask_about() {
    let world = world();
    world.run("webhook secret rotate 1").done();
    let store = rusqlite::Connection::open(world.path("support.db")).unwrap();
    assert_eq!(store.execute("UPDATE webhooks SET old_secret_until = 1", []).unwrap(), 1);
    drop(store);
    world.run("webhook secret rotate 1").done();
}

#[test]
fn nothing_is_asked_about_a_webhook_that_is_not_there() {
    world().run("webhook secret rotate 9").failed(1, "error: webhook 9 was not found");
}

#[test]
fn what_a_removal_destroys_is_named_where_nobody_can_be_asked() {
    let sentence =
        "error: Remove webhook 1 and all its deliveries? There is no terminal to ask on: repeat the command with --yes";
    world().run("webhook remove 1").failed(1, sentence);
}
