//! Responses stored under idempotency keys.

use support::model::Error;
use support::model::actor::AgentName;
use support::model::idempotency::{IdempotencyKey, IdempotencyRecord, StoredResponse};
use support::model::key::Key;
use support::model::principal::Principal;

use support::store::Unit;

use crate::world::{NOW, World, at, customer, now};

fn key(name: &str) -> IdempotencyKey {
    IdempotencyKey::new(Principal::Customer(customer(1)), "POST /close", Key::new(name).unwrap(), "/close?", b"{}")
}

fn response(text: &str) -> StoredResponse {
    StoredResponse { status: 404, language: "fr".to_owned(), body: text.as_bytes().to_vec() }
}

fn keep(world: &World, name: &'static str, text: &'static str, until: i64) {
    world
        .store
        .write_blocking(move |unit| unit.idempotency_keys().insert(&key(name), &response(text), now(), at(until)))
        .unwrap();
}

fn found(world: &World, key: &IdempotencyKey) -> Option<IdempotencyRecord> {
    world.store.read_blocking(|unit| unit.idempotency_keys().find(key, now())).unwrap()
}

pub(crate) fn a_stored_response_reads_back_until_it_expires(world: &World) {
    keep(world, "k", "one", NOW + 1);
    assert_eq!(found(world, &key("k")), Some(IdempotencyRecord { digest: key("k").digest, response: response("one") }));
    let read = |second| world.store.read_blocking(|unit| unit.idempotency_keys().find(&key("k"), at(second))).unwrap();
    assert_eq!(read(NOW + 1), None, "an expired one is none");
    let again =
        |unit: &mut dyn Unit| unit.idempotency_keys().insert(&key("k"), &response("two"), at(NOW + 1), at(NOW + 9));
    world.store.write_blocking(again).unwrap();
    assert_eq!(read(NOW + 1).unwrap().response, response("two"));
}

pub(crate) fn an_unexpired_response_is_not_replaced(world: &World) {
    keep(world, "k", "one", NOW + 1);
    let again = |unit: &mut dyn Unit| unit.idempotency_keys().insert(&key("k"), &response("two"), now(), at(NOW + 9));
    assert!(matches!(world.store.write_blocking(again), Err(Error::Changed(_))));
    assert_eq!(found(world, &key("k")).unwrap().response, response("one"));
}

pub(crate) fn a_response_belongs_to_its_principal_endpoint_and_key(world: &World) {
    keep(world, "k", "one", NOW + 1);
    assert_eq!(found(world, &key("l")), None);
    for other in [Principal::Customer(customer(2)), Principal::Agent(AgentName::new("1").unwrap()), Principal::System] {
        assert_eq!(found(world, &IdempotencyKey { principal: other, ..key("k") }), None);
    }
    assert_eq!(found(world, &IdempotencyKey { endpoint: "POST /", ..key("k") }), None);
    assert!(
        found(world, &IdempotencyKey { digest: [0; 32], ..key("k") }).is_some(),
        "whether the body is the same is not its to say"
    );
}

pub(crate) fn expired_responses_are_purged_oldest_first(world: &World) {
    for (key, until) in [("a", NOW - 3), ("b", NOW - 9), ("c", NOW + 1), ("d", NOW)] {
        keep(world, key, "text", until);
    }
    let left = |most| {
        world.store.write_blocking(move |unit| unit.idempotency_keys().purge(now(), most)).unwrap();
        let stands = |name: &&str| {
            world.store.read_blocking(|unit| unit.idempotency_keys().find(&key(name), at(NOW - 10))).unwrap().is_some()
        };
        ["a", "b", "c", "d"].into_iter().filter(stands).collect::<String>()
    };
    assert_eq!([left(1), left(1), left(8), left(8)], ["acd", "cd", "c", "c"]);
}

pub(crate) fn a_unit_counts_its_writes(world: &World) {
    let counted = world.store.write_blocking(|unit| {
        let before = unit.writes();
        unit.idempotency_keys().find(&key("k"), now())?;
        let read = unit.writes();
        unit.idempotency_keys().insert(&key("k"), &response("one"), now(), now())?;
        Ok((read - before, unit.writes() - before))
    });
    assert_eq!(counted.unwrap(), (0, 1));
}
