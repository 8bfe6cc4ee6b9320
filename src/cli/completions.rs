//! `support completions`: a completion script for a shell.

use std::io::Write;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::exit::Exit;
use super::session::Session;
use super::{Cli, Ran};

pub(super) const EXAMPLES: &str = "\
Examples:
  source <(support completions bash)                             for this shell
  support completions zsh > ~/.zfunc/_support                    for every zsh
  support completions fish > ~/.config/fish/completions/support.fish";

/// Which shell.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell that will read the script.
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(self, session: &mut Session<'_>) -> Ran {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "support", &mut script);
        session.out.write_all(&script)?;
        Ok(Exit::Done)
    }
}
