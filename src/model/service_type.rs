//! Service types: the part of the platform that a ticket is about.

use super::closed_list::closed_list;

closed_list!(
    /// What part of the platform a ticket is about.
    ServiceType {
        /// A ride of mtxi.
        Ride = "ride",
        /// A delivery of munch.
        Order = "order",
        /// A table of mtables.
        Booking = "booking",
        /// A service at an event, by whichever way it was bought.
        EventService = "event_service",
        /// An order eaten where it was made.
        InDiningOrder = "in_dining_order",
    }
);
