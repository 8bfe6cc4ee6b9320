//! The tree of commands and the options of every command.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::output::Format;
use super::serve::ServeArgs;
use super::{audit, completions, doctor, fixtures, man, notification, points, serve, ticket, token, values, webhook};
use crate::model::person::AgentName;
use crate::text::Locale;

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
pub(crate) fn spoken(asked: Option<String>) -> Locale {
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
