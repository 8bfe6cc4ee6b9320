//! Customers, and the rides, orders and bookings in which they took part.

use support::model::customer::Customer;
use support::model::reference::ReferenceId;
use support::model::{BookingId, OrderId, RideId};

use crate::world::{World, booking, customer, order, ride};

pub(crate) fn a_customer_reads_back(world: &World) {
    let read = |id| world.store.read_blocking(|unit| unit.customers().find(customer(id))).unwrap();
    let layla = Customer {
        id: customer(4),
        name: "Layla".to_owned(),
        locale: "ar".to_owned(),
        rewards_active: false,
        email: None,
    };
    assert_eq!(read(4), Some(layla));
    assert_eq!(read(5), None);
}

pub(crate) fn a_ride_an_order_and_a_booking_read_back(world: &World) {
    world
        .store
        .read_blocking(|unit| {
            assert_eq!(unit.references().ride(ride().id)?, Some(ride()));
            assert_eq!(unit.references().order(order().id)?, Some(order()));
            assert_eq!(unit.references().booking(booking().id)?, Some(booking()));
            assert_eq!(unit.references().ride(RideId::new(9).unwrap())?, None);
            assert_eq!(unit.references().order(OrderId::new(9).unwrap())?, None);
            assert_eq!(unit.references().booking(BookingId::new(9).unwrap())?, None);
            Ok(())
        })
        .unwrap();
}

pub(crate) fn customers_who_booked_or_took_part_are_participants(world: &World) {
    let places = [ReferenceId::Ride(ride().id), ReferenceId::Order(order().id), ReferenceId::Booking(booking().id)];
    let absent = [
        ReferenceId::Ride(RideId::new(9).unwrap()),
        ReferenceId::Order(OrderId::new(9).unwrap()),
        ReferenceId::Booking(BookingId::new(9).unwrap()),
    ];
    world
        .store
        .read_blocking(|unit| {
            for (place, absent) in places.into_iter().zip(absent) {
                for (id, part) in [(1, true), (2, true), (3, true), (4, false), (99, false)] {
                    assert_eq!(
                        unit.references().is_participant(customer(id), place)?,
                        part,
                        "customer {id} in {place:?}"
                    );
                    assert!(!unit.references().is_participant(customer(id), absent)?, "customer {id} in {absent:?}");
                }
            }
            Ok(())
        })
        .unwrap();
}

pub(crate) fn a_customer_id_is_unique(world: &World) {
    let twin = Customer {
        id: customer(1),
        name: "Twin".to_owned(),
        locale: "en".to_owned(),
        rewards_active: true,
        email: None,
    };
    assert!(world.store.write_blocking(move |unit| unit.customers().insert(&twin)).is_err());
    assert_eq!(world.store.read_blocking(|unit| unit.customers().find(customer(1))).unwrap().unwrap().name, "Amina");
}
