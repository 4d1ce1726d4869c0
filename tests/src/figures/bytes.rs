//! Bytes of bodies, as a real phone and a real relay exchange them in the routine of a term: chains and devices go by
//! number, and the last evening's answers have come. Beside them the same records as gzipped JSON.

use std::io::Write;

use data_encoding::HEXLOWER;
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::civil::{Date, date};
use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;
use sanji_core::cbor;
use sanji_core::crypto::{SecretKey, sha256};
use sanji_core::ids::CountyId;
use sanji_core::records::Entry;
use sanji_core::sync::ledger::MemoryLedger;
use sanji_core::sync::phone::MemoryStore;
use sanji_core::sync::relay::Relay;
use sanji_core::sync::wire;
use serde_json::{Value, json};

use super::Figure;
use crate::Outcome;
use crate::days::{Extras, InProcess, Life, evening, school_days};
use crate::phone::{Exchange, Phone};
use crate::school::{County, STAFF, key};

const SEED: u64 = 20_260_302;
/// The first day of the term that is measured.
const FIRST: Date = date(2026, 3, 2);
/// School days of the month that is measured.
const MONTH: usize = 22;
/// Days after which every chain has its number and every phone has confirmed a session.
const SETTLED: usize = 5;
/// Between syncs with nothing new, ms: long enough that a mark would be written anew.
pub(super) const IDLE_MS: i64 = 20 * 60_000;

/// Measures a day's syncs, a sync with nothing new, and a month's first one.
///
/// # Errors
/// When a phone or the relay fails.
pub fn measure() -> Outcome<Vec<Figure>> {
    let mut figures = routine()?;
    figures.push(month()?);
    Ok(figures)
}

/// Every evening all staff send their four checks and the principal fetches them; later there is nothing new.
fn routine() -> Outcome<Vec<Figure>> {
    let (county, mut ledger) = found(FIRST)?;
    let mut life = begin(&county, &mut ledger, FIRST)?;
    let (mut up, mut down, mut idle) = (Worst::default(), Worst::default(), 0);
    for (nth, day) in school_days(FIRST, 2 * SETTLED).into_iter().enumerate() {
        life.record_day(day, Extras { sessions: 0, visits: 0 })?;
        let sent = life.send(&county, &mut ledger, day)?;
        let sent: Vec<&[u8]> = sent.iter().filter_map(|exchanges| Some(&exchanges.first()?.up[..])).collect();
        let relay = &mut InProcess { county: &county, ledger: &mut ledger };
        let fetched = life.principal.phone.sync(relay, evening(day))?;
        if nth < SETTLED {
            continue;
        }
        for body in &sent {
            up.see(body, &[body], 4)?;
        }
        let [Exchange { down: answer, .. }] = &fetched[..] else {
            return Err(format!("{} answers instead of one", fetched.len()).into());
        };
        down.see(answer, &sent, 4 * STAFF)?;
        for again in 1..4 {
            let nothing = life.principal.phone.sync(relay, evening(day).plus(again * IDLE_MS))?;
            idle = idle.max(both_ways(&nothing));
        }
    }
    Ok(vec![
        up.figure("up4_bytes", 220.0),
        down.figure("down120_bytes", 1500.0),
        Figure::at_most("idle_bytes", idle as f64, 250.0),
    ])
}

/// The principal's new phone fetches a month of the school.
fn month() -> Outcome<Figure> {
    let (county, mut ledger) = found(FIRST)?;
    let mut life = begin(&county, &mut ledger, FIRST)?;
    let days = school_days(FIRST, MONTH);
    let mut sent: Vec<Vec<u8>> = Vec::new();
    for (nth, day) in days.iter().enumerate() {
        life.record_day(*day, Extras { sessions: 6, visits: nth % 2 })?;
        sent.extend(life.send(&county, &mut ledger, *day)?.into_iter().flatten().map(|exchange| exchange.up));
    }
    let now = evening(*days.last().ok_or("a month has days")?);
    let key = key(&mut life.rng);
    let principal = life.principal.person.id;
    county.enrol(&mut ledger, now, principal, &key)?;
    let store = MemoryStore::default();
    let mut phone = Phone::new(store, county.relay.county(), county.relay.public_key(), principal, key, now)?;
    let exchanges = phone.sync(&mut InProcess { county: &county, ledger: &mut ledger }, now)?;
    let sent: Vec<&[u8]> = sent.iter().map(|body| &body[..]).collect();
    let records = records(&sent)?;
    let most = STAFF * 4 * MONTH + 2 * 6 * MONTH;
    if records.len() < most {
        return Err(format!("{} records instead of {most}", records.len()).into());
    }
    Ok(Figure::at_most("month_bytes", both_ways(&exchanges) as f64, 40_000.0)
        .against("gzipped JSON", gzipped(&records)? as f64))
}

