//! Requests and mails to others: one HTTP client and one SMTP client with limits of time and size, over connections that
//! one dialler makes, with TLS and address rules.

mod dial;
mod http;
mod letter;
mod mailer;
mod relay;
mod smtp;
mod tls;
mod webhook;

pub use dial::{AddressRule, ConnectionError, resolve};
pub use http::{Answer, BodyEnd, Client, Destination, FetchError, Limits};
pub use mailer::{Line, Mailer};
pub use relay::{BadRelay, RelayFault, RelaySettings};
pub use tls::BadAuthority;
pub use webhook::Sender;
