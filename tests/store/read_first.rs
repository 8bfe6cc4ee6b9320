//! Every use case reads before it writes: a read after a write would see a part of the operation, and would cost a
//! networked backend another round trip inside the transaction.

use support::desk;
use support::desk::delivery::{mail, queue, record, requeue};
use support::desk::idempotency::idempotent;
use support::desk::retention::purge;
use support::model::audit::AuditAction;
use support::model::award::Cents;
use support::model::customer::Customer;
use support::model::delivery::{
    Attempt, AttemptOutcome, ChannelName, Delivery, DeliveryFilter, DeliveryKey, Mail, Queue, Queued, QueuedEvent,
    Settled, WebhookEvent,
};
use support::model::effects::Operation;
use support::model::event::{Audience, PublishedEvent};
use support::model::fixture::Fixture;
use support::model::history::HistoryLine;
use support::model::idempotency::{IdempotencyKey, IdempotencyRecord, StoredResponse};
use support::model::inbox::{InboxItem, ReadSelection};
use support::model::key::Key;
use support::model::ledger::{AwardStanding, Balance, Grant, LedgerLine};
use support::model::mail::MailContent;
use support::model::pagination::{Cursor, PageRequest, TicketFilter};
use support::model::permission::Permissions;
use support::model::principal::{Caller, Principal};
use support::model::reference::{Booking, Order, ReferenceId, Ride};
use support::model::retention::{PurgeCandidate, PurgeMark, RetentionClass, RetentionPolicy};
use support::model::role::Role;
use support::model::ticket::{NewTicket, Reason, Ticket, TicketDetails};
use support::model::timestamp::DAY;
use support::model::token::{Digest, NewToken, TokenRecord};
use support::model::webhook::secret::SigningSecret;
use support::model::webhook::{MessageIdPrefix, NewWebhook, Webhook};
use support::model::{
    BookingId, CustomerId, DeliveryId, Error, NotificationId, OrderId, RideId, Status, TicketId, Timestamp, TokenId,
    WebhookId,
};
use support::store::{
    AuditLog, Customers, Deliveries, Events, Health, IdempotencyKeys, Lease, Leases, Ledger, Notifications, Operations,
    Recorded, References, Retention, Store, Tickets, Tokens, Unit, Webhooks,
};

use crate::contract::webhooks::new;
use crate::world::{NOW, agent, at, caller, customer, draft, now, sqlite, ticket_id};

/// Unit that records each read after the first write.
struct Watched<'u> {
    unit: &'u mut dyn Unit,
    writes: usize,
    late: Vec<&'static str>,
}

impl Watched<'_> {
    fn reads(&mut self, name: &'static str) {
        if self.writes > 0 {
            self.late.push(name);
        }
    }

    fn writes(&mut self, _: &'static str) {
        self.writes += 1;
    }
}

/// Implements a trait of the port; each method is declared as a read or a write.
macro_rules! watch {
    ($trait:ident, $part:ident: $($kind:ident $name:ident($($arg:ident: $type:ty),*) -> $out:ty;)*) => {
        impl $trait for Watched<'_> {
            $(fn $name(&mut self, $($arg: $type),*) -> Result<$out, Error> {
                self.$kind(concat!(stringify!($part), ".", stringify!($name)));
                self.unit.$part().$name($($arg),*)
            })*
        }
    };
}

watch! { Tickets, tickets:
    writes insert(ticket: NewTicket, now: Timestamp) -> Ticket;
    writes load(ticket: &Ticket) -> ();
    writes update(had: &Ticket, now: &Ticket) -> ();
    reads find(id: TicketId) -> Option<Ticket>;
    reads details(id: TicketId) -> Option<TicketDetails>;
    reads of_customer(customer: CustomerId, statuses: &[Status], page: PageRequest) -> Vec<TicketDetails>;
    reads list(filter: &TicketFilter, page: PageRequest) -> Vec<(Cursor, TicketDetails)>;
}

watch! { Customers, customers:
    reads find(id: CustomerId) -> Option<Customer>;
    writes insert(customer: &Customer) -> ();
}

watch! { References, references:
    reads is_participant(customer: CustomerId, place: ReferenceId) -> bool;
    reads ride(id: RideId) -> Option<Ride>;
    reads order(id: OrderId) -> Option<Order>;
    reads booking(id: BookingId) -> Option<Booking>;
    writes insert_ride(ride: &Ride) -> ();
    writes insert_order(order: &Order) -> ();
    writes insert_booking(booking: &Booking) -> ();
}

