//! `POST /escalate`: from open to escalated, one level up, by the customer who opened the ticket.

use crate::world::World;

#[test]
fn an_open_ticket_goes_one_level_up() {
    let world = World::start();
    let id = world.amina().opens_ride_ticket("charged twice");
    let answer = world.amina().escalates(id);
    assert_eq!(
        answer.is_ok().text(),
        format!(
            r#"{{"status":"success","message":"Ticket escalated","data":{{"ticketId":{id},"gamificationError":null}}}}"#
        )
    );
    let shown = world.amina().tracks(id).data();
    assert_eq!((&shown["status"], &shown["level"]), (&"ESCALATED".into(), &2.into()));
}

#[test]
fn an_escalation_moves_the_ticket_in_time_but_not_its_beginning() {
    let world = World::start();
    let before = world.amina().tracks(1).data();
    world.amina().escalates(1).is_ok();
    let after = world.amina().tracks(1).data();
    assert_eq!(after["createdAt"], before["createdAt"]);
    assert!(after["updatedAt"].as_str().unwrap() > before["updatedAt"].as_str().unwrap());
}

#[test]
fn an_escalated_ticket_cannot_be_escalated_again() {
    let world = World::start();
    let id = world.amina().opens_ride_ticket("charged twice");
    world.amina().escalates(id).is_ok();
    world.amina().escalates(id).is_refused(400, "SUPPORT_TICKET_NOT_ESCALATABLE").tells("ALREADY_ESCALATED");
    assert_eq!(world.amina().tracks(id).data()["level"], 2);
    assert_eq!(world.balance(1), (20, "0.40".to_owned()));
}

#[test]
fn a_ticket_that_an_agent_escalated_cannot_be_escalated_by_its_customer() {
    let world = World::start();
    let id = world.amina().opens_ride_ticket("charged twice");
    world.runs(&["ticket", "escalate", &id.to_string()]);
    world.amina().escalates(id).is_refused(400, "SUPPORT_TICKET_NOT_ESCALATABLE");
}

#[test]
fn a_closed_ticket_cannot_be_escalated() {
    let world = World::start();
    let id = world.amina().opens_ride_ticket("charged twice");
    world.amina().closes(id).is_ok();
    world.amina().escalates(id).is_refused(400, "SUPPORT_TICKET_NOT_ESCALATABLE").tells("CLOSED");
    assert_eq!(world.amina().tracks(id).data()["status"], "CLOSED");
}

#[test]
fn only_who_opened_a_ticket_escalates_it() {
    let world = World::start();
    let id = world.amina().opens_group_ticket("charged twice", &[2]);
    world.mateo().escalates(id).is_refused(403, "PERMISSION_DENIED").blames(&[]);
    world.jonas().escalates(id).is_refused(404, "SUPPORT_TICKET_NOT_FOUND").blames(&[]);
    world.amina().escalates(4242).is_refused(404, "SUPPORT_TICKET_NOT_FOUND").blames(&[]);
    assert_eq!(world.amina().tracks(id).data()["status"], "OPEN");
    world.amina().escalates(id).is_ok();
}

#[test]
fn a_member_is_refused_before_the_tickets_state_is_told() {
    let world = World::start();
    let id = world.amina().opens_group_ticket("charged twice", &[2]);
    world.amina().closes(id).is_ok();
    world.mateo().escalates(id).is_refused(403, "PERMISSION_DENIED");
    world.jonas().escalates(id).is_refused(404, "SUPPORT_TICKET_NOT_FOUND");
}
