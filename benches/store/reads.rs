//! Measures frequent reads: one ticket, a customer's list, a balance.

use rand::rngs::ChaCha8Rng;
use support::desk;
use support::model::pagination::{Cursor, DEFAULT_LIMIT, PageRequest, Sort};
use support::model::{CustomerId, Error, Status};
use support::store::{Store, Unit};

use crate::Options;
use crate::files::{World, agent, caller, rng};
use crate::times::{in_rounds, print_row};

type Read = fn(&mut dyn Unit, &World, &mut ChaCha8Rng) -> Result<(), Error>;

const READS: &[(&str, Read)] = &[
    ("track, a new ticket", |unit, world, rng| desk::track::track(unit, &agent(), world.recent(rng)).map(drop)),
    ("track, any ticket", |unit, world, rng| desk::track::track(unit, &agent(), world.any(rng)).map(drop)),
    ("inspect, a new ticket", |unit, world, rng| desk::inspect::inspect(unit, &agent(), world.recent(rng)).map(drop)),
    ("my list, a customer of few tickets", |unit, world, rng| own_list(unit, world.small(rng), &[])),
    ("my list, the customer of most", |unit, _, _| own_list(unit, CustomerId::FIRST, &[])),
    ("my list, the customer of most, escalated", |unit, _, _| own_list(unit, CustomerId::FIRST, &[Status::Escalated])),
    ("balance, a customer of few tickets", |unit, world, rng| {
        let customer = world.small(rng);
        desk::balance::balance(unit, &agent(), customer).map(drop)
    }),
];

fn own_list(unit: &mut dyn Unit, customer: CustomerId, statuses: &[Status]) -> Result<(), Error> {
    let page = PageRequest { limit: DEFAULT_LIMIT, after: Cursor::start(Sort::Created) };
    desk::list_own::list_own(unit, &caller(customer), statuses, page).map(drop)
}

/// Prints a row for each read.
pub(crate) fn measure(options: &Options, worlds: &[World]) {
    for (name, read) in READS.iter().filter(|(name, _)| options.selects(name)) {
        let run = |world: &World, store: &Store, rng: &mut ChaCha8Rng| {
            store.read_blocking(|unit| read(unit, world, rng)).expect("the store is whole");
        };
        let mut rngs: Vec<_> = worlds.iter().map(|_| rng()).collect();
        let mut times = in_rounds(worlds, options.time, |number, world, times| {
            let rng = &mut rngs[number];
            times.measure(|| run(world, &world.store, rng));
        });
        let steps: Vec<_> = worlds.iter().map(|world| world.steps(|store| run(world, store, &mut rng()))).collect();
        print_row(name, &mut times, &steps);
    }
}
