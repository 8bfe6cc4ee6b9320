//! Requests to others: one document fetched over HTTP/1.1, within limits on its time and its size. TLS is judged by the
//! system's certificate authorities and one more that may be named. No redirect is followed, no proxy asked.

use std::error::Error as StdError;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, USER_AGENT};
use http::{Request, StatusCode, Uri};
use http_body_util::{BodyExt, Empty, LengthLimitError, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::model::Message;

/// How this program names itself.
const AGENT: &str = concat!("support/", env!("CARGO_PKG_VERSION"));

/// How long a document may take, and how large it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Until the connection stands.
    pub connect: Duration,
    /// Until the whole of it is here.
    pub total: Duration,
    /// The most bytes of its body.
    pub bytes: usize,
}

/// Why a document did not come.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The address does not answer, or not in HTTP, or its certificate is not trusted.
    #[error("no connection")]
    Unreachable(#[source] legacy::Error),
    /// It answered, but not with 200.
    #[error("the answer was {0}")]
    Status(StatusCode),
    /// The body is larger than it may be.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// The body ended too early.
    #[error("the answer broke off")]
    BrokenOff(#[source] Box<dyn StdError + Send + Sync>),
    /// It took longer than it may.
    #[error("no whole answer within {} s", .0.as_secs())]
    TimedOut(Duration),
}

/// A file of certificate authorities that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadAuthority {
    /// It could not be read.
    #[error("{} could not be read", file.display())]
    Unread {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It holds no certificate, or one that is malformed.
    #[error("{} holds no certificate", .0.display())]
    NoCertificate(PathBuf),
}

impl BadAuthority {
    /// What to tell a person.
    pub fn message(&self) -> Message {
        match self {
            Self::Unread { file, source } => {
                Message::new("outgoing.ca_unread").with("file", file.display()).with("reason", source)
            }
            Self::NoCertificate(file) => Message::new("outgoing.ca_none").with("file", file.display()),
        }
    }
}

/// What fetches.
#[derive(Debug, Clone)]
pub struct Client {
    tls: Arc<ClientConfig>,
    named: Vec<CertificateDer<'static>>,
}

impl Client {
    /// A client that trusts the system's certificate authorities and those of this file.
    ///
    /// # Errors
    /// [`BadAuthority`] where the file cannot be used.
    pub fn trusting(authorities: Option<&Path>) -> Result<Self, BadAuthority> {
        let mut roots = RootCertStore::empty();
        // A system without any, or with some that cannot be read, may still trust the named file.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let named = authorities.map(read_authorities).transpose()?.unwrap_or_default();
        for certificate in &named {
            let none = || BadAuthority::NoCertificate(authorities.unwrap_or(Path::new("")).to_owned());
            roots.add(certificate.clone()).map_err(|_| none())?;
        }
        Ok(Self { tls: Arc::new(tls(roots)), named })
    }

    /// The certificate authorities of the named file, which are trusted beside the system's.
    pub fn named_authorities(&self) -> &[CertificateDer<'static>] {
        &self.named
    }

    /// What connections over TLS are made with.
    pub fn tls(&self) -> Arc<ClientConfig> {
        Arc::clone(&self.tls)
    }

    /// Fetches what lies at this address, over a connection of its own.
    ///
    /// # Errors
    /// [`Fault`], also where the answer is anything but 200: a redirect is not followed.
    pub async fn fetch(&self, address: &Uri, limits: &Limits) -> Result<Bytes, Fault> {
        let late = Fault::TimedOut(limits.total);
        tokio::time::timeout(limits.total, self.ask(address, limits)).await.unwrap_or(Err(late))
    }

    async fn ask(&self, address: &Uri, limits: &Limits) -> Result<Bytes, Fault> {
        let request = Request::get(address)
            .header(ACCEPT, "application/json")
            .header(USER_AGENT, AGENT)
            .body(Empty::new())
            .expect("an address and two fixed headers make a request");
        let answer = self.connector(limits).request(request).await.map_err(Fault::Unreachable)?;
        if answer.status() != StatusCode::OK {
            return Err(Fault::Status(answer.status()));
        }
        let body = Limited::new(answer.into_body(), limits.bytes).collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() { Fault::TooLarge(limits.bytes) } else { Fault::BrokenOff(error) }
        })?;
        Ok(body.to_bytes())
    }

    fn connector(&self, limits: &Limits) -> legacy::Client<HttpsConnector<HttpConnector>, Empty<Bytes>> {
        let mut dial = HttpConnector::new();
        dial.enforce_http(false);
        dial.set_connect_timeout(Some(limits.connect));
        let tls = ClientConfig::clone(&self.tls);
        let connector = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1();
        legacy::Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_max_idle_per_host(0)
            .build(connector.wrap_connector(dial))
    }
}

fn tls(roots: RootCertStore) -> ClientConfig {
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring knows every version of TLS that is safe")
        .with_root_certificates(roots)
        .with_no_client_auth()
}

fn read_authorities(file: &Path) -> Result<Vec<CertificateDer<'static>>, BadAuthority> {
    let text = std::fs::read(file).map_err(|source| BadAuthority::Unread { file: file.to_owned(), source })?;
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    let none = || BadAuthority::NoCertificate(file.to_owned());
    let certificates = read.map_err(|_| none())?;
    if certificates.is_empty() { Err(none()) } else { Ok(certificates) }
}
