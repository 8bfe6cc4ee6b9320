//! `support notification mails`: lists emails and their delivery state.

use clap::Args;
use serde::Serialize;

use super::super::CommandResult;
use super::super::attempts::{self, ATTEMPTS, LAST, NEXT, RESULT, STATE};
use super::super::listing::{self, ListRow, Paging};
use super::super::output::display_options::DisplayOptions;
use super::super::output::table::{Cell, Column};
use super::super::session::Session;
use super::super::values;
use crate::desk::delivery::list::list_mails;
use crate::model::CustomerId;
use crate::model::EmailAddress;
use crate::model::delivery::{ChannelName, Delivery, DeliveryFilter, Mail};
use crate::model::pagination::{ListName, Sort};

pub(super) const EXAMPLES: &str = "\
support notification mails --customer 7
support notification mails --failed --all --format ndjson | jq .notificationId | support notification resend -";

#[derive(Debug, Args)]
pub struct Mails {
    /// Filter by customer.
    #[arg(long, value_name = "ID", value_parser = values::parse::<CustomerId>)]
    customer: Option<CustomerId>,
    /// Show only emails whose last attempt failed: retrying, or dead.
    #[arg(long)]
    failed: bool,
    #[command(flatten)]
    paging: Paging,
}

impl Mails {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        let filter = DeliveryFilter { to: self.customer, failed: self.failed };
        let caller = session.caller(false);
        listing::print_list(session, &self.paging, Sort::Created, |unit, page| list_mails(unit, &caller, filter, page))
    }
}

impl ListRow for Delivery<Mail> {
    const LIST: ListName = ListName::Mails;
    const MEMBER: &'static str = "mails";
    const CSV: &'static [&'static str] = &[
        "notificationId",
        "customerId",
        "ticketId",
        "to",
        "state",
        "attempts",
        "nextAttemptAt",
        "createdAt",
        "lastAttempt.at",
        "lastAttempt.status",
        "lastAttempt.trouble",
        "lastAttempt.tookMs",
        "lastAttempt.answer",
    ];
    const COLUMNS: &'static [Column] = &[
        Column::number("cli.column.id"),
        Column::number("cli.column.customer"),
        Column::number("cli.column.ticket"),
        Column::text("cli.column.to"),
        STATE,
        ATTEMPTS,
        RESULT,
        LAST,
        NEXT,
    ];
    const EMPTY: &'static str = "cli.notification.no_mails";
    const MORE: &'static str = "cli.notification.more_mails";

    fn view(&self, _: &DisplayOptions) -> impl Serialize {
        self
    }

    fn cells(&self, display: &DisplayOptions) -> Vec<Cell> {
        let mut cells = vec![
            Cell::new(&self.of.id),
            Cell::new(&self.of.customer),
            Cell::new(&self.of.ticket),
            Cell::optional(self.of.to.as_ref().map(EmailAddress::as_str)),
        ];
        cells.extend(attempts::cells(self, ChannelName::Mail, display));
        cells
    }
}
