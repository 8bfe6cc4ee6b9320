//! `support points`: grants points and credit, and prints balances and ledgers.

mod balance;
mod command;
mod grant;
mod history;

pub(super) use command::PointsCommand;
