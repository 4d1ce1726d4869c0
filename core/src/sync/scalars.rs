//! Identifiers of the protocol as values of stored rows.

use crate::cbor::Value;
use crate::crypto::EntryHash;
use crate::ids::DocId;
use crate::records::field::Scalar;
use crate::sync::message::{LogNo, RetireReason, Via};
use crate::time::UtcMs;

macro_rules! scalar {
    ($type:ty, $to:expr, $from:expr) => {
        impl Scalar for $type {
            fn to_value(&self) -> Value {
                let to: fn(&$type) -> Value = $to;
                to(self)
            }
            fn from_value(value: &Value) -> Option<Self> {
                let from: fn(&Value) -> Option<$type> = $from;
                from(value)
            }
        }
    };
}

scalar!(u64, |n| Value::Int(i64::try_from(*n).unwrap_or(i64::MAX)), Value::uint);
scalar!(LogNo, |n| n.0.to_value(), |v| v.uint().map(LogNo));
scalar!(UtcMs, |t| Value::Int(t.0), |v| v.int().map(UtcMs));
scalar!(EntryHash, |h| Value::Bytes(h.0.to_vec()), |v| EntryHash::from_slice(v.bytes()?));
scalar!(DocId, |d| Value::Bytes(d.to_bytes().to_vec()), |v| DocId::from_bytes(v.bytes()?));
scalar!(
    Via,
    |v| Value::Int(match v {
        Via::Phone => 1,
        Via::Kiosk => 2,
        Via::Desk => 3,
    }),
    |v| match v.int()? {
        1 => Some(Via::Phone),
        2 => Some(Via::Kiosk),
        3 => Some(Via::Desk),
        _ => None,
    }
);
scalar!(
    RetireReason,
    |r| Value::Int(match r {
        RetireReason::Replaced => 1,
        RetireReason::Lost => 2,
        RetireReason::Broken => 3,
    }),
    |v| match v.int()? {
        1 => Some(RetireReason::Replaced),
        2 => Some(RetireReason::Lost),
        3 => Some(RetireReason::Broken),
        _ => None,
    }
);
