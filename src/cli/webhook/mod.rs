//! `support webhook`: manages webhooks and their deliveries.

mod add;
mod command;
mod deliveries;
mod enable;
mod list;
mod listen;
mod network;
mod redeliver;
mod remove;
mod rotate;
mod test;

pub(super) use command::WebhookCommand;