watch! { Ledger, ledger:
    reads award_standing(customer: CustomerId, ticket: Option<TicketId>, action: AuditAction, since: Option<Timestamp>) -> Option<AwardStanding>;
    reads granted(customer: CustomerId, key: &str) -> Option<LedgerLine>;
    reads balance(customer: CustomerId) -> Balance;
    reads history(customer: CustomerId, page: PageRequest) -> Vec<LedgerLine>;
}

watch! { Operations, operations:
    writes record(operation: &Operation) -> Recorded;
    reads history(ticket: TicketId) -> Vec<HistoryLine>;
}

watch! { Events, events:
    reads newest() -> i64;
    reads audiences(after: i64, limit: u32) -> Vec<Audience>;
    reads of_customer(customer: CustomerId, after: i64, limit: u32) -> Vec<PublishedEvent>;
}

watch! { Notifications, notifications:
    reads inbox(customer: CustomerId, unread: bool, page: PageRequest) -> Vec<InboxItem>;
    reads count_unread(customer: CustomerId) -> i64;
    writes mark_read(customer: CustomerId, marking: &ReadSelection, now: Timestamp) -> usize;
}

watch! { Tokens, tokens:
    writes insert(token: &NewToken, digest: Digest, now: Timestamp) -> TokenRecord;
    reads find(digest: Digest) -> Option<TokenRecord>;
    reads get(id: TokenId) -> Option<TokenRecord>;
    reads list(principal: Option<&Principal>, page: PageRequest) -> Vec<TokenRecord>;
    writes revoke(id: TokenId, now: Timestamp) -> ();
}

watch! { IdempotencyKeys, idempotency_keys:
    reads find(key: &IdempotencyKey, now: Timestamp) -> Option<IdempotencyRecord>;
    writes insert(key: &IdempotencyKey, response: &StoredResponse, now: Timestamp, until: Timestamp) -> ();
    writes purge(now: Timestamp, most: u32) -> usize;
}

watch! { Webhooks, webhooks:
    writes insert(webhook: &NewWebhook, now: Timestamp) -> Webhook;
    reads count() -> usize;
    reads get(id: WebhookId) -> Option<Webhook>;
    reads list(page: PageRequest) -> Vec<Webhook>;
    writes rotate(id: WebhookId, secret: &SigningSecret, old_until: Timestamp) -> ();
    writes disable(id: WebhookId, now: Timestamp) -> ();
    writes enable(id: WebhookId) -> ();
    writes remove_deliveries(id: WebhookId, most: u32) -> usize;
    writes remove(id: WebhookId) -> ();
}

watch! { Deliveries, deliveries:
    reads pending(channel: ChannelName, now: Timestamp) -> Vec<(Queue, Timestamp)>;
    writes enqueue(queue: Queue, most: u32, now: Timestamp) -> bool;
    reads next_event(webhook: WebhookId) -> Option<QueuedEvent>;
    reads next_mail(now: Timestamp) -> Option<Queued<MailContent>>;
    writes expedite_mails(now: Timestamp) -> usize;
    writes record(key: DeliveryKey, attempts: u32, attempt: &Attempt, settled: Settled) -> bool;
    writes requeue(key: DeliveryKey, had: u32, attempts: u32, now: Timestamp) -> ();
    reads event(id: DeliveryId) -> Option<Delivery<WebhookEvent>>;
    reads mail(id: NotificationId) -> Option<Delivery<Mail>>;
    reads events(filter: DeliveryFilter<WebhookId>, page: PageRequest) -> Vec<Delivery<WebhookEvent>>;
    reads mails(filter: DeliveryFilter<CustomerId>, page: PageRequest) -> Vec<Delivery<Mail>>;
    reads mail_is_on() -> bool;
    writes switch_mail_on(prefix: &MessageIdPrefix) -> ();
    writes switch_mail_off() -> ();
}

watch! { Leases, leases:
    reads find(channel: ChannelName) -> Option<Lease>;
    writes acquire(channel: ChannelName, holder: &str, seen: Option<&Lease>, now: Timestamp) -> bool;
    writes renew(channel: ChannelName, holder: &str, now: Timestamp) -> bool;
    writes challenge(channel: ChannelName) -> ();
    writes release(channel: ChannelName, holder: &str) -> ();
}

