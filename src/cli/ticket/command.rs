//! `support ticket`: lists, inspects, creates, escalates and closes tickets.

use clap::Subcommand;

use super::super::failure::CommandResult;
use super::super::session::Session;
use super::transition::Verb;
use super::{create, inspect, list, transition};

#[derive(Debug, Subcommand)]
pub enum TicketCommand {
    /// List tickets, newest first.
    #[command(after_help = list::EXAMPLES)]
    List(list::List),
    /// Show all details of tickets: references, group members and history.
    #[command(after_help = inspect::EXAMPLES)]
    Inspect(inspect::Inspect),
    /// Create a ticket on behalf of a customer.
    #[command(after_help = create::EXAMPLES)]
    Create(create::Create),
    /// Escalate tickets by one level, up to level 3.
    #[command(after_help = transition::ESCALATE_EXAMPLES)]
    Escalate(transition::Transition),
    /// Close tickets.
    #[command(after_help = transition::CLOSE_EXAMPLES)]
    Close(transition::Transition),
}

impl TicketCommand {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        match self {
            Self::List(list) => list.run(session),
            Self::Inspect(inspect) => inspect.run(session),
            Self::Create(create) => create.run(session),
            Self::Escalate(transition) => transition.run(session, Verb::Escalate),
            Self::Close(transition) => transition.run(session, Verb::Close),
        }
    }
}
