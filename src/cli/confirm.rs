//! Confirmation of destructive commands: a prompt on a terminal, `--yes` elsewhere.

use std::io::{self, IsTerminal, Write};

use super::failure::Failure;
use super::output::sanitize::sanitize;
use super::session::Session;
use crate::model::Message;

/// Prompts for a confirmation, unless `yes` is set.
///
/// # Errors
/// [`Failure::NotConfirmed`] if the answer is not yes; [`Failure::CannotConfirm`] without a terminal.
pub(crate) fn confirm(session: &Session<'_>, yes: bool, question: &Message) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Failure::CannotConfirm { question: question.clone() });
    }
    let mut err = io::stderr().lock();
    let prompted = write!(err, "{} [y/N] ", sanitize(&session.translate(question))).and_then(|()| err.flush());
    let mut answer = String::new();
    prompted.and_then(|()| io::stdin().read_line(&mut answer)).map_err(Failure::System)?;
    let is_yes = matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes");
    if is_yes { Ok(()) } else { Err(Failure::NotConfirmed) }
}
