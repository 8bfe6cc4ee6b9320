//! `support ticket`: lists, inspects, creates, escalates and closes tickets.

mod award;
mod command;
mod create;
mod details;
mod history;
mod inspect;
mod list;
mod transition;

pub(super) use command::TicketCommand;
pub use list::ticket_table;
