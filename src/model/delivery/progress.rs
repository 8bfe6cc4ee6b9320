//! Progress of a delivery.

use crate::model::closed_list::closed_list;

closed_list!(
    /// Progress of a delivery.
    DeliveryState {
        /// It will be tried, for the first time or again.
        Waiting = "waiting",
        /// It arrived.
        Delivered = "delivered",
        /// It was given up.
        Dead = "dead",
    }
);
