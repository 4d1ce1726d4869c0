//! `PUT` and `GET /v1/blobs/{SHA-256 in hex}`: large blobs, at most 256 kB. A ticket in `Authorization` says which device asks
//! (`sanji_core::sync::blob`). The bytes are on the disk before a row says that they are there, so a row never lies.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sanji_core::crypto::BlobHash;
use sanji_core::sync::blob::BlobTicket;
use sanji_core::sync::message::Refusal;

use super::body;
use super::limits::DeviceKey;
use super::refusal::Refused;
use crate::app::{App, SharedApp};
use crate::blobs::{BlobError, MAX_BLOB};
use crate::store::SqliteLedger;

/// The relay's clock in milliseconds, on every answer of these paths: a phone whose ticket was refused makes a new one by it.
const RELAY_MS: &str = "sanji-relay-ms";

fn parse(headers: &HeaderMap, name: &str) -> Result<(BlobTicket, BlobHash), Refused> {
    let hash = data_encoding::HEXLOWER.decode(name.as_bytes()).ok().and_then(|bytes| BlobHash::from_slice(&bytes));
    let hash = hash.ok_or_else(|| Refusal::Malformed("the name is no SHA-256 in 64 lower-case hex digits".into()))?;
    let ticket = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let ticket = ticket.and_then(BlobTicket::from_header).ok_or(Refusal::Signature)?;
    Ok((ticket, hash))
}

fn with_time(app: &App, result: Result<Response, Refused>) -> Response {
    let mut response = result.unwrap_or_else(IntoResponse::into_response);
    response.headers_mut().insert(RELAY_MS, app.clock.now().0.into());
    response
}

/// Gives a blob to a device that may read its document.
pub(super) async fn get(State(app): State<SharedApp>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    let result = give(&app, &name, &headers).await;
    with_time(&app, result)
}

async fn give(app: &SharedApp, name: &str, headers: &HeaderMap) -> Result<Response, Refused> {
    let (ticket, hash) = parse(headers, name)?;
    let device = DeviceKey::from(ticket.key.actor());
    app.limits.device_waits(&device)?;
    let found = {
        let app = Arc::clone(app);
        blocking(move || -> Result<Option<Vec<u8>>, Refused> {
            let now = app.clock.now();
            let row = app.readers.read(|ledger| app.relay.read_blob(ledger, now, &ticket, &hash))??;
            match row {
                Some(row) => match row.bytes {
                    Some(small) => Ok(Some(small.0)),
                    None => Ok(app.blobs.get(&hash).map_err(failed)?),
                },
                None => Ok(None),
            }
        })
        .await?
    };
    app.limits.device(device);
    match found {
        Some(bytes) => Ok(Response::new(Body::from(bytes))),
        None => Ok(StatusCode::NOT_FOUND.into_response()),
    }
}

/// Takes a blob that a stored entry names.
pub(super) async fn put(
    State(app): State<SharedApp>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let result = take(&app, &name, &headers, body).await;
    with_time(&app, result)
}

async fn take(app: &SharedApp, name: &str, headers: &HeaderMap, body: Body) -> Result<Response, Refused> {
    let (ticket, hash) = match may_bring(app, name, headers).await {
        Ok(may) => may,
        Err(refused) => {
            body::discard(body).await;
            return Err(refused);
        }
    };
    let bytes = body::read(app, body, MAX_BLOB).await?;
    let size = bytes.len() as u64;
    {
        let app = Arc::clone(app);
        blocking(move || app.blobs.put(&hash, &bytes).map_err(failed)).await?;
    }
    let relay = app.relay.clone();
    let work = move |ledger: &mut SqliteLedger, now| relay.blob_brought(ledger, now, &ticket, &hash, size);
    app.writer.run(work).await??;
    app.limits.device(ticket.key.actor().into());
    tracing::info!(device = %ticket.key.actor(), bytes = size, "blob stored");
    Ok(Response::new(Body::empty()))
}

/// What is looked at before a byte of the body is read.
async fn may_bring(app: &SharedApp, name: &str, headers: &HeaderMap) -> Result<(BlobTicket, BlobHash), Refused> {
    let (ticket, hash) = parse(headers, name)?;
    app.limits.device_waits(&ticket.key.actor().into())?;
    let (app, now) = (Arc::clone(app), app.clock.now());
    let check = move || -> Result<(), Refused> {
        Ok(app.readers.read(|ledger| app.relay.may_bring_blob(ledger, now, &ticket, &hash))??)
    };
    blocking(check).await?;
    Ok((ticket, hash))
}

fn failed(error: BlobError) -> Refused {
    match error {
        BlobError::OtherHash => Refusal::Malformed(error.to_string()).into(),
        BlobError::Io(error) => {
            tracing::error!(%error, "the blob folder failed");
            Refusal::Unavailable.into()
        }
    }
}

/// Runs what waits for a disk on a thread that may wait.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Refused> + Send + 'static) -> Result<T, Refused> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => {
            tracing::error!(%error, "a blob's task failed");
            Err(Refusal::Unavailable.into())
        }
    }
}
