//! `support man`: the manual, as roff.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::exit::Exit;
use super::session::Session;
use super::{Failure, Ran, help};
use crate::model::Message;
use crate::text::Locale;

pub(super) const EXAMPLES: &str = "\
support man | man -l -  # read
support man /usr/local/share/man/man1  # install";

/// Where to.
#[derive(Debug, Args)]
pub struct Man {
    /// The folder to write a page for every command into; the main page goes to standard output where none is given.
    dir: Option<PathBuf>,
}

impl Man {
    pub(crate) fn run(self, session: &mut Session<'_>) -> Ran {
        let locale = session.look.locale;
        match self.dir {
            None => {
                let pages = help::manual(locale);
                if let Some((_, main)) = pages.first() {
                    session.out.write_all(main.as_bytes())?;
                }
            }
            Some(dir) => {
                write_all(&dir, locale)
                    .map_err(|source| Failure::Unwritten { name: dir.display().to_string(), source })?;
                session.hint(&Message::new("cli.man.written").with("dir", dir.display()));
            }
        }
        Ok(Exit::Done)
    }
}

fn write_all(dir: &Path, locale: Locale) -> std::io::Result<()> {
    std::fs::create_dir_all(dir)?;
    let pages = help::manual(locale);
    pages.into_iter().try_for_each(|(name, page)| std::fs::write(dir.join(name), page))
}
