//! Stable error codes of the API, in order of precedence.

use super::closed_list::closed_list;

closed_list!(
    /// Error code. Of several errors, the first in this order is the code of the response.
    Code {
        /// The service type is missing or unknown.
        InvalidServiceType = "INVALID_SERVICE_TYPE",
        /// The issue type is missing or unknown.
        InvalidIssueType = "INVALID_ISSUE_TYPE",
        /// Any other error in the body that is detectable without the store.
        InvalidTicket = "INVALID_TICKET",
        /// The caller or a group member is not a customer of this store.
        CustomerNotFound = "CUSTOMER_NOT_FOUND",
        /// The customer has no such ride.
        RideNotFound = "RIDE_NOT_FOUND",
        /// The customer has no such order.
        OrderFailed = "ORDER_FAILED",
        /// The customer has no such booking.
        BookingFailed = "BOOKING_FAILED",
        /// The ticket does not exist, or is not visible to the caller.
        TicketNotFound = "SUPPORT_TICKET_NOT_FOUND",
        /// The state of the ticket does not allow an escalation.
        TicketNotEscalatable = "SUPPORT_TICKET_NOT_ESCALATABLE",
        /// The ticket is closed, or the server failed.
        TicketFailed = "SUPPORT_TICKET_FAILED",
        /// The token is missing or invalid.
        Unauthorized = "UNAUTHORIZED",
        /// The token is valid but lacks the permission.
        PermissionDenied = "PERMISSION_DENIED",
        /// The path does not exist.
        NotFound = "NOT_FOUND",
        /// Events after the requested position were purged.
        EventsGone = "EVENTS_GONE",
        /// The path does not support this method.
        MethodNotAllowed = "METHOD_NOT_ALLOWED",
        /// The body was not received in time.
        RequestTimeout = "REQUEST_TIMEOUT",
        /// The body exceeds 64 KiB.
        PayloadTooLarge = "PAYLOAD_TOO_LARGE",
        /// The request target exceeds 2 KiB.
        UriTooLong = "URI_TOO_LONG",
        /// The request is not valid HTTP.
        BadRequest = "BAD_REQUEST",
        /// The request has more than 64 headers, or more than 16 KiB of them.
        HeadersTooLarge = "HEADERS_TOO_LARGE",
        /// The body is not `application/json`.
        UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE",
        /// The idempotency key was used for another request.
        IdempotencyKeyReused = "IDEMPOTENCY_KEY_REUSED",
        RateLimited = "RATE_LIMITED",
        /// The customer's rewards account is not active.
        RewardsInactive = "REWARDS_ACCOUNT_INACTIVE",
        /// The customer earned the maximum number of awards of the period.
        AwardLimitReached = "AWARD_LIMIT_REACHED",
        /// The ledger did not store the award.
        AwardFailed = "AWARD_FAILED",
        /// The grant is out of range.
        InvalidGrant = "INVALID_GRANT",
        TokenNotFound = "TOKEN_NOT_FOUND",
        /// The token is already revoked.
        TokenRevoked = "TOKEN_ALREADY_REVOKED",
        /// The audit log failed verification.
        AuditBroken = "AUDIT_BROKEN",
        /// The fixture file has errors.
        InvalidFixture = "INVALID_FIXTURE",
        /// No fixture or file has this name.
        FixtureNotFound = "FIXTURE_NOT_FOUND",
        /// The webhook's URL, event or header is invalid, or the limit of webhooks is reached.
        InvalidWebhook = "INVALID_WEBHOOK",
        WebhookNotFound = "WEBHOOK_NOT_FOUND",
        /// The webhook is disabled.
        WebhookDisabled = "WEBHOOK_DISABLED",
        DeliveryNotFound = "DELIVERY_NOT_FOUND",
        /// The notification has no mail.
        MailNotFound = "MAIL_NOT_FOUND",
        /// The store cannot be used: missing, foreign, newer, damaged, locked, full.
        StoreUnavailable = "STORE_UNAVAILABLE",
        /// The command line is invalid.
        InvalidUsage = "INVALID_USAGE",
        /// An operation outside the store failed: a file, the network, the terminal.
        Failed = "FAILED",
    }
);
