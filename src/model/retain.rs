//! How long what need not stay for ever is kept, and which of the oldest rows may go.

use std::str::FromStr;

use super::audit::AuditId;
use super::clock::{self, DAY};
use super::kind::closed_list;
use super::{Message, Timestamp};

/// Rows that are let go in one unit of work at most: others wait no longer for them than for a few operations. More than
/// one operation leaves in a table, 51 at most, since these go together.
pub const BATCH: u32 = 60;

/// The shortest time that anything is kept, in seconds: an open stream has looked at all there is by then.
const SHORTEST: i64 = 60;

closed_list!(
    /// What grows.
    Growing {
        /// What webhooks were sent; before the events, which wait for it.
        Deliveries = "deliveries",
        /// The outbox.
        Events = "events",
        /// What customers were told, read or not.
        Notifications = "notifications",
        /// Answers that are kept for repeated requests.
        Keys = "keys",
        /// The audit log.
        Audit = "audit",
        /// The ledger.
        Ledger = "ledger",
    }
);

/// One rule: how long one of them is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    what: Growing,
    /// In seconds; for ever, where there is none.
    length: Option<i64>,
}

/// The text is no rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotARule {
    /// It has no name and length.
    #[error("not a name and a length")]
    Shape,
    /// The name is none of ours.
    #[error("there is no {0:?} to keep")]
    Name(String),
    /// The length is none.
    #[error("{0:?} is no length of time")]
    Length(String),
    /// Streams and retries could not keep up.
    #[error("{0:?} is too short")]
    Short(String),
    /// Keys would be good for less than is promised.
    #[error("a key is good for a day at least, and not for ever")]
    Keys,
    /// The audit log is whole or it proves nothing.
    #[error("the audit log is kept for ever")]
    Audit,
    /// Balances are sums of the ledger.
    #[error("the ledger is kept for ever")]
    Ledger,
}

impl From<NotARule> for Message {
    fn from(wrong: NotARule) -> Self {
        match wrong {
            NotARule::Shape => Self::new("argument.rule"),
            NotARule::Name(name) => {
                let known: Vec<&str> = Growing::ALL.iter().map(|growing| growing.as_str()).collect();
                Self::new("argument.rule_name").with("name", name).with("known", known.join(", "))
            }
            NotARule::Length(length) => Self::new("argument.rule_length").with("length", length),
            NotARule::Short(rule) => Self::new("argument.rule_short").with("rule", rule),
            NotARule::Keys => Self::new("argument.rule_keys"),
            NotARule::Audit => Self::new("argument.rule_audit"),
            NotARule::Ledger => Self::new("argument.rule_ledger"),
        }
    }
}

impl FromStr for Rule {
    type Err = NotARule;

    /// Reads `events=30d` or `events=off`.
    fn from_str(text: &str) -> Result<Self, NotARule> {
        let (name, length) = text.split_once('=').ok_or(NotARule::Shape)?;
        let what = Growing::parse(name).ok_or_else(|| NotARule::Name(name.to_owned()))?;
        let length = match length {
            "off" => None,
            text => Some(clock::seconds(text).ok_or_else(|| NotARule::Length(text.to_owned()))?),
        };
        match (what, length) {
            (Growing::Audit, Some(_)) => Err(NotARule::Audit),
            (Growing::Ledger, Some(_)) => Err(NotARule::Ledger),
            (Growing::Keys, length) if length.is_none_or(|length| length < DAY) => Err(NotARule::Keys),
            (_, Some(length)) if length < SHORTEST => Err(NotARule::Short(text.to_owned())),
            (Growing::Keys | Growing::Deliveries | Growing::Events | Growing::Notifications, _)
            | (Growing::Audit | Growing::Ledger, None) => Ok(Self { what, length }),
        }
    }
}

/// How long everything is kept, in seconds; for ever, where there is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    events: Option<i64>,
    notifications: Option<i64>,
    deliveries: Option<i64>,
    keys: i64,
}

