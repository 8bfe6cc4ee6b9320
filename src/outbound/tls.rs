//! TLS towards others: the certificate authorities of the system, and those of one file that may be named.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_rustls::TlsConnector;

use crate::model::Message;
use crate::model::bom::without_bom;

/// A file of certificate authorities that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CertificateAuthorityError {
    /// It could not be read.
    #[error("{} could not be read", file.display())]
    Unread {
        /// The file.
        file: PathBuf,
        /// The system's own error.
        source: io::Error,
    },
    /// It holds no certificate, or one that is malformed.
    #[error("{} holds no certificate", .0.display())]
    NoCertificate(PathBuf),
}

impl CertificateAuthorityError {
    /// The sentence for a person.
    pub fn message(&self) -> Message {
        match self {
            Self::Unread { file, source } => {
                Message::new("outbound.ca_unread").with("file", file.display()).with("reason", source)
            }
            Self::NoCertificate(file) => Message::new("outbound.ca_none").with("file", file.display()),
        }
    }
}

/// A connector that trusts the system's certificate authorities and those of this file.
pub(super) fn connector(authorities: Option<&Path>) -> Result<TlsConnector, CertificateAuthorityError> {
    let mut roots = RootCertStore::empty();
    // A system without any, or with some that cannot be read, may still trust the named file.
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
