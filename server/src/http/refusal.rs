//! Refusals as answers: the body says it to a phone, the status to whatever stands between.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sanji_core::sync::ledger::LedgerError;
use sanji_core::sync::message::Refusal;
use sanji_core::sync::relay::RelayError;
use sanji_core::sync::wire;

use super::limits::ComeBack;
use crate::writer::WriterError;

/// When to come back after a failing store.
const UNAVAILABLE_SECONDS: u32 = 60;

/// When to come back if too much waits.
const BUSY_SECONDS: u32 = 5;

/// A refusal on its way to a phone.
pub(super) struct Refused(pub Refusal);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, wait) = match &self.0 {
            Refusal::Malformed(_) => (StatusCode::BAD_REQUEST, None),
            Refusal::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, None),
            Refusal::Version(_) => (StatusCode::UPGRADE_REQUIRED, None),
            Refusal::UnknownDevice | Refusal::Signature => (StatusCode::UNAUTHORIZED, None),
            Refusal::NumbersVoid => (StatusCode::CONFLICT, None),
            Refusal::Revoked(_) | Refusal::Certificate(_) => (StatusCode::FORBIDDEN, None),
            Refusal::Busy(seconds) => (StatusCode::TOO_MANY_REQUESTS, Some(*seconds)),
            Refusal::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, Some(UNAVAILABLE_SECONDS)),
        };
        let mut response = Response::new(Body::from(wire::encode_refusal(&self.0)));
        *response.status_mut() = status;
        if let Some(seconds) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Refused(refusal)
    }
}

impl From<ComeBack> for Refused {
    fn from(wait: ComeBack) -> Self {
        Refused(Refusal::Busy(wait.0))
    }
}

impl From<LedgerError> for Refused {
    fn from(error: LedgerError) -> Self {
        tracing::error!(%error, "the store failed");
        Refused(Refusal::Unavailable)
    }
}

impl From<RelayError> for Refused {
    fn from(error: RelayError) -> Self {
        match error {
            RelayError::Refused(refusal) => Refused(refusal),
            RelayError::Ledger(error) => error.into(),
        }
    }
}

impl From<WriterError> for Refused {
    fn from(error: WriterError) -> Self {
        match error {
            WriterError::Busy => Refused(Refusal::Busy(BUSY_SECONDS)),
            WriterError::Stopped | WriterError::Store(_) | WriterError::Panicked => Refused(Refusal::Unavailable),
        }
    }
}

/// A plain answer that says when to come back.
pub(super) fn come_back(status: StatusCode, seconds: u32, text: &'static str) -> Response {
    (status, [(header::RETRY_AFTER, HeaderValue::from(seconds))], text).into_response()
}
