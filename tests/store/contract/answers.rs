//! Answers that are kept for requests that may come again.

use support::model::Error;
use support::model::key::Key;
use support::model::once::{Answer, Kept, Once};
use support::model::person::AgentName;
use support::model::principal::Principal;

use support::store::Unit;

use crate::world::{NOW, World, at, customer, now};

fn once(key: &str) -> Once {
    Once::new(Principal::Customer(customer(1)), "POST /close", Key::new(key).unwrap(), "/close?", b"{}")
}

fn answer(text: &str) -> Answer {
    Answer { status: 404, language: "fr".to_owned(), text: text.as_bytes().to_vec() }
}

fn keep(world: &World, key: &'static str, text: &'static str, until: i64) {
    world.store.write_blocking(move |unit| unit.answers().keep(&once(key), &answer(text), now(), at(until))).unwrap();
}

fn found(world: &World, once: &Once) -> Option<Kept> {
    world.store.read_blocking(|unit| unit.answers().find(once, now())).unwrap()
}

pub(crate) fn a_kept_answer_reads_back_until_it_expires(world: &World) {
    keep(world, "k", "one", NOW + 1);
    assert_eq!(found(world, &once("k")), Some(Kept { body: once("k").body, answer: answer("one") }));
    let read = |second| world.store.read_blocking(|unit| unit.answers().find(&once("k"), at(second))).unwrap();
    assert_eq!(read(NOW + 1), None, "an expired one is none");
    let again = |unit: &mut dyn Unit| unit.answers().keep(&once("k"), &answer("two"), at(NOW + 1), at(NOW + 9));
    world.store.write_blocking(again).unwrap();
    assert_eq!(read(NOW + 1).unwrap().answer, answer("two"));
}

pub(crate) fn an_answer_that_has_not_expired_is_not_replaced(world: &World) {
    keep(world, "k", "one", NOW + 1);
    let again = |unit: &mut dyn Unit| unit.answers().keep(&once("k"), &answer("two"), now(), at(NOW + 9));
    assert!(matches!(world.store.write_blocking(again), Err(Error::Changed(_))));
    assert_eq!(found(world, &once("k")).unwrap().answer, answer("one"));
}

pub(crate) fn an_answer_belongs_to_its_principal_endpoint_and_key(world: &World) {
    keep(world, "k", "one", NOW + 1);
    assert_eq!(found(world, &once("l")), None);
    for other in [Principal::Customer(customer(2)), Principal::Agent(AgentName::new("1").unwrap()), Principal::System] {
        assert_eq!(found(world, &Once { principal: other, ..once("k") }), None);
    }
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

pub(crate) fn a_unit_counts_its_writes(world: &World) {
    let counted = world.store.write_blocking(|unit| {
        let before = unit.writes();
        unit.answers().find(&once("k"), now())?;
        let read = unit.writes();
        unit.answers().keep(&once("k"), &answer("one"), now(), now())?;
        Ok((read - before, unit.writes() - before))
    });
    assert_eq!(counted.unwrap(), (0, 1));
}
