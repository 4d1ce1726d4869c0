//! Values of entries that are broken inside: canonical or not, huge, deep, of kinds and types that nobody expects.

use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use sanji_core::cbor::{self, Map, Value};
use sanji_core::ids::*;
use sanji_core::records::*;
use sanji_core::time::UtcSecs;

use crate::support::*;

/// A value of any shape.
pub fn any(rng: &mut ChaCha8Rng, depth: u32) -> Value {
    match rng.random_range(0..if depth == 0 { 6 } else { 8 }) {
        0 => Value::Null,
        1 => Value::Bool(rng.random()),
        2 => Value::Int(number(rng)),
        3 => Value::Bytes((0..rng.random_range(0..40)).map(|_| rng.random()).collect()),
        4 => Value::Text(["", "sick", "今天", "a\u{0}b", "\u{202e}"].choose(rng).unwrap().to_string()),
        5 => Value::Int(rng.random_range(-3..400)),
        6 => Value::Array((0..rng.random_range(0..5)).map(|_| any(rng, depth - 1)).collect()),
        _ => Value::Map((0..rng.random_range(0..4)).map(|_| (rng.random_range(0..20), any(rng, depth - 1))).collect()),
    }
}

/// A number that somebody forgot.
pub fn number(rng: &mut ChaCha8Rng) -> i64 {
    let odd =
        [0, 1, -1, i64::MAX, i64::MIN, i64::MAX - 1, 1 << 32, 1 << 53, u32::MAX.into(), -(1 << 40), 1_772_400_000];
    if rng.random() { *odd.choose(rng).unwrap() } else { rng.random() }
}

/// An entry as somebody honest would write it, of any of the kinds that matter here.
fn entry(rng: &mut ChaCha8Rng, re: Vec<EntryRef>) -> Entry {
    let person = *[TEACHER, COLLEAGUE, PRINCIPAL, DEPUTY, FOREIGN].choose(rng).unwrap();
    let reason = "因为".to_string();
    let time = UtcSecs(1_772_400_000 + rng.random_range(-400_000..400_000));
    let body: Body = match rng.random_range(0..16) {
        0..4 => check(if rng.random() { Direction::In } else { Direction::Out }),
        4 => Void {}.into(),
        5 => leave(rng.random_range(1..20)).into(),
        6 => approve(rng.random_range(1..20)).into(),
        7 => Correction { date: day(2), checks: vec![CheckTime { direction: Direction::In, at: time }], reason }.into(),
        8 => CheckOnBehalf { direction: Direction::In, at: time, reason }.into(),
        9 => FlagLift { reason }.into(),
        10 => roster(person, *Role::ALL.choose(rng).unwrap(), day(1), None).into(),
        11 => SchoolSet {
            school: SCHOOL,
            name: "别的".into(),
            kind: SchoolKind::Primary,
            senior: None,
            township: "可乐乡".into(),
            county_town: None,
            boarding: None,
            from: day(1),
            to: None,
            area: None,
        }
        .into(),
        12 => KioskCheck { direction: Direction::In }.into(),
        13 => FlexibleHours { from: day(1), to: day(30), ground: reason }.into(),
        14 => VisitShare { with: vec![posting(person)] }.into(),
        _ => Note { date: day(2), text: reason }.into(),
    };
    let reading = Reading { wall: time, session: rng.random_range(0..3), ms: rng.random_range(0..400_000_000) };
    Entry { reading, re, was: None, blobs: vec![], body }
}

/// References to entries that exist, don't exist, or are one's own.
pub fn references(rng: &mut ChaCha8Rng, known: &[EntryRef]) -> Vec<EntryRef> {
    (0..rng.random_range(0..3))
        .map(|_| match known.choose(rng) {
            Some(known) if rng.random() => *known,
            _ => EntryRef { actor: ActorId([rng.random_range(0..4); 16]), seq: number(rng) as u64, hash: rng.random() },
        })
        .collect()
}

/// The map of an entry, broken or not; without its salt.
pub fn map(rng: &mut ChaCha8Rng, known: &[EntryRef]) -> Map {
    let re = references(rng, known);
    let mut map = entry(rng, re).to_map();
    map.remove(&key::SALT);
    for _ in 0..rng.random_range(0..4) {
        let key = if rng.random() { rng.random_range(0..18) } else { number(rng) as u64 & (i64::MAX as u64) };
        if key == key::SALT {
            continue;
        }
        match rng.random_range(0..5) {
            0 => {
                map.remove(&key);
            }
            1 => {
                map.insert(key::KIND, Value::Int(if rng.random() { rng.random_range(0..400) } else { number(rng) }));
            }
            2 => {
                let was = references(rng, known).first().map_or(Value::Null, field::Scalar::to_value);
                map.insert(key::WAS, was);
            }
            3 => {
                let key = *[key::WALL, key::SESSION, key::MS].choose(rng).unwrap();
                map.insert(key, Value::Int(number(rng)));
            }
            _ => {
                map.insert(key, any(rng, 3));
            }
        }
    }
    map
}

/// Bytes in the place of a value: mostly canonical, sometimes what no writer of ours would write.
pub fn wire(rng: &mut ChaCha8Rng, map: &Map) -> Vec<u8> {
    let mut bytes = cbor::encode_map(map);
    match rng.random_range(0..20) {
        0 => bytes.truncate(rng.random_range(0..=bytes.len())),
        1 => {
            let at = rng.random_range(0..bytes.len());
            bytes[at] ^= 1 << rng.random_range(0..8);
        }
        2 => bytes = vec![0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        3 => bytes = [vec![0x81; rng.random_range(1..15_000)], vec![0]].concat(),
        4 => bytes = [vec![0xa1, 0x0a], vec![0x81; rng.random_range(1..2_000)], vec![0]].concat(),
        5 => bytes = vec![0xa1, 0x0a, 0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        6 => bytes.extend_from_slice(&[0; 3]),
        _ => {}
    }
    bytes
}
