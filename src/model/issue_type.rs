//! Issue types: the kinds of problem that a ticket reports.

use super::closed_list::closed_list;

closed_list!(
    /// Kind of problem.
    IssueType {
        /// Wrong charge, double charge or missing refund.
        PaymentIssue = "PAYMENT_ISSUE",
        /// Poor service.
        ServiceQuality = "SERVICE_QUALITY",
        /// Unwanted or refused cancellation.
        Cancellation = "CANCELLATION",
        /// Late, lost or wrong delivery.
        DeliveryIssue = "DELIVERY_ISSUE",
        /// Booking that was not honored.
        BookingIssue = "BOOKING_ISSUE",
        /// Any other problem.
        Other = "OTHER",
    }
);
