//! Query parameters: each is known to its endpoint and there once, else it is refused by name.

use std::borrow::Cow;

use crate::model::{Code, Error, Message, ValidationErrors};

/// Maximum length of a name that a refusal repeats, in characters.
const NAME_SHOWN: usize = 64;

/// The parameters of one request.
#[derive(Debug)]
pub(super) struct Query<'q>(Vec<(Cow<'q, str>, Cow<'q, str>)>);

impl<'q> Query<'q> {
    /// Reads the parameters, which must be among the known ones.
    pub(super) fn read(query: &'q str, known: &[&str]) -> Result<Self, Error> {
        let (mut read, mut errors) = (Vec::new(), ValidationErrors::default());
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let message = if known.is_empty() {
                Message::new("validation.query_none")
            } else if !known.contains(&name.as_ref()) {
                Message::new("validation.query_unknown").with("known", known.join(", "))
            } else if read.iter().any(|(there, _)| *there == name) {
                Message::new("validation.query_repeated")
            } else {
                read.push((name, value));
                continue;
            };
            errors.add(Code::InvalidTicket, name.chars().take(NAME_SHOWN).collect::<String>(), message);
        }
        if errors.is_empty() { Ok(Self(read)) } else { Err(Error::Invalid(errors.into_found())) }
    }

    /// Refuses every parameter, for an endpoint that takes none.
    pub(super) fn none(query: &str) -> Result<(), Error> {
        Query::read(query, &[]).map(|_| ())
    }

    /// The value of a parameter.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(there, _)| there == name).map(|(_, value)| value.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_or_repeated_is_named() {
        let known = ["status", "limit"];
        let query = Query::read("limit=5&status=OPEN%2CCLOSED", &known).unwrap();
        assert_eq!((query.get("limit"), query.get("status"), query.get("x")), (Some("5"), Some("OPEN,CLOSED"), None));
        for (query, named) in
            [("limit=1&limit=1", "limit"), ("status[]=OPEN", "status[]"), ("Limit=1", "Limit"), ("=", "")]
        {
            let error = Query::read(query, &known).unwrap_err();
            assert_eq!(error.validation_errors()[0].field, named, "{query}");
        }
        assert!(Query::none("x").is_err() && Query::none("").is_ok());
    }
}
