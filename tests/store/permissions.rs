//! Every use case rejects a caller without its permission, before it reads or writes.

use support::desk::delivery::{list as deliveries, mail, queue, record, requeue};
use support::desk::webhook::{add, enable, list as webhooks, remove, rotate, test_message};
use support::desk::{
    audit, balance, check_store, close, create, escalate, events, generate, grant_points, health_report, inspect,
    issue_token, list, list_notifications, list_own, load_fixtures, notifications, retention, revoke_token, track,
};
use support::model::actor::AgentName;
use support::model::audit::AuditFilter;
use support::model::award::Cents;
use support::model::delivery::{Attempt, AttemptOutcome, ChannelName, DeliveryFilter, DeliveryKey, Queue};
use support::model::fixture::{Fixture, built_in};
use support::model::inbox::ReadSelection;
use support::model::ledger::Grant;
use support::model::pagination::{PageRequest, Sort, TicketFilter};
use support::model::permission::{Permission, Permissions};
use support::model::principal::{Caller, Principal};
use support::model::retention::{RetentionClass, RetentionPolicy};
use support::model::role::Role;
use support::model::ticket::Reason;
use support::model::token::{Digest, NewToken};
use support::model::webhook::secret::SigningSecret;
use support::model::webhook::target::{Headers, Target};
use support::model::webhook::{MessageIdPrefix, NewWebhook};
use support::model::{DeliveryId, Error, NotificationId, TokenId, WebhookId};
use support::store::Unit;

use crate::world::{World, agent, customer, draft, now, opened, page, sqlite, ticket_id};

type Attempted = fn(&mut dyn Unit, &Caller) -> Result<(), Error>;

