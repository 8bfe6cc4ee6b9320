//! What is read all day: one ticket, one customer's list, a balance, an inbox, a ticket's history.

use rand::rngs::ChaCha8Rng;
use support::desk;
use support::model::pagination::{Cursor, DEFAULT_LIMIT, PageRequest, Sort};
use support::model::{CustomerId, Error, Status};
use support::store::{Store, Unit};

use crate::Options;
use crate::files::{World, agent, caller, dice};
use crate::times::{in_turn, print_row};

type Read = fn(&mut dyn Unit, &World, &mut ChaCha8Rng) -> Result<(), Error>;

const READS: &[(&str, Read)] = &[
    ("track, a new ticket", |unit, world, dice| desk::track::track(unit, &agent(), world.recent(dice)).map(drop)),
    ("track, any ticket", |unit, world, dice| desk::track::track(unit, &agent(), world.any(dice)).map(drop)),
    ("inspect, a new ticket", |unit, world, dice| desk::inspect::inspect(unit, &agent(), world.recent(dice)).map(drop)),
    ("my list, a customer of few tickets", |unit, world, dice| own_list(unit, world.small(dice), &[])),
    ("my list, the customer of most", |unit, _, _| own_list(unit, CustomerId::FIRST, &[])),
    ("my list, the customer of most, escalated", |unit, _, _| own_list(unit, CustomerId::FIRST, &[Status::Escalated])),
    ("balance, a customer of few tickets", |unit, world, dice| {
        let customer = world.small(dice);
        desk::balance::balance(unit, &agent(), customer).map(drop)
    }),
];

fn own_list(unit: &mut dyn Unit, customer: CustomerId, statuses: &[Status]) -> Result<(), Error> {
    let ask = PageRequest { limit: DEFAULT_LIMIT, after: Cursor::start(Sort::Created) };
    desk::list_own::list_own(unit, &caller(customer), statuses, ask).map(drop)
}

/// Prints a row for each.
pub(crate) fn measure(options: &Options, worlds: &[World]) {
    for (name, read) in READS.iter().filter(|(name, _)| options.wants(name)) {
        let run = |world: &World, store: &Store, dice: &mut ChaCha8Rng| {
            store.read_blocking(|unit| read(unit, world, dice)).expect("the store is whole");
        };
        let mut rolls: Vec<_> = worlds.iter().map(|_| dice()).collect();
        let mut times = in_turn(worlds, options.time, |number, world, times| {
            let roll = &mut rolls[number];
            times.take(|| run(world, &world.store, roll));
        });
        let steps: Vec<_> = worlds.iter().map(|world| world.steps(|store| run(world, store, &mut dice()))).collect();
        print_row(name, &mut times, &steps);
    }
}
