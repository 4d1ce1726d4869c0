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

/// Most bytes that are read of a body only to throw them away.
const DISCARD: usize = 512 * 1024;

/// And the longest time for that.
const DISCARD_TIMEOUT: Duration = Duration::from_secs(10);

/// Reads what is left of a body that is refused, within reason: a peer that is still writing when the connection is closed
/// may never see the answer.
pub(super) async fn discard(mut body: Body) {
    let reading = async {
        let mut read = 0;
        while let Some(Ok(frame)) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
            read += frame.data_ref().map_or(0, |data| data.len());
            if read > DISCARD {
                break;
            }
        }
    };
    // Whether it ends or takes too long, the answer is the same.
    let _ = tokio::time::timeout(DISCARD_TIMEOUT, reading).await;
}

/// The whole body, if it isn't longer than `limit` bytes.
pub(super) async fn read(app: &App, mut body: Body, limit: usize) -> Result<Vec<u8>, Refused> {
    let too_large = || Refused(Refusal::TooLarge(u32::try_from(limit).unwrap_or(u32::MAX)));
    // A length that is announced is refused before anything of it is kept.
    let announced = body.size_hint().lower();
    if announced > limit as u64 {
        discard(body).await;
        return Err(too_large());
    }
    let place = tokio::time::timeout(PLACE_TIMEOUT, app.bodies.acquire()).await;
    let Ok(Ok(_place)) = place else {
        discard(body).await;
        return Err(NO_PLACE.into());
    };
    let mut bytes = Vec::new();
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let frame = frame.map_err(|_| Refusal::Malformed("the body was cut".into()))?;
        if let Ok(data) = frame.into_data() {
            if bytes.len() + data.len() > limit {
                drop(bytes);
                discard(body).await;
                return Err(too_large());
            }
            bytes.extend_from_slice(&data);
        }
    }
    Ok(bytes)
}
