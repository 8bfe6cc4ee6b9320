//! Conversion of columns to values of the model. A value that this program never writes is a conversion error, which
//! means a damaged store.

use rusqlite::types::{FromSql, Type, ValueRef};
use rusqlite::{Error, Result, Row};

use crate::model::actor::{Actor, AgentName, ServiceName};
use crate::model::{CustomerId, IssueType, Level, ServiceType, Status, Timestamp};

/// Reads a row's columns from left to right.
pub(super) struct Columns<'r> {
    row: &'r Row<'r>,
    next: usize,
}

/// Invalid value in a column.
#[derive(Debug, thiserror::Error)]
#[error("column `{column}` holds {found}, which is no {expected}")]
struct InvalidColumn {
    column: String,
    found: String,
    expected: &'static str,
}

impl<'r> Columns<'r> {
    pub(super) fn new(row: &'r Row<'r>) -> Self {
        Self { row, next: 0 }
    }

    /// Reads the next column.
    pub(super) fn value<T: FromSql>(&mut self) -> Result<T> {
        self.next += 1;
        self.row.get(self.next - 1)
    }

    /// Reads the next column and parses it.
    pub(super) fn parse<P: FromSql, T>(
        &mut self,
        expected: &'static str,
        check: impl FnOnce(P) -> Option<T>,
    ) -> Result<T> {
        let plain = self.value()?;
        check(plain).ok_or_else(|| self.invalid(expected))
    }

    /// Reads the next column and parses it unless it is null.
    pub(super) fn parse_optional<P: FromSql, T>(
        &mut self,
        expected: &'static str,
        check: impl FnOnce(P) -> Option<T>,
    ) -> Result<Option<T>> {
        match self.value::<Option<P>>()? {
            None => Ok(None),
            Some(plain) => check(plain).map(Some).ok_or_else(|| self.invalid(expected)),
        }
    }

    /// Reads the next column as text and parses it, without a copy.
    pub(super) fn parse_text<T>(&mut self, expected: &'static str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T> {
        self.next += 1;
        let text = self.row.get_ref(self.next - 1)?.as_str().ok();
        text.and_then(parse).ok_or_else(|| self.invalid(expected))
    }

    /// Skips columns that are null by a left join.
    pub(super) fn skip<T>(&mut self, columns: usize) -> Option<T> {
        self.next += columns;
        None
    }

    pub(super) fn customer(&mut self) -> Result<CustomerId> {
        self.parse("customer id", CustomerId::new)
    }

    /// Reads a JSON array of customers, in its order.
    pub(super) fn customers(&mut self) -> Result<Vec<CustomerId>> {
        self.parse_text("list of customers", |text| {
            if text == "[]" {
                return Some(Vec::new());
            }
            let ids: Vec<i64> = serde_json::from_str(text).ok()?;
            ids.into_iter().map(CustomerId::new).collect()
        })
    }

    pub(super) fn time(&mut self) -> Result<Timestamp> {
        self.parse("time", Timestamp::from_second)
    }

    pub(super) fn optional_time(&mut self) -> Result<Option<Timestamp>> {
        self.parse_optional("time", Timestamp::from_second)
    }

    pub(super) fn service(&mut self) -> Result<ServiceType> {
        self.parse_text("service", ServiceType::parse)
    }

    pub(super) fn issue(&mut self) -> Result<IssueType> {
        self.parse_text("issue", IssueType::parse)
    }

    pub(super) fn status(&mut self) -> Result<Status> {
        self.parse_text("status", Status::parse)
    }

    pub(super) fn level(&mut self) -> Result<Level> {
        self.parse("level", Level::new)
    }

    /// Reads three columns: an actor's kind, id and name.
    pub(super) fn actor(&mut self) -> Result<Actor> {
        let kind: String = self.value()?;
        let first_column = self.next;
        let id: Option<i64> = self.value()?;
        let name: Option<String> = self.value()?;
        let actor = match (kind.as_str(), id, name.as_deref()) {
            ("customer", Some(id), None) => CustomerId::new(id).map(Actor::Customer),
            ("agent", None, Some(name)) => {
                AgentName::new(name).filter(|agent| agent.as_str() == name).map(Actor::Agent)
            }
            ("service", None, Some(name)) => ServiceName::new(name).map(Actor::Service),
            ("system", None, None) => Some(Actor::System),
            ("fixtures", None, None) => Some(Actor::Fixtures),
            _ => None,
        };
        actor.ok_or_else(|| Self { row: self.row, next: first_column }.invalid("actor"))
    }

    /// Returns the error for the last column read.
    pub(super) fn invalid(&self, expected: &'static str) -> Error {
        let index = self.next.saturating_sub(1);
        let column = self.row.as_ref().column_name(index).map_or_else(|_| index.to_string(), str::to_owned);
        let found = self.row.get_ref(index).map_or_else(|error| error.to_string(), format_value);
        Error::FromSqlConversionFailure(index, Type::Null, Box::new(InvalidColumn { column, found, expected }))
    }
}

/// Formats a value for an error: text up to 40 characters, numbers, otherwise its type.
fn format_value(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Text(text) => {
            let text = String::from_utf8_lossy(text);
            format!("`{}`", text.chars().take(40).collect::<String>().escape_debug())
        }
        ValueRef::Integer(number) => format!("`{number}`"),
        other => other.data_type().to_string(),
    }
}

/// Returns an actor's kind, id and name, as stored.
pub(super) fn actor_columns(actor: &Actor) -> (&'static str, Option<i64>, Option<&str>) {
    let (id, name) = match actor {
        Actor::Customer(id) => (Some(id.get()), None),
        Actor::Agent(name) => (None, Some(name.as_str())),
        Actor::Service(name) => (None, Some(name.as_str())),
        Actor::System | Actor::Fixtures => (None, None),
    };
    (actor.kind(), id, name)
}

/// Formats ids as a JSON array, in order.
pub(super) fn json_ids(ids: impl IntoIterator<Item = CustomerId>) -> String {
    json_numbers(ids.into_iter().map(CustomerId::get))
}

/// Formats numbers as a JSON array, in order.
pub(super) fn json_numbers(numbers: impl IntoIterator<Item = i64>) -> String {
    let numbers: Vec<_> = numbers.into_iter().map(|number| number.to_string()).collect();
    format!("[{}]", numbers.join(","))
}

/// Formats words as a JSON array; none for no words, which matches everything.
pub(super) fn json_words(words: impl IntoIterator<Item = &'static str>) -> Option<String> {
    let words: Vec<_> = words.into_iter().map(|word| format!("\"{word}\"")).collect();
    (!words.is_empty()).then(|| format!("[{}]", words.join(",")))
}
