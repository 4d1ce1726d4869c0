//! Whatever arrives, reading it ends: in an error, or in a value within the limits that can be said again.
#![allow(clippy::unwrap_used)]

mod support;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sanji_core::crypto::Signature;
use sanji_core::sync::message::*;
use sanji_core::sync::wire::*;
use support::{any, mutate, school};

const SIGNATURE: Signature = Signature([7; 64]);

/// Small, so that a campaign meets them.
const LIMITS: Limits = Limits { body: 1 << 16, inflated: 1 << 18 };

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// What reading came to, so that a campaign can show that it reached the depths.
#[derive(Debug, Default)]
struct Outcome {
    read: usize,
    refused: usize,
    deep: usize,
}

impl Outcome {
    fn count(&mut self, error: Option<String>) {
        match error {
            None => self.read += 1,
            Some(text) => {
                self.refused += 1;
                // Errors inside lists name the place.
                self.deep += usize::from(text.contains(':'));
            }
        }
    }
}

fn size_of_run(run: &Run) -> usize {
    run.values.iter().map(|v| v.len() + size_of::<Vec<u8>>()).sum::<usize>() + size_of::<Run>()
}

/// The memory that a push holds, roughly from below.
fn size_of_push(push: &Push) -> usize {
    let runs = push.runs.iter().chain(&push.recovered).map(size_of_run).sum::<usize>();
    runs + push.blobs.iter().map(|b| b.bytes.len()).sum::<usize>() + push.again.len() * size_of::<ChainRequest>()
}

fn size_of_body(body: &AnswerBody) -> usize {
    body.runs.iter().map(|d| size_of_run(&d.run) + size_of_val(&d.notes[..])).sum::<usize>()
        + body.blobs.iter().map(|b| b.bytes.len()).sum::<usize>()
        + body.kiosk.iter().map(|k| k.name.len() + k.verifier.len()).sum::<usize>()
        + size_of_val(&body.intros[..])
        + size_of_val(&body.notes[..])
        + size_of_val(&body.devices[..])
        + size_of_val(&body.marks[..])
        + size_of_val(&body.stored[..])
}

/// Reads bytes as a push; what is read holds no more than the limits and can be said again.
fn read_push(bytes: &[u8]) -> Option<String> {
    match decode_push(bytes, &LIMITS) {
        Err(refusal) => Some(refusal.to_string()),
        Ok((push, signature)) => {
            assert!(size_of_push(&push) <= LIMITS.inflated as usize);
            let again = encode_push(&push, &signature);
            assert!(decode_push(&again, &Limits::default()) == Ok((push, signature)));
            None
        }
    }
}

fn read_answer(bytes: &[u8], expect: &Expect) -> Option<String> {
    match decode_answer(bytes, expect, &LIMITS) {
        Err(error) => Some(error.to_string()),
        Ok(answer) => {
            assert!(size_of_body(&answer.body) <= LIMITS.inflated as usize);
            let again = encode_body(&answer.body);
            assert!(decode_body(&again, &Limits::default()) == Ok(answer.body));
            None
        }
    }
}

fn answer(body: &AnswerBody, expect: &Expect, rng: &mut ChaCha8Rng) -> Vec<u8> {
    let encoded = encode_body(body);
    encode_answer(&school::head(expect, &encoded, rng), &encoded)
}

#[test]
fn a_message_cut_at_any_byte_never_passes_for_the_whole() {
    let rng = &mut rng(1);
    for seed in 0..40 {
        let push = if seed == 0 { school::day_push(rng) } else { any::push(rng) };
        let bytes = encode_push(&push, &SIGNATURE);
        let whole = Ok((push, SIGNATURE));
        assert!(decode_push(&bytes, &LIMITS) == whole);
        for end in 0..bytes.len() {
            read_push(&bytes[..end]);
            assert!(decode_push(&bytes[..end], &LIMITS) != whole, "push {seed}, cut at {end}");
        }
        let expect = school::expect(rng);
        let body = if seed == 0 { school::day_body(6, rng) } else { any::body(rng) };
        let bytes = answer(&body, &expect, rng);
        let whole = decode_answer(&bytes, &expect, &LIMITS);
        assert!(whole.is_ok());
        for end in 0..bytes.len() {
            read_answer(&bytes[..end], &expect);
            assert!(decode_answer(&bytes[..end], &expect, &LIMITS) != whole, "answer {seed}, cut at {end}");
        }
    }
}

