//! The command line: the tree of commands, and one file for each. Every command but `serve` is run from here.

mod attempts;
mod audit;
mod completions;
mod confirm;
mod doctor;
mod each;
mod exit;
mod failure;
mod fixtures;
mod help;
mod identity;
mod input;
mod listing;
mod mail;
mod man;
mod notification;
mod output;
mod points;
mod progress;
mod serve;
mod session;
mod ticket;
mod token;
mod usage;
mod values;
mod webhook;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::model::Error;
use crate::model::person::AgentName;
use crate::store::Store;
use crate::text::Locale;
use exit::Exit;
pub use failure::Failure;
pub use help::{Sentence, sentences};
pub use identity::IdentityArgs;
pub use mail::MailArgs;
pub use output::Format;
pub use serve::{LogFormat, RateLimit, ServeArgs};
use session::Session;
pub use ticket::ticket_table;
pub use usage::read;

/// What a command came to; a failure has not been told yet.
type Ran = Result<Exit, Failure>;

/// Customer support for rides, deliveries and bookings: the REST API, and the agents' commands beside it.
#[derive(Debug, Parser)]
#[command(name = "support", version, propagate_version = true, after_help = EXAMPLES)]
pub struct Cli {
    /// What every command understands.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
support serve --demo  # demo
support fixtures load demo  # fixtures
support ticket list --status OPEN,ESCALATED  # list
support ticket inspect 7  # inspect
support ticket close 7 --reason \"refunded\"  # close
exit 0  # done
exit 1  # failed
exit 2  # usage
exit 3  # store";

/// What every command understands.
#[derive(Debug, Args)]
#[command(next_help_heading = "cli.help.every_command")]
pub struct Global {
    /// The store's file.
    #[arg(long, global = true, env = "SUPPORT_DB", value_name = "FILE", default_value = "support.db")]
    pub db: PathBuf,
    /// The language to speak, such as fr or pt-BR; else that of `LC_ALL`, `LC_MESSAGES` or `LANG`.
    #[arg(long, global = true, env = "SUPPORT_LANG", value_name = "LOCALE")]
    pub lang: Option<String>,
    /// Who the audit log says did it; your login name where this is not given.
    #[arg(long, global = true, env = "SUPPORT_AGENT", value_name = "NAME", allow_hyphen_values = true, value_parser = values::agent)]
    pub agent: Option<AgentName>,
    /// How data is printed: for people, or as JSON, as JSON a line, or as CSV for programs.
    #[arg(long, global = true, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    /// Show every column of a table in its full width, however narrow the terminal is.
    #[arg(long, global = true)]
    pub wide: bool,
    /// Show exact times in UTC in place of the local zone.
    #[arg(long, global = true)]
    pub utc: bool,
}

impl Global {
    /// The language to speak: `--lang` or `SUPPORT_LANG`, else the first of the POSIX variables that is set.
    pub fn locale(&self) -> Locale {
        spoken(self.lang.clone())
    }
}

/// The language that was asked for, else that of the environment, else English.
fn spoken(asked: Option<String>) -> Locale {
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let asked = asked.filter(|tag| !tag.is_empty());
    let tag = asked.or_else(|| ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set));
    tag.and_then(|tag| Locale::of_tag(&tag)).unwrap_or_default()
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the REST API.
    #[command(after_help = serve::EXAMPLES)]
    Serve(ServeArgs),
    /// List, inspect, create, escalate and close tickets.
    #[command(subcommand)]
    Ticket(ticket::TicketCommand),
    /// Grant points and credit, and look into the ledger.
    #[command(subcommand)]
    Points(points::PointsCommand),
    /// Show what customers were told, and how far the mails are.
    #[command(subcommand)]
    Notification(notification::NotificationCommand),
    /// Issue, list and revoke the tokens that open the API.
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// List, verify and export the audit log.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Tell others what happens here: add, try, list and remove webhooks, and look into their deliveries.
    #[command(subcommand)]
    Webhook(webhook::WebhookCommand),
    /// Tell how the store fares: its file, its tickets, its webhooks, and what needs you.
    #[command(after_help = doctor::EXAMPLES)]
    Doctor(doctor::Doctor),
    /// Load customers, rides, orders, bookings and tickets from a file.
    #[command(subcommand)]
    Fixtures(fixtures::FixturesCommand),
    /// Print a completion script for a shell.
    #[command(after_help = completions::EXAMPLES)]
    Completions(completions::Completions),
    /// Print the manual page, or write a page for every command into a folder.
    #[command(after_help = man::EXAMPLES)]
    Man(man::Man),
}

/// How a command wants the store's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// It must be there.
    Existing,
    /// It is made where it is not there.
    Create,
    /// The same, and a world is written to it.
    Fill,
}

/// Runs every command but `serve`, which is the application's own; `open` opens the store, and only for the commands
/// that need one.
pub fn run(cli: Cli, open: &dyn Fn(&Path, Opening) -> Result<Store, Error>) -> ExitCode {
    let mut session = Session::new(cli.global, open);
    let ran = match cli.command {
        Command::Serve(_) => Ok(Exit::Done),
        Command::Ticket(command) => command.run(&mut session),
        Command::Points(command) => command.run(&mut session),
        Command::Notification(command) => command.run(&mut session),
        Command::Token(command) => command.run(&mut session),
        Command::Audit(command) => command.run(&mut session),
        Command::Webhook(command) => command.run(&mut session),
        Command::Doctor(command) => command.run(&mut session),
        Command::Fixtures(command) => command.run(&mut session),
        Command::Completions(command) => command.run(&mut session),
        Command::Man(command) => command.run(&mut session),
    };
    session.finish(ran).into()
}

/// Tells on standard error what `serve` failed with, as every other command would.
pub fn report(global: Global, failure: &Failure) {
    Session::new(global, &|_, _| unreachable!("nothing is opened to tell of a failure")).fail(failure);
}

/// Exit code of a program that failed with this.
pub fn exit_code(failure: &Failure) -> ExitCode {
    failure.exit().into()
}
