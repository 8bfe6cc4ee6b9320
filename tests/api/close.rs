//! `POST /close`: from any status but closed, by the customer who opened the ticket.

use crate::world::World;

#[test]
fn an_open_ticket_is_closed() {
    let world = World::start();
    let id = world.amina().opens_ride_ticket("charged twice");
    let answer = world.amina().closes(id);
    assert_eq!(
        answer.is_ok().text(),
        format!(
            r#"{{"status":"success","message":"Ticket closed","data":{{"ticketId":{id},"gamificationError":null}}}}"#
        )
    );
    let shown = world.amina().tracks(id).data();
    assert_eq!((&shown["status"], &shown["level"]), (&"CLOSED".into(), &1.into()));
}

#[test]
fn an_escalated_ticket_is_closed_at_its_level() {
    let world = World::start();
    let id = world.amina().opens_ride_ticket("charged twice");
    world.amina().escalates(id).is_ok();
    world.amina().closes(id).is_ok();
    let shown = world.amina().tracks(id).data();
    assert_eq!((&shown["status"], &shown["level"]), (&"CLOSED".into(), &2.into()));
}

#[test]
fn a_closing_moves_the_ticket_in_time_but_not_its_beginning() {
    let world = World::start();
    let before = world.amina().tracks(1).data();
    world.amina().closes(1).is_ok();
    let after = world.amina().tracks(1).data();
    assert_eq!(after["createdAt"], before["createdAt"]);
    assert!(after["updatedAt"].as_str().unwrap() > before["updatedAt"].as_str().unwrap());
}

#[test]
fn a_closed_ticket_cannot_be_closed_again() {
    let world = World::start();
    let id = world.amina().opens_ride_ticket("charged twice");
    world.amina().closes(id).is_ok();
    let closed = world.amina().tracks(id).data();
    world.amina().closes(id).is_refused(400, "SUPPORT_TICKET_FAILED").tells("ALREADY_CLOSED");
    assert_eq!(world.amina().tracks(id).data(), closed);
    assert_eq!(world.balance(1), (15, "0.20".to_owned()));
}

#[test]
fn a_ticket_that_an_agent_closed_is_closed_already() {
    let world = World::start();
    let id = world.amina().opens_ride_ticket("charged twice");
    world.runs(&["ticket", "close", &id.to_string()]);
    world.amina().closes(id).is_refused(400, "SUPPORT_TICKET_FAILED");
}

#[test]
fn only_who_opened_a_ticket_closes_it() {
    let world = World::start();
    let id = world.amina().opens_group_ticket("charged twice", &[2]);
    world.mateo().closes(id).is_refused(403, "PERMISSION_DENIED").tells("NOT_OWNER");
    world.jonas().closes(id).is_refused(404, "SUPPORT_TICKET_NOT_FOUND").blames(&[]);
    world.amina().closes(4242).is_refused(404, "SUPPORT_TICKET_NOT_FOUND").blames(&[]);
    assert_eq!(world.amina().tracks(id).data()["status"], "OPEN");
    world.amina().closes(id).is_ok();
}

#[test]
fn a_member_is_refused_before_the_tickets_state_is_told() {
    let world = World::start();
    let id = world.amina().opens_group_ticket("charged twice", &[2]);
    world.amina().closes(id).is_ok();
    world.mateo().closes(id).is_refused(403, "PERMISSION_DENIED");
    world.jonas().closes(id).is_refused(404, "SUPPORT_TICKET_NOT_FOUND");
}
