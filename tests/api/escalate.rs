//! `POST /escalate`: by the owner, from open to escalated, one level up.

use crate::world::World;

#[test]
fn an_open_ticket_is_escalated_by_one_level() {
    let world = World::start();
    let id = world.amina().create_ride_ticket("charged twice");
    let answer = world.amina().escalate(id);
    assert_eq!(
        answer.assert_ok().text(),
        format!(
            r#"{{"status":"success","message":"Ticket escalated","data":{{"ticketId":{id},"gamificationError":null}}}}"#
        )
    );
    let shown = world.amina().track(id).data();
    assert_eq!((&shown["status"], &shown["level"]), (&"ESCALATED".into(), &2.into()));
}

#[test]
fn escalating_changes_the_update_time_but_not_the_creation_time() {
    let world = World::start();
    let before = world.amina().track(1).data();
    world.amina().escalate(1).assert_ok();
    let after = world.amina().track(1).data();
    assert_eq!(after["createdAt"], before["createdAt"]);
    assert!(after["updatedAt"].as_str().unwrap() > before["updatedAt"].as_str().unwrap());
}

#[test]
fn an_escalated_ticket_cannot_be_escalated_again() {
    let world = World::start();
    let id = world.amina().create_ride_ticket("charged twice");
    world.amina().escalate(id).assert_ok();
    world.amina().escalate(id).assert_refused(400, "SUPPORT_TICKET_NOT_ESCALATABLE").assert_reason("ALREADY_ESCALATED");
    assert_eq!(world.amina().track(id).data()["level"], 2);
    assert_eq!(world.balance(1), (20, "0.40".to_owned()));
}

#[test]
fn a_ticket_that_an_agent_escalated_cannot_be_escalated_by_its_customer() {
    let world = World::start();
    let id = world.amina().create_ride_ticket("charged twice");
    world.run(&["ticket", "escalate", &id.to_string()]);
    world.amina().escalate(id).assert_refused(400, "SUPPORT_TICKET_NOT_ESCALATABLE");
}

#[test]
fn a_closed_ticket_cannot_be_escalated() {
    let world = World::start();
    let id = world.amina().create_ride_ticket("charged twice");
    world.amina().close(id).assert_ok();
    world.amina().escalate(id).assert_refused(400, "SUPPORT_TICKET_NOT_ESCALATABLE").assert_reason("CLOSED");
    assert_eq!(world.amina().track(id).data()["status"], "CLOSED");
}

#[test]
fn only_the_owner_can_escalate_a_ticket() {
    let world = World::start();
    let id = world.amina().create_group_ticket("charged twice", &[2]);
    world.mateo().escalate(id).assert_refused(403, "PERMISSION_DENIED").assert_fields(&[]);
    world.jonas().escalate(id).assert_refused(404, "SUPPORT_TICKET_NOT_FOUND").assert_fields(&[]);
    world.amina().escalate(4242).assert_refused(404, "SUPPORT_TICKET_NOT_FOUND").assert_fields(&[]);
    assert_eq!(world.amina().track(id).data()["status"], "OPEN");
    world.amina().escalate(id).assert_ok();
}

#[test]
fn a_group_member_is_refused_before_the_status_is_checked() {
    let world = World::start();
    let id = world.amina().create_group_ticket("charged twice", &[2]);
    world.amina().close(id).assert_ok();
    world.mateo().escalate(id).assert_refused(403, "PERMISSION_DENIED");
    world.jonas().escalate(id).assert_refused(404, "SUPPORT_TICKET_NOT_FOUND");
}
