//! Webhooks and their deliveries.

use support::desk::{self, webhook::deliver};
use support::model::event::EventName;
use support::model::page::{Ask, Cursor, Sort};
use support::model::person::AgentName;
use support::model::webhook::attempt::{Ended, Trouble};
use support::model::webhook::delivery::{Attempt, Delivery, DeliveryFilter, DeliveryState};
use support::model::webhook::secret::SigningSecret;
use support::model::webhook::target::{Headers, Target};
use support::model::webhook::{NewWebhook, Tag, Webhook};
use support::model::{Faults, WebhookId};
use support::store::Unit;
use support::system;

use crate::world::{NOW, World, agent, at, now, opened, page};

fn new(events: &[EventName]) -> NewWebhook {
    NewWebhook {
        target: Target::parse("https://example.com/hooks?a=b", false).unwrap(),
        events: events.to_vec(),
        headers: Headers::parse(&["X-Team: desk".to_owned()], &mut Faults::default()),
        secret: SigningSecret::from_random(system::random().unwrap()),
        tag: Tag::from_random(system::random().unwrap()),
        by: AgentName::new("maria").unwrap(),
    }
}

fn added(world: &World, events: &[EventName]) -> Webhook {
    let new = new(events);
    world.store.write_blocking(move |unit| unit.webhooks().insert(&new, now())).unwrap()
}

fn found(world: &World, id: WebhookId) -> Webhook {
    world.store.read(|unit| unit.webhooks().get(id)).unwrap().unwrap()
}

fn deliveries(world: &World, filter: DeliveryFilter, ask: Ask) -> Vec<Delivery> {
    world.store.read(|unit| unit.webhooks().deliveries(filter, ask)).unwrap()
}

fn enlisted(world: &World, id: WebhookId) -> bool {
    world.store.write_blocking(move |unit| unit.webhooks().enlist(id, 64, now())).unwrap()
}

fn attempt(ended: Ended) -> Attempt {
    Attempt { ended, at: at(NOW + 5), took: 12, answer: "so it is".to_owned() }
}

fn answered(status: u16) -> Attempt {
    attempt(Ended::Answered { status, retry_after: None })
}

pub(crate) fn a_webhook_reads_back_as_it_was_added(world: &World) {
    let webhook = added(world, &[EventName::TicketClosed]);
    let read = found(world, webhook.id);
    assert_eq!(read.is.target, webhook.is.target);
    assert_eq!((&read.is.events, &read.is.headers), (&webhook.is.events, &webhook.is.headers));
    assert_eq!((&read.is.secret, &read.is.tag, &read.is.by), (&webhook.is.secret, &webhook.is.tag, &webhook.is.by));
    assert_eq!((read.created_at, read.disabled_at, read.old_secret), (now(), None, None));
    let other = added(world, &[]);
    assert_eq!(other.events(), EventName::ALL);
    let listed = world.store.read(|unit| unit.webhooks().list(page(9, Sort::Created))).unwrap();
    assert_eq!(listed.iter().map(|webhook| webhook.id).collect::<Vec<_>>(), [other.id, webhook.id]);
    assert_eq!(world.store.read(|unit| unit.webhooks().count()).unwrap(), 2);
}

pub(crate) fn a_rotated_webhook_keeps_the_secret_before(world: &World) {
    let webhook = added(world, &[]);
    let (id, secret) = (webhook.id, SigningSecret::from_random(system::random().unwrap()));
    let given = secret.clone();
    world.store.write_blocking(move |unit| unit.webhooks().rotate(id, &given, at(NOW + 60))).unwrap();
    let read = found(world, id);
    assert_eq!(read.secrets(at(NOW + 59)).collect::<Vec<_>>(), [&secret, &webhook.is.secret]);
    assert_eq!(read.secrets(at(NOW + 60)).collect::<Vec<_>>(), [&secret]);
}

