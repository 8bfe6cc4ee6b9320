//! Connections to hosts: a name is resolved once, every address is judged, and one of those is dialled.

use std::error::Error as StdError;
use std::net::{IpAddr, SocketAddr};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

use crate::model::delivery::DeliveryError;
use crate::model::webhook::address::is_public;

/// A connection, with TLS or without.
pub(super) trait Connection: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Connection for T {}

/// Addresses that may be dialled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressRule {
    /// Every address: the host was named by whoever runs this program.
    Any,
    /// Public addresses alone.
    Public,
}

impl AddressRule {
    const fn allows(self, address: IpAddr) -> bool {
        match self {
            Self::Any => true,
            Self::Public => is_public(address),
        }
    }
}

/// A connection that could not be made, or that broke before an answer came.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub struct ConnectionError {
    /// Its kind.
    pub reason: DeliveryError,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl ConnectionError {
    pub(super) fn new(reason: DeliveryError, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { reason, source: Some(source.into()) }
    }

    /// The error beneath as text, or else the kind.
    pub fn detail(&self) -> String {
        self.source.as_ref().map_or_else(|| self.reason.to_string(), ToString::to_string)
    }
}

impl From<DeliveryError> for ConnectionError {
    fn from(reason: DeliveryError) -> Self {
        Self { reason, source: None }
    }
}

/// Resolves a host's name. An address that is not allowed forbids them all: a host that is public and private at once is
/// no mistake.
///
/// # Errors
/// [`DeliveryError::Unresolved`]; [`DeliveryError::NotPublic`], whose detail is the address.
pub async fn resolve(host: &str, port: u16, rule: AddressRule) -> Result<Vec<SocketAddr>, ConnectionError> {
    let unresolved = |error| ConnectionError::new(DeliveryError::Unresolved, error);
    let addresses: Vec<SocketAddr> = match host.parse::<IpAddr>() {
        Ok(address) => vec![SocketAddr::new(address, port)],
        Err(_) => lookup_host((host, port)).await.map_err(unresolved)?.collect(),
    };
    match addresses.iter().find(|address| !rule.allows(address.ip())) {
        Some(address) => Err(ConnectionError::new(DeliveryError::NotPublic, address.ip().to_string())),
        None if addresses.is_empty() => Err(DeliveryError::Unresolved.into()),
        None => Ok(addresses),
    }
}

/// Connects to the first of the host's addresses that takes a connection.
pub(super) async fn dial(host: &str, port: u16, rule: AddressRule) -> Result<TcpStream, ConnectionError> {
    let mut refused = None;
    for address in resolve(host, port, rule).await? {
        match TcpStream::connect(address).await {
            Ok(stream) => {
                // A request is one small write, which must not wait for another.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Err(error) => refused = Some(error),
        }
    }
    Err(refused.map_or_else(
        || DeliveryError::Unreachable.into(),
        |error| ConnectionError::new(DeliveryError::Unreachable, error),
    ))
}

/// Begins TLS with the host.
pub(super) async fn secure(
    stream: impl Connection + 'static,
    host: &str,
    tls: &TlsConnector,
) -> Result<Box<dyn Connection>, ConnectionError> {
    let failed = |error| ConnectionError::new(DeliveryError::Tls, error);
    let name =
        ServerName::try_from(host.to_owned()).map_err(|error| ConnectionError::new(DeliveryError::Tls, error))?;
    Ok(Box::new(tls.connect(name, stream).await.map_err(failed)?))
}
