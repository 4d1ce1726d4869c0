//! TLS. Phones ask for the name `sanji` and pin the relay's own key, so they need no domain, no public authority and no right
//! clock. Browsers get the county's certificate where there is one, else the relay's own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use crate::keys::{RelayKeys, SERVER_NAME};

/// Why TLS can't be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file of the county's certificate can't be used.
    #[error("{path} can't be used as a TLS {what}: {why}; expected is a PEM file")]
    File {
        /// The file.
        path: PathBuf,
        /// Certificate or key.
        what: &'static str,
        /// What is wrong.
        why: String,
    },
    /// The certificate and key don't go together.
    #[error(transparent)]
    Rustls(#[from] rustls::Error),
}

/// The county's own certificate for browsers, as files.
#[derive(Clone, Debug)]
pub struct BrowserCertificate {
    /// The certificate chain, PEM.
    pub certificate: PathBuf,
    /// Its private key, PEM.
    pub key: PathBuf,
}

/// Chooses the certificate by the name that the client asked for.
#[derive(Debug)]
struct ByName {
    own: Arc<CertifiedKey>,
    browsers: Option<Arc<CertifiedKey>>,
}

impl ResolvesServerCert for ByName {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let browsers = self.browsers.as_ref().filter(|_| hello.server_name() != Some(SERVER_NAME));
        Some(Arc::clone(browsers.unwrap_or(&self.own)))
    }
}

/// The server side of TLS 1.3 with these keys.
///
/// # Errors
/// When a file can't be read, or a certificate doesn't fit its key.
pub fn config(keys: &RelayKeys, browsers: Option<&BrowserCertificate>) -> Result<ServerConfig, TlsError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let own = CertifiedKey::from_der(
        vec![CertificateDer::from(keys.tls_certificate().to_vec())],
        PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(keys.tls_key().to_vec())),
        &provider,
    )?;
    let browsers = browsers.map(|files| read(files, &provider)).transpose()?.map(Arc::new);
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(ByName { own: Arc::new(own), browsers }));
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    // A phone comes back every few minutes over a slow network: a resumed handshake carries no certificate. One ticket is
    // enough, as each handshake brings the next.
    config.ticketer = rustls::crypto::ring::Ticketer::new()?;
    config.send_tls13_tickets = 1;
    Ok(config)
}

fn read(files: &BrowserCertificate, provider: &CryptoProvider) -> Result<CertifiedKey, TlsError> {
    let failed = |path: &Path, what| {
        let path = path.to_owned();
        move |e: rustls::pki_types::pem::Error| TlsError::File { path, what, why: e.to_string() }
    };
    let chain = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(failed(&files.certificate, "certificate"))?;
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(failed(&files.key, "key"))?;
    if chain.is_empty() {
        return Err(failed(&files.certificate, "certificate")(rustls::pki_types::pem::Error::NoItemsFound));
    }
    Ok(CertifiedKey::from_der(chain, key, provider)?)
}
