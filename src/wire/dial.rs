//! Makes a connection to a host: its name is resolved once, every address is judged, and one of those is dialled.

use std::net::SocketAddr;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

use crate::model::webhook::attempt::Trouble;
use crate::model::webhook::target::Target;

/// A connection, with TLS or without.
pub(super) trait Connection: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Connection for T {}

/// Connects to the target.
///
/// # Errors
/// Why there is no connection.
pub(super) async fn dial(target: &Target, tls: &TlsConnector) -> Result<Box<dyn Connection>, Trouble> {
    let stream = reach(&addresses(target).await?).await?;
    // A request is one small write, which must not wait for another.
    let _ = stream.set_nodelay(true);
    if target.is_plain() {
        return Ok(Box::new(stream));
    }
    let name = ServerName::try_from(target.host().to_owned()).map_err(|_| Trouble::Tls)?;
    let stream = tls.connect(name, stream).await.map_err(|_| Trouble::Tls)?;
    Ok(Box::new(stream))
}

/// The host's addresses. One that is not allowed forbids them all: a host that is public and private at once is no
/// mistake.
async fn addresses(target: &Target) -> Result<Vec<SocketAddr>, Trouble> {
    let port = target.port();
    let addresses: Vec<SocketAddr> = match target.address() {
        Some(address) => vec![SocketAddr::new(address, port)],
        None => lookup_host((target.host(), port)).await.map_err(|_| Trouble::Unresolved)?.collect(),
    };
    let allowed = |address: &SocketAddr| target.allows(address.ip());
    match addresses.is_empty() {
        true => Err(Trouble::Unresolved),
        false if addresses.iter().all(allowed) => Ok(addresses),
        false => Err(Trouble::NotPublic),
    }
}

/// A connection to the first of these addresses that takes one.
async fn reach(addresses: &[SocketAddr]) -> Result<TcpStream, Trouble> {
    for address in addresses {
        if let Ok(stream) = TcpStream::connect(address).await {
            return Ok(stream);
        }
    }
    Err(Trouble::Unreachable)
}
