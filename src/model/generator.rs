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
use super::reference::{Booking, Money, Order, Party, Reference, Ride};
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
const BEGINNING: i64 = 1_735_689_600;
/// Length of a generated month, in seconds.
const MONTH: i64 = 30 * DAY;
/// Tickets per customer, if a plan does not specify the number of customers.
const TICKETS_EACH: u64 = 8;

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
    pub fn customers_for(tickets: u64) -> u64 {
        (tickets / TICKETS_EACH).clamp(1, MAX_CUSTOMERS)
    }
}

/// Customer with a ride, an order and a booking, shared with the next two customers.
#[derive(Debug, Clone)]
pub struct Household {
    pub customer: Customer,
    pub ride: Ride,
    pub order: Order,
    pub booking: Booking,
}

/// Operation at a point in time.
#[derive(Debug, Clone)]
pub struct Step {
    pub at: Timestamp,
    pub caller: Caller,
    pub act: Act,
}

/// Operation on a ticket.
#[derive(Debug, Clone)]
pub enum Act {
    /// Opens a ticket with the next id, from 1.
    Open(NewTicket),
    /// Escalates a ticket.
    Escalate(TicketId, Option<Reason>),
    /// Closes a ticket.
    Close(TicketId, Option<Reason>),
}

/// Customers of a plan with their references, by number.
#[derive(Debug, Clone, Copy)]
pub struct Households {
    plan: Plan,
}

impl Households {
    pub const fn of(plan: Plan) -> Self {
        Self { plan }
    }

    /// Returns the customer with this number, from 1; none beyond the last.
    pub fn get(&self, number: u64) -> Option<Household> {
        let number = Some(number).filter(|number| (1..=self.plan.customers).contains(number))?;
        let mut dice = dice(self.plan.seed, number);
        let id = i64::try_from(number).ok()?;
        let customer = CustomerId::new(id)?;
        let locale = phrases::LANGUAGES[locale_of(self.plan.seed, number)].name;
        let party = || Party { customer, participants: self.company(number) };
        let total = format!("{}.{:02}", dice.random_range(4..90), dice.random_range(0..100));
        Some(Household {
            customer: Customer {
                id: customer,
                name: phrases::name(&mut dice),
                locale: locale.to_owned(),
                rewards_active: !dice.random_ratio(1, 40),
                email: None,
            },
            ride: Ride {
                id: RideId::new(id)?,
                party: party(),
                pickup: phrases::street(&mut dice),
                dropoff: phrases::street(&mut dice),
            },
            order: Order {
                id: OrderId::new(id)?,
                party: party(),
                merchant: phrases::merchant(&mut dice),
                total: Money::new(&total, "USD")?,
            },
            booking: Booking {
                id: BookingId::new(id)?,
                party: party(),
                venue: phrases::merchant(&mut dice),
                starts_at: beginning().plus(dice.random_range(0..i64::from(self.plan.months) * MONTH)),
                party_size: dice.random_range(1..9),
            },
        })
    }

    /// Returns the two participants, sorted: the customers with the next numbers, if any.
    fn company(&self, number: u64) -> Vec<CustomerId> {
        let next = |step: u64| (number - 1 + step) % self.plan.customers + 1;
        let mut company: Vec<_> = [next(1), next(2)].into_iter().filter(|other| *other != number).collect();
        company.sort_unstable();
        company.dedup();
        company.into_iter().filter_map(|other| CustomerId::new(i64::try_from(other).ok()?)).collect()
    }
}

/// Iterator over all operations of a plan, in chronological order.
#[derive(Debug)]
pub struct Life {
    plan: Plan,
    dice: ChaCha8Rng,
    opened: u64,
    due: BinaryHeap<Reverse<ScheduledStep>>,
}

/// Kind of a scheduled operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Move {
    Escalate,
    Close,
}

/// Operation scheduled for a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct ScheduledStep {
    second: i64,
    ticket: i64,
    owner: i64,
    happens: Move,
    by_agent: bool,
}

impl Life {
    /// Starts at the beginning of the period.
    pub fn of(plan: Plan) -> Self {
        Self { plan, dice: dice(plan.seed, 0), opened: 0, due: BinaryHeap::new() }
    }

    /// Returns the time at which the next ticket is opened: evenly distributed over the months.
    fn next_opening(&self) -> Option<i64> {
        let months = i128::from(self.plan.months) * i128::from(MONTH);
        let passed = months * i128::from(self.opened) / i128::from(self.plan.tickets.max(1));
        (self.opened < self.plan.tickets).then(|| BEGINNING + i64::try_from(passed).unwrap_or(i64::MAX))
    }

    fn open(&mut self, second: i64) -> Option<Step> {
        self.opened += 1;
        let number = self.owner();
        let owner = CustomerId::new(i64::try_from(number).ok()?)?;
        let ticket = self.ticket(number, owner)?;
        let id = i64::try_from(self.opened).ok()?;
        self.plan_life(second, id, owner.get());
        let caller = Caller::customer(owner, Permissions::CUSTOMER);
        Some(Step { at: Timestamp::from_second(second)?, caller, act: Act::Open(ticket) })
    }

