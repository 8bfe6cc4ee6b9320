//! `support audit verify`: verifies the hash chain of the audit log and compares the log with the store.

use clap::Args;
use serde::Serialize;

use super::super::batch::{CommandOutcome, print_outcome};
use super::super::output::display_options::DisplayOptions;
use super::super::progress::Progress;
use super::super::session::Session;
use super::super::values;
use super::super::{CommandResult, Failure};
use crate::desk::audit::{Verified, verify};
use crate::model::audit::Head;
use crate::model::{Error, Message};

pub(super) const EXAMPLES: &str = "\
support audit verify
support audit verify --format json | jq -r .head > head.txt  # keep
support audit verify --head \"$(cat head.txt)\"  # prove";

#[derive(Debug, Args)]
pub struct Verify {
    /// Verify also that the log contains this head, printed by an earlier run.
    #[arg(long, value_name = "ENTRIES:HASH", value_parser = values::parse::<Head>)]
    head: Option<Head>,
}

impl Verify {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        let store = session.store()?;
        let progress = Progress::start(session.translate(&Message::new("cli.progress.verifying")), false);
        let caller = session.caller(false);
        let (expect, advance) = (|all| progress.set_total(all), |count| progress.advance(count));
        let verified = store.read_blocking(|unit| verify(unit, &caller, self.head, expect, advance));
        drop(progress);
        match verified {
            Ok(verified) => print_outcome(session, &VerifyReport { entries: verified.head.entries, verified }),
            Err(error @ Error::AuditBroken(_)) => {
                let exit = session.fail(&Failure::Desk(error));
                if !session.format().is_json() {
                    session.hint(&Message::new("cli.audit.compare"));
                }
                Ok(exit)
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Result of a successful verification.
#[derive(Serialize)]
struct VerifyReport {
    entries: i64,
    #[serde(flatten)]
    verified: Verified,
}

impl CommandOutcome for VerifyReport {
    const CSV: &'static [&'static str] = &[
        "entries",
        "tickets",
        "tokens",
        "webhooks",
        "ledger",
        "notifications",
        "events",
        "notificationsPurged",
        "eventsPurged",
        "head",
    ];

    fn text(&self, display: &DisplayOptions) -> String {
        display
            .locale
            .translate(&Message::new("cli.audit.whole").with("entries", self.entries).with("head", self.verified.head))
    }
}
