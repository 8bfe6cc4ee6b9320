//! `support token issue`: issues a token and prints it once.

use clap::Args;
use serde::Serialize;

use super::super::batch::{CommandOutcome, print_outcome};
use super::super::output::display_options::DisplayOptions;
use super::super::session::Session;
use super::super::{CommandResult, Format, values};
use super::list::permissions;
use crate::desk::issue_token::issue_token;
use crate::model::permission::{Permission, Permissions};
use crate::model::role::Role;
use crate::model::token::{DEFAULT_LIFETIME, NewToken, TokenRecord, TokenText};
use crate::model::{CustomerId, Message};
use crate::system;
use crate::view::IssuedView;

pub(super) const EXAMPLES: &str = "\
TOKEN=$(support token issue --customer 1)
support token issue --customer 1 --permission track_support_ticket --expires 12h --format json";

#[derive(Debug, Args)]
pub struct Issue {
    /// Customer that the token identifies.
    #[arg(long, value_name = "ID", value_parser = values::parse::<CustomerId>)]
    customer: CustomerId,
    /// Permission to grant; repeatable or comma-separated; by default, all four.
    #[arg(long, value_delimiter = ',', value_name = "PERMISSION", value_parser = values::one_of(Permission::OF_CUSTOMERS))]
    permission: Vec<Permission>,
    /// Role of the token; the API accepts customer only.
    #[arg(long, default_value = "customer", value_parser = values::role)]
    role: Role,
    /// Lifetime of the token, such as 12h or 30d, at most 3650d; by default, 90 days.
    #[arg(long, value_name = "TIME", value_parser = values::lifetime)]
    expires: Option<i64>,
}

impl Issue {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        let requested: Permissions = self.permission.iter().copied().collect();
        let permissions = if self.permission.is_empty() { Permissions::CUSTOMER } else { requested };
        let now = system::now();
        let expires = now.plus(self.expires.unwrap_or(DEFAULT_LIFETIME));
        let new = NewToken::for_customer(self.customer, self.role, permissions, expires);
        let token = TokenText::from_random(system::random()?);
        let (caller, digest) = (session.caller(false), token.digest());
        let record = session.store()?.write_blocking(move |unit| issue_token(unit, &caller, &new, digest, now))?;
        let issued = Issued { customer: self.customer, record, token };
        let exit = print_outcome(session, &issued)?;
        if session.format() == Format::Table {
            session.hint(&issued.details(&session.display));
        }
        Ok(exit)
    }
}

/// Issued token with its record.
struct Issued {
    customer: CustomerId,
    record: TokenRecord,
    token: TokenText,
}

impl Issued {
    fn details(&self, display: &DisplayOptions) -> Message {
        Message::new("cli.token.issued")
            .with("id", self.record.id)
            .with("customer", self.customer)
            .with("role", self.record.role.as_str())
            .with("expires", display.time(self.record.expires_at))
            .with("permissions", permissions(&self.record))
    }
}

impl Serialize for Issued {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        IssuedView::new(&self.token, &self.record).serialize(serializer)
    }
}

impl CommandOutcome for Issued {
    const CSV: &'static [&'static str] = &["token", "tokenId", "customerId", "role", "permissions", "expiresAt"];

    /// Returns the token only, for use in a shell.
    fn text(&self, _: &DisplayOptions) -> String {
        self.token.reveal().to_owned()
    }
}