impl Default for Retention {
    fn default() -> Self {
        Self { events: Some(30 * DAY), notifications: Some(90 * DAY), deliveries: Some(30 * DAY), keys: DAY }
    }
}

impl Retention {
    /// What these rules say, the later over the earlier; the rest as it is by default.
    pub fn of(rules: &[Rule]) -> Self {
        rules.iter().fold(Self::default(), |retention, rule| match rule.what {
            Growing::Events => Self { events: rule.length, ..retention },
            Growing::Notifications => Self { notifications: rule.length, ..retention },
            Growing::Deliveries => Self { deliveries: rule.length, ..retention },
            Growing::Keys => Self { keys: rule.length.unwrap_or(retention.keys), ..retention },
            Growing::Audit | Growing::Ledger => retention,
        })
    }

    /// How long a key is good, in seconds.
    pub const fn keys(&self) -> i64 {
        self.keys
    }

    /// Before which instant such rows may go; none where they are kept for ever.
    pub fn before(&self, what: Growing, now: Timestamp) -> Option<Timestamp> {
        let length = match what {
            Growing::Events => self.events,
            Growing::Notifications => self.notifications,
            Growing::Deliveries => self.deliveries,
            // Each knows by itself until when it is good.
            Growing::Keys => Some(0),
            Growing::Audit | Growing::Ledger => None,
        };
        length.map(|length| now.plus(-length))
    }

    /// How often to look for what may go, in seconds: at least every minute.
    pub fn rest(&self) -> u64 {
        let shortest = [self.events, self.notifications, self.deliveries].into_iter().flatten().min();
        shortest.map_or(SHORTEST, |shortest| (shortest / 10).min(SHORTEST)).unsigned_abs()
    }
}

/// One of the oldest rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Oldest {
    /// Its number.
    pub id: i64,
    /// The operation it came from.
    pub audit: AuditId,
    /// When.
    pub at: Timestamp,
}

/// The place up to which rows have been let go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The last number that was let go; 0 before the first.
    pub through: i64,
    /// The operation it came from; 0 before the first.
    pub audit: AuditId,
}

impl Mark {
    /// Where nothing was let go.
    pub const START: Self = Self { through: 0, audit: AuditId(0) };
}

