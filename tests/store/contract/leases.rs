//! Leases of the delivery workers.

use support::model::delivery::ChannelName;
use support::store::Lease;

use crate::world::{World, now};

pub(crate) fn a_lease_has_one_holder_at_a_time(world: &World) {
    let [one, other] = ["1", "2"].map(|digit| digit.repeat(32));
    let lease = || world.store.read_blocking(|unit| unit.leases().find(ChannelName::Mail)).unwrap();
    let take = |holder: &str, seen: Option<Lease>| {
        let holder = holder.to_owned();
        world
            .store
            .write_blocking(move |unit| unit.leases().acquire(ChannelName::Mail, &holder, seen.as_ref(), now()))
            .unwrap()
    };
    let renew = |holder: &str| {
        let holder = holder.to_owned();
        world.store.write_blocking(move |unit| unit.leases().renew(ChannelName::Mail, &holder, now())).unwrap()
    };
    assert_eq!(lease(), None);
    assert!(take(&one, None) && !take(&other, None));
    let seen = lease();
    assert_eq!(
        world.store.read_blocking(|unit| unit.leases().find(ChannelName::Webhooks)).unwrap(),
        None,
        "channels are apart"
    );
    assert!(renew(&one) && !renew(&other));
    assert!(!take(&other, seen), "the holder has given another number since");
    assert!(take(&other, lease()) && !renew(&one));
    assert_eq!(lease().map(|lease| lease.holder), Some(other.clone()));
    world.store.write_blocking(|unit| unit.leases().challenge(ChannelName::Mail)).unwrap();
    assert!(lease().unwrap().challenged && renew(&other) && !lease().unwrap().challenged, "a heartbeat is the answer");
    world.store.write_blocking(move |unit| unit.leases().release(ChannelName::Mail, &other)).unwrap();
    assert_eq!(lease(), None);
}
