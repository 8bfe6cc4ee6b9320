//! `support notification list`: lists the notifications of a customer.

use clap::Args;
use serde::Serialize;

use super::super::CommandResult;
use super::super::listing::{self, ListRow, Paging};
use super::super::output::display_options::{DisplayOptions, FAINT};
use super::super::output::table::{Cell, Column};
use super::super::session::Session;
use super::super::values;
use crate::desk::list_notifications::list_notifications;
use crate::model::CustomerId;
use crate::model::inbox::InboxItem;
use crate::model::pagination::{ListName, Sort};
use crate::view::InboxItemView;

pub(super) const EXAMPLES: &str = "\
support notification list --customer 7 --unread
support notification list --customer 7 --lang fr --all --format csv > told.csv";

#[derive(Debug, Args)]
pub struct List {
    /// Customer id.
    #[arg(long, value_name = "ID", value_parser = values::parse::<CustomerId>)]
    customer: CustomerId,
    /// Show only unread notifications.
    #[arg(long)]
    unread: bool,
    #[command(flatten)]
    paging: Paging,
}

impl List {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        let caller = session.caller(false);
        listing::print_list(session, &self.paging, Sort::Created, |unit, page| {
            list_notifications(unit, &caller, self.customer, self.unread, page)
        })
    }
}

impl ListRow for InboxItem {
    const LIST: ListName = ListName::Notifications;
    const MEMBER: &'static str = "notifications";
    const CSV: &'static [&'static str] = &["id", "ticketId", "notice", "message", "createdAt", "readAt"];
    const COLUMNS: &'static [Column] = &[
        Column::number("cli.column.id"),
        Column::number("cli.column.ticket"),
        Column::fixed("cli.column.when"),
        Column::fixed("cli.column.read").with_rank(1),
        Column::text("cli.column.message"),
    ];
    const EMPTY: &'static str = "cli.notification.none";
    const MORE: &'static str = "cli.notification.more";

    fn view(&self, display: &DisplayOptions) -> impl Serialize {
        InboxItemView::new(self, display.locale.sentence(&self.message()))
    }

    fn cells(&self, display: &DisplayOptions) -> Vec<Cell> {
        let message = Cell::new(&display.locale.sentence(&self.message()));
        vec![
            Cell::new(&self.id),
            Cell::new(&self.ticket),
            Cell::new(&display.time(self.at)),
            Cell::optional(self.read_at.map(|at| display.time(at))),
            if self.read_at.is_some() { message.styled(FAINT) } else { message },
        ]
    }
}
