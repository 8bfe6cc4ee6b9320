//! Answers that are kept for requests that may come again.

use support::model::key::Key;
use support::model::once::{Answer, Kept, Once};

use crate::world::{NOW, World, at, customer, now};

fn once(key: &str) -> Once {
    Once::new(customer(1), "POST /close", Key::new(key).unwrap(), b"{}")
}

fn answer(text: &str) -> Answer {
    Answer { status: 404, language: "fr".to_owned(), text: text.as_bytes().to_vec() }
}

fn keep(world: &World, key: &'static str, text: &'static str, until: i64) {
    world.store.write_blocking(move |unit| unit.answers().keep(&once(key), &answer(text), at(until))).unwrap();
}

fn found(world: &World, once: &Once) -> Option<Kept> {
    world.store.read_blocking(|unit| unit.answers().find(once, now())).unwrap()
}

pub(crate) fn a_kept_answer_reads_back_until_it_expires(world: &World) {
    keep(world, "k", "one", NOW + 1);
    assert_eq!(found(world, &once("k")), Some(Kept { body: once("k").body, answer: answer("one") }));
    keep(world, "k", "two", NOW);
    assert_eq!(found(world, &once("k")), None, "an expired one is none");
    keep(world, "k", "three", NOW + 1);
    assert_eq!(found(world, &once("k")).unwrap().answer, answer("three"));
}

pub(crate) fn an_answer_belongs_to_its_customer_endpoint_and_key(world: &World) {
    keep(world, "k", "one", NOW + 1);
    assert_eq!(found(world, &once("l")), None);
    assert_eq!(found(world, &Once { customer: customer(2), ..once("k") }), None);
    assert_eq!(found(world, &Once { endpoint: "POST /", ..once("k") }), None);
    assert!(
        found(world, &Once { body: [0; 32], ..once("k") }).is_some(),
        "whether the body is the same is not its to say"
    );
}

pub(crate) fn expired_answers_go_oldest_first(world: &World) {
    for (key, until) in [("a", NOW - 3), ("b", NOW - 9), ("c", NOW + 1), ("d", NOW)] {
        keep(world, key, "text", until);
    }
    let left = |most| {
        world.store.write_blocking(move |unit| unit.answers().forget(now(), most)).unwrap();
        let stands = |key: &&str| {
            world.store.read_blocking(|unit| unit.answers().find(&once(key), at(NOW - 10))).unwrap().is_some()
        };
        ["a", "b", "c", "d"].into_iter().filter(stands).collect::<String>()
    };
    assert_eq!([left(1), left(1), left(8), left(8)], ["acd", "cd", "c", "c"]);
}

pub(crate) fn a_unit_counts_its_changes(world: &World) {
    let counted = world.store.write_blocking(|unit| {
        let before = unit.changes();
        unit.answers().find(&once("k"), now())?;
        let read = unit.changes();
        unit.answers().keep(&once("k"), &answer("one"), now())?;
        Ok((read - before, unit.changes() - before))
    });
    assert_eq!(counted.unwrap(), (0, 1));
}
