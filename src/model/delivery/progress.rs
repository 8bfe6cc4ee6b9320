//! States of a delivery.

use crate::model::closed_list::closed_list;

closed_list!(
    /// State of a delivery.
    DeliveryState {
        /// An attempt is scheduled.
        Waiting = "waiting",
        /// The delivery is complete.
        Delivered = "delivered",
        /// The delivery failed permanently.
        Dead = "dead",
    }
);
