//! `support ticket escalate`.

use serde_json::json;

use crate::world::World;

#[test]
fn an_agent_escalates_up_to_level_3() {
    let world = World::small();
    let escalate = || world.run("ticket escalate 1");
    assert_eq!(escalate().success().out, "ticket 1 escalated to level 2\n");
    assert_eq!(escalate().success().out, "ticket 1 escalated to level 3\n");
    escalate().fails_with(1, "error: ticket 1 cannot be escalated: it is at the highest level already");
}

#[test]
fn a_closed_ticket_cannot_be_escalated() {
    let output = World::small().run("ticket escalate 3 --format json");
    assert_eq!(output.code, 1);
    let message = "ticket 3 cannot be escalated: it is closed".to_owned();
    assert_eq!(output.error(), ("SUPPORT_TICKET_NOT_ESCALATABLE".to_owned(), message));
}

#[test]
fn a_dry_run_changes_nothing() {
    let world = World::small();
    assert_eq!(world.run("ticket escalate 1 --dry-run").success().out, "ticket 1 would be escalated to level 2\n");
    let outcome = world.json("ticket escalate 1 --dry-run");
    let expected = json!({"ticketId": 1, "status": "ESCALATED", "level": 2, "gamificationError": null, "dryRun": true});
    assert_eq!(outcome, expected);
    assert_eq!(world.json("ticket inspect 1")["level"], 1);
}

#[test]
fn a_second_escalation_earns_no_award_and_prints_no_warning() {
    let world = World::small();
    world.run("ticket escalate 1 --award").success();
    let output = world.run("ticket escalate 1 --award --format json").success();
    assert_eq!(output.err, "");
    let outcome: serde_json::Value = serde_json::from_str(&output.out).unwrap();
    assert_eq!((&outcome["level"], &outcome["gamificationError"]), (&json!(3), &json!(null)));
    assert_eq!(world.json("points balance --customer 1")["points"], 10);
    world.run("audit verify").success();
}

#[test]
fn an_escalation_is_in_the_history_with_its_effects() {
    let world = World::small();
    world.run("ticket escalate 1 --reason again --agent maria --award").success();
    let history = world.json("ticket inspect 1")["history"].clone();
    let kinds: Vec<_> = history.as_array().unwrap().iter().map(|line| line["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["audit", "audit", "award", "notification", "notification", "notification", "event"]);
    let audit = &history[1];
    assert_eq!(
        (&audit["action"], &audit["by"], &audit["reason"]),
        (&json!("ticket.escalated"), &json!("maria"), &json!("again"))
    );
    assert_eq!((&audit["status"], &audit["level"]), (&json!("ESCALATED"), &json!(2)));
    assert_eq!(history[2]["credit"], json!({"amount": "0.20", "currency": "USD"}));
    assert_eq!(history[3]["message"], "Your support ticket 1 was escalated to level 2");
    assert_eq!(history[6]["event"], "support:ticket_escalated");
}

#[test]
fn ids_come_from_standard_input() {
    let output = World::small().command("ticket escalate -").input("1 2").run().success();
    assert_eq!(output.out, "ticket 1 escalated to level 2\nticket 2 escalated to level 3\n");
}
