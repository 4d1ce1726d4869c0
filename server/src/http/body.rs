//! Reading a body: counted as it arrives and cut off at its limit, and no more of them at once than memory is meant for.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use sanji_core::sync::message::Refusal;

use super::limits::ComeBack;
use super::refusal::Refused;
use crate::app::App;

/// How long a request waits for a place to read its body.
const PLACE_TIMEOUT: Duration = Duration::from_secs(10);

/// When to come back if there was none.
const NO_PLACE: ComeBack = ComeBack(10);

/// The whole body, if it isn't longer than `limit` bytes.
pub(super) async fn read(app: &App, mut body: Body, limit: usize) -> Result<Vec<u8>, Refused> {
    let too_large = || Refused(Refusal::TooLarge(u32::try_from(limit).unwrap_or(u32::MAX)));
    // A length that is announced is refused before a byte of it is read.
    let announced = body.size_hint().lower();
    if announced > limit as u64 {
        return Err(too_large());
    }
    let place = tokio::time::timeout(PLACE_TIMEOUT, app.bodies.acquire()).await;
    let Ok(Ok(_place)) = place else { return Err(NO_PLACE.into()) };
    let mut bytes = Vec::new();
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let frame = frame.map_err(|_| Refusal::Malformed("the body was cut".into()))?;
        if let Ok(data) = frame.into_data() {
            if bytes.len() + data.len() > limit {
                return Err(too_large());
            }
            bytes.extend_from_slice(&data);
        }
    }
    Ok(bytes)
}
