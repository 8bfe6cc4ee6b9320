//! Help, manual and completions.

use std::process::Command;

use crate::world::{SUPPORT, World};

/// Every command, by the words that name it.
const COMMANDS: &[&str] = &[
    "",
    "serve",
    "ticket",
    "ticket list",
    "ticket inspect",
    "ticket create",
    "ticket escalate",
    "ticket close",
    "points",
    "points grant",
    "points balance",
    "points history",
    "notification",
    "notification list",
    "token",
    "token issue",
    "token list",
    "token revoke",
    "audit",
    "audit list",
    "audit verify",
    "audit export",
    "notification mails",
    "notification resend",
    "webhook",
    "webhook add",
    "webhook list",
    "webhook remove",
    "webhook test",
    "webhook secret",
    "webhook secret rotate",
    "webhook deliveries",
    "webhook redeliver",
    "webhook listen",
    "doctor",
    "fixtures",
    "fixtures list",
    "fixtures load",
    "fixtures generate",
    "completions",
    "man",
];

#[test]
fn every_command_explains_itself() {
    let world = World::without_a_store();
    for command in COMMANDS {
        let said = world.run(&format!("{command} --help")).done();
        assert!(said.out.contains("Usage: support"), "{command}: {said:?}");
        assert_eq!(said.err, "");
    }
}

#[test]
fn every_argument_has_a_sentence() {
    let world = World::without_a_store();
    for command in COMMANDS {
        let help = world.run(&format!("{command} -h")).done().out;
        let mut lines = help.lines().peekable();
        while let Some(line) = lines.next() {
            let named = line.trim_start().starts_with("--") || line.trim_start().starts_with('<');
            let alone = line.trim().split("  ").count() == 1;
            let continued = lines.peek().is_some_and(|next| next.starts_with("        "));
            assert!(!named || !alone || continued, "{command}: {line}");
        }
    }
}

#[test]
fn the_version_is_told() {
    let said = World::without_a_store().run("--version").done();
    assert_eq!(said.out, format!("support {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn every_shell_gets_its_completions() {
    let world = World::without_a_store();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = world.run(&format!("completions {shell}")).done().out;
        assert!(script.contains("escalate") && script.contains("dry-run"), "{shell}");
    }
    let bash = world.run("completions bash").out;
    world.write("support.bash", bash);
    let checked = Command::new("bash").arg("-n").arg(world.path("support.bash")).status().unwrap();
    assert!(checked.success());
}

#[test]
fn the_manual_has_a_page_for_every_command() {
    let world = World::without_a_store();
    assert!(world.run("man").done().out.contains(".TH support 1"));
    world.run("man pages/man1").done();
    for command in COMMANDS {
        let name = format!("support {command}").trim().replace(' ', "-");
        let page = std::fs::read_to_string(world.path(&format!("pages/man1/{name}.1"))).unwrap();
        assert!(page.contains(".SH SYNOPSIS"), "{name}");
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_told() {
    let world = World::without_a_store();
    world.write("file", "");
    let said = world.run("man file/man1");
    assert_eq!(said.code, 1);
    assert!(said.err.starts_with("error: file/man1 could not be written: "), "{said:?}");
}

#[test]
fn secrets_of_the_environment_are_not_shown() {
    let world = World::without_a_store();
    let mut command = Command::new(SUPPORT);
    let output = world.clean(&mut command).args(["--help"]).env("SUPPORT_TOKEN", "sup_canary").output().unwrap();
    assert!(!String::from_utf8(output.stdout).unwrap().contains("canary"));
}