watch! { Retention, retention:
    reads mark(class: RetentionClass) -> PurgeMark;
    reads oldest(class: RetentionClass, after: i64, limit: u32) -> Vec<PurgeCandidate>;
    reads needed_event() -> Option<i64>;
    writes purge_deliveries(before: Timestamp, most: u32) -> usize;
    writes purge(class: RetentionClass, after: i64, mark: PurgeMark) -> usize;
}

impl Unit for Watched<'_> {
    fn tickets(&mut self) -> &mut dyn Tickets {
        self
    }

    fn customers(&mut self) -> &mut dyn Customers {
        self
    }

    fn references(&mut self) -> &mut dyn References {
        self
    }

    fn ledger(&mut self) -> &mut dyn Ledger {
        self
    }

    fn operations(&mut self) -> &mut dyn Operations {
        self
    }

    fn events(&mut self) -> &mut dyn Events {
        self
    }

    fn notifications(&mut self) -> &mut dyn Notifications {
        self
    }

    fn tokens(&mut self) -> &mut dyn Tokens {
        self
    }

    fn idempotency_keys(&mut self) -> &mut dyn IdempotencyKeys {
        self
    }

    fn audit_log(&mut self) -> &mut dyn AuditLog {
        self.reads("audit_log");
        self.unit.audit_log()
    }

    fn writes(&self) -> u64 {
        self.unit.writes()
    }

    fn webhooks(&mut self) -> &mut dyn Webhooks {
        self
    }

    fn deliveries(&mut self) -> &mut dyn Deliveries {
        self
    }

    fn leases(&mut self) -> &mut dyn Leases {
        self
    }

    fn retention(&mut self) -> &mut dyn Retention {
        self
    }

    fn health(&mut self) -> &mut dyn Health {
        self.reads("health");
        self.unit.health()
    }

    fn pulse(&mut self, now: Timestamp) -> Result<(), Error> {
        self.writes("pulse");
        self.unit.pulse(now)
    }
}

/// Runs a use case that must write, and asserts that it reads nothing after its first write.
#[track_caller]
fn reads_first<T: Send + 'static>(
    store: &Store,
    name: &str,
    mut run: impl FnMut(&mut dyn Unit) -> Result<T, Error> + Send + 'static,
) -> T {
    let watched = move |unit: &mut dyn Unit| {
        let mut watched = Watched { unit, writes: 0, late: Vec::new() };
        let done = run(&mut watched)?;
        Ok((done, watched.writes, watched.late))
    };
    let (done, writes, late) = store.write_blocking(watched).unwrap_or_else(|error| panic!("{name}: {error:?}"));
    assert!(writes > 0, "{name} writes nothing: the test is blind");
    assert!(late.is_empty(), "{name} reads after it wrote: {late:?}");
    done
}

#[test]
fn operations_on_tickets_points_and_notifications_read_first() {
    let world = sqlite();
    let store = &world.store;
    for _ in 0..2 {
        reads_first(store, "create", |unit| desk::create::create(unit, &caller(1), draft(1, &[2]), now()));
    }
    reads_first(store, "create once", |unit| {
        let key = IdempotencyKey::new(Principal::Customer(customer(1)), "POST /", Key::new("k").unwrap(), "/?", b"{}");
        let create = |unit: &mut dyn Unit| desk::create::create(unit, &caller(1), draft(1, &[2]), now());
        let say = |_: Result<&_, &_>| StoredResponse { status: 200, language: "en".to_owned(), body: Vec::new() };
        idempotent(unit, &key, now(), create, say)
    });
    let reason = Reason::new("late").unwrap();
    reads_first(store, "escalate", move |unit| {
        desk::escalate::escalate(unit, &caller(1), ticket_id(1), Some(&reason), now())
    });
    reads_first(store, "close", |unit| desk::close::close(unit, &agent(), ticket_id(1), None, now()));
    reads_first(store, "mark read", |unit| {
        desk::notifications::mark_read(unit, &caller(1), &ReadSelection::All, now())
    });
    reads_first(store, "grant points", |unit| {
        let grant = Grant::new(customer(1), 5, Cents(0), Reason::new("sorry").unwrap(), Some(Key::new("k").unwrap()))?;
        desk::grant_points::grant_points(unit, &agent(), &grant, now())
    });
    let later = at(NOW + 200 * DAY);
    for what in
        [RetentionClass::Events, RetentionClass::Notifications, RetentionClass::Keys, RetentionClass::Deliveries]
    {
        reads_first(store, what.as_str(), move |unit| {
            purge(unit, &Caller::system(), what, &RetentionPolicy::default(), later)
        });
    }
}

