//! Retention periods, and the choice of rows to purge.

use std::str::FromStr;

use super::audit::AuditId;
use super::closed_list::closed_list;
use super::timestamp::{self, DAY};
use super::{Message, Timestamp};

/// Maximum number of rows purged in one unit of work, so that other writers wait no longer than for a few operations.
/// Larger than the 51 rows that one operation can write to a table, since these are purged together.
pub const PURGE_BATCH: u32 = 60;

/// Minimum retention period, in seconds, so that open streams can read every event.
const MIN_PERIOD: i64 = 60;

closed_list!(
    /// Class of rows with a retention period.
    RetentionClass {
        /// Deliveries to webhooks; purged before the events that they refer to.
        Deliveries = "deliveries",
        /// Events in the outbox.
        Events = "events",
        /// Notifications, read or unread.
        Notifications = "notifications",
        /// Responses stored for idempotency keys.
        Keys = "keys",
        Audit = "audit",
        Ledger = "ledger",
    }
);

/// Retention period of one class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetentionRule {
    class: RetentionClass,
    /// Seconds; none for unlimited retention.
    period: Option<i64>,
}

/// Error of a text that is not a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RetentionRuleError {
    /// The text is not of the form `name=period`.
    #[error("not a name and a period")]
    Syntax,
    /// The class does not exist.
    #[error("there is no retention class {0:?}")]
    UnknownClass(String),
    /// The period is invalid.
    #[error("{0:?} is not a valid period")]
    InvalidPeriod(String),
    /// The period is too short for streams and retries.
    #[error("{0:?} is too short")]
    TooShort(String),
    /// Idempotency keys are kept for less than a day, or forever.
    #[error("idempotency keys are kept for at least a day, and not forever")]
    Keys,
    /// The audit log must not be purged.
    #[error("the audit log is kept forever")]
    Audit,
    /// The ledger must not be purged, since balances are sums of its rows.
    #[error("the ledger is kept forever")]
    Ledger,
}

impl From<RetentionRuleError> for Message {
    fn from(error: RetentionRuleError) -> Self {
        match error {
            RetentionRuleError::Syntax => Self::new("argument.rule"),
            RetentionRuleError::UnknownClass(name) => {
                let known: Vec<&str> = RetentionClass::ALL.iter().map(|class| class.as_str()).collect();
                Self::new("argument.rule_name").with("name", name).with("known", known.join(", "))
            }
            RetentionRuleError::InvalidPeriod(period) => Self::new("argument.rule_length").with("length", period),
            RetentionRuleError::TooShort(rule) => Self::new("argument.rule_short").with("rule", rule),
            RetentionRuleError::Keys => Self::new("argument.rule_keys"),
            RetentionRuleError::Audit => Self::new("argument.rule_audit"),
            RetentionRuleError::Ledger => Self::new("argument.rule_ledger"),
        }
    }
}

impl FromStr for RetentionRule {
    type Err = RetentionRuleError;

    /// Parses `events=30d` or `events=off`.
    fn from_str(text: &str) -> Result<Self, RetentionRuleError> {
        let (name, period) = text.split_once('=').ok_or(RetentionRuleError::Syntax)?;
        let class = RetentionClass::parse(name).ok_or_else(|| RetentionRuleError::UnknownClass(name.to_owned()))?;
        let period = match period {
            "off" => None,
            text => Some(
                timestamp::parse_duration(text).ok_or_else(|| RetentionRuleError::InvalidPeriod(text.to_owned()))?,
            ),
        };
        match (class, period) {
            (RetentionClass::Audit, Some(_)) => Err(RetentionRuleError::Audit),
            (RetentionClass::Ledger, Some(_)) => Err(RetentionRuleError::Ledger),
            (RetentionClass::Keys, period) if period.is_none_or(|period| period < DAY) => Err(RetentionRuleError::Keys),
            (_, Some(period)) if period < MIN_PERIOD => Err(RetentionRuleError::TooShort(text.to_owned())),
            (
                RetentionClass::Keys
                | RetentionClass::Deliveries
                | RetentionClass::Events
                | RetentionClass::Notifications,
                _,
            )
            | (RetentionClass::Audit | RetentionClass::Ledger, None) => Ok(Self { class, period }),
        }
    }
}

