//! `support webhook`: confirmation of destructive commands.

use std::process::Command;

use rexpect::session::{PtySession, spawn_command};

use crate::world::{SUPPORT, World};

/// Creates a world with webhook 1.
fn world() -> World {
    let world = World::small();
    world.run("webhook add https://example.com/hooks").success();
    world
}

/// Returns the current and the previous signing secret of webhook 1.
fn secrets(world: &World) -> (Vec<u8>, Option<Vec<u8>>) {
    let store = rusqlite::Connection::open(world.path("support.db")).unwrap();
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    store.query_row("SELECT secret, old_secret FROM webhooks WHERE id = 1", [], row).unwrap()
}

/// Starts a command on a terminal.
fn spawn_on_terminal(world: &World, args: &str) -> PtySession {
    spawn_command(world.command(args).into_command(), Some(20_000)).unwrap()
}

#[test]
fn a_second_rotation_within_a_day_requires_yes() {
    let world = world();
    let (first, none) = secrets(&world);
    assert_eq!(none, None);
    world.run("webhook secret rotate 1").success();
    let (second, previous) = secrets(&world);
    assert_eq!(previous, Some(first));
    for format in ["table", "json"] {
        let output = world.run(&format!("webhook secret rotate 1 --format {format}"));
        assert_eq!((output.code, output.out.as_str()), (1, ""), "{output:?}");
        let message = "Webhook 1 still has a previous secret (expires: ";
        assert!(output.err.contains(message) && output.err.contains("repeat the command with --yes"), "{output:?}");
    }
    assert_eq!(secrets(&world).0, second);
    world.run("webhook secret rotate 1 --yes").success();
    assert_eq!(secrets(&world).1, Some(second));
}

#[test]
fn a_second_rotation_within_a_day_prompts_on_a_terminal() {
    let world = world();
    spawn_on_terminal(&world, "webhook secret rotate 1").exp_string("whsec_").unwrap();
    let before = secrets(&world);
    let mut shell = Command::new("sh");
    world.isolate(&mut shell).args(["-c", &format!("{SUPPORT} webhook secret rotate 1; echo ended with $?")]);
    let mut session = spawn_command(shell, Some(20_000)).unwrap();
    session.exp_string("Webhook 1 still has a previous secret").unwrap();
    session.exp_string("[y/N] ").unwrap();
    session.send_line("n").unwrap();
    let output = session.exp_eof().unwrap();
    assert!(output.contains("nothing was changed") && !output.contains("error:"), "{output}");
    assert!(output.contains("ended with 0"), "{output}");
    assert_eq!(secrets(&world), before);
    let mut session = spawn_on_terminal(&world, "webhook secret rotate 1");
    session.exp_string("[y/N] ").unwrap();
    session.send_line("y").unwrap();
    session.exp_string("whsec_").unwrap();
    session.exp_eof().unwrap();
    assert_eq!(secrets(&world).1, Some(before.0));
}

#[test]
fn a_rotation_after_the_previous_secret_expired_needs_no_confirmation() {
    let world = world();
    world.run("webhook secret rotate 1").success();
    let store = rusqlite::Connection::open(world.path("support.db")).unwrap();
    assert_eq!(store.execute("UPDATE webhooks SET old_secret_until = 1", []).unwrap(), 1);
    drop(store);
    world.run("webhook secret rotate 1").success();
}

#[test]
fn an_unknown_webhook_is_not_found_without_a_prompt() {
    world().run("webhook secret rotate 9").fails_with(1, "error: webhook 9 was not found");
}

#[test]
fn a_removal_without_a_terminal_requires_yes_and_names_the_deleted_data() {
    let sentence =
        "error: Remove webhook 1 and all its deliveries? There is no terminal to ask on: repeat the command with --yes";
    world().run("webhook remove 1").fails_with(1, sentence);
}