/// The largest body that was seen, and the same records as JSON.
#[derive(Default)]
struct Worst {
    body: usize,
    json: usize,
}

impl Worst {
    /// Looks at a body, with the pushes that first carried its records.
    fn see(&mut self, body: &[u8], pushes: &[&[u8]], expected: usize) -> Outcome<()> {
        let records = records(pushes)?;
        if records.len() != expected {
            return Err(format!("{} records instead of {expected}", records.len()).into());
        }
        if body.len() > self.body {
            *self = Worst { body: body.len(), json: gzipped(&records)? };
        }
        Ok(())
    }

    fn figure(self, name: &'static str, goal: f64) -> Figure {
        Figure::at_most(name, self.body as f64, goal).against("gzipped JSON", self.json as f64)
    }
}

/// The records of some pushes, as an ordinary app sends them.
fn records(pushes: &[&[u8]]) -> Outcome<Vec<Value>> {
    let mut found = Vec::new();
    for body in pushes {
        let (push, _) = wire::decode_push(body, &wire::Limits::default())?;
        for run in &push.runs {
            for (nth, value) in run.values.iter().enumerate() {
                let map = cbor::decode_map(value)?;
                let entry = Entry::from_map(&map)?;
                let id = sha256(&[&run.tip, &nth.to_be_bytes()]);
                let fields: serde_json::Map<String, Value> = map
                    .iter()
                    .filter(|(key, _)| **key >= 10)
                    .map(|(key, value)| (format!("field{key}"), plain(value)))
                    .collect();
                found.push(json!({
                    "id": HEXLOWER.encode(&id[..16]),
                    "device": format!("{:?}", push.device),
                    "at": entry.reading.wall.local().to_string(),
                    "kind": entry.body.name(),
                    "fields": fields,
                }));
            }
        }
    }
    Ok(found)
}

fn plain(value: &cbor::Value) -> Value {
    match value {
        cbor::Value::Int(n) => json!(n),
        cbor::Value::Text(text) => json!(text),
        cbor::Value::Bool(is) => json!(is),
        cbor::Value::Bytes(bytes) => json!(HEXLOWER.encode(bytes)),
        cbor::Value::Array(values) => values.iter().map(plain).collect(),
        cbor::Value::Map(map) => map.iter().map(|(key, value)| (key.to_string(), plain(value))).collect(),
        cbor::Value::Null => Value::Null,
    }
}

/// Bytes of these records as one gzipped JSON array.
fn gzipped(records: &[Value]) -> Outcome<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&serde_json::to_vec(records)?)?;
    Ok(encoder.finish()?.len())
}

/// Bytes of all bodies, both ways.
pub(super) fn both_ways(exchanges: &[Exchange]) -> usize {
    exchanges.iter().map(|exchange| exchange.up.len() + exchange.down.len()).sum()
}

/// A county with one school, on a relay in memory.
pub(super) fn found(first: Date) -> Outcome<(County, MemoryLedger)> {
    let mut ledger = MemoryLedger::default();
    let mut rng = ChaCha12Rng::seed_from_u64(SEED);
    let relay = Relay::new(CountyId::random(&mut rng), SecretKey::random(&mut rng));
    let county = County::found(relay, &mut ledger, &mut rng, 1, first)?;
    Ok((county, ledger))
}

/// The school opens its year and term, and its people enrol their phones.
fn begin(county: &County, ledger: &mut MemoryLedger, first: Date) -> Outcome<Life> {
    county.open_year(ledger, first)?;
    county.open_term(ledger, first)?;
    Life::begin(county, 0, ledger, first, SEED)
}
