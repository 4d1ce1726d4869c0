//! `POST /v1/readmit`: a phone whose key is gone asks to be let in again. `POST /v1/approvals`: a head's phone sees who asks,
//! and approves one by its six digits.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::response::Response;
use sanji_core::sync::enrol::EnrolError;
use sanji_core::sync::message::{Refusal, VERSION};
use sanji_core::sync::readmit::{ApprovalRequest, ReadmitAnswer, ReadmitRequest};
use sanji_core::sync::relay::RelayError;

use super::body;
use super::refusal::Refused;
use crate::acts;
use crate::app::SharedApp;
use crate::store::SqliteLedger;

/// The most bytes of a request: it has about 300.
const LIMIT: usize = 2048;

fn unread(error: EnrolError) -> Refusal {
    match error {
        EnrolError::Version(_) => Refusal::Version(VERSION),
        other => Refusal::Malformed(other.to_string()),
    }
}

/// Answers a phone that asks to be let in again.
pub(super) async fn readmit(
    State(app): State<SharedApp>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    body: Body,
) -> Result<Response, Refused> {
    app.entry_limits.address(address.ip())?;
    let bytes = body::read(&app, body, LIMIT).await?;
    let request = ReadmitRequest::from_bytes(&bytes).map_err(unread)?;
    let (relay, recovery) = (app.relay.clone(), app.recovery.clone());
    let actor = request.key.actor();
    let work = move |ledger: &mut SqliteLedger, now| {
        let open = |sealed: &[u8]| recovery.unseal(sealed).ok().and_then(|key| key[..].try_into().ok());
        relay.readmit(ledger, now, &request, open)
    };
    let answer = app.writer.run(work).await??;
    let came_to = match &answer {
        ReadmitAnswer::Waiting(_) => "waiting",
        ReadmitAnswer::Enrolled(_) => "enrolled",
        ReadmitAnswer::Recovered(_) => "recovered",
    };
    tracing::info!(device = %actor, came_to, "readmit");
    Ok(Response::new(Body::from(answer.to_bytes())))
}

/// Answers a head's phone.
pub(super) async fn approvals(State(app): State<SharedApp>, body: Body) -> Result<Response, Refused> {
    let bytes = body::read(&app, body, LIMIT).await?;
    let request = ApprovalRequest::from_bytes(&bytes).map_err(unread)?;
    let device = request.key.actor().into();
    app.limits.device_waits(&device)?;
    let relay = app.relay.clone();
    let work = move |ledger: &mut SqliteLedger, now| {
        let (answer, person) = relay.approvals(ledger, now, &request)?;
        if let (Some(true), Some(approved)) = (answer.approved, request.asks.device) {
            let (who, subject) = (format!("phone of {person}"), approved.to_string());
            acts::note(ledger.sql(), &who, "device approve", &subject, now).map_err(crate::store::ledger_error)?;
        }
        Ok::<_, RelayError>(answer)
    };
    let answer = app.writer.run(work).await??;
    app.limits.device(device);
    Ok(Response::new(Body::from(answer.to_bytes())))
}
