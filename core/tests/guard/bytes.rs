//! Bytes that no phone sent.

use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use sanji_core::sync::wire;

use crate::hold::Stage;

/// A sound push that was changed on the way, two that were mixed, a bomb, or noise.
pub fn broken(stage: &mut Stage, rng: &mut ChaCha8Rng) -> Vec<u8> {
    let mut body = stage.samples.choose(rng).unwrap().clone();
    match rng.random_range(0..10) {
        0..4 => {
            for _ in 0..rng.random_range(1..6) {
                let at = rng.random_range(0..body.len());
                body[at] ^= 1 << rng.random_range(0..8);
            }
        }
        4 => body.truncate(rng.random_range(0..body.len())),
        5 => {
            let other = stage.samples.choose(rng).unwrap();
            let cut = rng.random_range(0..body.len());
            body.truncate(cut);
            body.extend_from_slice(&other[cut.min(other.len())..]);
        }
        6 => {
            let at = rng.random_range(0..body.len());
            let noise: Vec<u8> = (0..rng.random_range(1..40)).map(|_| rng.random()).collect();
            body.splice(at..at, noise);
        }
        7 => return bomb(stage, rng),
        8 => {
            // Our version and kind, then noise.
            body = [vec![body[0], body[1]], (0..rng.random_range(0..400)).map(|_| rng.random()).collect()].concat();
        }
        _ => body = (0..rng.random_range(0..300)).map(|_| rng.random()).collect(),
    }
    let limits = wire::Limits::default();
    if let Ok((push, _)) = wire::decode_push(&body, &limits) {
        let runs = push.runs.iter().chain(&push.recovered);
        let values: usize = runs.flat_map(|run| &run.values).map(Vec::len).sum();
        let blobs: usize = push.blobs.iter().map(|blob| blob.bytes.len()).sum();
        assert!(values + blobs <= limits.inflated as usize, "a push never unfolds to more than the limit");
    }
    body
}

/// A bulk that unpacks to far more than it weighs.
fn bomb(stage: &Stage, rng: &mut ChaCha8Rng) -> Vec<u8> {
    let packed = stage.bombs.choose(rng).unwrap();
    let mut body = vec![sanji_core::sync::message::VERSION, 0x81];
    body.extend((0..64).map(|_| rng.random::<u8>()));
    let mut length = packed.len();
    while length >= 0x80 {
        body.push(length as u8 | 0x80);
        length >>= 7;
    }
    body.push(length as u8);
    body.extend(packed);
    body.extend((0..rng.random_range(0..200)).map(|_| rng.random::<u8>()));
    body
}
