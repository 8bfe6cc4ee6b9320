//! Wakes listeners when events that concern them were committed, by this process or another.
//!
//! A single reader reads the audience of each new event and wakes the listeners of these customers. Each listener reads
//! the events themselves from the store at its own pace, so that a slow listener occupies no memory and misses nothing.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::model::error::chain;
use crate::model::event::Audience;
use crate::model::{CustomerId, Error};
use crate::store::Store;

/// Maximum number of events whose audiences the reader reads in one query.
const BATCH: u32 = 256;
/// Pause of the reader after an error of the store.
const RETRY_DELAY: Duration = Duration::from_secs(1);

/// Reader of a process and its listeners. Dropping it stops the reader.
pub struct Feed {
    listeners: Arc<Listeners>,
    reader: JoinHandle<()>,
}

/// Registered listeners, and the position of the reader.
struct Listeners {
    store: Store,
    table: Mutex<ListenerTable>,
    /// Notified when the first listener is added or the last one removed.
    occupancy: Notify,
}

#[derive(Default)]
struct ListenerTable {
    /// Sequence number of the last event for which listeners were woken.
    last_seen: i64,
    by_customer: HashMap<CustomerId, Vec<Arc<Listener>>>,
}

/// Wake-up signal of one listener.
#[derive(Debug, Default)]
pub struct Listener {
    notify: Notify,
    waiting: AtomicUsize,
}

/// Subscription to the events that concern one customer, until it is dropped.
pub struct Subscription {
    listeners: Arc<Listeners>,
    customer: CustomerId,
    listener: Arc<Listener>,
}

impl Feed {
    /// Starts the reader for this store on the current runtime. The reader is idle while there are no listeners.
    pub fn start(store: Store) -> Self {
        let listeners = Arc::new(Listeners { store, table: Mutex::default(), occupancy: Notify::new() });
        let reader = tokio::spawn(read(Arc::clone(&listeners)));
        Self { listeners, reader }
    }

    /// Subscribes to the events that concern this customer and are committed from now on.
    ///
    /// # Errors
    /// Errors of the store.
    pub async fn subscribe(&self, customer: CustomerId) -> Result<Subscription, Error> {
        let listener = Arc::new(Listener::default());
        let newest = if self.listeners.has_any() {
            None
        } else {
            Some(self.listeners.store.read(|unit| unit.events().newest()).await?)
        };
        let mut table = self.listeners.table();
        if table.by_customer.is_empty() {
            // Events committed while there were no listeners concern none of them.
            table.last_seen = table.last_seen.max(newest.unwrap_or_default());
            self.listeners.occupancy.notify_one();
        }
        table.by_customer.entry(customer).or_default().push(Arc::clone(&listener));
        Ok(Subscription { listeners: Arc::clone(&self.listeners), customer, listener })
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

impl Listener {
    /// Returns the number of events for which the listener was woken since the last [`Subscription::reset`].
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    fn wake(&self) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        self.notify.notify_one();
    }
}

impl Subscription {
    /// Waits until an event was committed since the last wait.
    pub async fn notified(&self) {
        self.listener.notify.notified().await;
    }

    /// Resets [`Listener::waiting`] before the listener reads.
    pub fn reset(&self) {
        self.listener.waiting.store(0, Ordering::Relaxed);
    }

    /// Returns the wake-up signal, to measure how far the listener is behind.
    pub fn listener(&self) -> Arc<Listener> {
        Arc::clone(&self.listener)
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut table = self.listeners.table();
        let Some(listeners) = table.by_customer.get_mut(&self.customer) else { return };
        listeners.retain(|listener| !Arc::ptr_eq(listener, &self.listener));
        if listeners.is_empty() {
            table.by_customer.remove(&self.customer);
        }
        if table.by_customer.is_empty() {
            self.listeners.occupancy.notify_one();
        }
    }
}

impl Listeners {
    fn table(&self) -> MutexGuard<'_, ListenerTable> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_any(&self) -> bool {
        !self.table().by_customer.is_empty()
    }

    /// Wakes the listeners of all events since the last call.
    async fn wake(&self) -> Result<(), Error> {
        loop {
            let last_seen = self.table().last_seen;
            let page = self.store.read(|unit| unit.events().audiences(last_seen, BATCH)).await?;
            let more = page.len() == BATCH as usize;
            self.table().wake(&page);
            if !more {
                return Ok(());
            }
            tokio::task::yield_now().await;
        }
    }
}

impl ListenerTable {
    fn wake(&mut self, page: &[Audience]) {
        for audience in page {
            let woken = audience.customers().filter_map(|customer| self.by_customer.get(&customer));
            woken.flatten().for_each(|listener| listener.wake());
            self.last_seen = self.last_seen.max(audience.sequence);
        }
    }
}

/// Reads new audiences while there are listeners.
async fn read(listeners: Arc<Listeners>) {
    loop {
        listeners.occupancy.notified().await;
        let mut changes = listeners.store.changes();
        changes.mark_changed();
        while listeners.has_any() {
            tokio::select! {
                result = changes.changed() => if result.is_err() { return },
                () = listeners.occupancy.notified() => continue,
            }
            if let Err(error) = listeners.wake().await {
                tracing::warn!(error = chain(&error), "the feed could not read the store");
                tokio::time::sleep(RETRY_DELAY).await;
                changes.mark_changed();
            }
        }
    }
}