    /// Chooses the owner of the next ticket: few customers open many tickets, many open few.
    fn owner(&mut self) -> u64 {
        let reach = self.dice.random_range(0.0_f64..1.0).powi(3);
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
        let dice = &mut self.dice;
        let service = weighted(
            dice,
            &[
                (ServiceType::Ride, 42),
                (ServiceType::Order, 30),
                (ServiceType::Booking, 14),
                (ServiceType::EventService, 6),
                (ServiceType::InDiningOrder, 8),
            ],
        );
        let issue = weighted(
            dice,
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
        let grouped = dice.random_ratio(15, 100);
        let description = phrases::description(dice, locale_of(self.plan.seed, number), issue);
        let members = if grouped { Households::of(self.plan).company(number) } else { Vec::new() };
        let description = Description::new(&description).ok()?;
        Some(NewTicket { owner, service, issue, description, reference, members })
    }

    /// Schedules the operations on a ticket: most are closed within hours, some are escalated before, some stay open.
    fn plan_life(&mut self, second: i64, ticket: i64, owner: i64) {
        let dice = &mut self.dice;
        let mut due = |second, happens, by_agent| {
            self.due.push(Reverse(ScheduledStep { second, ticket, owner, happens, by_agent }));
        };
        let mut at = second;
        if dice.random_ratio(20, 100) {
            at += dice.random_range(600..2 * DAY);
            due(at, Move::Escalate, false);
            if dice.random_ratio(15, 100) {
                at += dice.random_range(600..DAY);
                due(at, Move::Escalate, true);
            }
        }
        if dice.random_ratio(85, 100) {
            at += dice.random_range(300..3 * DAY);
            due(at, Move::Close, dice.random_ratio(70, 100));
        }
    }

    fn happen(&mut self, due: ScheduledStep) -> Option<Step> {
        let ticket = TicketId::new(due.ticket)?;
        let (caller, reason) = if due.by_agent {
            let agent = AgentName::new(phrases::AGENTS[self.dice.random_range(0..phrases::AGENTS.len())])?;
            (
                Caller::operator(agent, false),
                Reason::new(phrases::REASONS[self.dice.random_range(0..phrases::REASONS.len())]),
            )
        } else {
            (Caller::customer(CustomerId::new(due.owner)?, Permissions::CUSTOMER), None)
        };
        let act = match due.happens {
            Move::Escalate => Act::Escalate(ticket, reason),
            Move::Close => Act::Close(ticket, reason),
        };
        Some(Step { at: Timestamp::from_second(due.second)?, caller, act })
    }
}

impl Iterator for Life {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        let end = BEGINNING + i64::from(self.plan.months) * MONTH;
        let opening = self.next_opening();
        let due = self.due.peek().map(|Reverse(due)| due.second).filter(|second| *second < end);
        match (opening, due) {
            (Some(opening), Some(due)) if due < opening => self.due.pop().and_then(|Reverse(due)| self.happen(due)),
            (Some(opening), _) => self.open(opening),
            (None, Some(_)) => self.due.pop().and_then(|Reverse(due)| self.happen(due)),
            (None, None) => None,
        }
    }
}

fn beginning() -> Timestamp {
    Timestamp::from_second(BEGINNING).expect("2025 is a year that can be written")
}

/// Returns an independent random number generator for each number of a plan, so that any customer can be generated
/// without those before it.
fn dice(seed: u64, number: u64) -> ChaCha8Rng {
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    dice.set_stream(number);
    dice
}

/// Returns the index of the language of a customer.
fn locale_of(seed: u64, number: u64) -> usize {
    let weights: Vec<(usize, u32)> = phrases::LANGUAGES.iter().map(|language| language.weight).enumerate().collect();
    weighted(&mut dice(!seed, number), &weights)
}

/// Chooses an item by weight.
fn weighted<T: Copy>(dice: &mut ChaCha8Rng, choices: &[(T, u32)]) -> T {
    let total = choices.iter().map(|(_, weight)| weight).sum();
    let mut place = dice.random_range(0..total);
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
    fn the_same_plan_invents_the_same_world() {
        let told = |plan| Life::of(plan).map(|step| format!("{step:?}")).collect::<Vec<_>>();
        assert_eq!(told(PLAN), told(PLAN));
        assert_ne!(told(PLAN), told(Plan { seed: 8, ..PLAN }));
        let household = |number| format!("{:?}", Households::of(PLAN).get(number));
        assert_eq!(household(250), household(250));
        assert!(Households::of(PLAN).get(251).is_none());
    }

    #[test]
    fn time_only_goes_on() {
        let times: Vec<_> = Life::of(PLAN).map(|step| step.at).collect();
        assert!(times.is_sorted());
        assert!(times.len() > 3_000);
    }

    #[test]
    fn every_ticket_is_opened_once_and_before_it_moves() {
        let mut opened = 0;
        for step in Life::of(PLAN) {
            match step.act {
                Act::Open(_) => opened += 1,
                Act::Escalate(id, _) | Act::Close(id, _) => assert!(id.get() <= opened),
            }
        }
        assert_eq!(opened, 2_000);
    }

    #[test]
    fn a_world_of_one_customer_has_no_company() {
        let alone = Plan { tickets: 10, customers: 1, ..PLAN };
        assert!(Households::of(alone).get(1).unwrap().ride.party.participants.is_empty());
        assert!(Life::of(alone).count() >= 10);
    }
}