#[test]
fn a_message_with_any_bit_flipped_does_no_harm() {
    let rng = &mut rng(2);
    let expect = school::expect(rng);
    let push = encode_push(&school::day_push(rng), &SIGNATURE);
    let answer = answer(&school::day_body(3, rng), &expect, rng);
    let mut outcome = Outcome::default();
    for bit in 0..push.len() * 8 {
        let mut bytes = push.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        outcome.count(read_push(&bytes));
    }
    for bit in 0..answer.len() * 8 {
        let mut bytes = answer.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        outcome.count(read_answer(&bytes, &expect));
    }
    assert!(outcome.read > 0 && outcome.deep > 0, "{outcome:?}");
}

/// 100,000 inputs, or as many as `SANJI_HOSTILE` says: a tenth random, the rest good messages edited as they arrive (a
/// tenth), under the frame and the packing (half), or in their meaning (the rest).
#[test]
fn a_hundred_thousand_hostile_inputs_do_no_harm() {
    let count: usize =
        std::env::var("SANJI_HOSTILE").ok().map_or(100_000, |n| n.parse().expect("SANJI_HOSTILE: a number"));
    let rng = &mut rng(3);
    let expect = school::expect(rng);
    let mut outcome = Outcome::default();
    let mut good = (0..64).map(|i| seeds(i, &expect, rng)).collect::<Vec<_>>();
    for i in 0..count {
        if i % 64 == 0 {
            good[(i / 64) % 64] = seeds(i / 64 % 64, &expect, rng);
        }
        let (push, up, down) = &good[rng.random_range(0..good.len())];
        let upwards: bool = rng.random();
        let message = if upwards { up } else { down };
        let bytes = match i % 10 {
            0 => {
                let len = rng.random_range(0..300);
                let kind = if upwards { 1 } else { 2 };
                let random = (0..len).map(|_| rng.random::<u8>());
                [VERSION, kind].into_iter().chain(random).collect()
            }
            1 => {
                let mut bytes = message.clone();
                mutate::bytes(rng, &mut bytes);
                bytes
            }
            2..7 => mutate::parted(rng, message),
            _ => {
                let mut push = push.clone();
                mutate::meaning(rng, &mut push);
                outcome.count(read_push(&encode_push(&push, &SIGNATURE)));
                continue;
            }
        };
        outcome.count(if upwards { read_push(&bytes) } else { read_answer(&bytes, &expect) });
    }
    println!("{count} hostile inputs: {outcome:?}");
    assert_eq!(outcome.read + outcome.refused, count);
    assert!(outcome.read > count / 100 && outcome.deep > count / 10, "too shallow: {outcome:?}");
}

/// A good push, its bytes, and the bytes of a good answer; every fourth time with every field set.
fn seeds(i: usize, expect: &Expect, rng: &mut ChaCha8Rng) -> (Push, Vec<u8>, Vec<u8>) {
    let full = i.is_multiple_of(4);
    let push = if full { any::push(rng) } else { school::day_push(rng) };
    let body = if full { any::body(rng) } else { school::day_body(i % 4, rng) };
    let (up, down) = (encode_push(&push, &SIGNATURE), answer(&body, expect, rng));
    (push, up, down)
}

#[test]
fn stand_alone_forms_and_refusals_take_any_bytes() {
    let rng = &mut rng(5);
    for _ in 0..5_000 {
        let forms = [
            encode_signed_row(&any::row(rng)),
            encode_signed_head(&any::head(rng)),
            encode_certificate(&any::certificate(rng)),
            encode_successor(&any::successor(rng)),
            encode_refusal(&any::refusal(rng)),
        ];
        for mut bytes in forms {
            mutate::bytes(rng, &mut bytes);
            if let Ok(row) = decode_signed_row(&bytes) {
                assert_eq!(encode_signed_row(&row), bytes);
            }
            if let Ok(head) = decode_signed_head(&bytes) {
                assert_eq!(encode_signed_head(&head), bytes);
            }
            if let Ok(certificate) = decode_certificate(&bytes) {
                assert_eq!(encode_certificate(&certificate), bytes);
            }
            if let Ok(successor) = decode_successor(&bytes) {
                assert_eq!(encode_successor(&successor), bytes);
            }
            if let Ok(refusal) = decode_refusal(&bytes, &Limits::default()) {
                assert_eq!(encode_refusal(&refusal), bytes);
            }
            let _ = (decode_cursor(&bytes), decode_chain_name(&bytes));
        }
    }
}
