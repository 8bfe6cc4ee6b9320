//! Shorter forms of words of closed lists, for terminals that are too narrow for the words themselves.

use crate::model::{IssueType, ServiceType};

/// The short form of a service type.
pub(crate) const fn service(service: ServiceType) -> &'static str {
    match service {
        ServiceType::Ride => "ride",
        ServiceType::Order => "order",
        ServiceType::Booking => "booking",
        ServiceType::EventService => "event",
        ServiceType::InDiningOrder => "dining",
    }
}

/// The short form of an issue type.
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
