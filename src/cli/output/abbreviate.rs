//! Abbreviations of service and issue types for narrow terminals.

use crate::model::{IssueType, ServiceType};

/// Returns the abbreviation of a service type.
pub(crate) const fn service(service: ServiceType) -> &'static str {
    match service {
        ServiceType::Ride => "ride",
        ServiceType::Order => "order",
        ServiceType::Booking => "booking",
        ServiceType::EventService => "event",
        ServiceType::InDiningOrder => "dining",
    }
}

/// Returns the abbreviation of an issue type.
pub(crate) const fn issue(issue: IssueType) -> &'static str {
    match issue {
        IssueType::PaymentIssue => "payment",
        IssueType::ServiceQuality => "quality",
        IssueType::Cancellation => "cancel",
        IssueType::DeliveryIssue => "delivery",
        IssueType::BookingIssue => "booking",
        IssueType::Other => "other",
    }
}