/// Every use case by module and name, with its permission, and a call that passes the permission check of a caller with
/// all permissions.
const USE_CASES: &[(&str, Permission, Attempted)] = &[
    ("create::create", Permission::CreateTicket, |unit, caller| {
        create::create(unit, caller, draft(1, &[]), now()).map(drop)
    }),
    ("create::create_drafted", Permission::CreateTicket, |unit, caller| {
        let body = serde_json::json!({"serviceType": "ride"});
        let drafted = support::model::draft::parse_create(&body, customer(1))?;
        create::create_drafted(unit, caller, &drafted, now()).map(drop)
    }),
    ("track::track", Permission::TrackTicket, |unit, caller| track::track(unit, caller, ticket_id(1)).map(drop)),
    ("list_own::list_own", Permission::TrackTicket, |unit, caller| {
        list_own::list_own(unit, caller, &[], first()).map(drop)
    }),
    ("events::event_range", Permission::TrackTicket, |unit, caller| events::event_range(unit, caller).map(drop)),
    ("events::events_after", Permission::TrackTicket, |unit, caller| {
        events::events_after(unit, caller, 0, 9).map(drop)
    }),
    ("notifications::inbox", Permission::TrackTicket, |unit, caller| {
        notifications::inbox(unit, caller, false, first()).map(drop)
    }),
    ("notifications::mark_read", Permission::TrackTicket, |unit, caller| {
        notifications::mark_read(unit, caller, &ReadSelection::All, now()).map(drop)
    }),
    ("escalate::escalate", Permission::EscalateTicket, |unit, caller| {
        escalate::escalate(unit, caller, ticket_id(1), None, now()).map(drop)
    }),
    ("escalate::would_escalate", Permission::EscalateTicket, |unit, caller| {
        escalate::would_escalate(unit, caller, ticket_id(1), now()).map(drop)
    }),
    ("close::close", Permission::CloseTicket, |unit, caller| {
        close::close(unit, caller, ticket_id(1), None, now()).map(drop)
    }),
    ("close::would_close", Permission::CloseTicket, |unit, caller| {
        close::would_close(unit, caller, ticket_id(1), now()).map(drop)
    }),
    ("list::list", Permission::ListTickets, |unit, caller| {
        list::list(unit, caller, &TicketFilter::default(), first()).map(drop)
    }),
    ("inspect::inspect", Permission::InspectTicket, |unit, caller| {
        inspect::inspect(unit, caller, ticket_id(1)).map(drop)
    }),
    ("balance::balance", Permission::ReadPoints, |unit, caller| balance::balance(unit, caller, customer(1)).map(drop)),
    ("balance::history", Permission::ReadPoints, |unit, caller| {
        balance::history(unit, caller, customer(1), first()).map(drop)
    }),
    ("grant_points::grant_points", Permission::GrantPoints, |unit, caller| {
        let grant = Grant::new(customer(1), 5, Cents(0), Reason::new("sorry").unwrap(), None).unwrap();
        grant_points::grant_points(unit, caller, &grant, now()).map(drop)
    }),
    ("list_notifications::list_notifications", Permission::ReadNotifications, |unit, caller| {
        list_notifications::list_notifications(unit, caller, customer(1), false, first()).map(drop)
    }),
    ("delivery::list::list_mails", Permission::ReadNotifications, |unit, caller| {
        deliveries::list_mails(unit, caller, DeliveryFilter { to: None, failed: false }, first()).map(drop)
    }),
    ("delivery::requeue::resend", Permission::ResendMail, |unit, caller| {
        requeue::resend(unit, caller, NotificationId::FIRST, now()).map(drop)
    }),
    ("issue_token::issue_token", Permission::ManageTokens, |unit, caller| {
        let role = Role::new("customer").unwrap();
        let token = NewToken::for_customer(customer(1), role, Permissions::CUSTOMER, now().plus(60));
        issue_token::issue_token(unit, caller, &token, Digest([7; 32]), now()).map(drop)
    }),
    ("revoke_token::revoke_token", Permission::ManageTokens, |unit, caller| {
        revoke_token::revoke_token(unit, caller, TokenId::FIRST, now())
    }),
    ("revoke_token::list_tokens", Permission::ManageTokens, |unit, caller| {
        revoke_token::list_tokens(unit, caller, None, first()).map(drop)
    }),
    ("webhook::add::add_webhook", Permission::ManageWebhooks, |unit, caller| {
        let webhook = NewWebhook {
            target: Target::parse("https://example.com/", false).unwrap(),
            events: Vec::new(),
            headers: Headers::default(),
            secret: secret(),
            id_prefix: tag(),
            by: AgentName::new("maria").unwrap(),
        };
        add::add_webhook(unit, caller, &webhook, now()).map(drop)
    }),
    ("webhook::enable::enable_webhook", Permission::ManageWebhooks, |unit, caller| {
        enable::enable_webhook(unit, caller, WebhookId::FIRST, now()).map(drop)
    }),
    ("webhook::list::list_webhooks", Permission::ManageWebhooks, |unit, caller| {
        webhooks::list_webhooks(unit, caller, first()).map(drop)
    }),
    ("delivery::list::list_deliveries", Permission::ManageWebhooks, |unit, caller| {
        deliveries::list_deliveries(unit, caller, DeliveryFilter { to: None, failed: false }, first()).map(drop)
    }),
    ("delivery::requeue::redeliver", Permission::ManageWebhooks, |unit, caller| {
        requeue::redeliver(unit, caller, DeliveryId::FIRST, now()).map(drop)
    }),
    ("webhook::remove::remove_webhook", Permission::ManageWebhooks, |unit, caller| {
        remove::remove_webhook(unit, caller, WebhookId::FIRST, now()).map(drop)
    }),
    ("webhook::rotate::previous_secret_expiry", Permission::ManageWebhooks, |unit, caller| {
        rotate::previous_secret_expiry(unit, caller, WebhookId::FIRST, now()).map(drop)
    }),
    ("webhook::rotate::rotate_secret", Permission::ManageWebhooks, |unit, caller| {
        let secret = secret();
        rotate::rotate_secret(unit, caller, WebhookId::FIRST, &secret, true, now()).map(drop)
    }),
    ("webhook::test_message::test_message", Permission::ManageWebhooks, |unit, caller| {
        test_message::test_message(unit, caller, WebhookId::FIRST, &tag(), now()).map(drop)
    }),
    ("audit::list", Permission::ReadAuditLog, |unit, caller| {
        audit::list(unit, caller, &AuditFilter::default(), first()).map(drop)
    }),
    ("audit::export", Permission::ReadAuditLog, |unit, caller| {
        audit::export::<Error>(unit, caller, |_| Ok(true)).map(drop)
    }),
    ("audit::verify", Permission::ReadAuditLog, |unit, caller| {
        audit::verify(unit, caller, None, |_| {}, |_| {}).map(drop)
    }),
    ("health_report::health_report", Permission::ReadHealthReport, |unit, caller| {
        health_report::health_report(unit, caller, None, now()).map(drop)
    }),
    ("audit::verify_each", Permission::ReadAuditLog, |unit, caller| {
        audit::verify_each(unit, caller, &[], |_| {}, |_| {}).map(drop)
    }),
    ("check_store::check_store", Permission::ReadHealthReport, |unit, caller| {
        check_store::check_store(unit, caller, &[], |_| {}, |_| {}).map(drop)
    }),
    ("generate::require_empty", Permission::LoadFixtures, generate::require_empty),
    ("generate::insert_customers", Permission::LoadFixtures, |unit, caller| {
        generate::insert_customers(unit, caller, &[])
    }),
    ("generate::insert_purchases", Permission::LoadFixtures, |unit, caller| {
        generate::insert_purchases(unit, caller, &[])
    }),
    ("generate::run_steps", Permission::LoadFixtures, |unit, caller| generate::run_steps(unit, caller, &[])),
    ("load_fixtures::load_fixtures", Permission::LoadFixtures, |unit, caller| {
        let fixture = Fixture::parse(built_in("demo").unwrap())?;
        load_fixtures::load_fixtures(unit, caller, &fixture).map(drop)
    }),
    ("delivery::queue::pending", Permission::DeliverMessages, |unit, caller| {
        queue::pending(unit, caller, ChannelName::Webhooks, now()).map(drop)
    }),
    ("delivery::queue::next_message", Permission::DeliverMessages, |unit, caller| {
        queue::next_message(unit, caller, "one", WebhookId::FIRST, now()).map(drop)
    }),
    ("delivery::queue::next_mail", Permission::DeliverMessages, |unit, caller| {
        queue::next_mail(unit, caller, "one", now()).map(drop)
    }),
    ("delivery::queue::fill_queue", Permission::DeliverMessages, |unit, caller| {
        queue::fill_queue(unit, caller, Queue::Webhook(WebhookId::FIRST), now()).map(drop)
    }),
    ("delivery::record::record_attempt", Permission::DeliverMessages, |unit, caller| {
        let outcome = AttemptOutcome::Answered { status: 410, retry_after: None };
        let attempt = Attempt { outcome, at: now(), took: 1, answer: String::new() };
        let (queue, key) = (Queue::Webhook(WebhookId::FIRST), DeliveryKey::Webhook(DeliveryId::FIRST));
        record::record_attempt(unit, caller, queue, key, 0, &attempt, 0).map(drop)
    }),
    ("delivery::mail::mail_is_on", Permission::DeliverMessages, |unit, caller| {
        mail::mail_is_on(unit, caller).map(drop)
    }),
    ("delivery::mail::switch_on", Permission::DeliverMessages, |unit, caller| mail::switch_on(unit, caller, &tag())),
    ("delivery::mail::switch_off", Permission::DeliverMessages, mail::switch_off),
    ("retention::purge", Permission::PurgeOldRows, |unit, caller| {
        let late = now().plus(4_000 * 86_400);
        retention::purge(unit, caller, RetentionClass::Notifications, &RetentionPolicy::default(), late).map(drop)
    }),
];

