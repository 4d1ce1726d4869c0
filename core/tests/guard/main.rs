//! Hostile input: bytes that nobody sent, and pushes that an enrolled key signed and that are broken inside. Whatever comes:
//! no panic, no unbounded memory, no document that stock Automerge fails to load, nothing of another person's counts, and an
//! honest phone's next push works.
//!
//! `SANJI_HOSTILE=n` sends n inputs instead of the ordinary number, `SANJI_HOSTILE_SEED=k` draws others.
#![cfg(feature = "documents")]
#![allow(clippy::unwrap_used)]

#[path = "../simulation/stock.rs"]
mod stock;
#[allow(dead_code)]
#[path = "../relay/support.rs"]
mod support;

mod bytes;
mod hold;
mod orders;
mod pushes;
mod values;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sanji_core::sync::message::Refusal;

use hold::Stage;

/// How many inputs the ordinary run sends.
const INPUTS: usize = 100_000;
/// After how many the whole relay is looked at, and begins anew.
const ROUND: usize = 250;

fn number(name: &str, ordinary: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is a number, not {text:?}")),
        Err(_) => ordinary,
    }
}

/// What became of the inputs.
#[derive(Default)]
struct Count {
    signed: usize,
    stored: usize,
    refused: std::collections::BTreeMap<&'static str, usize>,
}

fn name(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Malformed(_) => "malformed",
        Refusal::TooLarge(_) => "too large",
        Refusal::Version(_) => "version",
        Refusal::UnknownDevice => "unknown device",
        Refusal::NumbersVoid => "numbers void",
        Refusal::Signature => "signature",
        Refusal::Revoked(_) => "revoked",
        Refusal::Certificate(_) => "certificate",
        Refusal::Busy(_) => "busy",
        Refusal::Unavailable => "unavailable",
    }
}

fn send(round: u64, count: usize, template: &Stage) -> Count {
    let mut rng = ChaCha8Rng::seed_from_u64(round);
    let mut stage = template.clone();
    let mut counted = Count::default();
    for _ in 0..count {
        let signed = rng.random_range(0..100) < 70;
        let body = if signed { pushes::broken(&mut stage, &mut rng) } else { bytes::broken(&mut stage, &mut rng) };
        counted.signed += usize::from(signed);
        match stage.serve(&body) {
            Ok(_) => counted.stored += 1,
            Err(refusal) => *counted.refused.entry(name(&refusal)).or_default() += 1,
        }
    }
    stage.assert_holds();
    counted
}

#[test]
fn hostile_input_does_no_harm_however_it_is_made() {
    let template = Stage::new();
    let inputs = number("SANJI_HOSTILE", INPUTS as u64) as usize;
    let seed = number("SANJI_HOSTILE_SEED", 0);
    let rounds: Vec<u64> = (0..inputs.div_ceil(ROUND) as u64).map(|round| seed * 1_000_000 + round).collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let counts = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let (rounds, template, counts) = (&rounds, &template, &counts);
            scope.spawn(move || {
                for round in rounds.iter().skip(thread).step_by(threads) {
                    let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| send(*round, ROUND, template)));
                    match done {
                        Ok(count) => counts.lock().unwrap().push(count),
                        Err(panic) => {
                            println!("round {round}");
                            std::panic::resume_unwind(panic);
                        }
                    }
                }
            });
        }
    });
    let mut all = Count::default();
    for count in counts.into_inner().unwrap() {
        all.signed += count.signed;
        all.stored += count.stored;
        for (name, n) in count.refused {
            *all.refused.entry(name).or_default() += n;
        }
    }
    println!("{inputs} inputs, {} signed, {} stored, refused: {:?}", all.signed, all.stored, all.refused);
    assert!(all.signed * 2 >= inputs, "at least half are validly signed");
    assert!(all.stored * 10 >= all.signed, "many of them pass the gate and are judged inside");
    assert!(all.refused.len() >= 5, "the others fail at many gates");
}
