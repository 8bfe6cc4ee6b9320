//! Outbound connections: an HTTP client and an SMTP client with limits of time and size, TLS, and protection against
//! server-side request forgery (SSRF).

mod dial;
mod http;
mod mail;
mod mailer;
mod relay;
mod smtp;
mod tls;
mod webhook;

pub use dial::{AddressRule, ConnectionError, resolve};
pub use http::{BodyEnd, Client, Destination, FetchError, HttpResponse, Limits};
pub use mailer::{Mailer, RelayConnection};
pub use relay::{RelayConfigError, RelayError, RelaySettings};
pub use tls::CertificateAuthorityError;
pub use webhook::Sender;