#[test]
fn tokens_and_fixtures_read_first() {
    let world = sqlite();
    let store = &world.store;
    let role = Role::new("customer").unwrap();
    let token = NewToken::for_customer(customer(1), role, Permissions::CUSTOMER, at(NOW + 60));
    let record = reads_first(store, "issue token", move |unit| {
        desk::issue_token::issue_token(unit, &agent(), &token, Digest([7; 32]), now())
    });
    reads_first(store, "revoke token", move |unit| desk::revoke_token::revoke_token(unit, &agent(), record.id, now()));
    let fixture = Fixture::parse(include_bytes!("../../fixtures/demo.json")).unwrap();
    let empty = crate::world::Home::new();
    reads_first(&empty.open(), "load fixtures", move |unit| {
        desk::load_fixtures::load_fixtures(unit, &agent(), &fixture)
    });
}

#[test]
fn webhooks_and_their_deliveries_read_first() {
    let world = sqlite();
    let store = &world.store;
    let (one, other) = (new(&[]), new(&[]));
    let add = move |unit: &mut dyn Unit| desk::webhook::add::add_webhook(unit, &agent(), &one, now());
    let id = reads_first(store, "add webhook", add).id;
    let secret = other.secret;
    reads_first(store, "rotate secret", move |unit| {
        desk::webhook::rotate::rotate_secret(unit, &agent(), id, &secret, true, now())
    });
    store.write_blocking(|unit| desk::create::create(unit, &caller(1), draft(1, &[2]), now())).unwrap();
    let channel = ChannelName::Webhooks;
    reads_first(store, "acquire lease", move |unit| unit.leases().acquire(channel, &"1".repeat(32), None, now()));
    reads_first(store, "challenge lease", move |unit| unit.leases().challenge(channel));
    reads_first(store, "renew lease", move |unit| unit.leases().renew(channel, &"1".repeat(32), now()));
    reads_first(store, "fill queue", move |unit| queue::fill_queue(unit, &Caller::system(), Queue::Webhook(id), now()));
    let next = store.read_blocking(|unit| unit.deliveries().next_event(id)).unwrap().unwrap().id;
    reads_first(store, "record attempt", move |unit| {
        let attempt = Attempt { outcome: AttemptOutcome::answered(200), at: now(), took: 1, answer: String::new() };
        record::record_attempt(unit, &Caller::system(), Queue::Webhook(id), DeliveryKey::Webhook(next), 0, &attempt, 0)
    });
    reads_first(store, "redeliver", move |unit| requeue::redeliver(unit, &agent(), next, now()));
    reads_first(store, "record the end", move |unit| {
        let attempt = Attempt { outcome: AttemptOutcome::answered(410), at: now(), took: 1, answer: String::new() };
        record::record_attempt(unit, &Caller::system(), Queue::Webhook(id), DeliveryKey::Webhook(next), 0, &attempt, 0)
    });
    reads_first(store, "enable webhook", move |unit| desk::webhook::enable::enable_webhook(unit, &agent(), id, now()));
    reads_first(store, "release lease", move |unit| unit.leases().release(channel, &"1".repeat(32)));
    reads_first(store, "remove webhook", move |unit| desk::webhook::remove::remove_webhook(unit, &agent(), id, now()));
}

#[test]
fn mail_reads_first() {
    let world = sqlite();
    let store = &world.store;
    reads_first(store, "switch on", |unit| {
        mail::switch_on(unit, &Caller::system(), &MessageIdPrefix::new("0123456789abcdef").unwrap())
    });
    store.write_blocking(|unit| desk::create::create(unit, &caller(1), draft(1, &[2]), now())).unwrap();
    reads_first(store, "fill queue", |unit| queue::fill_queue(unit, &Caller::system(), Queue::Mail, now()));
    let next = store.read_blocking(|unit| unit.deliveries().next_mail(now())).unwrap().unwrap();
    reads_first(store, "record attempt", move |unit| {
        let attempt = Attempt { outcome: AttemptOutcome::answered(250), at: now(), took: 1, answer: String::new() };
        record::record_attempt(unit, &Caller::system(), Queue::Mail, next.key, next.attempts, &attempt, 0)
    });
    reads_first(store, "resend", move |unit| requeue::resend(unit, &agent(), next.payload.id, now()));
    reads_first(store, "switch off", |unit| mail::switch_off(unit, &Caller::system()));
}
