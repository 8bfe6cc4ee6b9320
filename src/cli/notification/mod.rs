//! `support notification`: lists notifications and emails, and resends emails.

mod command;
mod list;
mod mails;
mod resend;

pub(super) use command::NotificationCommand;
