//! One message out: to a host whose address is allowed, over TLS where its URL says so, within limits of time and size.

mod dial;
mod post;

pub use post::{Outgoing, Sender};
