//! A connection over which anything can be asked: HTTP/1.1 by hand over TLS that takes one certificate only.

use std::net::SocketAddr;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use sanji_server::keys::SERVER_NAME;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::Outcome;

/// What a server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// How connections to one relay are made.
#[derive(Clone)]
pub struct Dialler {
    address: SocketAddr,
    connector: TlsConnector,
}

/// One connection, kept.
pub struct Connection {
    stream: BufStream<TlsStream<TcpStream>>,
}

/// Believes this certificate (DER), whatever its name and dates.
#[derive(Debug)]
struct Only {
    certificate: Vec<u8>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl ServerCertVerifier for Only {
    fn verify_server_cert(
        &self,
        end: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if end.as_ref() == self.certificate {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::General("TLS 1.2 isn't spoken".into()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        rustls::crypto::verify_tls13_signature(message, certificate, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

impl Dialler {
    /// To a relay that shows this certificate (DER).
    ///
    /// # Errors
    /// When TLS 1.3 isn't there.
    pub fn new(address: SocketAddr, certificate: &[u8]) -> Outcome<Self> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let only = Only { certificate: certificate.to_vec(), algorithms: provider.signature_verification_algorithms };
        let config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13])?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(only))
            .with_no_client_auth();
        Ok(Dialler { address, connector: TlsConnector::from(Arc::new(config)) })
    }

    /// Connects.
    ///
    /// # Errors
    /// When nobody answers, or somebody else does.
    pub async fn connect(&self) -> Outcome<Connection> {
        let socket = TcpStream::connect(self.address).await?;
        socket.set_nodelay(true)?;
        let name = ServerName::try_from(SERVER_NAME)?;
        Ok(Connection { stream: BufStream::new(self.connector.connect(name, socket).await?) })
    }
}

impl Connection {
    /// Sends a request and reads its answer; the connection is kept.
    ///
    /// # Errors
    /// When the connection ends before the answer does.
    pub async fn request(&mut self, method: &str, path: &str, body: &[u8]) -> Outcome<Answered> {
        let head = format!("{method} {path} HTTP/1.1\r\nhost: sanji\r\ncontent-length: {}\r\n\r\n", body.len());
        self.stream.write_all(head.as_bytes()).await?;
        self.stream.write_all(body).await?;
        self.stream.flush().await?;
        let status = self.line().await?;
        let status = status.split(' ').nth(1).and_then(|word| word.parse().ok()).ok_or("no status line")?;
        let mut length = 0;
        loop {
            let line = self.line().await?;
            let Some((name, value)) = line.split_once(':') else { break };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse()?;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await?;
        Ok(Answered { status, body })
    }

    async fn line(&mut self) -> Outcome<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line).await? == 0 {
            return Err("the connection ended".into());
        }
        Ok(line.trim_end().to_owned())
    }
}
