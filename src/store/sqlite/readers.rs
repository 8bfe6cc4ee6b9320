//! Pool of read-only connections.

use std::num::NonZero;
use std::sync::{Arc, OnceLock, PoisonError, RwLock, RwLockWriteGuard};
use std::thread::available_parallelism;
use std::time::Duration;

use r2d2::ManageConnection;
use rusqlite::Connection;
use scheduled_thread_pool::ScheduledThreadPool;

use super::connect::Connector;
use super::connection::StoreConnection;
use super::error::closed;
use crate::model::error::chain;
use crate::model::{Error, StoreError};

/// Number of readers beyond one for each processor, for scans on the blocking pool.
const EXTRA_READERS: u32 = 16;
/// Time after which an unused reader is closed.
const IDLE_TIMEOUT: Duration = Duration::from_mins(1);

/// Opens read-only connections.
struct ReadOnly(Arc<Connector>);

/// Reason why a connection could not be opened.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
struct ConnectError(#[from] Error);

impl ManageConnection for ReadOnly {
    type Connection = StoreConnection;
    type Error = ConnectError;

    fn connect(&self) -> Result<StoreConnection, ConnectError> {
        let connection = self.0.connect()?;
        connection.pragma_update(None, "query_only", true).map_err(|error| self.0.error(error))?;
        Ok(connection)
    }

    fn is_valid(&self, _: &mut StoreConnection) -> Result<(), ConnectError> {
        Ok(())
    }

    fn has_broken(&self, connection: &mut StoreConnection) -> bool {
        !connection.is_autocommit()
    }
}

/// Pool that is built on first use.
type Pool = OnceLock<r2d2::Pool<ReadOnly>>;

/// Read-only connections, which can be closed all together.
pub(super) struct Readers {
    connector: Arc<Connector>,
    /// Locked by each reader while it reads; none once the store is closed.
    pool: RwLock<Option<Pool>>,
}

impl Readers {
    pub(super) fn new(connector: &Arc<Connector>) -> Self {
        Self { connector: Arc::clone(connector), pool: RwLock::new(Some(Pool::new())) }
    }

    /// Runs `work` on a connection, and waits for a free one.
    ///
    /// # Errors
    /// Error of `work`; [`Error::Store`] if no connection becomes free.
    pub(super) fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, Error> {
        let pool = self.pool.read().unwrap_or_else(PoisonError::into_inner);
        let Some(pool) = &*pool else { return Err(closed()) };
        let pool = pool.get_or_init(|| self.build());
        let connection = if let Some(connection) = pool.try_get() {
            connection
        } else {
            self.connector.check_names()?;
            pool.get().map_err(|error| Error::store(StoreError::Busy, error))?
        };
        work(&connection)
    }

    /// Closes every connection once it is free. Later reads open new ones.
    pub(super) fn reset(&self) {
        self.write().replace(Pool::new());
    }

    /// Closes every connection once it is free. Later reads fail.
    pub(super) fn close(&self) {
        self.write().take();
    }

    fn write(&self) -> RwLockWriteGuard<'_, Option<Pool>> {
        self.pool.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Builds the pool with one thread that opens connections: a command needs the first one early, and rarely more.
    fn build(&self) -> r2d2::Pool<ReadOnly> {
        let processors = available_parallelism().map_or(1, NonZero::get);
        r2d2::Pool::builder()
            .max_size(u32::try_from(processors).unwrap_or(1) + EXTRA_READERS)
            .min_idle(Some(0))
            .idle_timeout(Some(IDLE_TIMEOUT))
            .max_lifetime(None)
            .test_on_check_out(false)
            .connection_timeout(self.connector.settings.busy_timeout)
            .error_handler(Box::new(LogConnectErrors))
            .thread_pool(Arc::new(ScheduledThreadPool::builder().num_threads(1).build()))
            .build_unchecked(ReadOnly(Arc::clone(&self.connector)))
    }
}

/// Logs why a connection could not be opened, since the pool itself reports only a timeout.
#[derive(Debug)]
struct LogConnectErrors;

impl r2d2::HandleError<ConnectError> for LogConnectErrors {
    fn handle_error(&self, error: ConnectError) {
        tracing::warn!(error = chain(&error), "a connection to the store could not be opened");
    }
}
