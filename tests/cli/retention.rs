//! `support serve --retain`: defaults and invalid rules.

use crate::world::World;

#[test]
fn an_invalid_rule_is_a_usage_error_with_the_valid_form() {
    let world = World::without_a_store();
    for (rules, sentence) in [
        ("tickets=30d", "expected deliveries, events, notifications, keys, audit, ledger"),
        ("events", "such as events=30d"),
        ("events=30", "'30' is not a retention period"),
        ("events=0d", "'0d' is not a retention period"),
        ("events=5s", "the minimum retention period is 1m"),
        ("keys=1h", "at least one day"),
        ("events=30d,audit=365d", "the audit log is kept forever"),
        ("ledger=365d", "the ledger is kept forever"),
        ("events=30d,", "such as events=30d"),
    ] {
        let output = world.run(&format!("serve --bind 127.0.0.1:0 --retain {rules}"));
        assert_eq!((output.code, output.out.as_str()), (2, ""), "{rules}: {output:?}");
        assert!(output.err.contains(sentence) && output.err.contains("--retain"), "{rules}: {}", output.err);
        let mut by_environment = std::process::Command::new(crate::world::SUPPORT);
        let ran =
            world.isolate(&mut by_environment).env("SUPPORT_RETAIN", rules).args(["serve", "--bind", "127.0.0.1:0"]);
        assert_eq!(ran.output().unwrap().status.code(), Some(2), "{rules}");
    }
    assert!(!world.path("support.db").exists());
}

#[test]
fn help_shows_the_defaults() {
    let help = World::without_a_store().run("serve --help").success().out;
    for rule in ["events=30d", "notifications=90d", "deliveries=30d", "keys=1d", "SUPPORT_RETAIN"] {
        assert!(help.contains(rule), "{rule}: {help}");
    }
}
