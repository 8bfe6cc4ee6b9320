//! `support store`: backups and maintenance of the store.

mod backup;
mod check;
mod command;
mod manifest;
mod restore;

pub(super) use command::StoreCommand;
