//! Hostile bytes from good ones. Three depths: the bytes as they arrive; the parts of a message after unpacking, packed
//! again, so that what lies under the frame and zstd is reached; and its meaning, said again by the honest writer.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use sanji_core::sync::message::*;
use sanji_core::sync::wire::{Limits, parts};

/// Numbers at which arithmetic breaks.
const EDGES: [u64; 10] = [0, 1, 127, 255, 65_536, u32::MAX as u64, 1 << 32, i64::MAX as u64, 1 << 63, u64::MAX];

pub fn edge(rng: &mut ChaCha8Rng) -> u64 {
    match rng.random_range(0..=EDGES.len()) {
        i if i < EDGES.len() => EDGES[i],
        _ => rng.random(),
    }
}

/// One to four edits of the bytes.
pub fn bytes(rng: &mut ChaCha8Rng, bytes: &mut Vec<u8>) {
    for _ in 0..rng.random_range(1..=4) {
        let at = rng.random_range(0..=bytes.len());
        let to = (at + rng.random_range(0..16)).min(bytes.len());
        match rng.random_range(0..8) {
            0 if at < bytes.len() => bytes[at] ^= 1 << rng.random_range(0..8),
            1 if at < bytes.len() => bytes[at] = rng.random(),
            2 => bytes.insert(at, rng.random()),
            3 => drop(bytes.drain(at..to)),
            4 => bytes.truncate(at),
            5 => bytes.extend_from_within(at..to),
            6 => bytes[at..to].fill([0, 0xff][rng.random_range(0..2)]),
            _ => bytes.resize(bytes.len() + rng.random_range(1..64), rng.random()),
        }
    }
}

/// The message with its parts edited and packed again; as it is if it has no parts.
pub fn parted(rng: &mut ChaCha8Rng, message: &[u8]) -> Vec<u8> {
    let Ok(mut parts) = parts(message, &Limits::default()) else { return message.to_vec() };
    match rng.random_range(0..8) {
        0 if !parts.bulk.is_empty() => bytes(rng, &mut parts.bulk),
        1 => bytes(rng, &mut parts.head),
        2 => {
            // Good to here, rubbish from here.
            let at = rng.random_range(0..=parts.stream.len());
            parts.stream.truncate(at);
            let len = rng.random_range(0..200);
            parts.stream.extend((0..len).map(|_| rng.random::<u8>()));
        }
        _ => bytes(rng, &mut parts.stream),
    }
    if parts.head.len() < 2 {
        return parts.head;
    }
    parts.join()
}

/// A push that means something else: numbers at their edges, values broken, runs and rows repeated or swapped.
pub fn meaning(rng: &mut ChaCha8Rng, push: &mut Push) {
    for _ in 0..rng.random_range(1..=3) {
        match rng.random_range(0..12) {
            0 => push.n = edge(rng),
            1 => push.reading.ms = edge(rng),
            2 => push.reading.wall.0 = edge(rng) as i64,
            3 => push.cursor.effective = edge(rng),
            4 => push.cursor.seq = edge(rng),
            5 => push.device = DeviceName::Number(LogNo(edge(rng))),
            6 => push.last_answer = Some(AnswerReading { push: edge(rng), session: rng.random(), ms: edge(rng) }),
            7 => push.page = edge(rng) as u32,
            8 if !push.runs.is_empty() => {
                let copy = push.runs[rng.random_range(0..push.runs.len())].clone();
                push.runs.push(copy);
            }
            _ if !push.runs.is_empty() => {
                let at = rng.random_range(0..push.runs.len());
                run(rng, &mut push.runs[at]);
            }
            _ => push.nothing_unsent = !push.nothing_unsent,
        }
    }
}

fn run(rng: &mut ChaCha8Rng, run: &mut Run) {
    match rng.random_range(0..7) {
        0 => run.first = edge(rng),
        1 => run.tip = rng.random(),
        2 => run.chain = ChainName::Number(LogNo(edge(rng))),
        3 if !run.values.is_empty() => drop(run.values.remove(rng.random_range(0..run.values.len()))),
        4 if !run.values.is_empty() => {
            let copy = run.values[rng.random_range(0..run.values.len())].clone();
            run.values.push(copy);
        }
        _ if !run.values.is_empty() => {
            let at = rng.random_range(0..run.values.len());
            value(rng, &mut run.values[at]);
        }
        _ => run.values.push(vec![0xa0]),
    }
}

/// A value that is another canonical map, or none at all.
fn value(rng: &mut ChaCha8Rng, value: &mut Vec<u8>) {
    use sanji_core::cbor::{Value, decode_map, encode_map};
    let Ok(mut map) = decode_map(value) else { return bytes(rng, value) };
    let keys: Vec<u64> = map.keys().copied().collect();
    let key =
        if keys.is_empty() || rng.random_range(0..4) == 0 { edge(rng) } else { keys[rng.random_range(0..keys.len())] };
    let new = match rng.random_range(0..8) {
        0 => Some(Value::Null),
        1 => Some(Value::Bytes(vec![rng.random(); rng.random_range(0..40)])),
        2 => Some(Value::Text("\u{202e}假".repeat(rng.random_range(0..40)))),
        3 => Some(Value::Array(vec![Value::Int(edge(rng) as i64); rng.random_range(0..20)])),
        4 => Some(Value::Map([(edge(rng), Value::Bool(true))].into())),
        5 => None,
        6 => return bytes(rng, value),
        _ => Some(Value::Int(edge(rng) as i64)),
    };
    match new {
        Some(new) => drop(map.insert(key, new)),
        None => drop(map.remove(&key)),
    }
    *value = encode_map(&map);
}
