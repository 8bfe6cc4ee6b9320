//! Connections to hosts, with protection against server-side request forgery (SSRF).
//!
//! A name is resolved once, every resolved address is checked against an [`AddressRule`], and the connection goes to
//! one of the checked addresses. A second resolution, as in DNS rebinding, cannot bypass the check.

use std::error::Error as StdError;
use std::net::{IpAddr, SocketAddr};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

use crate::model::delivery::DeliveryError;
use crate::model::webhook::address::is_public;

/// Byte stream to a host, with TLS or without.
pub(super) trait Connection: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Connection for T {}

/// SSRF rule: addresses to which a connection is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressRule {
    /// Every address: the operator configured the host.
    Any,
    /// Public addresses only: an API or CLI user chose the host, and must not reach loopback, private or link-local
    /// addresses.
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

/// Connection that could not be established, or that failed before a response arrived.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub struct ConnectionError {
    pub reason: DeliveryError,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl ConnectionError {
    pub(super) fn new(reason: DeliveryError, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { reason, source: Some(source.into()) }
    }

    /// Returns the text of the underlying error, or of the reason if there is none.
    pub fn detail(&self) -> String {
        self.source.as_ref().map_or_else(|| self.reason.to_string(), ToString::to_string)
    }
}

impl From<DeliveryError> for ConnectionError {
    fn from(reason: DeliveryError) -> Self {
        Self { reason, source: None }
    }
}

/// Resolves a host name and applies the SSRF rule. One address that is not allowed rejects the host: a name with both
/// public and private addresses is not a mistake.
///
/// # Errors
/// [`DeliveryError::Unresolved`]; [`DeliveryError::NotPublic`], whose detail is the rejected address.
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

/// Connects to the first address of the host that accepts a connection.
pub(super) async fn dial(host: &str, port: u16, rule: AddressRule) -> Result<TcpStream, ConnectionError> {
    let mut refused = None;
    for address in resolve(host, port, rule).await? {
        match TcpStream::connect(address).await {
            Ok(stream) => {
                // A request is one small write, which Nagle's algorithm would delay.
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

/// Performs the TLS handshake with the host.
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
