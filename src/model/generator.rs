//! Generator of data for benchmarks: customers, references, and months of tickets in chronological order. Equal plans
//! generate equal data on every machine.

mod phrases;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rand::rngs::ChaCha8Rng;
use rand::{RngExt as _, SeedableRng as _};

use super::actor::AgentName;
use super::customer::Customer;
use super::permission::Permissions;
use super::principal::Caller;
use super::reference::{Booking, Money, Order, Participants, Reference, Ride};
use super::ticket::{Description, NewTicket, Reason};
use super::timestamp::DAY;
use super::{BookingId, CustomerId, IssueType, OrderId, RideId, ServiceType, TicketId, Timestamp};

/// Maximum number of tickets in a plan.
pub const MAX_TICKETS: u64 = 100_000_000;
/// Maximum number of customers in a plan.
pub const MAX_CUSTOMERS: u64 = 50_000_000;
/// Maximum number of months in a plan.
pub const MAX_MONTHS: u32 = 120;
/// Start of the generated period: 2025-01-01T00:00:00Z.
const START: i64 = 1_735_689_600;
/// Length of a generated month, in seconds.
const MONTH: i64 = 30 * DAY;
/// Tickets per customer, if a plan does not specify the number of customers.
const TICKETS_PER_CUSTOMER: u64 = 8;

/// Parameters of the generated data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Number of tickets.
    pub tickets: u64,
    /// Number of customers, from 1.
    pub customers: u64,
    /// Number of months of 30 days, from 1.
    pub months: u32,
    /// Seed of the random number generator.
    pub seed: u64,
}

impl Plan {
    /// Returns the default number of customers: one for eight tickets.
    pub fn default_customers(tickets: u64) -> u64 {
        (tickets / TICKETS_PER_CUSTOMER).clamp(1, MAX_CUSTOMERS)
    }
}

/// Customer with a ride, an order and a booking, shared with the next two customers.
#[derive(Debug, Clone)]
pub struct GeneratedCustomer {
    pub customer: Customer,
    pub ride: Ride,
    pub order: Order,
    pub booking: Booking,
}

/// Operation at a point in time.
#[derive(Debug, Clone)]
pub struct GeneratedOperation {
    pub at: Timestamp,
    pub caller: Caller,
    pub action: TicketAction,
}

/// Operation on a ticket.
#[derive(Debug, Clone)]
pub enum TicketAction {
    /// Opens a ticket with the next id, from 1.
    Open(NewTicket),
    /// Escalates a ticket.
    Escalate(TicketId, Option<Reason>),
    /// Closes a ticket.
    Close(TicketId, Option<Reason>),
}

/// Customers of a plan with their references, by number.
#[derive(Debug, Clone, Copy)]
pub struct GeneratedCustomers {
    plan: Plan,
}

impl GeneratedCustomers {
    pub const fn new(plan: Plan) -> Self {
        Self { plan }
    }

    /// Returns the customer with this number, from 1; none beyond the last.
    pub fn get(&self, number: u64) -> Option<GeneratedCustomer> {
        let number = Some(number).filter(|number| (1..=self.plan.customers).contains(number))?;
        let mut rng = rng(self.plan.seed, number);
        let id = i64::try_from(number).ok()?;
        let customer = CustomerId::new(id)?;
        let locale = phrases::LANGUAGES[language_of(self.plan.seed, number)].name;
        let party = || Participants { customer, participants: self.participants(number) };
        let total = format!("{}.{:02}", rng.random_range(4..90), rng.random_range(0..100));
        Some(GeneratedCustomer {
            customer: Customer {
                id: customer,
                name: phrases::name(&mut rng),
                locale: locale.to_owned(),
                rewards_active: !rng.random_ratio(1, 40),
                email: None,
            },
            ride: Ride {
                id: RideId::new(id)?,
                party: party(),
                pickup: phrases::street(&mut rng),
                dropoff: phrases::street(&mut rng),
            },
            order: Order {
                id: OrderId::new(id)?,
                party: party(),
                merchant: phrases::merchant(&mut rng),
                total: Money::new(&total, "USD")?,
            },
            booking: Booking {
                id: BookingId::new(id)?,
                party: party(),
                venue: phrases::merchant(&mut rng),
                starts_at: start().plus(rng.random_range(0..i64::from(self.plan.months) * MONTH)),
                party_size: rng.random_range(1..9),
            },
        })
    }

