//! Memory of long responses: reserved before they are built, and held until the client has received them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Number of bytes in one permit of the semaphore.
const UNIT: usize = 1024;
/// Memory reserved for a response while it is built: the rows and the text of the longest list.
const RESERVED_BYTES: usize = 4 * 1024 * 1024;

/// Memory for long responses, shared by all connections.
pub(super) struct ResponseMemory {
    units: Arc<Semaphore>,
    waiting: AtomicUsize,
    reserved_units: u32,
}

/// Memory reserved for one response.
pub(super) struct Reservation(OwnedSemaphorePermit);

impl ResponseMemory {
    /// Returns a memory of this many bytes.
    pub(super) fn new(bytes: usize) -> Self {
        let reserved_units = u32::try_from(RESERVED_BYTES.min(bytes) / UNIT).unwrap_or(u32::MAX);
        Self { units: Arc::new(Semaphore::new(bytes / UNIT)), waiting: AtomicUsize::new(0), reserved_units }
    }

    /// Reserves memory for a response, and waits while other responses hold too much.
    pub(super) async fn reserve(&self) -> Reservation {
        let units = Arc::clone(&self.units);
        if let Ok(permit) = Arc::clone(&units).try_acquire_many_owned(self.reserved_units) {
            return Reservation(permit);
        }
        let _waiting = Waiting::increment(&self.waiting);
        Reservation(units.acquire_many_owned(self.reserved_units).await.expect("the semaphore is never closed"))
    }

    /// Returns true if a response waits for memory.
    pub(super) fn is_short(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > 0
    }
}

impl Reservation {
    /// Returns the text as a response body that holds as much memory as it takes until it is dropped.
    pub(super) fn hold(self, mut text: Vec<u8>) -> Bytes {
        let Self(mut permit) = self;
        text.shrink_to_fit();
        let unused = permit.num_permits().saturating_sub(text.len().div_ceil(UNIT));
        drop(permit.split(unused));
        Bytes::from_owner(HeldText { text, _permit: permit })
    }
}

/// Text with the memory that it takes.
struct HeldText {
    text: Vec<u8>,
    _permit: OwnedSemaphorePermit,
}

impl AsRef<[u8]> for HeldText {
    fn as_ref(&self) -> &[u8] {
        &self.text
    }
}

/// Increment of a number, undone on drop.
struct Waiting<'n>(&'n AtomicUsize);

impl<'n> Waiting<'n> {
    fn increment(number: &'n AtomicUsize) -> Self {
        number.fetch_add(1, Ordering::Relaxed);
        Self(number)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn a_response_holds_its_length_until_it_is_dropped() {
        let memory = ResponseMemory::new(2 * RESERVED_BYTES);
        let first = memory.reserve().now_or_never().unwrap().hold(vec![b'x'; RESERVED_BYTES / 2]);
        let second = memory.reserve().now_or_never().unwrap();
        let mut third = Box::pin(memory.reserve());
        assert!((&mut third).now_or_never().is_none() && memory.is_short());
        drop(first);
        let third = third.now_or_never().unwrap();
        assert!(!memory.is_short());
        drop((second, third));
        assert_eq!(memory.units.available_permits() * UNIT, 2 * RESERVED_BYTES);
    }
}
