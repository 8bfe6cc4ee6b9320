//! Leases: which server works what off.

use support::store::{Errand, Lease};

use crate::world::{World, now};

pub(crate) fn a_lease_has_one_holder_at_a_time(world: &World) {
    let [one, other] = ["1", "2"].map(|digit| digit.repeat(32));
    let lease = || world.store.read(|unit| unit.leases().find(Errand::Mail)).unwrap();
    let take = |holder: &str, seen: Option<Lease>| {
        let holder = holder.to_owned();
        world.store.write_blocking(move |unit| unit.leases().take(Errand::Mail, &holder, seen.as_ref(), now())).unwrap()
    };
    let renew = |holder: &str| {
        let holder = holder.to_owned();
        world.store.write_blocking(move |unit| unit.leases().renew(Errand::Mail, &holder, now())).unwrap()
    };
    assert_eq!(lease(), None);
    assert!(take(&one, None) && !take(&other, None));
    let seen = lease();
    assert_eq!(world.store.read(|unit| unit.leases().find(Errand::Webhooks)).unwrap(), None, "errands are apart");
    assert!(renew(&one) && !renew(&other));
    assert!(!take(&other, seen), "the holder has given another number since");
    assert!(take(&other, lease()) && !renew(&one));
    assert_eq!(lease().map(|lease| lease.holder), Some(other.clone()));
    world.store.write_blocking(move |unit| unit.leases().leave(Errand::Mail, &other)).unwrap();
    assert_eq!(lease(), None);
}
