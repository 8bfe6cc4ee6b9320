//! The nouns of the desk and what they decide. Nothing here reads a clock, a file or a socket.

pub mod audit;
pub mod backoff;
pub mod clock;
pub mod code;
pub mod draft;
pub mod error;
pub mod event;
pub mod fault;
pub mod fixture;
pub mod id;
pub mod inbox;
pub mod invent;
pub mod json;
pub mod key;
pub mod kind;
pub mod mail;
pub mod message;
pub mod once;
pub mod page;
pub mod person;
pub mod place;
pub mod proof;
pub mod retain;
pub mod reward;
pub mod ticket;
pub mod token;
pub mod view;
pub mod webhook;
pub mod words;

pub use clock::Timestamp;
pub use code::Code;
pub use error::{Error, Kind, StoreFault};
pub use fault::{Fault, Faults};
pub use id::{BookingId, CustomerId, DeliveryId, NotificationId, OrderId, RideId, TicketId, TokenId, WebhookId};
pub use kind::{IssueType, Level, ServiceType, Status};
pub use message::Message;
