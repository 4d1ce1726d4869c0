//! HTTP to the relay. Its server name is always `sanji`, which selects the relay's own key whatever else answers at the
//! address; several addresses are tried in turn.

use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Response};

use super::config::Network;
use super::tls::{self, Pin};
use crate::crypto::BlobHash;
use crate::sync::message::Refusal;
use crate::sync::wire;

/// The server name of every relay.
const NAME: &str = "sanji";

/// The most bytes of an answer that are read.
const LARGEST: usize = 8 * 1024 * 1024;

/// Why a request brought no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum HttpError {
    /// No connection, a timeout, or a transfer that was cut; the text is for diagnostics.
    Offline(String),
    /// The relay refused.
    Refused(Refusal),
    /// The ticket for a blob was refused; this is the relay's clock, if it said so.
    Ticket(Option<i64>),
}

/// A relay at one address.
struct Address {
    host: String,
    base: String,
    client: Client,
}

/// The relays of a county.
pub(super) struct Relays {
    addresses: Vec<Address>,
    /// The one that answered last is tried first.
    first: std::sync::atomic::AtomicUsize,
}

/// Resolves the one name that is ever asked for to the relay's host.
struct Host(String);

impl Resolve for Host {
    fn resolve(&self, _name: Name) -> Resolving {
        let host = self.0.clone();
        Box::pin(async move {
            let look_up = move || (host.as_str(), 0).to_socket_addrs().map(|found| found.collect::<Vec<SocketAddr>>());
            let found = tokio::task::spawn_blocking(look_up).await??;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Host and port of an address, `host:port`, with an IPv6 host in brackets.
fn parts(address: &str) -> Option<(&str, u16)> {
    let (host, port) = address.rsplit_once(':')?;
    let host = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host);
    Some((host, port.parse().ok()?)).filter(|(host, _)| !host.is_empty())
}

impl Relays {
    /// The relays at these addresses, or at those that the network puts in their place.
    pub(super) fn new(addresses: &[String], pin: Pin, network: &Network) -> Result<Self, HttpError> {
        let instead: Vec<String> = network.instead.iter().map(SocketAddr::to_string).collect();
        let addresses = if instead.is_empty() { addresses } else { &instead };
        let mut known = Vec::new();
        for (host, port) in addresses.iter().filter_map(|address| parts(address)) {
            let config = tls::client(pin).map_err(|e| HttpError::Offline(e.to_string()))?;
            let client = Client::builder()
                .tls_backend_preconfigured(config)
                .https_only(true)
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .dns_resolver(Arc::new(Host(host.to_owned())))
                .connect_timeout(network.connect)
                .timeout(network.request)
                .build()
                .map_err(|e| HttpError::Offline(describe(&e)))?;
            known.push(Address { host: host.to_owned(), base: format!("https://{NAME}:{port}"), client });
        }
        if known.is_empty() {
            return Err(HttpError::Offline("the county card has no address of the form host:port".into()));
        }
        Ok(Relays { addresses: known, first: std::sync::atomic::AtomicUsize::new(0) })
    }

    async fn request(
        &self,
        make: impl Fn(&Client, &str) -> reqwest::RequestBuilder,
    ) -> Result<(Response, Vec<u8>), HttpError> {
        use std::sync::atomic::Ordering;
        let start = self.first.load(Ordering::Relaxed);
        let mut failures = Vec::new();
        for turn in 0..self.addresses.len() {
            let at = (start + turn) % self.addresses.len();
            let address = &self.addresses[at];
            match exchange(make(&address.client, &address.base)).await {
                Ok(answer) => {
                    self.first.store(at, Ordering::Relaxed);
                    return Ok(answer);
                }
                Err(why) => failures.push(format!("{}: {why}", address.host)),
            }
        }
        Err(HttpError::Offline(failures.join("; ")))
    }

    async fn post(&self, path: &str, body: Vec<u8>) -> Result<Vec<u8>, HttpError> {
        let (response, bytes) = self
            .request(|client, base| {
                client.post(format!("{base}{path}")).header("content-type", "application/cbor").body(body.clone())
            })
            .await?;
        if response.status().is_success() { Ok(bytes) } else { Err(refusal(&response, &bytes)) }
    }

    /// `POST /v1/sync`.
    pub(super) async fn sync(&self, body: Vec<u8>) -> Result<Vec<u8>, HttpError> {
        self.post("/v1/sync", body).await
    }

    /// `POST /v1/enrol`.
    pub(super) async fn enrol(&self, body: Vec<u8>) -> Result<Vec<u8>, HttpError> {
        self.post("/v1/enrol", body).await
    }

    /// `POST /v1/readmit`.
    pub(super) async fn readmit(&self, body: Vec<u8>) -> Result<Vec<u8>, HttpError> {
        self.post("/v1/readmit", body).await
    }

    /// `POST /v1/approvals`.
    pub(super) async fn approvals(&self, body: Vec<u8>) -> Result<Vec<u8>, HttpError> {
        self.post("/v1/approvals", body).await
    }

    /// `GET /v1/card`.
    pub(super) async fn card(&self) -> Result<Vec<u8>, HttpError> {
        let (response, bytes) = self.request(|client, base| client.get(format!("{base}/v1/card"))).await?;
        if response.status().is_success() { Ok(bytes) } else { Err(refusal(&response, &bytes)) }
    }

    /// `PUT /v1/blobs/{hash}`.
    pub(super) async fn put_blob(&self, hash: &BlobHash, ticket: String, bytes: Vec<u8>) -> Result<(), HttpError> {
        let request = |client: &Client, base: &str| {
            client.put(format!("{base}/v1/blobs/{hash}")).header("authorization", &ticket).body(bytes.clone())
        };
        let (response, bytes) = self.request(request).await?;
        if response.status().is_success() { Ok(()) } else { Err(blob_refusal(&response, &bytes)) }
    }

    /// `GET /v1/blobs/{hash}`; `None` if the relay hasn't got it.
    pub(super) async fn get_blob(&self, hash: &BlobHash, ticket: String) -> Result<Option<Vec<u8>>, HttpError> {
        let request = |client: &Client, base: &str| {
            client.get(format!("{base}/v1/blobs/{hash}")).header("authorization", &ticket)
        };
        let (response, bytes) = self.request(request).await?;
        if response.status() == reqwest::StatusCode::NOT_FOUND {
            return Ok(None);
        }
        if response.status().is_success() { Ok(Some(bytes)) } else { Err(blob_refusal(&response, &bytes)) }
    }
}

/// Sends a request and reads its body up to the limit.
async fn exchange(request: reqwest::RequestBuilder) -> Result<(Response, Vec<u8>), String> {
    let mut response = request.send().await.map_err(|e| describe(&e))?;
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|e| describe(&e))? {
        if bytes.len() + chunk.len() > LARGEST {
            return Err("the answer is too large".into());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok((response, bytes))
}

/// What the relay said, or as much of it as its status tells.
fn refusal(response: &Response, bytes: &[u8]) -> HttpError {
    let header = |name: &str| response.headers().get(name).and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
    let waits: Option<u32> = header("retry-after");
    match (wire::decode_refusal(bytes, &wire::Limits::default()), response.status().as_u16()) {
        (Ok(Refusal::Busy(seconds)), _) => HttpError::Refused(Refusal::Busy(seconds.max(waits.unwrap_or(0)))),
        (Ok(refusal), _) => HttpError::Refused(refusal),
        (Err(_), 413) => HttpError::Refused(Refusal::TooLarge(0)),
        (Err(_), 429 | 503) => HttpError::Refused(Refusal::Busy(waits.unwrap_or(60))),
        (Err(_), status) => HttpError::Offline(format!("HTTP status {status}")),
    }
}

fn blob_refusal(response: &Response, bytes: &[u8]) -> HttpError {
    match refusal(response, bytes) {
        HttpError::Refused(Refusal::Signature) => {
            let time = response.headers().get("sanji-relay-ms");
            HttpError::Ticket(time.and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok()))
        }
        other => other,
    }
}

/// An error with its causes, without the address (it is the relay's).
fn describe(error: &reqwest::Error) -> String {
    let mut text = if error.is_timeout() {
        "timed out".to_owned()
    } else if error.is_connect() {
        "no connection".to_owned()
    } else {
        "the transfer was cut".to_owned()
    };
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_host_and_port() {
        assert_eq!(parts("192.0.2.7:8443"), Some(("192.0.2.7", 8443)));
        assert_eq!(parts("relay.example:443"), Some(("relay.example", 443)));
        assert_eq!(parts("[2001:db8::1]:443"), Some(("2001:db8::1", 443)));
        for bad in ["", "relay.example", ":443", "host:", "host:99999"] {
            assert_eq!(parts(bad), None, "{bad}");
        }
    }
}
