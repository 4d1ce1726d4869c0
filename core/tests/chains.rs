//! Chains are what stock Automerge would have written, and stock Automerge reads them in any order.
#![allow(clippy::unwrap_used)]

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId as AmActor, AutoCommit, Automerge, ROOT, ReadDoc};
use jiff::civil::date;
use proptest::prelude::*;
use sanji_core::crypto::{EntryHash, SecretKey};
use sanji_core::documents::chain::{Link, Salt, Tip, root_key, to_wire};
use sanji_core::documents::genesis;
use sanji_core::ids::{ActorId, CountyId, DocId, PostingId};
use sanji_core::records::{Check, Direction, Entry, Note, Reading};
use sanji_core::time::UtcSecs;

const COUNTY: CountyId = CountyId(*b"hezhang1");

fn doc() -> DocId {
    DocId::duty(PostingId(*b"posting1"), date(2026, 3, 2))
}

fn entry(i: u64) -> Entry {
    let body = if i.is_multiple_of(3) {
        Note { date: date(2026, 3, 2), text: format!("第{i}条") }.into()
    } else {
        Check { direction: if i.is_multiple_of(2) { Direction::In } else { Direction::Out }, place: None }.into()
    };
    let reading = Reading { wall: UtcSecs(1_772_411_400 + i as i64 * 60), session: 1, ms: i * 60_000 };
    Entry { reading, re: vec![], was: None, blobs: vec![], body }
}

fn chain(seed: u8, count: u64) -> (ActorId, Tip, Vec<Link>) {
    let actor = SecretKey::from_seed(&[seed; 32]).public().actor();
    let start = Tip::start(COUNTY, doc(), actor, Salt([seed; 16]));
    let mut tip = start;
    let mut links = Vec::new();
    for i in 0..count {
        let (next, link) = tip.append(entry(i).to_map()).unwrap();
        tip = next;
        links.push(link);
    }
    (actor, start, links)
}

#[test]
fn golden_vectors_of_genesis_and_chain_never_change() {
    let (_, start, links) = chain(1, 3);
    let golden = include_str!("golden/chain.txt");
    let mut lines = vec![format!("genesis {}", start.hash)];
    let mut tip = start;
    for link in &links {
        let mut change = tip.change(&link.value);
        lines.push(format!("value {}", data_encoding::HEXLOWER.encode(&link.value)));
        lines.push(format!("change {}", data_encoding::HEXLOWER.encode(&change.bytes())));
        lines.push(format!("hash {}", link.hash));
        tip = Tip { seq: link.seq, hash: link.hash, ..tip };
    }
    assert_eq!(lines.join("\n") + "\n", golden);
}

#[test]
fn a_change_has_the_bytes_that_autocommit_writes() {
    for seed in 1..20 {
        let (actor, start, links) = chain(seed, 40);
        let mut stock = AutoCommit::new().with_actor(AmActor::from(&actor.0[..]));
        stock.apply_changes([genesis::change(COUNTY, doc())]).unwrap();
        let mut tip = start;
        for link in links {
            stock.put(ROOT, root_key(actor, link.seq), automerge::ScalarValue::Bytes(link.value.clone())).unwrap();
            stock.commit_with(CommitOptions::default().with_time(0));
            let mut written = stock.get_last_local_change().unwrap().clone();
            assert_eq!(written.bytes(), tip.change(&link.value).bytes());
            assert_eq!(written.hash().0, link.hash.0);
            tip = Tip { seq: link.seq, hash: link.hash, ..tip };
        }
    }
}

#[test]
fn a_receiver_rebuilds_the_chain_from_what_travels() {
    let (actor, _, links) = chain(3, 50);
    let first = &links[0].value;
    let mut tip = Tip::start_of(COUNTY, doc(), actor, first).unwrap();
    for link in &links {
        let wire = to_wire(link.seq, &link.value).unwrap();
        assert!(link.seq == 1 || wire.len() < link.value.len(), "a later salt does not travel");
        let (next, rebuilt) = tip.append_wire(&wire).unwrap();
        assert_eq!(&rebuilt, link);
        tip = next;
    }
    assert!(tip.append_wire(first).is_err(), "a later entry that brings a salt is refused");
}

#[test]
fn equal_entries_have_unlike_hashes_in_unlike_places() {
    let mut hashes: Vec<EntryHash> = Vec::new();
    for (doc, seed) in [(doc(), 1), (DocId::duty(PostingId(*b"posting2"), date(2026, 3, 2)), 1), (doc(), 2)] {
        let actor = SecretKey::from_seed(&[seed; 32]).public().actor();
        let start = Tip::start(COUNTY, doc, actor, Salt([9; 16]));
        hashes.push(start.append(entry(0).to_map()).unwrap().1.hash);
    }
    let other = Tip::start(CountyId([0; 8]), doc(), SecretKey::from_seed(&[1; 32]).public().actor(), Salt([9; 16]));
    hashes.push(other.append(entry(0).to_map()).unwrap().1.hash);
    hashes.sort();
    hashes.dedup();
    assert_eq!(hashes.len(), 4);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn stock_automerge_merging_the_chains_in_any_order_has_exactly_the_entries(
        lengths in proptest::collection::vec(1u64..12, 1..5),
        shuffle in any::<u64>(),
    ) {
        use rand::seq::SliceRandom;
        use rand::SeedableRng;
        let mut changes = vec![genesis::change(COUNTY, doc())];
        let mut expected = std::collections::BTreeMap::new();
        for (i, length) in lengths.iter().enumerate() {
            let (actor, start, links) = chain(i as u8 + 1, *length);
            let mut tip = start;
            for link in links {
                changes.push(tip.change(&link.value));
                tip = Tip { seq: link.seq, hash: link.hash, ..tip };
                expected.insert(root_key(actor, link.seq), link.value);
            }
        }
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(shuffle);
        changes.shuffle(&mut rng);
        let mut stock = Automerge::new();
        for part in changes.chunks(3) {
            stock.apply_changes(part.to_vec()).unwrap();
        }
        let stock = Automerge::load(&stock.save()).unwrap();
        let mut found = std::collections::BTreeMap::new();
        for item in stock.map_range(ROOT, ..) {
            if item.key != genesis::KEY {
                found.insert(item.key.to_string(), item.value.into_value().into_bytes().unwrap());
            }
        }
        prop_assert_eq!(found, expected);
    }
}
