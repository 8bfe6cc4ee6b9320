//! Measures frequent writes on a copy of each store: a ticket is opened, escalated and closed, each in its own
//! transaction.

use rand::RngExt as _;
use rand::rngs::ChaCha8Rng;
use support::desk;
use support::model::reference::Reference;
use support::model::ticket::{Description, NewTicket};
use support::model::{CustomerId, IssueType, RideId, ServiceType, TicketId, Timestamp};
use support::store::Store;

use crate::Options;
use crate::files::{Copy, World, caller, rng};
use crate::times::{in_rounds, print_row};

const DESCRIPTION: &str = "The driver took a long way round, and the price was higher than the one I had accepted.";
const WRITES: [&str; 3] = ["open a ticket", "escalate it", "close it"];

/// Copy of a store, and the tickets opened in it.
struct WriteTarget {
    copy: Copy,
    opened: Vec<(TicketId, CustomerId)>,
    rng: ChaCha8Rng,
}

/// Prints a row for each selected write.
pub(crate) fn measure(options: &Options, worlds: &[World]) {
    if !WRITES.iter().any(|name| options.selects(name)) {
        return;
    }
    let copies: Vec<_> = worlds
        .iter()
        .map(|world| std::cell::RefCell::new(WriteTarget { copy: Copy::create(world), opened: Vec::new(), rng: rng() }))
        .collect();
    let time = options.time * 4;
    let mut created = in_rounds(&copies, time, |_, written, times| {
        let WriteTarget { copy: Copy(world), opened, rng } = &mut *written.borrow_mut();
        let customer = CustomerId::new(rng.random_range(1..=world.customers)).expect("from 1");
        let mut ticket = None;
        times.measure(|| ticket = Some(create(&world.store, customer, world.end)));
        opened.extend(ticket.map(|ticket| (ticket, customer)));
    });
    print_row(WRITES[0], &mut created, &[]);
    for name in &WRITES[1..] {
        let mut next = vec![0; copies.len()];
        let mut moved = in_rounds(&copies, time / 4, |number, written, times| {
            let WriteTarget { copy: Copy(world), opened, .. } = &*written.borrow();
            let Some((ticket, customer)) = opened.get(next[number]).copied() else { return };
            next[number] += 1;
            times.measure(|| {
                let now = world.end;
                let work = world.store.write_blocking(move |unit| match *name {
                    "escalate it" => desk::escalate::escalate(unit, &caller(customer), ticket, None, now),
                    _ => desk::close::close(unit, &caller(customer), ticket, None, now),
                });
                work.expect("it is open");
            });
        });
        print_row(name, &mut moved, &[]);
    }
}

/// Opens a ticket about the customer's own ride.
fn create(store: &Store, customer: CustomerId, now: Timestamp) -> TicketId {
    let ticket = NewTicket {
        owner: customer,
        service: ServiceType::Ride,
        issue: IssueType::Other,
        description: Description::new(DESCRIPTION).expect("a description"),
        reference: Reference { ride: RideId::new(customer.get()), ..Reference::default() },
        members: Vec::new(),
    };
    let opened = store.write_blocking(move |unit| desk::create::create(unit, &caller(customer), ticket.clone(), now));
    opened.expect("the customer has this ride").ticket.id
}
