//! Options of every command.

use std::path::PathBuf;

use clap::Args;

use super::output::Format;
use super::values;
use crate::i18n::Locale;
use crate::model::actor::AgentName;

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "cli.help.every_command")]
pub struct Global {
    /// Path of the store file.
    #[arg(long, global = true, env = "SUPPORT_DB", value_name = "FILE", default_value = "support.db")]
    pub db: PathBuf,
    /// Language of the output, such as fr or pt-BR; by default, that of `LC_ALL`, `LC_MESSAGES` or `LANG`.
    #[arg(long, global = true, env = "SUPPORT_LANG", value_name = "LOCALE")]
    pub lang: Option<String>,
    /// Name to record in the audit log; by default, the login name.
    #[arg(long, global = true, env = "SUPPORT_AGENT", value_name = "NAME", allow_hyphen_values = true, value_parser = values::agent)]
    pub agent: Option<AgentName>,
    /// Output format.
    #[arg(long, global = true, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    /// Show all columns of a table at full width.
    #[arg(long, global = true)]
    pub wide: bool,
    /// Show exact times in UTC instead of the local time zone.
    #[arg(long, global = true)]
    pub utc: bool,
}

impl Global {
    /// Returns the output language: `--lang` or `SUPPORT_LANG`, else the first POSIX locale variable that is set.
    pub fn locale(&self) -> Locale {
        select_locale(self.lang.clone())
    }
}

/// Returns the requested language, else that of `LC_ALL`, `LC_MESSAGES` or `LANG`, else English.
pub(crate) fn select_locale(requested: Option<String>) -> Locale {
    let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let requested = requested.filter(|tag| !tag.is_empty());
    let tag = requested.or_else(|| ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(variable));
    tag.and_then(|tag| Locale::from_tag(&tag)).unwrap_or_default()
}
