//! `support points`: what customers earned and were granted.

mod balance;
mod command;
mod grant;
mod history;

pub(super) use command::PointsCommand;
