//! Confirmation of destructive commands: a prompt on a terminal, `--yes` elsewhere.

use std::io::{self, IsTerminal, Write};

use super::failure::Failure;
use super::output::sanitize::sanitize;
use super::session::Session;
use crate::model::Message;

/// Prompts for a confirmation, unless `yes` is set.
///
/// # Errors
/// [`Failure::NotConfirmed`] if the answer is not yes; [`Failure::NotAsked`] without a terminal.
pub(crate) fn confirm(session: &Session<'_>, yes: bool, question: &Message) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Failure::NotAsked { question: question.clone() });
    }
    let mut err = io::stderr().lock();
    let asked = write!(err, "{} [y/N] ", sanitize(&session.say(question))).and_then(|()| err.flush());
    let mut answer = String::new();
    asked.and_then(|()| io::stdin().read_line(&mut answer)).map_err(Failure::System)?;
    let said_yes = matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes");
    if said_yes { Ok(()) } else { Err(Failure::NotConfirmed) }
}
