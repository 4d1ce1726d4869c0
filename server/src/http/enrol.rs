//! `POST /v1/enrol`: a new device shows an invitation. The same request again gets the same answer.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::response::Response;
use sanji_core::sync::enrol::{EnrolError, EnrolRequest};
use sanji_core::sync::message::{Refusal, VERSION};

use super::body;
use super::refusal::Refused;
use crate::app::SharedApp;
use crate::store::SqliteLedger;

/// The most bytes of a request: it has about 150.
const LIMIT: usize = 1024;

/// Enrols the device that shows an invitation's secret.
pub(super) async fn enrol(
    State(app): State<SharedApp>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    body: Body,
) -> Result<Response, Refused> {
    // A secret has 40 bits: who guesses gets few tries.
    app.entry_limits.address(address.ip())?;
    let bytes = body::read(&app, body, LIMIT).await?;
    let request = EnrolRequest::from_bytes(&bytes).map_err(|error| match error {
        EnrolError::Version(_) => Refusal::Version(VERSION),
        other => Refusal::Malformed(other.to_string()),
    })?;
    let work = {
        let relay = app.relay.clone();
        move |ledger: &mut SqliteLedger, now| relay.welcome(ledger, now, &request)
    };
    let answer = app.writer.run(work).await??;
    tracing::info!(device = answer.device.0, kiosk = answer.kiosk.is_some(), "enrolled");
    Ok(Response::new(Body::from(answer.to_bytes())))
}
