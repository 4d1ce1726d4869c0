//! `POST /v1/sync`: one push, one answer. The answer leaves after its transaction is on the disk.

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use sanji_core::sync::ledger::Held;
use sanji_core::sync::relay::RelayError;
use sanji_core::sync::relay::book::Book;
use sanji_core::sync::wire;

use super::body;
use super::limits::DeviceKey;
use super::refusal::Refused;
use crate::app::SharedApp;
use crate::store::SqliteLedger;

/// Answers a sync.
pub(super) async fn sync(State(app): State<SharedApp>, body: Body) -> Result<Response, Refused> {
    let started = tokio::time::Instant::now();
    let limit = app.settings.body_limit_bytes;
    let bytes = body::read(&app, body, limit).await?;
    let limits = wire::Limits { body: u32::try_from(limit).unwrap_or(u32::MAX), ..wire::Limits::default() };
    let (push, signature) = wire::decode_push(&bytes, &limits)?;
    let device = DeviceKey::from(&push.device);
    app.limits.device_waits(&device)?;
    let work = {
        let relay = app.relay.clone();
        move |ledger: &mut SqliteLedger, now| {
            let mut held = Held::over(ledger);
            let reply = relay.reply(&mut Book::new(relay.county(), &mut held), now, push, signature)?;
            held.keep().map_err(RelayError::from)?;
            Ok::<_, RelayError>(reply)
        }
    };
    let reply = app.writer.run(work).await??;
    app.limits.device(device);
    // Signed here, not in the one thread that writes.
    let (head, message) = app.relay.seal(&reply);
    tracing::info!(
        device = %head.head.actor,
        up_bytes = bytes.len(),
        down_bytes = message.len(),
        stored = reply.body.stored.len(),
        log = head.head.n.0,
        ms = started.elapsed().as_millis() as u64,
        "sync"
    );
    Ok(Response::new(Body::from(message)))
}
