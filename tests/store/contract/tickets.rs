//! Tickets and their groups.

use crate::world::{World, draft, now, opened};

pub(crate) fn a_ticket_reads_back_as_it_was_written(world: &World) {
    let written = world.store.write_blocking(|unit| unit.tickets().insert(draft(1, &[3, 2]), now())).unwrap();
    let read = world.store.read(|unit| unit.tickets().find(written.id)).unwrap().unwrap();
    assert_eq!(read, written);
    let next = opened(&world.store);
    assert!(next.id > written.id);
}
