//! What `serve` is told of mail: which relay takes it, and whom it is from.

use std::path::PathBuf;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

/// Mail as a second channel of notifications, off where no relay is named.
#[derive(Debug, Args)]
#[command(next_help_heading = "cli.help.mail")]
pub struct MailArgs {
    /// The relay that takes mail, [user[:password]@]host[:port] behind smtp:// or smtps://. Each notification from now on
    /// goes to its customer's address too. With smtp, STARTTLS is used, and required unless the host is this machine. The
    /// ports are 587 and 465 where none is given; what is special in user and password is written as in URLs (%40).
    #[arg(long, value_name = "URL", env = "SUPPORT_SMTP", hide_env_values = true, requires = "mail_from")]
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub smtp: Option<String>,
    /// Whom mail is from, such as 'Support <support@example.com>'.
    #[arg(long, value_name = "SENDER", env = "SUPPORT_MAIL_FROM", allow_hyphen_values = true, requires = "smtp")]
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub mail_from: Option<String>,
    /// A file with the relay's password, that only you can read.
    #[arg(long, value_name = "FILE", env = "SUPPORT_SMTP_PASSWORD_FILE", requires = "smtp")]
    pub smtp_password_file: Option<PathBuf>,
}
