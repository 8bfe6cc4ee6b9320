//! `POST /close`: by the owner, from any status but closed.

use crate::world::World;

#[test]
fn an_open_ticket_is_closed() {
    let world = World::start();
    let id = world.amina().create_ride_ticket("charged twice");
    let answer = world.amina().close(id);
    assert_eq!(
        answer.assert_ok().text(),
        format!(
            r#"{{"status":"success","message":"Ticket closed","data":{{"ticketId":{id},"gamificationError":null}}}}"#
        )
    );
    let shown = world.amina().track(id).data();
    assert_eq!((&shown["status"], &shown["level"]), (&"CLOSED".into(), &1.into()));
}

#[test]
fn an_escalated_ticket_is_closed_at_its_level() {
    let world = World::start();
    let id = world.amina().create_ride_ticket("charged twice");
    world.amina().escalate(id).assert_ok();
    world.amina().close(id).assert_ok();
    let shown = world.amina().track(id).data();
    assert_eq!((&shown["status"], &shown["level"]), (&"CLOSED".into(), &2.into()));
}

#[test]
fn closing_changes_the_update_time_but_not_the_creation_time() {
    let world = World::start();
    let before = world.amina().track(1).data();
    world.amina().close(1).assert_ok();
    let after = world.amina().track(1).data();
    assert_eq!(after["createdAt"], before["createdAt"]);
    assert!(after["updatedAt"].as_str().unwrap() > before["updatedAt"].as_str().unwrap());
}

#[test]
fn a_closed_ticket_cannot_be_closed_again() {
    let world = World::start();
    let id = world.amina().create_ride_ticket("charged twice");
    world.amina().close(id).assert_ok();
    let closed = world.amina().track(id).data();
    world.amina().close(id).assert_refused(400, "SUPPORT_TICKET_FAILED").assert_reason("ALREADY_CLOSED");
    assert_eq!(world.amina().track(id).data(), closed);
    assert_eq!(world.balance(1), (15, "0.20".to_owned()));
}

#[test]
fn a_ticket_closed_by_an_agent_cannot_be_closed_again() {
    let world = World::start();
    let id = world.amina().create_ride_ticket("charged twice");
    world.run(&["ticket", "close", &id.to_string()]);
    world.amina().close(id).assert_refused(400, "SUPPORT_TICKET_FAILED");
}

#[test]
fn only_the_owner_can_close_a_ticket() {
    let world = World::start();
    let id = world.amina().create_group_ticket("charged twice", &[2]);
    world.mateo().close(id).assert_refused(403, "PERMISSION_DENIED").assert_reason("NOT_OWNER");
    world.jonas().close(id).assert_refused(404, "SUPPORT_TICKET_NOT_FOUND").assert_fields(&[]);
    world.amina().close(4242).assert_refused(404, "SUPPORT_TICKET_NOT_FOUND").assert_fields(&[]);
    assert_eq!(world.amina().track(id).data()["status"], "OPEN");
    world.amina().close(id).assert_ok();
}

#[test]
fn a_group_member_is_refused_before_the_status_is_checked() {
    let world = World::start();
    let id = world.amina().create_group_ticket("charged twice", &[2]);
    world.amina().close(id).assert_ok();
    world.mateo().close(id).assert_refused(403, "PERMISSION_DENIED");
    world.jonas().close(id).assert_refused(404, "SUPPORT_TICKET_NOT_FOUND");
}
