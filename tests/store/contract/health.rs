//! State and size of the store.

use std::time::Duration;

use support::desk;
use support::model::actor::AgentName;
use support::model::delivery::{Attempt, AttemptOutcome, ChannelName, DeliveryKey, Queue, Settled};
use support::model::event::EventName;
use support::model::health::{LeaseFacts, TOKEN_EXPIRY_NOTICE};
use support::model::permission::Permissions;
use support::model::role::Role;
use support::model::token::{Digest, NewToken};
use support::model::webhook::secret::SigningSecret;
use support::model::webhook::target::{Headers, Target};
use support::model::webhook::{MessageIdPrefix, NewWebhook};
use support::model::{TokenId, WebhookId};
use support::store::Unit;

use support::system;

use crate::world::{NOW, World, agent, at, caller, customer, now, opened};

fn adds_webhook(world: &World, events: &[EventName]) -> WebhookId {
    let new = NewWebhook {
        target: Target::parse("https://example.com/", false).unwrap(),
        events: events.to_vec(),
        headers: Headers::default(),
        secret: SigningSecret::from_random(system::random().unwrap()),
        id_prefix: MessageIdPrefix::from_random(system::random().unwrap()),
        by: AgentName::new("maria").unwrap(),
    };
    world.store.write_blocking(move |unit| unit.webhooks().insert(&new, now())).unwrap().id
}

fn issues_token(world: &World, issued: i64, expires: i64) -> TokenId {
    let token =
        NewToken::for_customer(customer(1), Role::new("customer").unwrap(), Permissions::CUSTOMER, at(NOW + expires));
    let mut digest = [0; 32];
    make_digest_unique(&mut digest, issued, expires);
    let issue = move |unit: &mut dyn Unit| unit.tokens().insert(&token, Digest(digest), at(NOW + issued));
    world.store.write_blocking(issue).unwrap().id
}

/// Makes the digest unique for a pair of times.
fn make_digest_unique(digest: &mut [u8; 32], issued: i64, expires: i64) {
    digest[..8].copy_from_slice(&issued.to_be_bytes());
    digest[8..16].copy_from_slice(&expires.to_be_bytes());
}

pub(crate) fn tallies_count_rows_by_kind(world: &World) {
    let row_counts = || {
        let soon = now().plus(TOKEN_EXPIRY_NOTICE);
        world.store.read_blocking(|unit| unit.health().row_counts(now(), soon)).unwrap()
    };
    let empty = row_counts();
    assert_eq!((empty.open, empty.oldest, empty.events, empty.unread), (0, None, 0, 0));
    let ids = [1, 2, 3].map(|_| opened(&world.store).id);
    world
        .store
        .write_blocking(move |unit| {
            desk::escalate::escalate(unit, &caller(1), ids[0], None, now())?;
            desk::close::close(unit, &agent(), ids[1], None, now())
        })
        .unwrap();
    for (issued, expires) in [
        (-TOKEN_EXPIRY_NOTICE, TOKEN_EXPIRY_NOTICE),
        (-TOKEN_EXPIRY_NOTICE, TOKEN_EXPIRY_NOTICE + 1),
        (-TOKEN_EXPIRY_NOTICE, 0),
        (0, TOKEN_EXPIRY_NOTICE),
        (-1, TOKEN_EXPIRY_NOTICE),
    ] {
        issues_token(world, issued, expires);
    }
    let revoked = issues_token(world, -TOKEN_EXPIRY_NOTICE, 5);
    world.store.write_blocking(move |unit| unit.tokens().revoke(revoked, now())).unwrap();
    let webhook = adds_webhook(world, &[]);
    opened(&world.store);
    opened(&world.store);
    world.store.write_blocking(move |unit| unit.deliveries().enqueue(Queue::Webhook(webhook), 9, now())).unwrap();
    for (status, settled) in [(400, Settled::Dead), (503, Settled::Retried(now()))] {
        let attempt = Attempt { outcome: AttemptOutcome::answered(status), at: now(), took: 1, answer: String::new() };
        let keep = move |unit: &mut dyn Unit| {
            let next = unit.deliveries().next_event(webhook)?.expect("one waits");
            unit.deliveries().record(DeliveryKey::Webhook(next.id), 0, &attempt, settled)
        };
        assert!(world.store.write_blocking(keep).unwrap());
    }
    let counts = row_counts();
    assert_eq!((counts.open, counts.escalated, counts.closed), (3, 1, 1));
    assert_eq!(counts.oldest, Some((ids[0], now())));
    assert_eq!((counts.events, counts.audience, counts.unread), (7, 14, 14));
    assert_eq!((counts.retried, counts.dead, counts.ending), (1, 1, 2));
    assert_eq!(world.store.read_blocking(|unit| unit.health().dead_deliveries()).unwrap(), 1);
}

pub(crate) fn the_delivery_lease_has_its_times(world: &World) {
    let counts = || world.store.read_blocking(|unit| unit.health().delivery_lease()).unwrap();
    let holder = "1".repeat(32);
    assert_eq!(counts(), None);
    let name = holder.clone();
    world
        .store
        .write_blocking(move |unit| {
            assert!(unit.leases().acquire(ChannelName::Webhooks, &name, None, now())?);
            unit.leases().renew(ChannelName::Webhooks, &name, at(NOW + 9))
        })
        .unwrap();
    assert_eq!(counts(), Some(LeaseFacts { holder, since: now(), seen_at: at(NOW + 9) }));
}

pub(crate) fn webhook_facts_count_undelivered_events(world: &World) {
    let (all, closed) = (adds_webhook(world, &[]), adds_webhook(world, &[EventName::TicketClosed]));
    let counts = || {
        let webhooks = world.store.read_blocking(|unit| unit.health().webhooks()).unwrap();
        webhooks.iter().map(|webhook| (webhook.webhook_id, webhook.waiting)).collect::<Vec<_>>()
    };
    assert_eq!(counts(), [(all, 0), (closed, 0)]);
    opened(&world.store);
    assert_eq!(counts(), [(all, 1), (closed, 0)]);
    world.store.write_blocking(move |unit| unit.deliveries().enqueue(Queue::Webhook(all), 9, now())).unwrap();
    opened(&world.store);
    assert_eq!(counts(), [(all, 2), (closed, 0)]);
}

pub(crate) fn an_integrity_check_stops_at_its_limit(world: &World) {
    for _ in 0..300 {
        opened(&world.store);
    }
    let check = |most| world.store.read_blocking(|unit| unit.health().integrity(most)).unwrap();
    let whole = check(None);
    assert!(whole.finished && whole.errors.is_empty(), "{whole:?}");
    assert!(check(Some(Duration::from_mins(1))).finished);
    let cut = check(Some(Duration::ZERO));
    assert!(!cut.finished && cut.errors.is_empty(), "{cut:?}");
    assert!(check(None).finished, "a limit holds for one check alone");
}
