//! Tickets and their groups.

use support::model::pagination::Sort;
use support::model::reference::{Participants, Reference};
use support::model::ticket::{NewTicket, Ticket};
use support::model::{BookingId, Error, Level, OrderId, RideId, ServiceType, Status};

use crate::world::{World, at, booking, customer, draft, now, order, page, ride, ticket_id};

fn inserted(world: &World, draft: NewTicket) -> Ticket {
    let mut draft = Some(draft);
    world.store.write_blocking(move |unit| unit.tickets().insert(draft.take().unwrap(), now())).unwrap()
}

fn found(world: &World, id: i64) -> Option<Ticket> {
    world.store.read_blocking(|unit| unit.tickets().find(ticket_id(id))).unwrap()
}

pub(crate) fn a_ticket_reads_back_as_it_was_written(world: &World) {
    let written = inserted(world, draft(1, &[3, 2]));
    assert_eq!((written.version, written.status, written.level), (1, Status::Open, Level::FIRST));
    assert_eq!(found(world, written.id.get()), Some(written));
}

pub(crate) fn each_ticket_gets_the_next_id(world: &World) {
    let ids = [1, 2, 3].map(|owner| inserted(world, draft(owner, &[])).id.get());
    assert_eq!(ids, [1, 2, 3]);
}

pub(crate) fn members_keep_their_order(world: &World) {
    let written = inserted(world, draft(2, &[4, 1, 3]));
    let named = [4, 1, 3].map(customer);
    assert_eq!(found(world, written.id.get()).unwrap().members, named);
    let details = world.store.read_blocking(|unit| unit.tickets().details(written.id)).unwrap().unwrap();
    assert_eq!(details.ticket.members, named);
    let listed =
        world.store.read_blocking(|unit| unit.tickets().of_customer(customer(3), &[], page(5, Sort::Created))).unwrap();
    assert_eq!(listed[0].ticket.members, named);
}

pub(crate) fn a_loaded_ticket_keeps_its_id_and_state(world: &World) {
    let loaded = Ticket {
        status: Status::Closed,
        level: Level::TOP,
        updated_at: at(crate::world::NOW + 9),
        ..draft(1, &[2]).into_ticket(ticket_id(77), now())
    };
    let ticket = loaded.clone();
    world.store.write_blocking(move |unit| unit.tickets().load(&ticket)).unwrap();
    assert_eq!(found(world, 77), Some(loaded));
    assert_eq!(inserted(world, draft(1, &[])).id.get(), 78);
}

pub(crate) fn an_update_changes_status_level_and_time(world: &World) {
    let had = inserted(world, draft(1, &[2]));
    let moved = Ticket {
        version: 2,
        status: Status::Escalated,
        level: Level::SECOND,
        updated_at: at(crate::world::NOW + 5),
        ..had.clone()
    };
    let now = moved.clone();
    world.store.write_blocking(move |unit| unit.tickets().update(&had, &now)).unwrap();
    assert_eq!(found(world, moved.id.get()), Some(moved));
}

pub(crate) fn an_update_of_an_old_version_is_rejected(world: &World) {
    let had = inserted(world, draft(1, &[]));
    let closed = had.close(now()).unwrap();
    let update = |had: Ticket, now: Ticket| world.store.write_blocking(move |unit| unit.tickets().update(&had, &now));
    update(had.clone(), closed.clone()).unwrap();
    assert!(matches!(update(had.clone(), closed.clone()), Err(Error::Changed("ticket"))));
    let absent = Ticket { id: ticket_id(99), ..had };
    assert!(matches!(update(absent.clone(), absent), Err(Error::Changed("ticket"))));
    assert_eq!(found(world, closed.id.get()), Some(closed));
}

pub(crate) fn a_missing_ticket_is_none(world: &World) {
    assert_eq!(found(world, 1), None);
    assert_eq!(found(world, i64::MAX), None);
    assert_eq!(world.store.read_blocking(|unit| unit.tickets().details(ticket_id(1))).unwrap(), None);
}

pub(crate) fn details_include_ride_order_and_booking(world: &World) {
    let reference = Reference { ride: RideId::new(1), order: OrderId::new(2), booking: BookingId::new(3) };
    let written = inserted(world, NewTicket { service: ServiceType::EventService, reference, ..draft(1, &[2]) });
    let details = world.store.read_blocking(|unit| unit.tickets().details(written.id)).unwrap().unwrap();
    assert_eq!(details.ticket, written);
    let alone = |party: &mut Participants| party.participants.clear();
    let (mut ride, mut order, mut booking) = (ride(), order(), booking());
    alone(&mut ride.party);
    alone(&mut order.party);
    alone(&mut booking.party);
    assert_eq!((details.ride, details.order, details.booking), (Some(ride), Some(order.clone()), Some(booking)));
    let reference = Reference { ride: None, order: OrderId::new(2), booking: None };
    let written = inserted(world, NewTicket { service: ServiceType::Order, reference, ..draft(1, &[]) });
    let details = world.store.read_blocking(|unit| unit.tickets().details(written.id)).unwrap().unwrap();
    assert_eq!((details.ride, details.order, details.booking), (None, Some(order), None));
}
