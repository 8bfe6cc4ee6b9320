//! Ticket input before validation. All errors are collected, not only the first.

use serde_json::Value;

use super::json::Fields;
use super::reference::Reference;
use super::ticket::{self, Description, MAX_DESCRIPTION, MAX_GROUP_MEMBERS, NewTicket};
use super::{BookingId, OrderId, RideId, TicketId};
use super::{Code, CustomerId, Error, IssueType, Message, ServiceType, ValidationError, ValidationErrors};

/// Parsed input; a member with an error is absent.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// `serviceType`.
    pub service: Option<ServiceType>,
    /// `issueType`.
    pub issue: Option<IssueType>,
    /// `description`.
    pub description: Option<String>,
    /// `rideId`, `orderId`, `bookingId`.
    pub reference: Reference,
    /// `groupCustomerIds`.
    pub members: Vec<CustomerId>,
}

impl Draft {
    /// Reads the members of a create request, or of a ticket in a fixture, and adds errors to those of `fields`.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        let service = fields.value("serviceType").and_then(Value::as_str).and_then(ServiceType::parse);
        if service.is_none() {
            fields.add_error(
                "serviceType",
                Code::InvalidServiceType,
                Message::new("validation.service").with("known", join_names(ServiceType::ALL)),
            );
        }
        let issue = fields.value("issueType").and_then(Value::as_str).and_then(IssueType::parse);
        if issue.is_none() {
            fields.add_error(
                "issueType",
                Code::InvalidIssueType,
                Message::new("validation.issue").with("known", join_names(IssueType::ALL)),
            );
        }
        let description = fields.text("description").map(str::to_owned);
        let ride = fields.id("rideId", RideId::new);
        let order = fields.id("orderId", OrderId::new);
        let booking = fields.id("bookingId", BookingId::new);
        let members = fields.ids("groupCustomerIds", CustomerId::new);
        Self { service, issue, description, reference: Reference { ride, order, booking }, members }
    }

    /// Validates the rules that need no store, adding to the errors of the parser. `place` is the prefix of member
    /// names, such as `tickets[3].`. Returns none if a required member is missing or invalid.
    pub fn validate(self, owner: Option<CustomerId>, place: &str, errors: &mut ValidationErrors) -> Option<NewTicket> {
        let at = |name: &str| format!("{place}{name}");
        let description = match Description::new(self.description.as_deref().unwrap_or_default()) {
            Ok(description) => Some(description),
            Err(key) => {
                errors.add(Code::InvalidTicket, at("description"), Message::new(key).with("most", MAX_DESCRIPTION));
                None
            }
        };
        // Any of the references satisfies the rule, so an invalid one is not also reported as missing.
        let has_invalid = ["rideId", "orderId", "bookingId"].iter().any(|member| errors.names(&at(member)));
        let accepts_any = self.service == Some(ServiceType::EventService);
        let missing = self.service.and_then(|service| self.reference.missing_member(service));
        if let Some((member, key)) = missing.filter(|_| !(accepts_any && has_invalid)) {
            let message = Message::new(key).with("service", self.service.map_or("", ServiceType::as_str));
            errors.add(Code::InvalidTicket, at(member), message);
        }
        let members = ticket::group_members(owner, self.members);
        if members.is_none() {
            errors.add(
                Code::InvalidTicket,
                at("groupCustomerIds"),
                Message::new("validation.group_large").with("most", MAX_GROUP_MEMBERS),
            );
        }
        Some(NewTicket {
            owner: owner?,
            service: self.service?,
            issue: self.issue?,
            description: description?,
            reference: self.reference,
            members: members?,
        })
    }

    /// Validates the draft and returns the ticket or all errors, including those of the parser.
    pub fn into_checked(self, owner: CustomerId, mut errors: ValidationErrors) -> CheckedDraft {
        let (reference, named) = (self.reference, self.members.clone());
        let members = named.into_iter().filter(|member| *member != owner).take(MAX_GROUP_MEMBERS).collect();
        let ticket = match self.validate(Some(owner), "", &mut errors) {
            Some(ticket) if errors.is_empty() => Ok(ticket),
            _ => Err(errors.into_sorted()),
        };
        CheckedDraft { owner, reference, members, ticket }
    }
}

