//! JSON shapes that the HTTP API, the command line and webhooks share.

mod event;
mod notification;
mod outcome;
mod points;
mod ticket;
mod ticket_json;
mod token;
mod webhook;

pub use event::{EventData, EventView, event_payload};
pub use notification::InboxItemView;
pub use outcome::{CodedView, OutcomeView};
pub use points::{BalanceView, LedgerView};
pub use ticket::{AgentTicketView, TicketPage, TicketView};
pub use ticket_json::{write_page, write_ticket};
pub use token::{IssuedView, TokenView};
pub use webhook::WebhookView;
