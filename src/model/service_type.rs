//! Service types: the part of the platform that a ticket is about.

use super::closed_list::closed_list;

closed_list!(
    /// Part of the platform that a ticket is about.
    ServiceType {
        /// Ride with `mtxi`.
        Ride = "ride",
        /// Delivery with `munch`.
        Order = "order",
        /// Table booking with `mtables`.
        Booking = "booking",
        /// Service at an event.
        EventService = "event_service",
        /// Order eaten at the restaurant.
        InDiningOrder = "in_dining_order",
    }
);
