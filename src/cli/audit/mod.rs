//! `support audit`: who did what, and the proof that nobody changed it since.

mod command;
mod export;
mod list;
mod verify;

pub(super) use command::AuditCommand;
