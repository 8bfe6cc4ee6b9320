//! `support webhook`: who outside is told what happens here.

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
