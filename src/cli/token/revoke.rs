//! `support token revoke`: revokes tokens.

use clap::Args;
use serde::Serialize;

use super::super::batch::{CommandOutcome, run_each};
use super::super::output::display_options::DisplayOptions;
use super::super::session::Session;
use super::super::values::{self, IdArgument};
use super::super::{CommandResult, input};
use crate::desk::revoke_token::revoke_token;
use crate::model::token::TokenState;
use crate::model::{Message, TokenId};
use crate::system;

#[derive(Debug, Args)]
pub struct Revoke {
    /// Token ids, as listed by `support token list`; - reads them from standard input.
    #[arg(required = true, value_name = "ID", value_parser = values::id_or_stdin::<TokenId>)]
    ids: Vec<IdArgument<TokenId>>,
}

impl Revoke {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        run_each(session, input::read_ids(&self.ids)?, |session, token_id| {
            let (caller, now) = (session.caller(false), system::now());
            session.store()?.write_blocking(move |unit| revoke_token(unit, &caller, token_id, now))?;
            Ok(Revoked { token_id, state: TokenState::Revoked })
        })
    }
}

/// Revoked token.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Revoked {
    token_id: TokenId,
    state: TokenState,
}

impl CommandOutcome for Revoked {
    const CSV: &'static [&'static str] = &["tokenId", "state"];

    fn text(&self, display: &DisplayOptions) -> String {
        display.locale.translate(&Message::new("cli.token.revoked").with("id", self.token_id))
    }
}
