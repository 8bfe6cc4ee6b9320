//! `support man`: the manual, as roff.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory};

use super::exit::Exit;
use super::session::Session;
use super::{Cli, Failure, Ran};
use crate::model::Message;

pub(super) const EXAMPLES: &str = "\
Examples:
  support man | man -l -                          read it
  support man /usr/local/share/man/man1           install a page for every command";

/// Where to.
#[derive(Debug, Args)]
pub struct Man {
    /// The folder to write a page for every command into; the main page goes to standard output where none is given.
    dir: Option<PathBuf>,
}

impl Man {
    pub(crate) fn run(self, session: &mut Session<'_>) -> Ran {
        match self.dir {
            None => {
                let mut page = Vec::new();
                clap_mangen::Man::new(Cli::command()).render(&mut page)?;
                session.out.write_all(&page)?;
            }
            Some(dir) => {
                write_all(&dir).map_err(|source| Failure::Unwritten { name: dir.display().to_string(), source })?;
                session.hint(&Message::new("cli.man.written").with("dir", dir.display()));
            }
        }
        Ok(Exit::Done)
    }
}

fn write_all(dir: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(dir)?;
    clap_mangen::generate_to(Cli::command(), dir)
}
