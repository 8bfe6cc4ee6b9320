//! `support completions`: prints a completion script for a shell.

use std::io::Write;

use clap::{Args, Command};
use clap_complete::Shell;

use super::exit::Exit;
use super::failure::CommandResult;
use super::session::Session;

pub(super) const EXAMPLES: &str = "\
source <(support completions bash)  # bash
support completions zsh > ~/.zfunc/_support  # zsh
support completions fish > ~/.config/fish/completions/support.fish";

#[derive(Debug, Args)]
pub struct Completions {
    /// Shell that runs the script.
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(self, session: &mut Session<'_>, mut command: Command) -> CommandResult {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, "support", &mut script);
        session.out.write_all(&script)?;
        Ok(Exit::Done)
    }
}
