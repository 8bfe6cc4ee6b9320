//! Outbox rows to subscribers, after their commit, whichever process made it: one reader learns whom each new event
//! concerns and wakes those who listen for them. An event itself is read from the store by each listener at its own
//! pace, so that a slow one holds nothing in memory and can miss nothing.

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

/// Events that the reader takes from the store at once.
const PAGE: u32 = 256;
/// How long the reader waits after the store failed it.
const BREATH: Duration = Duration::from_secs(1);

/// The one reader of a process, and those who listen to it. Dropping it ends the reader.
pub struct Feed {
    listeners: Arc<Listeners>,
    reader: JoinHandle<()>,
}

/// Who listens, and how far the reader has come.
struct Listeners {
    store: Store,
    table: Mutex<ListenerTable>,
    /// Rung when the first came and when the last went.
    turned: Notify,
}

#[derive(Default)]
struct ListenerTable {
    /// The sequence number up to which everybody was woken.
    last_seen: i64,
    of: HashMap<CustomerId, Vec<Arc<Listener>>>,
}

/// Where one listener is woken.
#[derive(Debug, Default)]
pub struct Listener {
    notify: Notify,
    waiting: AtomicUsize,
}

/// A listener for the events that concern one customer, from the moment it was made until it is dropped.
pub struct Subscription {
    listeners: Arc<Listeners>,
    customer: CustomerId,
    listener: Arc<Listener>,
}

impl Feed {
    /// Starts the reader over this store, on the current runtime. It rests until somebody listens.
    pub fn start(store: Store) -> Self {
        let listeners = Arc::new(Listeners { store, table: Mutex::default(), turned: Notify::new() });
        let reader = tokio::spawn(read(Arc::clone(&listeners)));
        Self { listeners, reader }
    }

    /// Listens for the events that concern this customer: every one that is committed from now on rings.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn subscribe(&self, customer: CustomerId) -> Result<Subscription, Error> {
        let listener = Arc::new(Listener::default());
        let newest = if self.listeners.are_there() {
            None
        } else {
            Some(self.listeners.store.read(|unit| unit.events().newest()).await?)
        };
        let mut table = self.listeners.table();
        if table.of.is_empty() {
            // Nobody was woken while nobody listened, and what happened then is not news.
            table.last_seen = table.last_seen.max(newest.unwrap_or_default());
            self.listeners.turned.notify_one();
        }
        table.of.entry(customer).or_default().push(Arc::clone(&listener));
        Ok(Subscription { listeners: Arc::clone(&self.listeners), customer, listener })
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

impl Listener {
    /// How many events were committed for it since it last asked.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    fn wake(&self) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        self.notify.notify_one();
    }
}

impl Subscription {
    /// Waits until an event was committed since this was waited for last.
    pub async fn notified(&self) {
        self.listener.notify.notified().await;
    }

    /// Says that the listener is about to read what it was woken for.
    pub fn reset(&self) {
        self.listener.waiting.store(0, Ordering::Relaxed);
    }

    /// Where it is woken, for whoever watches how far it stays behind.
    pub fn listener(&self) -> Arc<Listener> {
        Arc::clone(&self.listener)
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut table = self.listeners.table();
        let Some(of_customer) = table.of.get_mut(&self.customer) else { return };
        of_customer.retain(|listener| !Arc::ptr_eq(listener, &self.listener));
        if of_customer.is_empty() {
            table.of.remove(&self.customer);
        }
        if table.of.is_empty() {
            self.listeners.turned.notify_one();
        }
    }
}

impl Listeners {
    fn table(&self) -> MutexGuard<'_, ListenerTable> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn are_there(&self) -> bool {
        !self.table().of.is_empty()
    }

    /// Wakes everybody whom the events since the last time concern.
    async fn wake(&self) -> Result<(), Error> {
        loop {
            let last_seen = self.table().last_seen;
            let page = self.store.read(|unit| unit.events().audiences(last_seen, PAGE)).await?;
            let more = page.len() == PAGE as usize;
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
            let concerned = audience.customers().filter_map(|customer| self.of.get(&customer));
            concerned.flatten().for_each(|listener| listener.wake());
            self.last_seen = self.last_seen.max(audience.sequence);
        }
    }
}

/// Follows the store while anybody listens.
async fn read(listeners: Arc<Listeners>) {
    loop {
        listeners.turned.notified().await;
        let mut changes = listeners.store.changes();
        changes.mark_changed();
        while listeners.are_there() {
            tokio::select! {
                moved = changes.changed() => if moved.is_err() { return },
                () = listeners.turned.notified() => continue,
            }
            if let Err(error) = listeners.wake().await {
                tracing::warn!(error = chain(&error), "the feed could not read the store");
                tokio::time::sleep(BREATH).await;
                changes.mark_changed();
            }
        }
    }
}
