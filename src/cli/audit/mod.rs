//! `support audit`: lists, verifies and exports the audit log.

mod command;
mod export;
mod list;
mod verify;

pub(super) use command::AuditCommand;
