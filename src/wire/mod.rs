//! What goes out: a message to a webhook, to a host whose address is allowed, and a mail to a relay; over TLS where that is
//! asked for, within limits of time and size.

mod dial;
mod letter;
mod mailer;
mod post;
mod relay;

pub use mailer::{Line, Mailer};
pub use post::{Outgoing, Sender};
pub use relay::{BadRelay, RelayFault, RelaySettings};
