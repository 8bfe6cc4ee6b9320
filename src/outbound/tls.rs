//! TLS client configuration: certificate authorities of the system, and of one file.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_rustls::TlsConnector;

use crate::model::Message;
use crate::model::bom::without_bom;

/// Error in a file of certificate authorities.
#[derive(Debug, thiserror::Error)]
pub enum CertificateAuthorityError {
    #[error("{} could not be read", file.display())]
    Unread { file: PathBuf, source: io::Error },
    /// File contains no valid certificate.
    #[error("{} holds no certificate", .0.display())]
    NoCertificate(PathBuf),
}

impl CertificateAuthorityError {
    /// Returns the localizable message.
    pub fn message(&self) -> Message {
        match self {
            Self::Unread { file, source } => {
                Message::new("outbound.ca_unread").with("file", file.display()).with("reason", source)
            }
            Self::NoCertificate(file) => Message::new("outbound.ca_none").with("file", file.display()),
        }
    }
}

/// Creates a connector that trusts the system's certificate authorities and those in this file.
pub(super) fn connector(authorities: Option<&Path>) -> Result<TlsConnector, CertificateAuthorityError> {
    let mut roots = RootCertStore::empty();
    // Errors of the system's store are ignored, because the file may suffice.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(file) = authorities {
        for certificate in read(file)? {
            roots.add(certificate).map_err(|_| CertificateAuthorityError::NoCertificate(file.to_owned()))?;
        }
    }
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring knows every version of TLS that is safe")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

fn read(file: &Path) -> Result<Vec<CertificateDer<'static>>, CertificateAuthorityError> {
    let text =
        std::fs::read(file).map_err(|source| CertificateAuthorityError::Unread { file: file.to_owned(), source })?;
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(without_bom(&text)).collect();
    read.ok().filter(|found| !found.is_empty()).ok_or_else(|| CertificateAuthorityError::NoCertificate(file.to_owned()))
}