    /// Returns the two participants, sorted: the customers with the next numbers, if any.
    fn participants(&self, number: u64) -> Vec<CustomerId> {
        let next = |step: u64| (number - 1 + step) % self.plan.customers + 1;
        let mut participants: Vec<_> = [next(1), next(2)].into_iter().filter(|other| *other != number).collect();
        participants.sort_unstable();
        participants.dedup();
        participants.into_iter().filter_map(|other| CustomerId::new(i64::try_from(other).ok()?)).collect()
    }
}

/// Iterator over all operations of a plan, in chronological order.
#[derive(Debug)]
pub struct GeneratedOperations {
    plan: Plan,
    rng: ChaCha8Rng,
    opened: u64,
    scheduled: BinaryHeap<Reverse<ScheduledOperation>>,
}

/// Kind of a scheduled operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum ScheduledAction {
    Escalate,
    Close,
}

/// Operation scheduled for a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct ScheduledOperation {
    second: i64,
    ticket: i64,
    owner: i64,
    action: ScheduledAction,
    by_agent: bool,
}

impl GeneratedOperations {
    /// Starts at the beginning of the period.
    pub fn new(plan: Plan) -> Self {
        Self { plan, rng: rng(plan.seed, 0), opened: 0, scheduled: BinaryHeap::new() }
    }

    /// Returns the time at which the next ticket is opened: evenly distributed over the months.
    fn next_opening(&self) -> Option<i64> {
        let months = i128::from(self.plan.months) * i128::from(MONTH);
        let passed = months * i128::from(self.opened) / i128::from(self.plan.tickets.max(1));
        (self.opened < self.plan.tickets).then(|| START + i64::try_from(passed).unwrap_or(i64::MAX))
    }

    fn open(&mut self, second: i64) -> Option<GeneratedOperation> {
        self.opened += 1;
        let number = self.owner();
        let owner = CustomerId::new(i64::try_from(number).ok()?)?;
        let ticket = self.ticket(number, owner)?;
        let id = i64::try_from(self.opened).ok()?;
        self.schedule(second, id, owner.get());
        let caller = Caller::customer(owner, Permissions::CUSTOMER);
        Some(GeneratedOperation { at: Timestamp::from_second(second)?, caller, action: TicketAction::Open(ticket) })
    }

    /// Chooses the owner of the next ticket: few customers open many tickets, many open few.
    fn owner(&mut self) -> u64 {
        let reach = self.rng.random_range(0.0_f64..1.0).powi(3);
        // The product is below 2^53 and not negative, so the conversion is lossless.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "in range"
        )]
        let number = (reach * self.plan.customers as f64) as u64;
        number.min(self.plan.customers - 1) + 1
    }

    fn ticket(&mut self, number: u64, owner: CustomerId) -> Option<NewTicket> {
        let rng = &mut self.rng;
        let service = weighted(
            rng,
            &[
                (ServiceType::Ride, 42),
                (ServiceType::Order, 30),
                (ServiceType::Booking, 14),
                (ServiceType::EventService, 6),
                (ServiceType::InDiningOrder, 8),
            ],
        );
        let issue = weighted(
            rng,
            &[
                (IssueType::PaymentIssue, 30),
                (IssueType::ServiceQuality, 24),
                (IssueType::Cancellation, 15),
                (IssueType::DeliveryIssue, 14),
                (IssueType::BookingIssue, 7),
                (IssueType::Other, 10),
            ],
        );
        let (ride, order, booking) = (RideId::new(owner.get()), OrderId::new(owner.get()), BookingId::new(owner.get()));
        let reference = match service {
            ServiceType::Ride => Reference { ride, ..Reference::default() },
            ServiceType::Order | ServiceType::InDiningOrder => Reference { order, ..Reference::default() },
            ServiceType::Booking => Reference { booking, ..Reference::default() },
            ServiceType::EventService => Reference { ride, booking, ..Reference::default() },
        };
        let grouped = rng.random_ratio(15, 100);
        let description = phrases::description(rng, language_of(self.plan.seed, number), issue);
        let members = if grouped { GeneratedCustomers::new(self.plan).participants(number) } else { Vec::new() };
        let description = Description::new(&description).ok()?;
        Some(NewTicket { owner, service, issue, description, reference, members })
    }

    /// Schedules the operations on a ticket: most are closed within hours, some are escalated before, some stay open.
    fn schedule(&mut self, second: i64, ticket: i64, owner: i64) {
        let rng = &mut self.rng;
        let mut scheduled = |second, action, by_agent| {
            self.scheduled.push(Reverse(ScheduledOperation { second, ticket, owner, action, by_agent }));
        };
        let mut at = second;
        if rng.random_ratio(20, 100) {
            at += rng.random_range(600..2 * DAY);
            scheduled(at, ScheduledAction::Escalate, false);
            if rng.random_ratio(15, 100) {
                at += rng.random_range(600..DAY);
                scheduled(at, ScheduledAction::Escalate, true);
            }
        }
        if rng.random_ratio(85, 100) {
            at += rng.random_range(300..3 * DAY);
            scheduled(at, ScheduledAction::Close, rng.random_ratio(70, 100));
        }
    }

    fn run_scheduled(&mut self, scheduled: ScheduledOperation) -> Option<GeneratedOperation> {
        let ticket = TicketId::new(scheduled.ticket)?;
        let (caller, reason) = if scheduled.by_agent {
            let agent = AgentName::new(phrases::AGENTS[self.rng.random_range(0..phrases::AGENTS.len())])?;
            (
                Caller::operator(agent, false),
                Reason::new(phrases::REASONS[self.rng.random_range(0..phrases::REASONS.len())]),
            )
        } else {
            (Caller::customer(CustomerId::new(scheduled.owner)?, Permissions::CUSTOMER), None)
        };
        let action = match scheduled.action {
            ScheduledAction::Escalate => TicketAction::Escalate(ticket, reason),
            ScheduledAction::Close => TicketAction::Close(ticket, reason),
        };
        Some(GeneratedOperation { at: Timestamp::from_second(scheduled.second)?, caller, action })
    }
}

