//! Webhooks.

use support::model::actor::AgentName;
use support::model::event::EventName;
use support::model::pagination::Sort;
use support::model::webhook::secret::SigningSecret;
use support::model::webhook::target::{Headers, Target};
use support::model::webhook::{MessageIdPrefix, NewWebhook, Webhook};
use support::model::{Error, ValidationErrors, WebhookId};
use support::system;

use crate::world::{NOW, World, at, now, page};

pub(crate) fn new(events: &[EventName]) -> NewWebhook {
    NewWebhook {
        target: Target::parse("https://example.com/hooks?a=b", false).unwrap(),
        events: events.to_vec(),
        headers: Headers::parse(&["X-Team: desk".to_owned()], &mut ValidationErrors::default()),
        secret: SigningSecret::from_random(system::random().unwrap()),
        id_prefix: MessageIdPrefix::from_random(system::random().unwrap()),
        by: AgentName::new("maria").unwrap(),
    }
}

pub(super) fn added(world: &World, events: &[EventName]) -> Webhook {
    let new = new(events);
    world.store.write_blocking(move |unit| unit.webhooks().insert(&new, now())).unwrap()
}

pub(super) fn found(world: &World, id: WebhookId) -> Webhook {
    world.store.read_blocking(|unit| unit.webhooks().get(id)).unwrap().unwrap()
}

pub(crate) fn a_webhook_reads_back_as_it_was_added(world: &World) {
    let webhook = added(world, &[EventName::TicketClosed]);
    let read = found(world, webhook.id);
    assert_eq!(read.settings.target, webhook.settings.target);
    assert_eq!((&read.settings.events, &read.settings.headers), (&webhook.settings.events, &webhook.settings.headers));
    assert_eq!(
        (&read.settings.secret, &read.settings.id_prefix, &read.settings.by),
        (&webhook.settings.secret, &webhook.settings.id_prefix, &webhook.settings.by)
    );
    assert_eq!((read.created_at, read.disabled_at, read.old_secret), (now(), None, None));
    let other = added(world, &[]);
    assert_eq!(other.events(), EventName::ALL);
    let listed = world.store.read_blocking(|unit| unit.webhooks().list(page(9, Sort::Created))).unwrap();
    assert_eq!(listed.iter().map(|webhook| webhook.id).collect::<Vec<_>>(), [other.id, webhook.id]);
    assert_eq!(world.store.read_blocking(|unit| unit.webhooks().count()).unwrap(), 2);
}

pub(crate) fn a_rotated_webhook_keeps_the_old_secret(world: &World) {
    let webhook = added(world, &[]);
    let (id, secret) = (webhook.id, SigningSecret::from_random(system::random().unwrap()));
    let given = secret.clone();
    world.store.write_blocking(move |unit| unit.webhooks().rotate(id, &given, at(NOW + 60))).unwrap();
    let read = found(world, id);
    assert_eq!(read.secrets(at(NOW + 59)).collect::<Vec<_>>(), [&secret, &webhook.settings.secret]);
    assert_eq!(read.secrets(at(NOW + 60)).collect::<Vec<_>>(), [&secret]);
}

pub(crate) fn a_disabled_webhook_is_enabled_once(world: &World) {
    let id = added(world, &[]).id;
    let enable = || world.store.write_blocking(move |unit| unit.webhooks().enable(id));
    assert!(matches!(enable(), Err(Error::Changed(_))), "it is not disabled");
    world.store.write_blocking(move |unit| unit.webhooks().disable(id, now())).unwrap();
    enable().unwrap();
    assert_eq!(found(world, id).disabled_at, None);
}
