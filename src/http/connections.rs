//! Number of open connections, in all and of each client address, with a reserve for health checks.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::client_address::{TrustedProxies, network};
use super::limits::Limits;

/// Number of connections beyond the limit that serve health checks only.
pub(super) const RESERVED_CONNECTIONS: u32 = 64;
/// Maximum number of reserved connections of one client address.
const RESERVED_PER_ADDRESS: u32 = RESERVED_CONNECTIONS / 4;

/// Use of an accepted connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Class {
    /// Any request.
    Full,
    /// Health checks only, since the limit is reached.
    Reserved,
}

/// Open connections of a server.
pub(super) struct Connections {
    limits: Limits,
    trusted_proxies: Arc<TrustedProxies>,
    full: Arc<Semaphore>,
    reserved: Arc<Semaphore>,
    by_address: Mutex<HashMap<(Class, IpAddr), u32>>,
}

/// Permission to serve a connection, returned on drop.
pub(super) struct ConnectionPermit {
    pub(super) class: Class,
    connections: Arc<Connections>,
    key: (Class, IpAddr),
    _permit: OwnedSemaphorePermit,
}

impl Connections {
    pub(super) fn new(limits: Limits, trusted_proxies: Arc<TrustedProxies>) -> Arc<Self> {
        Arc::new(Self {
            limits,
            trusted_proxies,
            full: Arc::new(Semaphore::new(limits.connections as usize)),
            reserved: Arc::new(Semaphore::new(RESERVED_CONNECTIONS as usize)),
            by_address: Mutex::default(),
        })
    }

    /// Admits a connection from this address; `None` if the address, or all addresses together, have too many.
    /// A trusted proxy may take all connections.
    pub(super) fn admit(self: &Arc<Self>, address: IpAddr) -> Option<ConnectionPermit> {
        let (class, semaphore, per_address) = if self.full.available_permits() > 0 {
            let is_proxy = self.trusted_proxies.contain(address);
            (Class::Full, &self.full, if is_proxy { u32::MAX } else { self.limits.connections_per_address })
        } else {
            (Class::Reserved, &self.reserved, RESERVED_PER_ADDRESS)
        };
        let key = (class, network(address));
        let permit = Arc::clone(semaphore).try_acquire_owned().ok()?;
        let mut by_address = self.lock();
        let count = by_address.entry(key).or_default();
        if *count >= per_address {
            return None;
        }
        *count += 1;
        Some(ConnectionPermit { class, connections: Arc::clone(self), key, _permit: permit })
    }

    /// Waits until every connection is closed.
    pub(super) async fn all_closed(&self) {
        let _ = self.full.acquire_many(self.limits.connections).await;
        let _ = self.reserved.acquire_many(RESERVED_CONNECTIONS).await;
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(Class, IpAddr), u32>> {
        self.by_address.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for ConnectionPermit {
    fn drop(&mut self) {
        let mut by_address = self.connections.lock();
        if let Some(count) = by_address.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                by_address.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn connections(connections: u32, connections_per_address: u32) -> Arc<Connections> {
        let proxies = TrustedProxies::new(vec!["192.0.2.0/24".parse().unwrap()]);
        Connections::new(Limits { connections, connections_per_address, ..Limits::default() }, Arc::new(proxies))
    }

    #[test]
    fn an_address_has_its_own_limit() {
        let all = connections(4, 2);
        let (first, _second) = (all.admit(address("10.0.0.1")), all.admit(address("::ffff:10.0.0.1")));
        assert!(all.admit(address("10.0.0.1")).is_none());
        assert!(all.admit(address("10.0.0.2")).is_some());
        drop(first);
        assert_eq!(all.admit(address("10.0.0.1")).map(|permit| permit.class), Some(Class::Full));
    }

    #[test]
    fn a_trusted_proxy_takes_any_number() {
        let all = connections(4, 1);
        let permits: Vec<_> = (0..4).filter_map(|_| all.admit(address("192.0.2.1"))).collect();
        assert!(permits.len() == 4 && permits.iter().all(|permit| permit.class == Class::Full));
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        let all = connections(4, 1);
        let _first = all.admit(address("2001:db8::1"));
        assert!(all.admit(address("2001:db8::ffff:2")).is_none());
        assert!(all.admit(address("2001:db8:0:1::1")).is_some());
    }

    #[test]
    fn a_connection_beyond_the_limit_is_reserved_for_health_checks() {
        let all = connections(1, 1);
        let full = all.admit(address("10.0.0.1"));
        let reserved: Vec<_> = (0..=RESERVED_PER_ADDRESS).map(|_| all.admit(address("10.0.0.1"))).collect();
        assert_eq!(reserved[0].as_ref().map(|permit| permit.class), Some(Class::Reserved));
        assert!(reserved[RESERVED_PER_ADDRESS as usize].is_none());
        assert!(all.admit(address("10.0.0.2")).is_some());
        drop(full);
        assert_eq!(all.admit(address("10.0.0.1")).map(|permit| permit.class), Some(Class::Full));
        assert!(all.admit(address("10.0.0.3")).is_some());
        drop(reserved);
        assert!(all.lock().is_empty());
    }
}
