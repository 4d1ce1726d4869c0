//! A timeline as bytes, so that a relay needn't read all of a device's pushes again.

use super::Timeline;
use super::session::{Session, Tie, Ties};
use crate::cbor::{self, CborError, Map, Value};
use crate::records::Reading;
use crate::time::UtcSecs;

/// Why bytes are no timeline.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimelineError {
    /// No canonical CBOR map.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// A part is missing or of another shape.
    #[error("a stored timeline is damaged at its {0}; make it again from the device's pushes")]
    Damaged(&'static str),
}

const COMPLETE: u64 = 0;
const SESSIONS: u64 = 1;

impl Timeline {
    /// This timeline as canonical CBOR: equal timelines give equal bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut map = Map::new();
        if let Some((n, reading)) = &self.complete {
            let parts = [int(*n), reading.wall.0, reading.session.into(), int(reading.ms)];
            map.insert(COMPLETE, Value::Array(parts.map(Value::Int).into()));
        }
        let sessions = self.sessions.iter().map(|(number, session)| session_value(*number, session));
        map.insert(SESSIONS, Value::Array(sessions.collect()));
        cbor::encode_map(&map)
    }

    /// Reads what [`Timeline::to_bytes`] wrote.
    ///
    /// # Errors
    /// When the bytes are something else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, TimelineError> {
        let map = cbor::decode_map(bytes)?;
        let complete = match map.get(&COMPLETE) {
            None => None,
            Some(value) => Some(complete(value).ok_or(TimelineError::Damaged("mark"))?),
        };
        let sessions = map.get(&SESSIONS).and_then(Value::array).ok_or(TimelineError::Damaged("list of sessions"))?;
        let sessions = sessions.iter().map(session).collect::<Option<_>>();
        Ok(Timeline { sessions: sessions.ok_or(TimelineError::Damaged("sessions"))?, complete })
    }
}

fn int(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn complete(value: &Value) -> Option<(u64, Reading)> {
    let [n, wall, session, ms] = value.array()? else { return None };
    let reading = Reading { wall: UtcSecs(wall.int()?), session: session.uint()?.try_into().ok()?, ms: ms.uint()? };
    Some((n.uint()?, reading))
}

fn session_value(number: u32, session: &Session) -> Value {
    let offset = session.offset.map_or(Vec::new(), |(low, high)| vec![Value::Int(low), Value::Int(high)]);
    Value::Array(vec![
        Value::Int(number.into()),
        Value::Int(session.last_ms),
        Value::Array(offset),
        ties_value(&session.latest),
        ties_value(&session.earliest),
    ])
}

fn session(value: &Value) -> Option<(u32, Session)> {
    let [number, last_ms, offset, latest, earliest] = value.array()? else { return None };
    let offset = match offset.array()? {
        [] => None,
        [low, high] => Some((low.int()?, high.int()?)),
        _ => return None,
    };
    let session = Session { latest: ties(latest)?, earliest: ties(earliest)?, last_ms: last_ms.int()?, offset };
    Some((number.uint()?.try_into().ok()?, session))
}

fn ties_value(ties: &Ties) -> Value {
    Value::Array(ties.0.iter().flat_map(|tie| [Value::Int(tie.ms), Value::Int(tie.at)]).collect())
}

fn ties(value: &Value) -> Option<Ties> {
    let (pairs, []) = value.array()?.as_chunks::<2>() else { return None };
    pairs.iter().map(|[ms, at]| Some(Tie { ms: ms.int()?, at: at.int()? })).collect::<Option<_>>().map(Ties)
}
