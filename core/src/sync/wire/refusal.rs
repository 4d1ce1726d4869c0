//! A refusal: after the frame's two bytes a canonical CBOR array of a number and what belongs to it.
//!
//! | number | refusal | with it |
//! |---|---|---|
//! | 1 | malformed | what and where, as text |
//! | 2 | too large | the most bytes that are taken |
//! | 3 | version | the version that the relay speaks |
//! | 4 | unknown device | |
//! | 5 | numbers void | |
//! | 6 | signature | |
//! | 7 | revoked | since when, relay clock, milliseconds |
//! | 8 | certificate | why, as text |
//! | 9 | busy | after how many seconds to try again |
//! | 10 | unavailable | |

use super::{Limits, WireError, frame};
use crate::cbor::{self, Value};
use crate::sync::message::Refusal;
use crate::time::UtcMs;

/// The bytes of a refusal.
pub fn encode_refusal(refusal: &Refusal) -> Vec<u8> {
    let (number, with) = match refusal {
        Refusal::Malformed(text) => (1, Some(Value::Text(text.clone()))),
        Refusal::TooLarge(bytes) => (2, Some(Value::Int(i64::from(*bytes)))),
        Refusal::Version(version) => (3, Some(Value::Int(i64::from(*version)))),
        Refusal::UnknownDevice => (4, None),
        Refusal::NumbersVoid => (5, None),
        Refusal::Signature => (6, None),
        Refusal::Revoked(at) => (7, Some(Value::Int(at.0))),
        Refusal::Certificate(text) => (8, Some(Value::Text(text.clone()))),
        Refusal::Busy(seconds) => (9, Some(Value::Int(i64::from(*seconds)))),
        Refusal::Unavailable => (10, None),
    };
    let mut message = frame::begin(frame::REFUSAL);
    message.extend(cbor::encode(&Value::Array([Some(Value::Int(number)), with].into_iter().flatten().collect())));
    message
}

/// Reads a refusal.
///
/// # Errors
/// When the bytes are longer than the limits, of another version, or no refusal.
pub fn decode_refusal(bytes: &[u8], limits: &Limits) -> Result<Refusal, WireError> {
    let (packed, rest) = frame::open(bytes, frame::REFUSAL, limits)?;
    let unknown = || WireError::malformed("a refusal that this version doesn't know");
    let value = cbor::decode(rest).map_err(|e| WireError::malformed(format!("the refusal: {e}")))?;
    let items = value.array().filter(|_| !packed).ok_or_else(unknown)?;
    read(items).ok_or_else(unknown)
}

fn read(items: &[Value]) -> Option<Refusal> {
    Some(match items {
        [Value::Int(1), Value::Text(text)] => Refusal::Malformed(text.clone()),
        [Value::Int(2), Value::Int(bytes)] => Refusal::TooLarge((*bytes).try_into().ok()?),
        [Value::Int(3), Value::Int(version)] => Refusal::Version((*version).try_into().ok()?),
        [Value::Int(4)] => Refusal::UnknownDevice,
        [Value::Int(5)] => Refusal::NumbersVoid,
        [Value::Int(6)] => Refusal::Signature,
        [Value::Int(7), Value::Int(at)] => Refusal::Revoked(UtcMs(*at)),
        [Value::Int(8), Value::Text(text)] => Refusal::Certificate(text.clone()),
        [Value::Int(9), Value::Int(seconds)] => Refusal::Busy((*seconds).try_into().ok()?),
        [Value::Int(10)] => Refusal::Unavailable,
        _ => return None,
    })
}
