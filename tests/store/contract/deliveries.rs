//! Deliveries of every channel: queued, attempted, settled and requeued.

use support::desk::delivery::queue::{fill_queue, next_mail};
use support::desk::delivery::{mail, record, requeue};
use support::desk::{self};
use support::model::delivery::{
    Attempt, AttemptOutcome, ChannelName, Delivery, DeliveryError, DeliveryFilter, DeliveryKey, DeliveryState, Queue,
    Queued, Settled, WebhookEvent,
};
use support::model::event::EventName;
use support::model::mail::MailContent;
use support::model::notification::Notice;
use support::model::pagination::{Cursor, PageRequest, Sort};
use support::model::principal::Caller;
use support::model::webhook::MessageIdPrefix;
use support::model::{Error, NotificationId, Timestamp, WebhookId};
use support::store::Unit;

use super::webhooks::{added, found};
use crate::world::{NOW, World, agent, at, now, opened, opened_by, page};

const TAG: &str = "0123456789abcdef";
const HOLDER: &str = "0123456789abcdef0123456789abcdef";

fn pending(world: &World, channel: ChannelName, second: i64) -> Vec<(Queue, Timestamp)> {
    world.store.read_blocking(|unit| unit.deliveries().pending(channel, at(second))).unwrap()
}

fn enqueued(world: &World, queue: Queue) -> bool {
    world.store.write_blocking(move |unit| fill_queue(unit, &Caller::system(), queue, now())).unwrap()
}

fn attempt(outcome: AttemptOutcome) -> Attempt {
    Attempt { outcome, at: at(NOW + 5), took: 12, answer: "so it is".to_owned() }
}

/// Stores an attempt after this number of attempts.
fn record(world: &World, queue: Queue, key: DeliveryKey, attempts: u32, outcome: AttemptOutcome) -> Option<Settled> {
    let work = move |unit: &mut dyn Unit| {
        record::record_attempt(unit, &Caller::system(), queue, key, attempts, &attempt(outcome), 0)
    };
    world.store.write_blocking(work).unwrap()
}

fn events(world: &World, filter: DeliveryFilter<WebhookId>, page: PageRequest) -> Vec<Delivery<WebhookEvent>> {
    world.store.read_blocking(|unit| unit.deliveries().events(filter, page)).unwrap()
}

fn all() -> DeliveryFilter<WebhookId> {
    DeliveryFilter { to: None, failed: false }
}

pub(crate) fn a_webhook_receives_later_events_that_it_subscribes_to(world: &World) {
    opened(&world.store);
    let (every, closed) = (added(world, &[]).id, added(world, &[EventName::TicketClosed]).id);
    let waits = || pending(world, ChannelName::Webhooks, NOW);
    assert_eq!(waits(), []);
    let ticket = opened(&world.store);
    world.store.write_blocking(move |unit| desk::close::close(unit, &agent(), ticket.id, None, now())).unwrap();
    let both = [every, closed].map(Queue::Webhook);
    assert_eq!(waits(), both.map(|queue| (queue, now())));
    assert_eq!(both.map(|queue| enqueued(world, queue)), [true, true]);
    assert_eq!(both.map(|queue| enqueued(world, queue)), [false, false]);
    let names = |id| {
        let found = events(world, DeliveryFilter { to: Some(id), ..all() }, page(9, Sort::Created));
        found.iter().map(|delivery| delivery.of.name).collect::<Vec<_>>()
    };
    assert_eq!(names(every), [EventName::TicketClosed, EventName::TicketCreated]);
    assert_eq!(names(closed), [EventName::TicketClosed]);
    let next = world.store.read_blocking(|unit| unit.deliveries().next_event(every)).unwrap().unwrap();
    assert_eq!((next.name, next.attempts, next.due_at), (EventName::TicketCreated, 0, now()));
    let listed = events(world, all(), page(9, Sort::Created));
    assert_eq!(listed.len(), 3);
    let after = Cursor { id: listed[0].of.id.get(), ..Cursor::start(Sort::Created) };
    let rest = events(world, all(), PageRequest { limit: 1, after });
    assert_eq!(rest, listed[1..]);
}

pub(crate) fn an_attempt_is_stored_once_and_settles_its_delivery(world: &World) {
    let webhook = added(world, &[]).id;
    let queue = Queue::Webhook(webhook);
    opened(&world.store);
    enqueued(world, queue);
    let next = || world.store.read_blocking(|unit| unit.deliveries().next_event(webhook)).unwrap();
    let id = next().unwrap().id;
    let record = |attempts, outcome| record(world, queue, DeliveryKey::Webhook(id), attempts, outcome);
    let waits = record(0, AttemptOutcome::Failed(DeliveryError::Unreachable));
    assert_eq!(waits, Some(Settled::Retried(at(NOW + 7))));
    assert_eq!(record(0, AttemptOutcome::answered(200)), None, "it was tried since");
    let waits = |second| pending(world, ChannelName::Webhooks, second);
    assert_eq!(waits(NOW + 6), [(queue, at(NOW + 7))]);
    let long_ago = NOW - 400 * 86_400;
    assert_eq!(waits(long_ago), [(queue, at(long_ago))], "a wait that a wrong clock made is none");
    let failed = || events(world, DeliveryFilter { failed: true, ..all() }, page(9, Sort::Created));
    assert_eq!(failed().len(), 1);
    assert_eq!(record(1, AttemptOutcome::answered(200)), Some(Settled::Delivered));
    assert!(next().is_none() && failed().is_empty() && waits(NOW + 9).is_empty());
    let delivery = world.store.read_blocking(|unit| unit.deliveries().event(id)).unwrap().unwrap();
    let last = Some(attempt(AttemptOutcome::answered(200)));
    assert_eq!((delivery.state, delivery.attempts, &delivery.last), (DeliveryState::Delivered, 2, &last));
    let again = world.store.write_blocking(move |unit| requeue::redeliver(unit, &agent(), id, at(NOW + 9))).unwrap();
    assert_eq!(world.store.read_blocking(|unit| unit.deliveries().event(id)).unwrap().as_ref(), Some(&again));
    assert_eq!(next().map(|next| (next.attempts, next.due_at)), Some((0, at(NOW + 9))));
    assert_eq!(record(0, AttemptOutcome::answered(410)), Some(Settled::Gone));
    assert!(found(world, webhook).disabled_at.is_some());
    assert!(waits(NOW + 9).is_empty());
}

