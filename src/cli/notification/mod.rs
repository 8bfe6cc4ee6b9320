//! `support notification`: what customers were told.

mod command;
mod list;
mod mails;
mod resend;

pub(super) use command::NotificationCommand;
