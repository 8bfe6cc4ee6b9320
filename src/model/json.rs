//! Strict JSON parser: rejects repeated members and nesting deeper than 32 levels. [`Fields`] collects every error with
//! its path.

use std::cell::Cell;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::timestamp::TimestampParseError;
use super::{Code, Message, Timestamp, ValidationErrors};

/// Maximum nesting depth.
pub const MAX_DEPTH: usize = 32;

/// Maximum number of errors recorded for one list.
const MAX_LIST_ERRORS: usize = 50;

/// Parses one JSON text.
///
/// # Errors
/// The message with line and column: not JSON, a repeated member, nesting too deep.
pub fn parse(bytes: &[u8]) -> Result<Value, Message> {
    if bytes.starts_with("\u{feff}".as_bytes()) {
        return Err(Message::new("validation.json_bom"));
    }
    let refusal = Cell::new(None);
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = Strict { depth: 0, refusal: &refusal }.deserialize(&mut reader);
    read.and_then(|value| reader.end().map(|()| value)).map_err(|error| {
        let message = refusal.take().unwrap_or(Message::new("validation.json"));
        message.with("line", error.line()).with("column", error.column())
    })
}

/// Visitor for a value at this depth. Stores the message of an error that serde cannot express.
#[derive(Clone, Copy)]
struct Strict<'t> {
    depth: usize,
    refusal: &'t Cell<Option<Message>>,
}

