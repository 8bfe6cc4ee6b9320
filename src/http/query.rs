//! Query parameters: an unknown or repeated parameter is an error that names it.

use std::borrow::Cow;

use crate::model::{Code, Error, Message, ValidationErrors};

/// Maximum length of a parameter name in an error, in characters.
const MAX_NAME_IN_ERROR: usize = 64;

/// Parsed query parameters of one request.
#[derive(Debug)]
pub(super) struct Query<'q>(Vec<(Cow<'q, str>, Cow<'q, str>)>);

impl<'q> Query<'q> {
    /// Parses the parameters, and rejects unknown and repeated ones.
    pub(super) fn parse(query: &'q str, known: &[&str]) -> Result<Self, Error> {
        let (mut parsed, mut errors) = (Vec::new(), ValidationErrors::default());
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let message = if known.is_empty() {
                Message::new("validation.query_none")
            } else if !known.contains(&name.as_ref()) {
                Message::new("validation.query_unknown").with("known", known.join(", "))
            } else if parsed.iter().any(|(key, _)| *key == name) {
                Message::new("validation.query_repeated")
            } else {
                parsed.push((name, value));
                continue;
            };
            errors.add(Code::InvalidTicket, name.chars().take(MAX_NAME_IN_ERROR).collect::<String>(), message);
        }
        if errors.is_empty() { Ok(Self(parsed)) } else { Err(Error::Invalid(errors.into_unsorted())) }
    }

    /// Rejects every parameter, for an endpoint that has none.
    pub(super) fn expect_none(query: &str) -> Result<(), Error> {
        Query::parse(query, &[]).map(|_| ())
    }

    /// Returns the value of a parameter.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_or_repeated_is_named() {
        let known = ["status", "limit"];
        let query = Query::parse("limit=5&status=OPEN%2CCLOSED", &known).unwrap();
        assert_eq!((query.get("limit"), query.get("status"), query.get("x")), (Some("5"), Some("OPEN,CLOSED"), None));
        for (query, named) in
            [("limit=1&limit=1", "limit"), ("status[]=OPEN", "status[]"), ("Limit=1", "Limit"), ("=", "")]
        {
            let error = Query::parse(query, &known).unwrap_err();
            assert_eq!(error.validation_errors()[0].field, named, "{query}");
        }
        assert!(Query::expect_none("x").is_err() && Query::expect_none("").is_ok());
    }
}
