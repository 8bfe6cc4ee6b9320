//! The stable codes of the contract, in the order in which one is chosen when several things are wrong.

use super::closed_list::closed_list;

closed_list!(
    /// What a client switches on. Where several things are wrong, the first in this order is the answer's code.
    Code {
        /// The service type is missing or unknown.
        InvalidServiceType = "INVALID_SERVICE_TYPE",
        /// The issue type is missing or unknown.
        InvalidIssueType = "INVALID_ISSUE_TYPE",
        /// Anything else about the body that its own text shows to be wrong.
        InvalidTicket = "INVALID_TICKET",
        /// The caller or a group member is no customer of this store.
        CustomerNotFound = "CUSTOMER_NOT_FOUND",
        /// No such ride for this customer.
        RideNotFound = "RIDE_NOT_FOUND",
        /// No such order for this customer.
        OrderFailed = "ORDER_FAILED",
        /// No such booking for this customer.
        BookingFailed = "BOOKING_FAILED",
        /// No such ticket for this caller.
        TicketNotFound = "SUPPORT_TICKET_NOT_FOUND",
        /// The ticket's state does not allow an escalation.
        TicketNotEscalatable = "SUPPORT_TICKET_NOT_ESCALATABLE",
        /// The ticket is closed, or the operation failed on our side.
        TicketFailed = "SUPPORT_TICKET_FAILED",
        /// No good token.
        Unauthorized = "UNAUTHORIZED",
        /// A good token that may not do this.
        PermissionDenied = "PERMISSION_DENIED",
        /// No such path.
        NotFound = "NOT_FOUND",
        /// The events after the place that was named are no longer all kept.
        EventsGone = "EVENTS_GONE",
        /// Not with this method.
        MethodNotAllowed = "METHOD_NOT_ALLOWED",
        /// The body came too slowly.
        RequestTimeout = "REQUEST_TIMEOUT",
        /// The body is over 64 KiB.
        PayloadTooLarge = "PAYLOAD_TOO_LARGE",
        /// The request's target is over 2 KiB.
        UriTooLong = "URI_TOO_LONG",
        /// The request is none by HTTP's own rules.
        BadRequest = "BAD_REQUEST",
        /// The headers are over 64, or over 16 KiB.
        HeadersTooLarge = "HEADERS_TOO_LARGE",
        /// The body is not `application/json`.
        UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE",
        /// The key was used for something else.
        IdempotencyKeyReused = "IDEMPOTENCY_KEY_REUSED",
        /// Too many requests.
        RateLimited = "RATE_LIMITED",
        /// The customer's rewards account takes no points.
        RewardsInactive = "REWARDS_ACCOUNT_INACTIVE",
        /// The ledger did not take the award.
        AwardFailed = "AWARD_FAILED",
        /// The grant is outside what a ledger row may hold.
        InvalidGrant = "INVALID_GRANT",
        /// No token has this id.
        TokenNotFound = "TOKEN_NOT_FOUND",
        /// The token was revoked before.
        TokenRevoked = "TOKEN_ALREADY_REVOKED",
        /// The audit log does not stand.
        AuditBroken = "AUDIT_BROKEN",
        /// The fixture file has errors.
        InvalidFixture = "INVALID_FIXTURE",
        /// No fixture or file of this name.
        FixtureNotFound = "FIXTURE_NOT_FOUND",
        /// The webhook's URL, event or header is not one, or there are as many as there may be.
        InvalidWebhook = "INVALID_WEBHOOK",
        /// No webhook has this id.
        WebhookNotFound = "WEBHOOK_NOT_FOUND",
        /// The webhook gets nothing any more.
        WebhookDisabled = "WEBHOOK_DISABLED",
        /// No delivery has this id.
        DeliveryNotFound = "DELIVERY_NOT_FOUND",
        /// No mail brings this notification.
        MailNotFound = "MAIL_NOT_FOUND",
        /// The store cannot be used: missing, foreign, newer, damaged, locked, full.
        StoreUnavailable = "STORE_UNAVAILABLE",
        /// The command's words are wrong.
        InvalidUsage = "INVALID_USAGE",
        /// Something outside the desk failed: a file, the network, the terminal.
        Failed = "FAILED",
    }
);