/// Retention period of each class, in seconds; none for unlimited retention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetentionPolicy {
    events: Option<i64>,
    notifications: Option<i64>,
    deliveries: Option<i64>,
    keys: i64,
}

impl Default for RetentionPolicy {
    fn default() -> Self {
        Self { events: Some(30 * DAY), notifications: Some(90 * DAY), deliveries: Some(30 * DAY), keys: DAY }
    }
}

impl RetentionPolicy {
    /// Applies rules to the defaults; a later rule overrides an earlier one.
    pub fn from_rules(rules: &[RetentionRule]) -> Self {
        rules.iter().fold(Self::default(), |retention, rule| match rule.class {
            RetentionClass::Events => Self { events: rule.period, ..retention },
            RetentionClass::Notifications => Self { notifications: rule.period, ..retention },
            RetentionClass::Deliveries => Self { deliveries: rule.period, ..retention },
            RetentionClass::Keys => Self { keys: rule.period.unwrap_or(retention.keys), ..retention },
            RetentionClass::Audit | RetentionClass::Ledger => retention,
        })
    }

    /// Returns the retention of idempotency keys, in seconds.
    pub const fn keys(&self) -> i64 {
        self.keys
    }

    /// Returns the time before which rows may be purged; none for unlimited retention.
    pub fn cutoff(&self, class: RetentionClass, now: Timestamp) -> Option<Timestamp> {
        let period = match class {
            RetentionClass::Events => self.events,
            RetentionClass::Notifications => self.notifications,
            RetentionClass::Deliveries => self.deliveries,
            // Each row has its own expiry.
            RetentionClass::Keys => Some(0),
            RetentionClass::Audit | RetentionClass::Ledger => None,
        };
        period.map(|period| now.plus(-period))
    }

    /// Returns the interval between purges, in seconds: at most a minute.
    pub fn interval(&self) -> u64 {
        let shortest = [self.events, self.notifications, self.deliveries].into_iter().flatten().min();
        shortest.map_or(MIN_PERIOD, |shortest| (shortest / 10).min(MIN_PERIOD)).unsigned_abs()
    }
}

/// Row that may be purged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PurgeCandidate {
    pub id: i64,
    /// Audit entry of its operation.
    pub audit: AuditId,
    pub at: Timestamp,
}

/// Position of the last purged row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PurgeMark {
    /// Number of the last purged row; 0 before the first.
    pub through: i64,
    /// Audit entry of the last purged row; 0 before the first.
    pub audit: AuditId,
}

impl PurgeMark {
    /// Position before the first purge.
    pub const START: Self = Self { through: 0, audit: AuditId(0) };
}

