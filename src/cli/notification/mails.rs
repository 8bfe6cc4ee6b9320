//! `support notification mails`: how far each mail is.

use clap::Args;
use serde::Serialize;

use super::super::Ran;
use super::super::listing::{self, Listed, Paging};
use super::super::output::look::{FAINT, Look};
use super::super::output::table::{Cell, Column};
use super::super::session::Session;
use crate::desk::mails::list_mails;
use crate::model::CustomerId;
use crate::model::mail::EmailAddress;
use crate::model::mail::attempt::{Attempt, Trouble};
use crate::model::mail::posted::{MailFilter, Posted, PostedView};
use crate::model::page::Sort;
use crate::model::webhook::delivery::DeliveryState;

pub(super) const EXAMPLES: &str = "\
Examples:
  support notification mails --customer 7
  support notification mails --failed --all --format ndjson | jq .notificationId | support notification resend -";

/// Which mails.
#[derive(Debug, Args)]
pub struct Mails {
    /// Only those to this customer.
    #[arg(long, value_name = "ID")]
    customer: Option<CustomerId>,
    /// Only those whose last attempt failed: given up, or waiting for another.
    #[arg(long)]
    failed: bool,
    #[command(flatten)]
    paging: Paging,
}

impl Mails {
    pub(crate) fn run(self, session: &mut Session<'_>) -> Ran {
        let filter = MailFilter { customer: self.customer, failed: self.failed };
        listing::show(session, &self.paging, Sort::Created, |unit, ask| list_mails(unit, filter, ask))
    }
}

impl Listed for Posted {
    const MEMBER: &'static str = "mails";
    const CSV: &'static [&'static str] = PostedView::CSV;
    const COLUMNS: &'static [Column] = &[
        Column::number("cli.column.id"),
        Column::number("cli.column.customer"),
        Column::number("cli.column.ticket"),
        Column::text("cli.column.to"),
        Column::word("cli.column.state"),
        Column::number("cli.column.attempts"),
        Column::text("cli.column.result"),
        Column::whole("cli.column.last").spare(3),
        Column::whole("cli.column.next").spare(1),
    ];
    const EMPTY: &'static str = "cli.notification.no_mails";
    const MORE: &'static str = "cli.notification.more_mails";

    fn view(&self, _: &Look) -> impl Serialize {
        PostedView::from(self)
    }

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let state = Cell::new(&self.state);
        vec![
            Cell::new(&self.id),
            Cell::new(&self.customer),
            Cell::new(&self.ticket),
            Cell::maybe(self.to.as_ref().map(EmailAddress::as_str)),
            if self.state == DeliveryState::Delivered { state.styled(FAINT) } else { state },
            Cell::new(&self.attempts),
            Cell::new(&self.last.as_ref().map(|last| result(last, look)).unwrap_or_default()),
            Cell::maybe(self.last.as_ref().map(|last| look.when(last.at))),
            Cell::maybe(self.due_at.map(|at| look.when(at))),
        ]
    }
}

/// What came of an attempt: the relay's code and words, or why none came.
fn result(last: &Attempt, look: &Look) -> String {
    match (last.code(), last.trouble()) {
        (Some(code), _) => format!("{code} {}", last.answer.trim()).trim_end().to_owned(),
        (None, Some(trouble)) => look.word(words(trouble)),
        (None, None) => String::new(),
    }
}

/// The key of what is said of a trouble.
const fn words(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Unreachable => "cli.trouble.no_relay",
        Trouble::TimedOut => "cli.trouble.timed_out",
        Trouble::Broken => "cli.trouble.no_smtp",
    }
}
