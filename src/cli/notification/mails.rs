//! `support notification mails`: how far each mail is.

use clap::Args;
use serde::Serialize;

use super::super::Ran;
use super::super::attempts::{self, ATTEMPTS, LAST, NEXT, RESULT, STATE};
use super::super::listing::{self, Listed, Paging};
use super::super::output::look::Look;
use super::super::output::table::{Cell, Column};
use super::super::session::Session;
use super::super::values;
use crate::desk::mails::list_mails;
use crate::model::CustomerId;
use crate::model::mail::EmailAddress;
use crate::model::mail::attempt::{Attempt, Trouble};
use crate::model::mail::posted::{MailFilter, Posted, PostedView};
use crate::model::page::{ListName, Sort};

pub(super) const EXAMPLES: &str = "\
support notification mails --customer 7
support notification mails --failed --all --format ndjson | jq .notificationId | support notification resend -";

/// Which mails.
#[derive(Debug, Args)]
pub struct Mails {
    /// Only those to this customer.
    #[arg(long, value_name = "ID", value_parser = values::read::<CustomerId>)]
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
    const LIST: ListName = ListName::Mails;
    const MEMBER: &'static str = "mails";
    const CSV: &'static [&'static str] = PostedView::CSV;
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

    fn view(&self, _: &Look) -> impl Serialize {
        PostedView::from(self)
    }

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let last = self.last.as_ref().map(|last| (result(last, look), last.at));
        let mut cells = vec![
            Cell::new(&self.id),
            Cell::new(&self.customer),
            Cell::new(&self.ticket),
            Cell::maybe(self.to.as_ref().map(EmailAddress::as_str)),
        ];
        cells.extend(attempts::cells(self.state, self.attempts, last, self.due_at, look));
        cells
    }
}

/// What came of an attempt: the relay's code and words, or why none came.
fn result(last: &Attempt, look: &Look) -> String {
    match (last.code(), last.trouble()) {
        (Some(code), _) => attempts::answered(code, &last.answer),
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
