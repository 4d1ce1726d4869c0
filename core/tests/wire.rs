//! What phone and relay say survives the wire, and costs what it may.
#![allow(clippy::unwrap_used)]

mod support;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use sanji_core::crypto::Signature;
use sanji_core::sync::message::*;
use sanji_core::sync::wire::*;
use support::school;

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// The bytes of a push, after checking that it reads back.
fn up(push: &Push) -> usize {
    let bytes = encode_push(push, &Signature([7; 64]));
    assert_eq!(decode_push(&bytes, &Limits::default()), Ok((push.clone(), Signature([7; 64]))));
    bytes.len()
}

/// The bytes of an answer with this body, after checking that it reads back.
fn down(body: &AnswerBody, rng: &mut ChaCha8Rng) -> usize {
    let expect = school::expect(rng);
    let encoded = encode_body(body);
    assert_eq!(decode_body(&encoded, &Limits::default()).as_ref(), Ok(body));
    let head = school::head(&expect, &encoded, rng);
    let bytes = encode_answer(&head, &encoded);
    assert_eq!(decode_answer(&bytes, &expect, &Limits::default()), Ok(Answer { head, body: body.clone() }));
    bytes.len()
}

#[test]
fn a_day_up_a_day_down_nothing_and_a_month_cost_what_they_may() {
    let mut most = [0; 4];
    for seed in 0..20 {
        let rng = &mut rng(seed);
        let mut idle = school::day_push(rng);
        let four = up(&idle);
        idle.runs.clear();
        let nothing = up(&idle) + down(&school::idle_body(rng), rng);
        let day = down(&school::day_body(30, rng), rng);
        let month = if seed < 3 { down(&school::month_body(rng), rng) } else { 0 };
        for (most, bytes) in most.iter_mut().zip([four, day, nothing, month]) {
            *most = bytes.max(*most);
        }
    }
    let [four, day, nothing, month] = most;
    println!("4 entries up {four} B, 120 down {day} B, nothing new both ways {nothing} B, a school month {month} B");
    assert!(four <= 180 && day <= 1_200 && nothing <= 250 && month <= 40_000, "{most:?}");
}
