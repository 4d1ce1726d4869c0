//! What phone and relay say survives the wire, and costs what it may.
#![allow(clippy::unwrap_used)]

mod support;

use std::fmt::Debug;

use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use sanji_core::cbor::{self, Map, Value};
use sanji_core::crypto::Signature;
use sanji_core::sync::message::*;
use sanji_core::sync::wire::*;
use support::{any, school};

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

/// A push whose one run holds these values.
fn push_of(values: Vec<Vec<u8>>) -> Push {
    let mut push = school::day_push(&mut rng(1));
    push.runs[0].values = values;
    push
}

/// An integer that is small, near an edge of 64 bits, or anything.
fn int() -> impl Strategy<Value = i64> {
    prop_oneof![-3..300i64, any::<i64>(), Just(i64::MIN), Just(i64::MAX), 1_772_000_000..1_772_900_000i64]
}

/// Any canonical map that nests at most eight deep, its own keys half the time those of entries.
fn map() -> impl Strategy<Value = Map> {
    let leaf = prop_oneof![
        4 => int().prop_map(Value::Int),
        1 => proptest::collection::vec(any::<u8>(), 0..40).prop_map(Value::Bytes),
        1 => "\\PC{0,20}".prop_map(Value::Text),
        1 => any::<bool>().prop_map(Value::Bool),
        1 => Just(Value::Null),
    ];
    let value = leaf.prop_recursive(7, 24, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            proptest::collection::btree_map(any::<u64>(), inner, 0..4).prop_map(Value::Map),
        ]
    });
    proptest::collection::btree_map(prop_oneof![0..14u64, any::<u64>()], value, 0..8)
}

proptest! {
    #[test]
    fn the_values_of_any_canonical_maps_come_back_byte_for_byte(maps in proptest::collection::vec(map(), 0..12)) {
        up(&push_of(maps.iter().map(cbor::encode_map).collect()));
    }

    #[test]
    fn any_push_comes_back(seed: u64) {
        up(&any::push(&mut rng(seed)));
    }

    #[test]
    fn any_answer_comes_back(seed: u64) {
        let rng = &mut rng(seed);
        let body = any::body(rng);
        down(&body, rng);
    }

    #[test]
    fn whatever_stands_alone_comes_back(seed: u64) {
        fn back<T: Debug + PartialEq>(value: T, to: fn(&T) -> Vec<u8>, from: fn(&[u8]) -> Result<T, WireError>) {
            let bytes = to(&value);
            assert_eq!(from(&bytes), Ok(value));
            for end in 0..bytes.len() {
                assert!(from(&bytes[..end]).is_err(), "cut at {end}");
            }
            assert_eq!(from(&[&[VERSION + 1], &bytes[1..]].concat()), Err(WireError::Version(VERSION + 1)));
        }
        let rng = &mut rng(seed);
        back(any::row(rng), encode_signed_row, decode_signed_row);
        back(any::head(rng), encode_signed_head, decode_signed_head);
        back(any::certificate(rng), encode_certificate, decode_certificate);
        back(any::successor(rng), encode_successor, decode_successor);
        let half = |n: u64| n >> 1;
        let cursor = any::cursor(rng);
        let (effective, seq, notes) = (half(cursor.effective), half(cursor.seq), half(cursor.notes));
        back(Cursor { effective, seq, notes, ..cursor }, encode_cursor, decode_cursor);
        for again in any::push(rng).again {
            let chain = match again.chain {
                ChainName::Number(n) => ChainName::Number(LogNo(half(n.0))),
                name => name,
            };
            back(chain, encode_chain_name, decode_chain_name);
        }
        back(any::refusal(rng), encode_refusal, |bytes| decode_refusal(bytes, &Limits::default()));
    }
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
    assert!(four <= 160 && day <= 1_100 && nothing <= 235 && month <= 20_000, "{most:?}");
}

#[test]
fn a_new_chain_of_a_device_that_shows_its_key_costs_no_actor() {
    let rng = &mut rng(3);
    let phone = school::Phone::new(rng);
    let mut push = school::day_push(rng);
    let doc = sanji_core::ids::DocId::duty(phone.posting, jiff::civil::date(2026, 3, 2));
    push.device = DeviceName::Key(phone.key);
    push.runs[0].chain = ChainName::Name(doc, phone.actor());
    let own = up(&push);
    push.runs[0].chain = ChainName::Name(doc, sanji_core::ids::ActorId(school::bytes(rng)));
    let more = up(&push) - own;
    assert!((15..=16).contains(&more), "{more}");
}