pub(crate) fn a_removed_webhooks_deliveries_are_deleted(world: &World) {
    let webhook = added(world, &[]).id;
    opened(&world.store);
    enqueued(world, Queue::Webhook(webhook));
    let remove = move |unit: &mut dyn Unit| desk::webhook::remove::remove_webhook(unit, &agent(), webhook, now());
    assert!(world.store.write_blocking(remove).unwrap());
    assert!(world.store.read_blocking(|unit| unit.webhooks().get(webhook)).unwrap().is_none());
    assert!(events(world, all(), page(9, Sort::Created)).is_empty());
}

pub(crate) fn a_requeue_checks_the_number_of_attempts(world: &World) {
    let webhook = added(world, &[]).id;
    opened(&world.store);
    enqueued(world, Queue::Webhook(webhook));
    let key = DeliveryKey::Webhook(events(world, all(), page(9, Sort::Created))[0].of.id);
    let late = world.store.write_blocking(move |unit| unit.deliveries().requeue(key, 1, 0, now()));
    assert!(matches!(late, Err(Error::Changed(_))), "{late:?}");
}

fn switch_mail_on(world: &World) {
    world
        .store
        .write_blocking(|unit| mail::switch_on(unit, &Caller::system(), &MessageIdPrefix::new(TAG).unwrap()))
        .unwrap();
}

fn next(world: &World, second: i64) -> Option<Queued<MailContent>> {
    let work = move |unit: &mut dyn Unit| {
        if unit.leases().find(ChannelName::Mail)?.is_none() {
            unit.leases().acquire(ChannelName::Mail, HOLDER, None, now())?;
        }
        while fill_queue(unit, &Caller::system(), Queue::Mail, at(second))? {}
        next_mail(unit, &Caller::system(), HOLDER, at(second))
    };
    world.store.write_blocking(work).unwrap()
}

/// Customer 1, who has no address, opens a ticket with customer 2, who has one.
fn ticket_with_mail(world: &World) -> Queued<MailContent> {
    opened_by(&world.store, 1, &[2]);
    next(world, NOW).unwrap()
}

pub(crate) fn nothing_is_queued_while_mail_is_off(world: &World) {
    let waits = || pending(world, ChannelName::Mail, NOW);
    opened(&world.store);
    assert_eq!((waits(), next(world, NOW)), (vec![], None));
    switch_mail_on(world);
    assert_eq!((waits(), next(world, NOW)), (vec![], None));
    opened(&world.store);
    assert_eq!(waits(), [(Queue::Mail, now())]);
    world.store.write_blocking(|unit| mail::switch_off(unit, &Caller::system())).unwrap();
    assert_eq!((waits(), next(world, NOW)), (vec![], None));
    switch_mail_on(world);
    assert_eq!((waits(), next(world, NOW)), (vec![], None));
}

pub(crate) fn a_mail_is_queued_for_a_customer_with_an_address(world: &World) {
    switch_mail_on(world);
    let Queued { attempts, payload: mail, .. } = ticket_with_mail(world);
    assert_eq!((mail.to.as_str(), mail.locale.as_str(), attempts), ("two@example.com", "es", 0));
    assert_eq!((mail.notice, mail.at), (Notice::TicketCreated, now()));
    assert_eq!(mail.message_id("example.com"), format!("<notification.{}.{TAG}@example.com>", mail.id));
    let again = MessageIdPrefix::new("fedcba9876543210").unwrap();
    world.store.write_blocking(move |unit| mail::switch_on(unit, &Caller::system(), &again)).unwrap();
    assert_eq!(next(world, NOW).unwrap().payload, mail, "a store keeps its tag, and a mail waits until it is settled");
}

pub(crate) fn an_attempt_settles_its_mail_once(world: &World) {
    switch_mail_on(world);
    let mail = ticket_with_mail(world);
    let record_mail = |attempts, outcome| record(world, Queue::Mail, mail.key, attempts, outcome);
    let due = at(NOW + 7);
    assert_eq!(record_mail(0, AttemptOutcome::Failed(DeliveryError::Unreachable)), Some(Settled::Retried(due)));
    assert_eq!(record_mail(0, AttemptOutcome::answered(250)), None, "it was tried since");
    let waits = |second| pending(world, ChannelName::Mail, second);
    assert_eq!((waits(NOW + 6), next(world, NOW + 6)), (vec![(Queue::Mail, due)], None));
    let long_ago = NOW - 400 * 86_400;
    assert_eq!(waits(long_ago), [(Queue::Mail, at(long_ago))], "a wait that a wrong clock made is none");
    assert_eq!(next(world, NOW + 7).unwrap().attempts, 1);
    assert_eq!(record_mail(1, AttemptOutcome::answered(550)), Some(Settled::Dead));
    assert_eq!((waits(NOW + 9), next(world, NOW + 9)), (vec![], None));
    let unknown = DeliveryKey::Mail(NotificationId::new(99).unwrap());
    assert_eq!(record(world, Queue::Mail, unknown, 0, AttemptOutcome::answered(250)), None);
}