impl Strict<'_> {
    fn deeper<E: de::Error>(self) -> Result<Self, E> {
        if self.depth == MAX_DEPTH {
            return Err(self.refuse(Message::new("validation.json_deep").with("most", MAX_DEPTH)));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }

    fn refuse<E: de::Error>(self, message: Message) -> E {
        self.refusal.set(Some(message));
        E::custom("refused")
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.contains_key(&name) {
                return Err(self.refuse(Message::new("validation.json_repeated").with("member", name)));
            }
            let value = members.next_value_seed(inner)?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

/// Reader of an object's members; records errors under their paths and continues.
pub struct Fields<'r> {
    object: &'r Map<String, Value>,
    place: String,
    code: Code,
    errors: &'r mut ValidationErrors,
}

impl<'r> Fields<'r> {
    /// Builds a reader. `place` is the prefix of members' paths, `code` that of errors in their shape.
    pub fn new(
        object: &'r Map<String, Value>,
        place: impl Into<String>,
        code: Code,
        errors: &'r mut ValidationErrors,
    ) -> Self {
        Self { object, place: place.into(), code, errors }
    }

    /// Returns the path of a member: `rides[2].id`, or its name at the top level.
    pub fn path(&self, name: &str) -> String {
        if self.place.is_empty() { name.to_owned() } else { format!("{}.{name}", self.place) }
    }

    /// Records an error of this member.
    pub fn add_error(&mut self, name: &str, code: Code, message: Message) {
        let place = self.path(name);
        self.errors.add(code, place, message);
    }

    /// Records an error in the shape of this member.
    pub fn add_invalid(&mut self, name: &str, message: Message) {
        self.add_error(name, self.code, message);
    }

    /// Records every member with another name as unknown.
    pub fn allow_only(&mut self, known: &[&str]) {
        for name in self.object.keys().filter(|name| !known.contains(&name.as_str())) {
            let message = Message::new("validation.member_unknown").with("known", known.join(", "));
            self.errors.add(self.code, self.path(name), message);
        }
    }

    /// Returns the member unless it is missing or `null`.
    pub fn value(&self, name: &str) -> Option<&'r Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    /// Returns true if the member is present and not `null`.
    pub fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// Reads a string.
    pub fn text(&mut self, name: &str) -> Option<&'r str> {
        let value = self.value(name)?;
        if !value.is_string() {
            self.add_invalid(name, Message::new("validation.not_text"));
        }
        value.as_str()
    }

    /// Reads a boolean.
    pub fn boolean(&mut self, name: &str) -> Option<bool> {
        let value = self.value(name)?;
        if !value.is_boolean() {
            self.add_invalid(name, Message::new("validation.not_truth"));
        }
        value.as_bool()
    }

    /// Reads an integer; a string of digits is an error.
    pub fn number(&mut self, name: &str) -> Option<i64> {
        let value = self.value(name)?;
        if value.as_i64().is_none() {
            self.add_invalid(name, Message::new("validation.not_number"));
        }
        value.as_i64()
    }

    /// Reads a positive integer as an id.
    pub fn id<T>(&mut self, name: &str, make: impl Fn(i64) -> Option<T>) -> Option<T> {
        let value = self.value(name)?;
        let id = value.as_i64().and_then(make);
        if id.is_none() {
            self.add_invalid(name, Message::new("validation.not_id"));
        }
        id
    }

    /// Reads a list of ids and records an error for each invalid one, up to 50. A missing list is empty.
    pub fn ids<T>(&mut self, name: &str, make: impl Fn(i64) -> Option<T>) -> Vec<T> {
        self.indexed_ids(name, make).into_iter().map(|(_, id)| id).collect()
    }

    /// Reads a list of ids like [`Self::ids`], each with its index in the list.
    pub fn indexed_ids<T>(&mut self, name: &str, make: impl Fn(i64) -> Option<T>) -> Vec<(usize, T)> {
        let Some(value) = self.value(name) else { return Vec::new() };
        let Some(list) = value.as_array() else {
            self.add_invalid(name, Message::new("validation.not_list"));
            return Vec::new();
        };
        let mut ids = Vec::with_capacity(list.len());
        let mut error_count = 0;
        for (index, item) in list.iter().enumerate() {
            match item.as_i64().and_then(&make) {
                Some(id) => ids.push((index, id)),
                None if error_count == MAX_LIST_ERRORS => break,
                None => {
                    self.add_invalid(&format!("{name}[{index}]"), Message::new("validation.not_id"));
                    error_count += 1;
                }
            }
        }
        ids
    }

    /// Reads an RFC 3339 time.
    pub fn time(&mut self, name: &str) -> Option<Timestamp> {
        let why = match self.text(name)?.parse() {
            Ok(at) => return Some(at),
            Err(TimestampParseError::Form) => Message::new("validation.not_time"),
            Err(TimestampParseError::Range) => {
                Message::new("validation.time_range").with("least", Timestamp::FIRST).with("most", Timestamp::LAST)
            }
        };
        self.add_invalid(name, why);
        None
    }

    /// Returns the prefix of members' paths and the recorded errors, for rules that concern several members.
    pub fn path_and_errors(&mut self) -> (String, &mut ValidationErrors) {
        let place = if self.place.is_empty() { String::new() } else { format!("{}.", self.place) };
        (place, self.errors)
    }

    /// Records that a member is missing, unless it was read or already has an error.
    pub fn required<T>(&mut self, name: &str, read: Option<T>) -> Option<T> {
        if read.is_none() {
            self.add_invalid(name, Message::new("validation.missing"));
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Option<&'static str> {
        parse(text.as_bytes()).err().map(|message| message.key)
    }

    #[test]
    fn json_is_parsed_strictly() {
        assert_eq!(key(r#"{"a":[1,-2,3.5,null,true,"é"]}"#), None);
        assert_eq!(key(r#"{"a":1,"a":2}"#), Some("validation.json_repeated"));
        assert_eq!(key(r#"{"x":{"a":1,"a":2}}"#), Some("validation.json_repeated"));
        for text in ["", "{", "{}x", r#"{"a":1e400}"#, r#"{"a":"\ud800"}"#, "{'a':1}"] {
            assert_eq!(key(text), Some("validation.json"), "{text:?}");
        }
        assert_eq!(key("\u{feff}{}"), Some("validation.json_bom"));
        assert_eq!(parse(b"{\"a\":\"\xff\"}").unwrap_err().key, "validation.json");
    }

    #[test]
    fn nesting_depth_is_limited() {
        let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(key(&nested(MAX_DEPTH)), None);
        assert_eq!(key(&nested(MAX_DEPTH + 1)), Some("validation.json_deep"));
        assert_eq!(key(&nested(100_000)), Some("validation.json_deep"));
    }
}
