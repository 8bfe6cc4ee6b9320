//! `support notification resend`: queues emails for immediate delivery.

use clap::Args;

use super::super::batch::{CommandOutcome, run_each};
use super::super::listing::ListRow;
use super::super::output::display_options::DisplayOptions;
use super::super::session::Session;
use super::super::values::{self, IdArgument};
use super::super::{CommandResult, input};
use crate::desk::delivery::requeue::resend;
use crate::model::delivery::{Delivery, Mail};
use crate::model::{Message, NotificationId};
use crate::system;

pub(super) const EXAMPLES: &str = "\
support notification resend 12 13
support notification mails --failed --all --format ndjson | jq .notificationId | support notification resend -";

#[derive(Debug, Args)]
pub struct Resend {
    /// Notification ids, as listed by `support notification mails`; - reads them from standard input.
    #[arg(required = true, value_name = "ID", value_parser = values::id_or_stdin::<NotificationId>)]
    ids: Vec<IdArgument<NotificationId>>,
}

impl Resend {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        run_each(session, input::read_ids(&self.ids)?, |session, id| {
            let (caller, now) = (session.caller(false), system::now());
            let mail = session.store()?.write_blocking(move |unit| resend(unit, &caller, id, now))?;
            Ok(mail)
        })
    }
}

impl CommandOutcome for Delivery<Mail> {
    const CSV: &'static [&'static str] = <Self as ListRow>::CSV;

    fn text(&self, display: &DisplayOptions) -> String {
        let Mail { id, customer, .. } = self.of;
        display.locale.translate(&Message::new("cli.notification.requeued").with("id", id).with("customer", customer))
    }
}
