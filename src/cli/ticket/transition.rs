//! `support ticket escalate` and `support ticket close`: change the status of tickets.

use clap::Args;
use serde::Serialize;

use super::super::batch::{CommandOutcome, run_each};
use super::super::output::display_options::DisplayOptions;
use super::super::session::Session;
use super::super::values::{self, IdArgument};
use super::super::{CommandResult, Failure, input};
use super::award::AwardArgs;
use crate::desk::Outcome;
use crate::desk::close::{close, would_close};
use crate::desk::escalate::{escalate, would_escalate};
use crate::i18n::Locale;
use crate::model::ledger::NoAward;
use crate::model::ticket::Reason;
use crate::model::{Message, TicketId};
use crate::system;
use crate::view::{CodedView, OutcomeView};

pub(super) const ESCALATE_EXAMPLES: &str = "\
support ticket escalate 7 --reason \"second complaint\"
support ticket list --status OPEN --until 2025-05-31 --all --format ndjson | jq .ticketId | support ticket escalate -";

pub(super) const CLOSE_EXAMPLES: &str = "\
support ticket close 7 --reason \"refunded\"
support ticket close 7 8 9 --dry-run";

pub(super) const CSV: &[&str] = &["ticketId", "status", "level", "gamificationError.code", "gamificationError.message"];

#[derive(Debug, Args)]
pub struct Transition {
    /// Ticket ids; - reads them from standard input.
    #[arg(required = true, value_name = "ID", value_parser = values::id_or_stdin::<TicketId>)]
    ids: Vec<IdArgument<TicketId>>,
    /// Reason to record in the audit log.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, value_parser = values::reason)]
    reason: Option<Reason>,
    /// Print what would happen, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Award of the customer.
    #[command(flatten)]
    award: AwardArgs,
}

/// Transition of a ticket.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Verb {
    /// Escalation by one level.
    Escalate,
    /// Closing.
    Close,
}

impl Transition {
    pub(crate) fn run(self, session: &mut Session<'_>, verb: Verb) -> CommandResult {
        run_each(session, input::read_ids(&self.ids)?, |session, id| {
            let view = if self.dry_run { self.preview(session, verb, id)? } else { self.apply(session, verb, id)? };
            Ok(TransitionOutcome { view, dry_run: self.dry_run, verb })
        })
    }

    fn apply(&self, session: &mut Session<'_>, verb: Verb, id: TicketId) -> Result<OutcomeView, Failure> {
        let (caller, reason, now) = (self.award.caller(session), self.reason.clone(), system::now());
        let outcome = session.store()?.write_blocking(move |unit| match verb {
            Verb::Escalate => escalate(unit, &caller, id, reason.as_ref(), now),
            Verb::Close => close(unit, &caller, id, reason.as_ref(), now),
        })?;
        Ok(outcome_view(&outcome, session.display.locale))
    }

    fn preview(&self, session: &mut Session<'_>, verb: Verb, id: TicketId) -> Result<OutcomeView, Failure> {
        let (caller, now) = (self.award.caller(session), system::now());
        let (_, ticket) = session.store()?.read_blocking(|unit| match verb {
            Verb::Escalate => would_escalate(unit, &caller, id, now),
            Verb::Close => would_close(unit, &caller, id, now),
        })?;
        Ok(outcome_view(&Outcome { ticket, no_award: None }, session.display.locale))
    }
}

/// Ticket after the transition, or after a dry run.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TransitionOutcome {
    #[serde(flatten)]
    view: OutcomeView,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    dry_run: bool,
    #[serde(skip)]
    verb: Verb,
}

impl CommandOutcome for TransitionOutcome {
    const CSV: &'static [&'static str] =
        &["ticketId", "status", "level", "gamificationError.code", "gamificationError.message", "dryRun"];

    fn text(&self, display: &DisplayOptions) -> String {
        let message = Message::new(match (self.verb, self.dry_run) {
            (Verb::Escalate, false) => "cli.ticket.escalated",
            (Verb::Escalate, true) => "cli.ticket.would_escalate",
            (Verb::Close, false) => "cli.ticket.closed",
            (Verb::Close, true) => "cli.ticket.would_close",
        });
        let level = self.view.level.map(|level| level.to_string()).unwrap_or_default();
        display.locale.translate(&message.with("id", self.view.ticket_id).with("level", level))
    }

    fn warning(&self) -> Option<Message> {
        no_award_warning(&self.view)
    }
}

/// Creates the JSON view of an outcome, with messages in this language.
pub(super) fn outcome_view(outcome: &Outcome, locale: Locale) -> OutcomeView {
    let error_view =
        |reason: NoAward| CodedView { code: reason.code().as_str(), message: locale.translate(&reason.message()) };
    OutcomeView {
        ticket_id: outcome.ticket.id,
        status: Some(outcome.ticket.status),
        level: Some(outcome.ticket.level),
        gamification_error: outcome.no_award.map(error_view),
    }
}

/// Returns the warning that an award failed, if it did.
pub(super) fn no_award_warning(view: &OutcomeView) -> Option<Message> {
    let error = view.gamification_error.as_ref()?;
    Some(Message::new("cli.ticket.no_award").with("id", view.ticket_id).with("why", &error.message))
}