/// The last of these rows, the oldest first, that may go with all before it: all of them were written before that
/// instant, and nobody needs one, as they do from `needed` on. What one operation left goes together; `more` says
/// that the last row's operation may have left others.
pub fn last_to_go(rows: &[Oldest], before: Timestamp, needed: Option<i64>, more: bool) -> Option<Mark> {
    // A row that a wrong clock dated ahead stays, with all after it, until its time has come.
    let may_go = |row: &&Oldest| row.at < before && needed.is_none_or(|needed| row.id < needed);
    let count = rows.iter().take_while(may_go).count();
    let (going, staying) = rows.split_at(count);
    let torn = match staying.first() {
        Some(next) => Some(next.audit),
        None if more => going.last().map(|last| last.audit),
        None => None,
    };
    let last = going.iter().rfind(|row| Some(row.audit) != torn)?;
    Some(Mark { through: last.id, audit: last.audit })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> Result<Rule, NotARule> {
        text.parse()
    }

    #[test]
    fn a_rule_is_a_name_and_a_length() {
        assert_eq!(rule("events=30d"), Ok(Rule { what: Growing::Events, length: Some(30 * DAY) }));
        assert_eq!(rule("deliveries=1d12h"), Ok(Rule { what: Growing::Deliveries, length: Some(DAY * 3 / 2) }));
        assert_eq!(rule("notifications=off"), Ok(Rule { what: Growing::Notifications, length: None }));
        assert_eq!(rule("keys=2d"), Ok(Rule { what: Growing::Keys, length: Some(2 * DAY) }));
        assert_eq!(rule("audit=off"), Ok(Rule { what: Growing::Audit, length: None }));
    }

    #[test]
    fn what_is_no_rule_is_told_apart() {
        for text in ["", "events", "30d"] {
            assert_eq!(rule(text), Err(NotARule::Shape), "{text:?}");
        }
        for text in ["=30d", "tickets=30d", "Events=30d", " events=30d"] {
            assert!(matches!(rule(text), Err(NotARule::Name(_))), "{text:?}");
        }
        for text in ["events=", "events=30", "events=0d", "events=-1d", "events=30d=", "events=99999999999999999999d"] {
            assert!(matches!(rule(text), Err(NotARule::Length(_))), "{text:?}");
        }
        for text in ["events=59s", "deliveries=1s"] {
            assert_eq!(rule(text), Err(NotARule::Short(text.to_owned())), "{text:?}");
        }
        for text in ["keys=23h", "keys=off"] {
            assert_eq!(rule(text), Err(NotARule::Keys), "{text:?}");
        }
        assert_eq!(rule("audit=90d"), Err(NotARule::Audit));
        assert_eq!(rule("ledger=10y"), Err(NotARule::Length("10y".to_owned())));
        assert_eq!(rule("ledger=90d"), Err(NotARule::Ledger));
    }

    #[test]
    fn every_name_is_in_the_refusal_of_an_unknown_one() {
        let known = &Message::from(NotARule::Name("x".to_owned())).values[1].1;
        assert!(Growing::ALL.iter().all(|growing| known.contains(growing.as_str())), "{known}");
    }

    #[test]
    fn rules_stand_over_the_defaults_and_over_those_before_them() {
        let rules = ["events=1m", "notifications=off", "events=2w"].map(|text| rule(text).unwrap());
        let retention = Retention::of(&rules);
        assert_eq!(retention, Retention { events: Some(14 * DAY), notifications: None, ..Retention::default() });
        let now = Timestamp::from_second(1_750_000_000).unwrap();
        assert_eq!(retention.before(Growing::Events, now), Some(now.plus(-14 * DAY)));
        assert_eq!(retention.before(Growing::Notifications, now), None);
        assert_eq!(retention.before(Growing::Audit, now), None);
        assert_eq!(retention.before(Growing::Ledger, now), None);
    }

    #[test]
    fn the_shorter_things_are_kept_the_more_often_they_are_looked_at() {
        let rest = |text| Retention::of(&[rule(text).unwrap()]).rest();
        assert_eq!([rest("events=1m"), rest("events=5m"), rest("events=1d")], [6, 30, 60]);
    }

    fn row(id: i64, audit: i64, second: i64) -> Oldest {
        Oldest { id, audit: AuditId(audit), at: Timestamp::from_second(second).unwrap() }
    }

    fn through(rows: &[Oldest], needed: Option<i64>, more: bool) -> Option<i64> {
        last_to_go(rows, Timestamp::from_second(100).unwrap(), needed, more).map(|mark| mark.through)
    }

    #[test]
    fn the_old_go_up_to_the_first_that_stays() {
        let rows = [row(1, 1, 10), row(2, 2, 20), row(3, 3, 100), row(4, 4, 30)];
        assert_eq!(through(&rows, None, false), Some(2));
        assert_eq!(through(&rows[..2], None, false), Some(2));
        assert_eq!(through(&rows, Some(2), false), Some(1));
        assert_eq!(through(&rows, Some(1), false), None);
        assert_eq!(through(&rows[2..], None, false), None);
        assert_eq!(through(&[], None, false), None);
    }

    #[test]
    fn what_one_operation_left_goes_together() {
        let rows = [row(1, 1, 10), row(2, 7, 20), row(3, 7, 20)];
        assert_eq!(through(&rows, None, false), Some(3));
        assert_eq!(through(&rows, None, true), Some(1));
        assert_eq!(through(&rows, Some(3), false), Some(1));
        assert_eq!(through(&rows[1..], None, true), None);
    }
}