/// Returns the position up to which the rows, oldest first, may be purged: all were written before `before` and have a
/// number below `needed`. Rows of one operation are purged together; `more` means that the last row's operation may
/// have written further rows.
pub fn purge_through(rows: &[PurgeCandidate], before: Timestamp, needed: Option<i64>, more: bool) -> Option<PurgeMark> {
    // A row with a time in the future, from a wrong clock, keeps all rows after it until that time.
    let may_go = |row: &&PurgeCandidate| row.at < before && needed.is_none_or(|needed| row.id < needed);
    let count = rows.iter().take_while(may_go).count();
    let (purgeable, kept) = rows.split_at(count);
    let incomplete = match kept.first() {
        Some(next) => Some(next.audit),
        None if more => purgeable.last().map(|last| last.audit),
        None => None,
    };
    let last = purgeable.iter().rfind(|row| Some(row.audit) != incomplete)?;
    Some(PurgeMark { through: last.id, audit: last.audit })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> Result<RetentionRule, RetentionRuleError> {
        text.parse()
    }

    #[test]
    fn a_rule_is_a_class_and_a_period() {
        assert_eq!(rule("events=30d"), Ok(RetentionRule { class: RetentionClass::Events, period: Some(30 * DAY) }));
        assert_eq!(
            rule("deliveries=1d12h"),
            Ok(RetentionRule { class: RetentionClass::Deliveries, period: Some(DAY * 3 / 2) })
        );
        assert_eq!(rule("notifications=off"), Ok(RetentionRule { class: RetentionClass::Notifications, period: None }));
        assert_eq!(rule("keys=2d"), Ok(RetentionRule { class: RetentionClass::Keys, period: Some(2 * DAY) }));
        assert_eq!(rule("audit=off"), Ok(RetentionRule { class: RetentionClass::Audit, period: None }));
    }

    #[test]
    fn each_invalid_rule_has_its_own_error() {
        for text in ["", "events", "30d"] {
            assert_eq!(rule(text), Err(RetentionRuleError::Syntax), "{text:?}");
        }
        for text in ["=30d", "tickets=30d", "Events=30d", " events=30d"] {
            assert!(matches!(rule(text), Err(RetentionRuleError::UnknownClass(_))), "{text:?}");
        }
        for text in ["events=", "events=30", "events=0d", "events=-1d", "events=30d=", "events=99999999999999999999d"] {
            assert!(matches!(rule(text), Err(RetentionRuleError::InvalidPeriod(_))), "{text:?}");
        }
        for text in ["events=59s", "deliveries=1s"] {
            assert_eq!(rule(text), Err(RetentionRuleError::TooShort(text.to_owned())), "{text:?}");
        }
        for text in ["keys=23h", "keys=off"] {
            assert_eq!(rule(text), Err(RetentionRuleError::Keys), "{text:?}");
        }
        assert_eq!(rule("audit=90d"), Err(RetentionRuleError::Audit));
        assert_eq!(rule("ledger=10y"), Err(RetentionRuleError::InvalidPeriod("10y".to_owned())));
        assert_eq!(rule("ledger=90d"), Err(RetentionRuleError::Ledger));
    }

    #[test]
    fn the_error_of_an_unknown_class_lists_all_classes() {
        let known = &Message::from(RetentionRuleError::UnknownClass("x".to_owned())).values[1].1;
        assert!(RetentionClass::ALL.iter().all(|class| known.contains(class.as_str())), "{known}");
    }

    #[test]
    fn rules_override_defaults_and_earlier_rules() {
        let rules = ["events=1m", "notifications=off", "events=2w"].map(|text| rule(text).unwrap());
        let retention = RetentionPolicy::from_rules(&rules);
        assert_eq!(
            retention,
            RetentionPolicy { events: Some(14 * DAY), notifications: None, ..RetentionPolicy::default() }
        );
        let now = Timestamp::from_second(1_750_000_000).unwrap();
        assert_eq!(retention.cutoff(RetentionClass::Events, now), Some(now.plus(-14 * DAY)));
        assert_eq!(retention.cutoff(RetentionClass::Notifications, now), None);
        assert_eq!(retention.cutoff(RetentionClass::Audit, now), None);
        assert_eq!(retention.cutoff(RetentionClass::Ledger, now), None);
    }

    #[test]
    fn shorter_periods_are_purged_more_often() {
        let interval = |text| RetentionPolicy::from_rules(&[rule(text).unwrap()]).interval();
        assert_eq!([interval("events=1m"), interval("events=5m"), interval("events=1d")], [6, 30, 60]);
    }

    fn row(id: i64, audit: i64, second: i64) -> PurgeCandidate {
        PurgeCandidate { id, audit: AuditId(audit), at: Timestamp::from_second(second).unwrap() }
    }

    fn through(rows: &[PurgeCandidate], needed: Option<i64>, more: bool) -> Option<i64> {
        purge_through(rows, Timestamp::from_second(100).unwrap(), needed, more).map(|mark| mark.through)
    }

    #[test]
    fn old_rows_are_purged_up_to_the_first_that_is_kept() {
        let rows = [row(1, 1, 10), row(2, 2, 20), row(3, 3, 100), row(4, 4, 30)];
        assert_eq!(through(&rows, None, false), Some(2));
        assert_eq!(through(&rows[..2], None, false), Some(2));
        assert_eq!(through(&rows, Some(2), false), Some(1));
        assert_eq!(through(&rows, Some(1), false), None);
        assert_eq!(through(&rows[2..], None, false), None);
        assert_eq!(through(&[], None, false), None);
    }

    #[test]
    fn rows_of_one_operation_are_purged_together() {
        let rows = [row(1, 1, 10), row(2, 7, 20), row(3, 7, 20)];
        assert_eq!(through(&rows, None, false), Some(3));
        assert_eq!(through(&rows, None, true), Some(1));
        assert_eq!(through(&rows, Some(3), false), Some(1));
        assert_eq!(through(&rows[1..], None, true), None);
    }
}