/// Draft that was validated without the store, with the parts that only the store can validate.
#[derive(Debug, Clone)]
pub struct CheckedDraft {
    pub owner: CustomerId,
    /// Valid references.
    pub reference: Reference,
    /// Valid group members, at most 50.
    pub members: Vec<CustomerId>,
    /// Ticket, or the errors of the draft.
    pub ticket: Result<NewTicket, Vec<ValidationError>>,
}

/// Parses the body of a create request.
///
/// # Errors
/// [`Error::Invalid`] if it is not a JSON object. Errors of its members are part of the result.
pub fn parse_create(body: &Value, owner: CustomerId) -> Result<CheckedDraft, Error> {
    let mut errors = ValidationErrors::default();
    let draft = Draft::read(&mut Fields::new(object(body)?, "", Code::InvalidTicket, &mut errors));
    Ok(draft.into_checked(owner, errors))
}

/// Parses the `ticketId` of an escalate or close request.
///
/// # Errors
/// [`Error::Invalid`] if it is missing or not a positive integer.
pub fn parse_ticket_id(body: &Value) -> Result<TicketId, Error> {
    let mut errors = ValidationErrors::default();
    let mut fields = Fields::new(object(body)?, "", Code::InvalidTicket, &mut errors);
    let id = fields.id("ticketId", TicketId::new);
    fields.required("ticketId", id).ok_or_else(|| Error::Invalid(errors.into_sorted()))
}

/// Returns the body as a JSON object.
pub(super) fn object(body: &Value) -> Result<&serde_json::Map<String, Value>, Error> {
    body.as_object().ok_or_else(|| Error::invalid(Code::InvalidTicket, "", Message::new("validation.not_object")))
}

/// Joins the names of a closed list for a message.
pub fn join_names<T: ToString>(all: &[T]) -> String {
    all.iter().map(T::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn owner() -> CustomerId {
        CustomerId::new(1).unwrap()
    }

    fn errors(body: &Value) -> Vec<(String, &'static str)> {
        let errors = parse_create(body, owner()).unwrap().ticket.unwrap_err();
        errors.iter().map(|error| (error.field.clone(), error.code.as_str())).collect()
    }

    #[test]
    fn all_errors_are_listed_in_the_order_of_the_contract() {
        let body = json!({"description": " ", "serviceType": "boat", "rideId": "1", "groupCustomerIds": [2, 0]});
        let expected = [
            ("serviceType", "INVALID_SERVICE_TYPE"),
            ("issueType", "INVALID_ISSUE_TYPE"),
            ("rideId", "INVALID_TICKET"),
            ("groupCustomerIds[1]", "INVALID_TICKET"),
            ("description", "INVALID_TICKET"),
        ];
        assert_eq!(errors(&body), expected.map(|(field, code)| (field.to_owned(), code)));
    }

    #[test]
    fn null_counts_as_absent() {
        let body = json!({"serviceType": "ride", "issueType": "OTHER", "description": "late", "rideId": 1,
            "orderId": null, "bookingId": null, "groupCustomerIds": null, "unknown": 1});
        assert!(parse_create(&body, owner()).unwrap().ticket.is_ok());
        let body = json!({"serviceType": "ride", "issueType": "OTHER", "description": null, "rideId": null});
        assert_eq!(errors(&body).len(), 2);
    }

    #[test]
    fn an_invalid_member_has_one_error_only() {
        let body = json!({"serviceType": "ride", "issueType": "OTHER", "description": 5, "rideId": 1.0});
        assert_eq!(errors(&body).len(), 2);
    }
}
