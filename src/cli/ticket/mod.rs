//! `support ticket`: what agents do with tickets.

mod create;
mod history;
mod inspect;
mod list;
mod page;
mod transition;

use clap::Subcommand;

use super::Ran;
use super::session::Session;
pub use list::ticket_table;
use transition::Verb;

/// What to do with tickets.
#[derive(Debug, Subcommand)]
pub enum TicketCommand {
    /// List tickets, newest first.
    #[command(after_help = list::EXAMPLES)]
    List(list::List),
    /// Show everything about tickets: what they are about, whom they concern, and what happened.
    #[command(after_help = inspect::EXAMPLES)]
    Inspect(inspect::Inspect),
    /// Open a ticket on a customer's behalf.
    #[command(after_help = create::EXAMPLES)]
    Create(create::Create),
    /// Raise open or escalated tickets by one level, up to the third.
    #[command(after_help = transition::ESCALATE_EXAMPLES)]
    Escalate(transition::Transition),
    /// Close tickets for good.
    #[command(after_help = transition::CLOSE_EXAMPLES)]
    Close(transition::Transition),
}

impl TicketCommand {
    pub(crate) fn run(self, session: &mut Session<'_>) -> Ran {
        match self {
            Self::List(list) => list.run(session),
            Self::Inspect(inspect) => inspect.run(session),
            Self::Create(create) => create.run(session),
            Self::Escalate(transition) => transition.run(session, Verb::Escalate),
            Self::Close(transition) => transition.run(session, Verb::Close),
        }
    }
}

/// The members of a ticket's JSON, flat, in their order.
const CSV: &[&str] = &[
    "ticketId",
    "serviceType",
    "issueType",
    "status",
    "description",
    "updatedAt",
    "ride.id",
    "ride.pickupLocation",
    "ride.dropoffLocation",
    "order.id",
    "order.merchantName",
    "order.total.amount",
    "order.total.currency",
    "booking.id",
    "booking.venueName",
    "booking.startsAt",
    "booking.partySize",
    "createdAt",
    "level",
    "groupCustomerIds",
    "customerId",
];
