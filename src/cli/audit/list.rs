//! `support audit list`: lists the audit entries that match a filter.

use clap::Args;
use serde::Serialize;

use super::super::CommandResult;
use super::super::listing::{self, ListRow, Paging};
use super::super::output::display_options::{DisplayOptions, FAINT};
use super::super::output::table::{Cell, Column};
use super::super::session::Session;
use super::super::values;
use crate::desk::audit::list;
use crate::model::actor::Actor;
use crate::model::audit::{AuditAction, Subject};
use crate::model::audit::{AuditFilter, AuditLine, AuditView};
use crate::model::pagination::{ListName, Sort};
use crate::model::{CustomerId, TicketId, Timestamp, TokenId, WebhookId};

pub(super) const EXAMPLES: &str = "\
support audit list --ticket 7
support audit list --action ticket.closed,points.granted --by maria --since 2025-06-01
support audit list --all --format csv > audit.csv";

/// Number of hexadecimal digits of a hash in a table.
const HASH_DIGITS: usize = 12;

#[derive(Debug, Args)]
pub struct List {
    /// Filter by subject: ticket:7, customer:1, token:3, webhook:2, delivery:12 or notification:9.
    #[arg(long, value_name = "KIND:ID", conflicts_with_all = ["ticket", "customer", "token", "webhook"], value_parser = values::parse::<Subject>)]
    subject: Option<Subject>,
    /// Filter by ticket.
    #[arg(long, value_name = "ID", conflicts_with_all = ["customer", "token", "webhook"], value_parser = values::parse::<TicketId>)]
    ticket: Option<TicketId>,
    /// Filter by customer whose points changed.
    #[arg(long, value_name = "ID", conflicts_with_all = ["token", "webhook"], value_parser = values::parse::<CustomerId>)]
    customer: Option<CustomerId>,
    /// Filter by token.
    #[arg(long, value_name = "ID", conflicts_with = "webhook", value_parser = values::parse::<TokenId>)]
    token: Option<TokenId>,
    /// Filter by webhook.
    #[arg(long, value_name = "ID", value_parser = values::parse::<WebhookId>)]
    webhook: Option<WebhookId>,
    /// Filter by action; repeatable or comma-separated.
    #[arg(long, value_delimiter = ',', ignore_case = true, value_parser = values::one_of(AuditAction::ALL))]
    action: Vec<AuditAction>,
    /// Filter by actor: an agent's name, agent:NAME, customer:ID or fixtures.
    #[arg(long, value_name = "WHO", allow_hyphen_values = true, value_parser = values::actor)]
    by: Option<Actor>,
    /// Filter by time, from this UTC day (2025-06-01) or timestamp on (RFC 3339).
    #[arg(long, value_name = "WHEN", value_parser = values::since)]
    since: Option<Timestamp>,
    /// Filter by time, up to this UTC day or timestamp, inclusive.
    #[arg(long, value_name = "WHEN", value_parser = values::until)]
    until: Option<Timestamp>,
    #[command(flatten)]
    paging: Paging,
}

impl List {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        let subject = self.ticket.map(Subject::Ticket).or(self.customer.map(Subject::Customer));
        let subject = subject.or(self.token.map(Subject::Token)).or(self.webhook.map(Subject::Webhook));
        let filter = AuditFilter {
            subject: self.subject.or(subject),
            actions: self.action,
            by: self.by,
            since: self.since,
            until: self.until,
        };
        let caller = session.caller(false);
        listing::print_list(session, &self.paging, Sort::Created, |unit, page| list(unit, &caller, &filter, page))
    }
}

impl ListRow for AuditLine {
    const LIST: ListName = ListName::Audit;
    const MEMBER: &'static str = "entries";
    const CSV: &'static [&'static str] = &[
        "id",
        "action",
        "subject",
        "actor",
        "at",
        "requestId",
        "status",
        "level",
        "reason",
        "points",
        "credit.amount",
        "credit.currency",
        "previous",
        "hash",
    ];
    const COLUMNS: &'static [Column] = &[
        Column::number("cli.column.id"),
        Column::fixed("cli.column.when"),
        Column::fixed("cli.column.action"),
        Column::fixed("cli.column.subject"),
        Column::text("cli.column.by"),
        Column::text("cli.column.reason").with_rank(2),
        Column::fixed("cli.column.hash").with_rank(1),
    ];
    const EMPTY: &'static str = "cli.audit.none";
    const MORE: &'static str = "cli.audit.more";

    fn view(&self, _: &DisplayOptions) -> impl Serialize {
        AuditView::from(self)
    }

    fn cells(&self, display: &DisplayOptions) -> Vec<Cell> {
        let entry = &self.entry;
        vec![
            Cell::new(&self.id.0),
            Cell::new(&display.exact_time(entry.at)),
            Cell::new(&entry.action),
            Cell::new(&entry.subject),
            Cell::new(&entry.actor),
            Cell::optional(entry.reason.as_ref()),
            Cell::new(&self.hash.to_string()[..HASH_DIGITS]).styled(FAINT),
        ]
    }
}
