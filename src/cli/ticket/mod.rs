//! `support ticket`: what agents do with tickets.

mod command;
mod create;
mod details;
mod history;
mod inspect;
mod list;
mod transition;

pub(super) use command::TicketCommand;
pub use list::ticket_table;
