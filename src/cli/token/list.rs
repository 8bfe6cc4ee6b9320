//! `support token list`: lists issued tokens without their secrets.

use clap::Args;
use serde::Serialize;

use super::super::CommandResult;
use super::super::listing::{self, ListRow, Paging};
use super::super::output::display_options::{DisplayOptions, FAINT};
use super::super::output::table::{Cell, Column};
use super::super::session::Session;
use super::super::values;
use crate::desk::revoke_token::list_tokens;
use crate::model::CustomerId;
use crate::model::pagination::{ListName, Sort};
use crate::model::principal::Principal;
use crate::model::token::TokenRecord;
use crate::view::TokenView;

#[derive(Debug, Args)]
pub struct List {
    /// Filter by customer.
    #[arg(long, value_name = "ID", value_parser = values::parse::<CustomerId>)]
    customer: Option<CustomerId>,
    #[command(flatten)]
    paging: Paging,
}

impl List {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        let (caller, customer) = (session.caller(false), self.customer.map(Principal::Customer));
        listing::print_list(session, &self.paging, Sort::Created, |unit, page| {
            list_tokens(unit, &caller, customer.as_ref(), page)
        })
    }
}

impl ListRow for TokenRecord {
    const LIST: ListName = ListName::Tokens;
    const MEMBER: &'static str = "tokens";
    const CSV: &'static [&'static str] =
        &["tokenId", "customerId", "role", "permissions", "state", "createdAt", "expiresAt", "revokedAt"];
    const COLUMNS: &'static [Column] = &[
        Column::number("cli.column.id"),
        Column::number("cli.column.customer"),
        Column::fixed("cli.column.role").with_rank(2),
        Column::fixed("cli.column.state"),
        Column::fixed("cli.column.issued").with_rank(1),
        Column::fixed("cli.column.expires"),
        Column::text("cli.column.permissions"),
    ];
    const EMPTY: &'static str = "cli.token.none";
    const MORE: &'static str = "cli.token.more";

    fn view(&self, display: &DisplayOptions) -> impl Serialize {
        TokenView::new(self, display.now)
    }

    fn cells(&self, display: &DisplayOptions) -> Vec<Cell> {
        let state = Cell::new(&self.state(display.now));
        vec![
            Cell::new(&self.id),
            Cell::optional(self.principal.customer().ok()),
            Cell::new(self.role.as_str()),
            if self.is_valid(display.now) { state } else { state.styled(FAINT) },
            Cell::new(&display.time(self.created_at)),
            Cell::new(&display.time(self.expires_at)),
            Cell::new(&permissions(self)),
        ]
    }
}

/// Formats the permissions of a token, separated by commas.
pub(super) fn permissions(record: &TokenRecord) -> String {
    record.permissions.iter().map(|permission| permission.to_string()).collect::<Vec<_>>().join(", ")
}