impl Iterator for GeneratedOperations {
    type Item = GeneratedOperation;

    fn next(&mut self) -> Option<GeneratedOperation> {
        let end = START + i64::from(self.plan.months) * MONTH;
        let opening = self.next_opening();
        let scheduled = self.scheduled.peek().map(|Reverse(scheduled)| scheduled.second).filter(|second| *second < end);
        match (opening, scheduled) {
            (Some(opening), Some(scheduled)) if scheduled < opening => {
                self.scheduled.pop().and_then(|Reverse(scheduled)| self.run_scheduled(scheduled))
            }
            (Some(opening), _) => self.open(opening),
            (None, Some(_)) => self.scheduled.pop().and_then(|Reverse(scheduled)| self.run_scheduled(scheduled)),
            (None, None) => None,
        }
    }
}

fn start() -> Timestamp {
    Timestamp::from_second(START).expect("2025 is in range")
}

/// Returns an independent random number generator for each number of a plan, so that any customer can be generated
/// without those before it.
fn rng(seed: u64, number: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(number);
    rng
}

/// Returns the index of the language of a customer.
fn language_of(seed: u64, number: u64) -> usize {
    let weights: Vec<(usize, u32)> = phrases::LANGUAGES.iter().map(|language| language.weight).enumerate().collect();
    weighted(&mut rng(!seed, number), &weights)
}

/// Chooses an item by weight.
fn weighted<T: Copy>(rng: &mut ChaCha8Rng, choices: &[(T, u32)]) -> T {
    let total = choices.iter().map(|(_, weight)| weight).sum();
    let mut place = rng.random_range(0..total);
    for (choice, weight) in choices {
        if place < *weight {
            return *choice;
        }
        place -= weight;
    }
    choices[0].0
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: Plan = Plan { tickets: 2_000, customers: 250, months: 3, seed: 7 };

    #[test]
    fn equal_plans_generate_equal_data() {
        let operations = |plan| GeneratedOperations::new(plan).map(|step| format!("{step:?}")).collect::<Vec<_>>();
        assert_eq!(operations(PLAN), operations(PLAN));
        assert_ne!(operations(PLAN), operations(Plan { seed: 8, ..PLAN }));
        let customer_text = |number| format!("{:?}", GeneratedCustomers::new(PLAN).get(number));
        assert_eq!(customer_text(250), customer_text(250));
        assert!(GeneratedCustomers::new(PLAN).get(251).is_none());
    }

    #[test]
    fn operations_are_in_chronological_order() {
        let times: Vec<_> = GeneratedOperations::new(PLAN).map(|step| step.at).collect();
        assert!(times.is_sorted());
        assert!(times.len() > 3_000);
    }

    #[test]
    fn every_ticket_is_opened_before_it_changes() {
        let mut opened = 0;
        for step in GeneratedOperations::new(PLAN) {
            match step.action {
                TicketAction::Open(_) => opened += 1,
                TicketAction::Escalate(id, _) | TicketAction::Close(id, _) => assert!(id.get() <= opened),
            }
        }
        assert_eq!(opened, 2_000);
    }

    #[test]
    fn a_single_customer_has_no_participants() {
        let alone = Plan { tickets: 10, customers: 1, ..PLAN };
        assert!(GeneratedCustomers::new(alone).get(1).unwrap().ride.party.participants.is_empty());
        assert!(GeneratedOperations::new(alone).count() >= 10);
    }
}
