//! What `serve --retain` takes, and what it refuses before anything is served.

use crate::world::World;

#[test]
fn what_is_no_rule_is_a_wrong_usage_that_names_the_way_out() {
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
        let said = world.run(&format!("serve --bind 127.0.0.1:0 --retain {rules}"));
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{rules}: {said:?}");
        assert!(said.err.contains(sentence) && said.err.contains("--retain"), "{rules}: {}", said.err);
        let mut by_environment = std::process::Command::new(crate::world::SUPPORT);
        let ran =
            world.clean(&mut by_environment).env("SUPPORT_RETAIN", rules).args(["serve", "--bind", "127.0.0.1:0"]);
        assert_eq!(ran.output().unwrap().status.code(), Some(2), "{rules}");
    }
    assert!(!world.path("support.db").exists());
}

#[test]
fn the_defaults_are_told() {
    let help = World::without_a_store().run("serve --help").done().out;
    for rule in ["events=30d", "notifications=90d", "deliveries=30d", "keys=1d", "SUPPORT_RETAIN"] {
        assert!(help.contains(rule), "{rule}: {help}");
    }
}
