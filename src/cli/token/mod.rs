//! `support token`: issues, lists and revokes API tokens.

mod command;
mod issue;
mod list;
mod revoke;

pub(super) use command::TokenCommand;