fn first() -> PageRequest {
    page(5, Sort::Created)
}

fn secret() -> SigningSecret {
    SigningSecret::from_random([7; 32])
}

fn tag() -> MessageIdPrefix {
    MessageIdPrefix::new("0123456789abcdef").unwrap()
}

/// Runs a call and rolls it back. Returns its error and its number of writes.
fn attempted(world: &World, caller: &Caller, attempt: Attempted) -> (Option<Error>, u64) {
    let caller = caller.clone();
    let (sender, receiver) = std::sync::mpsc::channel();
    let undone = world.store.write_blocking(move |unit| {
        let before = unit.writes();
        let refusal = attempt(unit, &caller).err();
        sender.send((refusal, unit.writes() - before)).unwrap();
        Err::<(), _>(Error::KeyReused)
    });
    assert!(matches!(undone, Err(Error::KeyReused)));
    receiver.recv().unwrap()
}

#[test]
fn every_use_case_rejects_a_caller_without_its_permission_and_writes_nothing() {
    let world = sqlite();
    opened(&world.store);
    for (name, permission, attempt) in USE_CASES {
        let (refusal, writes) = attempted(&world, &agent().without(*permission), *attempt);
        let refused = matches!(&refusal, Some(Error::MissingPermission(missing)) if missing == permission);
        assert!(refused, "{name} did not miss {permission}: {refusal:?}");
        assert_eq!(writes, 0, "{name} wrote before it refused");
        let (refusal, _) = attempted(&world, &agent(), *attempt);
        let missed = matches!(refusal, Some(Error::MissingPermission(_)));
        assert!(!missed, "{name} asks for more than {permission}: {refusal:?}");
    }
}

#[test]
fn a_customer_passes_only_the_customer_permissions() {
    let world = sqlite();
    opened(&world.store);
    let everything: Permissions = Permission::ALL.iter().copied().collect();
    let caller = Caller::new(Principal::Customer(customer(1)), everything);
    for (name, permission, attempt) in USE_CASES {
        let (refusal, _) = attempted(&world, &caller, *attempt);
        let refused = matches!(refusal, Some(Error::MissingPermission(_)));
        assert_eq!(refused, !Permissions::CUSTOMER.contains(*permission), "{name}: {refusal:?}");
    }
}

#[test]
fn customer_permissions_are_rejected_for_every_other_principal() {
    let world = sqlite();
    let own = ["list_own::list_own", "events::events_after", "notifications::inbox", "notifications::mark_read"];
    for (name, _, attempt) in USE_CASES.iter().filter(|(name, ..)| own.contains(name)) {
        let (refusal, writes) = attempted(&world, &agent(), *attempt);
        assert!(matches!(refusal, Some(Error::WrongRole)), "{name}: {refusal:?}");
        assert_eq!(writes, 0, "{name}");
    }
}

#[test]
fn a_customers_token_has_only_customer_permissions() {
    let world = sqlite();
    let role = Role::new("customer").unwrap();
    let token = NewToken::for_customer(customer(1), role, Permissions::ALL, now().plus(60));
    let issue = move |unit: &mut dyn Unit| issue_token::issue_token(unit, &agent(), &token, Digest([7; 32]), now());
    assert_eq!(world.store.write_blocking(issue).unwrap().permissions, Permissions::CUSTOMER);
}