pub(crate) fn a_webhook_is_given_the_later_events_that_it_asks_for(world: &World) {
    opened(&world.store);
    let (every, closed) = (added(world, &[]).id, added(world, &[EventName::TicketClosed]).id);
    let work = || world.store.read(|unit| unit.webhooks().work(now())).unwrap();
    assert_eq!(work(), [(every, false), (closed, false)]);
    let ticket = opened(&world.store);
    world.store.write_blocking(move |unit| desk::close::close(unit, &agent(), ticket.id, None, now())).unwrap();
    assert_eq!(work(), [(every, true), (closed, true)]);
    assert!(enlisted(world, every) && enlisted(world, closed));
    assert!(!enlisted(world, every) && !enlisted(world, closed));
    let of = |id| DeliveryFilter { webhook: Some(id), failed: false };
    let names = |id| {
        let found = deliveries(world, of(id), page(9, Sort::Created));
        found.iter().map(|delivery| delivery.name).collect::<Vec<_>>()
    };
    assert_eq!(names(every), [EventName::TicketClosed, EventName::TicketCreated]);
    assert_eq!(names(closed), [EventName::TicketClosed]);
    let head = world.store.read(|unit| unit.webhooks().head(every)).unwrap().unwrap();
    assert_eq!((head.name, head.attempts, head.due_at), (EventName::TicketCreated, 0, now()));
    let all = deliveries(world, DeliveryFilter::default(), page(9, Sort::Created));
    assert_eq!(all.len(), 3);
    let after = Cursor { id: all[0].id.get(), ..Cursor::start(Sort::Created) };
    let rest = deliveries(world, DeliveryFilter::default(), Ask { limit: 1, after });
    assert_eq!(rest.iter().map(|delivery| delivery.id).collect::<Vec<_>>(), [all[1].id, all[2].id]);
}

pub(crate) fn an_attempt_is_kept_once_and_settles_its_delivery(world: &World) {
    let webhook = added(world, &[]).id;
    opened(&world.store);
    enlisted(world, webhook);
    let head = || world.store.read(|unit| unit.webhooks().head(webhook)).unwrap();
    let id = head().unwrap().id;
    let record = |attempts, attempt: Attempt| {
        let work = move |unit: &mut dyn Unit| deliver::record_attempt(unit, webhook, id, attempts, &attempt, 0);
        world.store.write_blocking(work).unwrap()
    };
    let waits = record(0, attempt(Ended::Failed(Trouble::Unreachable)));
    assert_eq!(waits, deliver::Made::Waits(at(NOW + 7)));
    assert_eq!(record(0, answered(200)), deliver::Made::Nothing);
    assert!(!head().unwrap().is_due(at(NOW + 6)) && head().unwrap().is_due(at(NOW + 7)));
    let work = |second| world.store.read(|unit| unit.webhooks().work(at(second))).unwrap();
    assert_eq!((work(NOW + 6), work(NOW + 7)), (vec![(webhook, false)], vec![(webhook, true)]));
    assert_eq!(work(NOW - 400 * 86_400), [(webhook, true)], "a wait that a wrong clock made is none");
    let failed = || deliveries(world, DeliveryFilter { webhook: None, failed: true }, page(9, Sort::Created));
    assert_eq!(failed().len(), 1);
    assert_eq!(record(1, answered(200)), deliver::Made::Delivered);
    assert!(head().is_none() && failed().is_empty());
    let delivery = world.store.read(|unit| unit.webhooks().delivery(id)).unwrap().unwrap();
    assert_eq!((delivery.state, delivery.attempts, delivery.last), (DeliveryState::Delivered, 2, Some(answered(200))));
    world.store.write_blocking(move |unit| unit.webhooks().requeue(id, at(NOW + 9))).unwrap();
    assert_eq!(head().map(|head| (head.attempts, head.due_at)), Some((0, at(NOW + 9))));
    assert_eq!(record(0, answered(410)), deliver::Made::Disabled);
    assert!(found(world, webhook).disabled_at.is_some());
    assert!(work(NOW + 9).is_empty());
}

pub(crate) fn a_removed_webhook_takes_its_deliveries_along(world: &World) {
    let webhook = added(world, &[]).id;
    opened(&world.store);
    enlisted(world, webhook);
    let remove = move |unit: &mut dyn Unit| desk::webhook::remove::remove_webhook(unit, &agent(), webhook, now());
    assert!(world.store.write_blocking(remove).unwrap());
    assert!(world.store.read(|unit| unit.webhooks().get(webhook)).unwrap().is_none());
    assert!(deliveries(world, DeliveryFilter::default(), page(9, Sort::Created)).is_empty());
}
