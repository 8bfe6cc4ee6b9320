//! Options of `serve` for email: SMTP relay and sender.

use std::path::PathBuf;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

/// Options of email notifications, which are off without a relay.
#[derive(Debug, Args)]
#[command(next_help_heading = "cli.help.mail")]
pub struct MailArgs {
    /// SMTP relay for email notifications, as smtp:// or smtps:// and [user[:password]@]host[:port]. The default port
    /// is 587 for smtp and 465 for smtps. STARTTLS is required for smtp, unless the host is this machine. Special
    /// characters in user and password are percent-encoded (%40).
    #[arg(long, value_name = "URL", env = "SUPPORT_SMTP", hide_env_values = true, requires = "mail_from")]
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub smtp: Option<String>,
    /// Sender of emails, such as 'Support <support@example.com>'.
    #[arg(long, value_name = "SENDER", env = "SUPPORT_MAIL_FROM", allow_hyphen_values = true, requires = "smtp")]
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub mail_from: Option<String>,
    /// File with the password of the SMTP relay, readable by its owner only.
    #[arg(long, value_name = "FILE", env = "SUPPORT_SMTP_PASSWORD_FILE", requires = "smtp")]
    pub smtp_password_file: Option<PathBuf>,
}
