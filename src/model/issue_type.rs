//! Issue types: the kinds of problem that a ticket reports.

use super::closed_list::closed_list;

closed_list!(
    /// What went wrong.
    IssueType {
        /// Charged wrongly, twice, or not refunded.
        PaymentIssue = "PAYMENT_ISSUE",
        /// Done badly.
        ServiceQuality = "SERVICE_QUALITY",
        /// Cancelled, or not to be cancelled.
        Cancellation = "CANCELLATION",
        /// Late, lost or wrong.
        DeliveryIssue = "DELIVERY_ISSUE",
        /// A booking that did not hold.
        BookingIssue = "BOOKING_ISSUE",
        /// Anything else.
        Other = "OTHER",
    }
);