#[test]
fn an_answer_is_bound_to_the_push_that_the_phone_expects_it_for() {
    let rng = &mut rng(4);
    let relay = sanji_core::crypto::SecretKey::from_seed(&[9; 32]);
    let expect = school::expect(rng);
    let body = encode_body(&school::idle_body(rng));
    let mut head = school::head(&expect, &body, rng);
    head.signature = relay.sign(sanji_core::labels::HEAD, &head.head.signed_bytes());
    let bytes = encode_answer(&head, &body);
    let read = |expect: &Expect, bytes: &[u8]| decode_answer(bytes, expect, &Limits::default());
    assert!(read(&expect, &bytes).unwrap().head.is_by(&relay.public()));
    let other = Expect { push: expect.push + 1, ..expect };
    assert!(!read(&other, &bytes).unwrap().head.is_by(&relay.public()), "another push");
    let mut changed = bytes.clone();
    *changed.last_mut().unwrap() ^= 1;
    let forged = read(&expect, &changed).is_ok_and(|answer| answer.head.is_by(&relay.public()));
    assert!(!forged, "another body");
}

#[test]
fn a_refusal_in_place_of_an_answer_is_said() {
    let refusal = Refusal::Busy(30);
    let expect = school::expect(&mut rng(5));
    let answer = decode_answer(&encode_refusal(&refusal), &expect, &Limits::default());
    assert_eq!(answer, Err(WireError::Refused(refusal)));
}

#[test]
fn another_version_is_refused_with_the_version_that_is_spoken() {
    let mut bytes = encode_push(&school::day_push(&mut rng(6)), &Signature([7; 64]));
    bytes[0] = 2;
    assert_eq!(decode_push(&bytes, &Limits::default()), Err(Refusal::Version(VERSION)));
    let expect = school::expect(&mut rng(6));
    assert_eq!(decode_answer(&bytes, &expect, &Limits::default()), Err(WireError::Version(2)));
}

#[test]
fn an_error_says_what_is_wrong_and_where() {
    let malformed = |push: &Push| match decode_push(&encode_push(push, &Signature([7; 64])), &Limits::default()) {
        Err(Refusal::Malformed(text)) => text,
        other => panic!("{other:?}"),
    };
    let good = school::day_push(&mut rng(7));
    let mut push = good.clone();
    push.runs[0].values[2] = vec![0xff];
    assert_eq!(malformed(&push), "run 0, value 2: its sender marked it as no canonical map");
    let mut push = good.clone();
    push.runs[0].first = 0;
    assert_eq!(malformed(&push), "run 0: entries are numbered from 1, in 64 bits");
    push.runs[0].first = u64::MAX - 2;
    assert_eq!(malformed(&push), "run 0: entries are numbered from 1, in 64 bits");
    assert_eq!(decode_push(&[], &Limits::default()), Err(Refusal::Malformed("an empty message".into())));
    let body = encode_refusal(&Refusal::Unavailable);
    let text = "byte 1: a message of kind 1 was expected, not 3".into();
    assert_eq!(decode_push(&body, &Limits::default()), Err(Refusal::Malformed(text)));
}

#[test]
fn what_would_be_too_large_is_refused_before_and_after_unpacking() {
    let small = Limits { body: 10_000, inflated: 100_000 };
    let mut push = school::day_push(&mut rng(8));
    let refused = |push: &Push| decode_push(&encode_push(push, &Signature([7; 64])), &small).err();
    assert_eq!(refused(&push), None);

    let doc = sanji_core::ids::DocId::county(school::COUNTY, jiff::civil::date(2026, 3, 2));
    push.blobs = vec![SmallBlob { doc, bytes: school::bytes::<20_000>(&mut rng(8)).to_vec() }];
    assert_eq!(refused(&push), Some(Refusal::TooLarge(10_000)), "long as it arrives");
    push.blobs = vec![SmallBlob { doc, bytes: vec![0; 200_000] }];
    assert_eq!(refused(&push), Some(Refusal::TooLarge(100_000)), "zeros that zstd packs well");
    push.blobs.clear();

    let value = push.runs[0].values[1].clone();
    push.runs[0].values = vec![value; 20_000];
    assert!(encode_push(&push, &Signature([7; 64])).len() < 3_000);
    assert_eq!(refused(&push), Some(Refusal::TooLarge(100_000)), "one entry, again and again");

    let long = cbor::encode_map(&[(10, Value::Text("长".repeat(1000)))].into());
    push.runs[0].values = vec![long; 200];
    assert_eq!(refused(&push), Some(Refusal::TooLarge(100_000)), "one text, named again and again");
}
