//! `GET /healthz`: whether the relay can store, for whatever watches it. No personal data.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use sanji_core::sync::ledger::LedgerError;
use sanji_core::sync::relay::book::Book;
use serde::Serialize;

use crate::app::SharedApp;
use crate::store::{SqliteLedger, ledger_error};
use crate::writer::WriterError;

/// The state of a relay.
#[derive(Serialize)]
struct Health {
    /// `writable`, `full`, `busy` or `failing`.
    store: &'static str,
    /// The last log number; absent if it can't be read.
    log: Option<u64>,
    /// The version of this program.
    version: &'static str,
}

/// Writes one row, as a sync would, and says how that went.
pub(super) async fn health(State(app): State<SharedApp>) -> impl IntoResponse {
    let county = app.relay.county();
    let probe = move |ledger: &mut SqliteLedger, now: sanji_core::time::UtcMs| {
        let sql = "INSERT INTO probe (id, at_ms) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET at_ms = ?1";
        ledger.sql().execute(sql, [now.0]).map_err(ledger_error)?;
        Book::new(county, ledger).head().map(|head| head.n.0)
    };
    let result = match app.writer.run(probe).await {
        Ok(result) => result.map_err(WriterError::Store),
        Err(error) => Err(error),
    };
    let store = match &result {
        Ok(_) => "writable",
        Err(WriterError::Store(LedgerError::Full)) => "full",
        Err(WriterError::Busy) => "busy",
        Err(_) => "failing",
    };
    let status = if result.is_ok() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let health = Health { store, log: result.ok(), version: env!("CARGO_PKG_VERSION") };
    // Two texts and a number can always be written.
    let body = serde_json::to_string(&health).unwrap_or_default();
    (status, [(header::CONTENT_TYPE, "application/json")], body)
}
