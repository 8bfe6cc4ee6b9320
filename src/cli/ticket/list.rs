//! `support ticket list`: lists the tickets that match a filter.

use clap::Args;
use serde::Serialize;

use super::super::listing::{self, ListRow, Paging};
use super::super::output::abbreviate;
use super::super::output::display_options::{DisplayOptions, level_style, status_style};
use super::super::output::table::{Cell, Column, Table};
use super::super::session::Session;
use super::super::{CommandResult, Failure, values};
use crate::desk::list::list;
use crate::i18n::Locale;
use crate::model::pagination::{ListName, Sort, TicketFilter};
use crate::model::search::SearchQuery;
use crate::model::ticket::TicketDetails;
use crate::model::{CustomerId, IssueType, Level, ServiceType, Status, Timestamp};
use crate::view::AgentTicketView;

pub(super) const EXAMPLES: &str = "\
support ticket list --status OPEN,ESCALATED --sort level
support ticket list --customer 7 --since 2025-05-01 --until 2025-05-31
support ticket list --search \"charged twice\" --format json
support ticket list --all --format csv > tickets.csv";

#[derive(Debug, Args)]
pub struct List {
    /// Filter by status; repeatable or comma-separated.
    #[arg(long, value_delimiter = ',', ignore_case = true, value_parser = values::one_of(Status::ALL))]
    status: Vec<Status>,
    /// Filter by service type; repeatable or comma-separated.
    #[arg(long, value_delimiter = ',', ignore_case = true, value_parser = values::one_of(ServiceType::ALL))]
    service: Vec<ServiceType>,
    /// Filter by issue type; repeatable or comma-separated.
    #[arg(long, value_delimiter = ',', ignore_case = true, value_parser = values::one_of(IssueType::ALL))]
    issue: Vec<IssueType>,
    /// Filter by level, 1 to 3; repeatable or comma-separated.
    #[arg(long, value_delimiter = ',', value_parser = values::level)]
    level: Vec<Level>,
    /// Filter by customer, as owner or group member; repeatable or comma-separated.
    #[arg(long, value_delimiter = ',', value_name = "ID", value_parser = values::parse::<CustomerId>)]
    customer: Vec<CustomerId>,
    /// Filter by owner, the customer who opened the ticket; repeatable or comma-separated.
    #[arg(long, value_delimiter = ',', value_name = "ID", value_parser = values::parse::<CustomerId>)]
    owner: Vec<CustomerId>,
    /// Filter by opening time (by last update if sorted by updated), from this UTC day (2025-06-01) or timestamp on
    /// (RFC 3339).
    #[arg(long, value_name = "WHEN", value_parser = values::since)]
    since: Option<Timestamp>,
    /// Filter by opening time (by last update if sorted by updated), up to this UTC day or timestamp, inclusive.
    #[arg(long, value_name = "WHEN", value_parser = values::until)]
    until: Option<Timestamp>,
    /// Filter by words of the description, in any order; all must match. Case and accents are ignored. A word also
    /// matches within longer words, unless it has one or two letters. Chinese and Japanese need no spaces.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, value_parser = values::search_query)]
    search: Option<SearchQuery>,
    /// Sort order: newest, last updated or highest level first, or rank (the default with --search), best match first
    /// within each thousand of the newest matches [default: created].
    #[arg(long, ignore_case = true, value_parser = values::one_of(Sort::ALL))]
    sort: Option<Sort>,
    #[command(flatten)]
    paging: Paging,
}

impl List {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        let caller = session.caller(false);
        let filter = TicketFilter {
            statuses: self.status,
            services: self.service,
            issues: self.issue,
            levels: self.level,
            owners: self.owner,
            customers: self.customer,
            since: self.since,
            until: self.until,
            search: self.search,
        };
        let sort = self.sort.unwrap_or(if filter.search.is_some() { Sort::Rank } else { Sort::Created });
        filter.check_sort(sort).map_err(Failure::Usage)?;
        listing::print_list(session, &self.paging, sort, |unit, page| list(unit, &caller, &filter, page))
    }
}

/// Formats tickets as the table that `ticket list` prints without a terminal, in a given width.
pub fn ticket_table(tickets: &[TicketDetails], locale: Locale, width: usize) -> String {
    let display = DisplayOptions { width, ..DisplayOptions::of_stdout(locale) };
    let rows: Vec<_> = tickets.iter().map(|ticket| ticket.cells(&display)).collect();
    Table::new(display, TicketDetails::COLUMNS).block(&rows)
}

impl ListRow for TicketDetails {
    const LIST: ListName = ListName::Tickets;
    const MEMBER: &'static str = "tickets";
    const CSV: &'static [&'static str] = CSV;
    const COLUMNS: &'static [Column] = &[
        Column::number("cli.column.id"),
        Column::fixed("cli.column.status").with_rank(2),
        Column::number("cli.column.level").with_rank(6),
        Column::fixed("cli.column.service").with_rank(4),
        Column::fixed("cli.column.issue").with_rank(3),
        Column::number("cli.column.customer").with_rank(7),
        Column::fixed("cli.column.opened").with_rank(5),
        Column::text("cli.column.description").with_rank(1),
    ];
    const EMPTY: &'static str = "cli.ticket.none";
    const MORE: &'static str = "cli.ticket.more";

    fn view(&self, _: &DisplayOptions) -> impl Serialize {
        AgentTicketView::from(self)
    }

    fn cells(&self, display: &DisplayOptions) -> Vec<Cell> {
        let ticket = &self.ticket;
        vec![
            Cell::new(&ticket.id),
            Cell::new(&ticket.status).styled(status_style(ticket.status)),
            Cell::new(&ticket.level).styled(level_style(ticket.level)),
            Cell::new(&ticket.service).with_short(abbreviate::service(ticket.service)),
            Cell::new(&ticket.issue).with_short(abbreviate::issue(ticket.issue)),
            Cell::new(&ticket.owner),
            Cell::new(&display.time(ticket.created_at)),
            Cell::new(ticket.description.as_str()),
        ]
    }
}

/// CSV header of a ticket.
pub(super) const CSV: &[&str] = &[
    "ticketId",
    "serviceType",
    "issueType",
    "status",
    "description",
    "updatedAt",
    "ride.id",
    "ride.pickupLocation",
    "ride.dropoffLocation",
    "order.id",
    "order.merchantName",
    "order.total.amount",
    "order.total.currency",
    "booking.id",
    "booking.venueName",
    "booking.startsAt",
    "booking.partySize",
    "createdAt",
    "level",
    "groupCustomerIds",
    "customerId",
];
