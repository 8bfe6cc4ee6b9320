//! States of a delivery.

use crate::model::closed_list::closed_list;

closed_list!(
    /// State of a delivery.
    DeliveryState {
        /// An attempt is scheduled.
        Waiting = "waiting",
        Delivered = "delivered",
        /// The delivery failed permanently.
        Dead = "dead",
    }
);
