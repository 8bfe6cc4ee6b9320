//! Mails, each of which brings a notification.

use support::desk::mail;
use support::model::NotificationId;
use support::model::event::Notice;
use support::model::mail::Letter;
use support::model::mail::attempt::{Attempt, Ended, Trouble};
use support::model::webhook::Tag;
use support::model::webhook::delivery::DeliveryState;

use crate::world::{NOW, World, at, now, opened, opened_by};

const TAG: &str = "0123456789abcdef";

fn switched_on(world: &World) {
    world.store.write_blocking(|unit| mail::switch_on(unit, &Tag::new(TAG).unwrap())).unwrap();
}

fn next(world: &World, second: i64) -> Option<Letter> {
    let next = move |unit: &mut dyn support::store::Unit| loop {
        if let Some(letter) = unit.mails().next(at(second))? {
            return Ok(Some(letter));
        }
        if !unit.mails().enlist(2, at(second))? {
            return Ok(None);
        }
    };
    world.store.write_blocking(next).unwrap()
}

fn work(world: &World, second: i64) -> Option<bool> {
    world.store.read(|unit| unit.mails().work(at(second))).unwrap()
}

/// Customer 1, who has no address, opens a ticket with customer 2, who has one.
fn addressed(world: &World) -> Letter {
    opened_by(&world.store, 1, &[2]);
    next(world, NOW).unwrap()
}

pub(crate) fn nothing_is_queued_while_mail_is_off(world: &World) {
    opened(&world.store);
    assert_eq!((work(world, NOW), next(world, NOW)), (None, None));
    switched_on(world);
    assert_eq!((work(world, NOW), next(world, NOW)), (Some(false), None));
    opened(&world.store);
    assert_eq!(work(world, NOW), Some(true));
    world.store.write_blocking(mail::switch_off).unwrap();
    assert_eq!((work(world, NOW), next(world, NOW)), (None, None));
    switched_on(world);
    assert_eq!((work(world, NOW), next(world, NOW)), (Some(false), None));
}

pub(crate) fn a_letter_goes_to_who_has_an_address(world: &World) {
    switched_on(world);
    let letter = addressed(world);
    assert_eq!((letter.to.as_str(), letter.locale.as_str(), letter.attempts), ("two@example.com", "es", 0));
    assert_eq!((letter.notice, letter.at), (Notice::TicketCreated, now()));
    assert_eq!(letter.message_id("example.com"), format!("<notification.{}.{TAG}@example.com>", letter.id));
    let again = Tag::new("fedcba9876543210").unwrap();
    world.store.write_blocking(move |unit| mail::switch_on(unit, &again)).unwrap();
    assert_eq!(next(world, NOW).unwrap(), letter, "a store keeps its tag, and a mail waits until it is settled");
}

pub(crate) fn an_attempt_settles_its_mail_once(world: &World) {
    switched_on(world);
    let letter = addressed(world);
    let record = |letter: &Letter, ended| {
        let (letter, attempt) = (letter.clone(), Attempt { ended, at: now(), answer: "so it is".to_owned() });
        world.store.write_blocking(move |unit| mail::record_attempt(unit, &letter, &attempt, 0)).unwrap()
    };
    let waits = Some((DeliveryState::Waiting, Some(at(NOW + 2))));
    assert_eq!(record(&letter, Ended::Failed(Trouble::Unreachable)), waits);
    assert_eq!(record(&letter, Ended::Answered(250)), None, "it was tried since");
    assert_eq!((work(world, NOW + 1), next(world, NOW + 1)), (Some(false), None));
    assert_eq!(work(world, NOW - 400 * 86_400), Some(true), "a wait that a wrong clock made is none");
    assert_eq!(work(world, NOW + 2), Some(true));
    let letter = next(world, NOW + 2).unwrap();
    assert_eq!(letter.attempts, 1);
    assert_eq!(record(&letter, Ended::Answered(550)), Some((DeliveryState::Dead, None)));
    assert_eq!((work(world, NOW + 9), next(world, NOW + 9)), (Some(false), None));
    let unknown = Letter { id: NotificationId::new(99).unwrap(), ..letter };
    assert_eq!(record(&unknown, Ended::Answered(250)), None);
}
