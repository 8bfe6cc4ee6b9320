//! `support man`: prints or writes the manual pages in roff.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::exit::Exit;
use super::failure::{CommandResult, Failure};
use super::session::Session;
use crate::model::Message;

pub(super) const EXAMPLES: &str = "\
support man | man -l -  # read
support man /usr/local/share/man/man1  # install";

#[derive(Debug, Args)]
pub struct Man {
    /// Folder to write all manual pages to; by default, the main page is printed to standard output.
    dir: Option<PathBuf>,
}

impl Man {
    /// Prints the main page, which is the first, or writes all pages. A page is a pair of file name and content.
    pub(crate) fn run(self, session: &mut Session<'_>, pages: &[(String, String)]) -> CommandResult {
        match self.dir {
            None => {
                if let Some((_, main)) = pages.first() {
                    session.out.write_all(main.as_bytes())?;
                }
            }
            Some(dir) => {
                write_all(&dir, pages)
                    .map_err(|source| Failure::CannotWrite { name: dir.display().to_string(), source })?;
                session.hint(&Message::new("cli.man.written").with("dir", dir.display()));
            }
        }
        Ok(Exit::Done)
    }
}

fn write_all(dir: &Path, pages: &[(String, String)]) -> std::io::Result<()> {
    std::fs::create_dir_all(dir)?;
    pages.iter().try_for_each(|(name, page)| std::fs::write(dir.join(name), page))
}
