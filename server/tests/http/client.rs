//! A small HTTP/1.1 client over TLS with a pinned key, and devices that push: enough to ask a relay anything, well-formed or not.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme, StreamOwned};
use sanji_core::cbor::Map;
use sanji_core::crypto::{PublicKey, SecretKey};
use sanji_core::documents::chain::{Link, Salt, Tip, to_wire};
use sanji_core::ids::{CountyId, DocId};
use sanji_core::labels;
use sanji_core::records::Reading;
use sanji_core::sync::message::{Answer, ChainName, Cursor, DeviceName, Push, Run, SignedTip, envelope_hash};
use sanji_core::sync::relay::book::log_start;
use sanji_core::sync::wire;
use sanji_core::time::UtcSecs;

/// An answer.
pub struct Answered {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answered {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub fn refusal(&self) -> sanji_core::sync::message::Refusal {
        wire::decode_refusal(&self.body, &wire::Limits::default()).unwrap()
    }
}

/// Takes any certificate and remembers it: the test compares it with what it expects.
#[derive(Debug, Default)]
struct Seen(Mutex<Option<Vec<u8>>>);

impl ServerCertVerifier for Seen {
    fn verify_server_cert(
        &self,
        end: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        *self.0.lock().unwrap() = Some(end.to_vec());
        Ok(ServerCertVerified::assertion())
    }
    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Err(rustls::Error::General("TLS 1.2 isn't spoken".into()))
    }
    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = rustls::crypto::ring::default_provider().signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, dss, &algorithms)
    }
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        rustls::crypto::ring::default_provider().signature_verification_algorithms.supported_schemes()
    }
}

/// A connection.
pub struct Client {
    stream: BufReader<StreamOwned<ClientConnection, TcpStream>>,
    /// The certificate that the server showed, DER.
    pub certificate: Vec<u8>,
}

impl Client {
    pub fn connect(address: SocketAddr, name: &str) -> Self {
        Client::try_connect(address, name).unwrap()
    }

    pub fn try_connect(address: SocketAddr, name: &str) -> std::io::Result<Self> {
        let seen = Arc::new(Seen::default());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(&seen) as Arc<dyn ServerCertVerifier>)
            .with_no_client_auth();
        let name = ServerName::try_from(name.to_owned()).unwrap();
        let connection = ClientConnection::new(Arc::new(config), name).unwrap();
        let mut stream = StreamOwned::new(connection, TcpStream::connect(address)?);
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock)?;
        }
        let certificate = seen.0.lock().unwrap().take().unwrap();
        Ok(Client { stream: BufReader::new(stream), certificate })
    }

    /// Writes bytes as they are.
    pub fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.stream.get_mut().write_all(bytes)?;
        self.stream.get_mut().flush()
    }

    pub fn request(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answered {
        self.send(method, path, headers, body);
        self.answer()
    }

    pub fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: sanji\r\ncontent-length: {}\r\n", body.len());
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        // A server that refuses early may have closed its side: its answer is read all the same.
        let _ = self.write(&[head.as_bytes(), b"\r\n", body].concat());
    }

    pub fn answer(&mut self) -> Answered {
        self.try_answer().unwrap()
    }

    /// Reads an answer; an error if the connection ends before it.
    pub fn try_answer(&mut self) -> std::io::Result<Answered> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let status = line.split(' ').nth(1).unwrap().parse().unwrap();
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            headers.push((name.to_owned(), value.to_owned()));
        }
        let mut answered = Answered { status, headers, body: Vec::new() };
        let length = answered.header("content-length").map_or(0, |length| length.parse().unwrap());
        answered.body = vec![0; length];
        self.stream.read_exact(&mut answered.body)?;
        Ok(answered)
    }

    /// Reads until the server ends the connection.
    pub fn ended(&mut self) {
        let mut rest = Vec::new();
        // An end without TLS's own farewell is an end too.
        let _ = self.stream.read_to_end(&mut rest);
    }
}

/// A device that pushes entries into one document.
pub struct Device {
    pub key: SecretKey,
    county: CountyId,
    tip: Tip,
    links: Vec<Link>,
    n: u64,
}

impl Device {
    pub fn new(key: SecretKey, county: CountyId, doc: DocId) -> Self {
        let tip = Tip::start(county, doc, key.public().actor(), Salt([7; 16]));
        Device { key, county, tip, links: Vec::new(), n: 0 }
    }

    /// Makes an entry.
    pub fn record(&mut self, map: Map) {
        let (tip, link) = self.tip.append(map).unwrap();
        self.tip = tip;
        self.links.push(link);
    }

    /// A push of all entries.
    pub fn push(&mut self) -> Vec<u8> {
        self.n += 1;
        let actor = self.key.public().actor();
        let cursor = Cursor { head: log_start(self.county).short(), ..Cursor::default() };
        let mut runs = Vec::new();
        let mut tips = Vec::new();
        if let Some(last) = self.links.last() {
            let values = self.links.iter().map(|link| to_wire(link.seq, &link.value).unwrap()).collect();
            runs.push(Run { chain: ChainName::Name(self.tip.doc, actor), first: 1, tip: last.hash.short(), values });
            tips.push(SignedTip { doc: self.tip.doc, seq: last.seq, hash: last.hash });
        }
        let push = Push {
            device: DeviceName::Key(self.key.public()),
            n: self.n,
            build: 1,
            reading: Reading { wall: UtcSecs(1_772_411_470), session: 1, ms: 1000 * self.n },
            last_answer: None,
            cursor,
            nothing_unsent: true,
            page: wire::PAGE,
            have: None,
            runs,
            recovered: Vec::new(),
            blobs: Vec::new(),
            again: Vec::new(),
            rows: Vec::new(),
            lost_head: None,
            certificate: None,
            successor: None,
        };
        let signature = self.key.sign(labels::PUSH, &push.signed_bytes(self.county, actor, &tips));
        wire::encode_push(&push, &signature)
    }

    /// Reads the answer to the push, and checks that the relay signed it for just this push.
    pub fn read(&self, push: &[u8], answer: &[u8], relay: &PublicKey) -> Answer {
        let (sent, signature) = wire::decode_push(push, &wire::Limits::default()).unwrap();
        let actor = self.key.public().actor();
        let tips: Vec<SignedTip> = self
            .links
            .last()
            .map(|last| SignedTip { doc: self.tip.doc, seq: last.seq, hash: last.hash })
            .into_iter()
            .collect();
        let envelope = envelope_hash(&sent.signed_bytes(self.county, actor, &tips), &signature);
        let expect = wire::Expect { county: self.county, actor, push: sent.n, envelope };
        let answer = wire::decode_answer(answer, &expect, &wire::Limits::default()).unwrap();
        assert!(answer.head.is_by(relay));
        answer
    }
}
