//! `support token`: the tokens that open the API.

mod command;
mod issue;
mod list;
mod revoke;

pub(super) use command::TokenCommand;
