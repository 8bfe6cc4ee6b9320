//! `support store`: backups and maintenance of the store.

mod backup;
mod command;

pub(super) use command::StoreCommand;
