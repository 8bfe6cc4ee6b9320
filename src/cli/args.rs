//! Command tree of the `support` executable.

use clap::{CommandFactory, Parser, Subcommand};

use super::global::Global;
use super::help::{self, Sentence};
use super::serve::ServeArgs;
use super::{audit, completions, doctor, fixtures, man, notification, points, serve, store, ticket, token, webhook};

/// Customer support for rides, deliveries and bookings: REST API and CLI.
#[derive(Debug, Parser)]
#[command(name = "support", version, propagate_version = true, after_help = EXAMPLES)]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
    /// Command to run.
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

/// Commands of the executable.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the REST API server.
    #[command(after_help = serve::EXAMPLES)]
    Serve(ServeArgs),
    /// List, inspect, create, escalate and close tickets.
    #[command(subcommand)]
    Ticket(ticket::TicketCommand),
    /// Grant points and credit, and show balances and the ledger.
    #[command(subcommand)]
    Points(points::PointsCommand),
    /// List notifications and emails, and resend emails.
    #[command(subcommand)]
    Notification(notification::NotificationCommand),
    /// Issue, list and revoke API tokens.
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// List, verify and export the audit log.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Manage webhooks and inspect their deliveries.
    #[command(subcommand)]
    Webhook(webhook::WebhookCommand),
    /// Check the health of the store and list problems.
    #[command(after_help = doctor::EXAMPLES)]
    Doctor(doctor::Doctor),
    /// Manage the store: backups and maintenance.
    #[command(subcommand)]
    Store(store::StoreCommand),
    /// List, load and generate fixtures (sample data).
    #[command(subcommand)]
    Fixtures(fixtures::FixturesCommand),
    /// Print a shell completion script.
    #[command(after_help = completions::EXAMPLES)]
    Completions(completions::Completions),
    /// Print the manual page, or write all manual pages to a folder.
    #[command(after_help = man::EXAMPLES)]
    Man(man::Man),
}

/// Returns every sentence of the help, repeated as often as the help uses it.
pub fn sentences() -> Vec<Sentence> {
    help::sentences(Cli::command())
}
