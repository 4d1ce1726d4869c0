#![allow(missing_docs, clippy::unwrap_used)]
use jiff::civil::date;
use sanji_core::crypto::SecretKey;
use sanji_core::documents::chain::*;
use sanji_core::ids::*;
use sanji_core::labels;
use sanji_core::records::*;
use sanji_core::sync::ledger::MemoryLedger;
use sanji_core::sync::message::*;
use sanji_core::sync::relay::book::*;
use sanji_core::sync::relay::*;
use sanji_core::sync::wire;
use sanji_core::time::*;
fn main() {
    let county = CountyId(*b"hezhang1");
    let relay = Relay::new(county, SecretKey::from_seed(&[7; 32]));
    let mut ledger = MemoryLedger::default();
    let t0 = instant(date(2026, 3, 1), jiff::civil::time(8, 0, 0, 0)).ms();
    let admin = PersonId(*b"p-admin-");
    relay.grant(&mut ledger, t0, admin, Role::Administrator, Scope::County, (date(2026, 1, 1), None)).unwrap();
    let mut bodies = vec![];
    let devices: u32 = std::env::args().nth(1).and_then(|a| a.parse().ok()).unwrap_or(1000);
    let rounds = 3;
    let mut made = vec![];
    for d in 0..devices {
        let school = SchoolId([3, 0, 0, 0, 0, 0, 0, (d % 33) as u8]);
        let person = PersonId([1, 0, 0, 0, (d >> 24) as u8, (d >> 16) as u8, (d >> 8) as u8, d as u8]);
        let posting = PostingId([2, 0, 0, 0, (d >> 24) as u8, (d >> 16) as u8, (d >> 8) as u8, d as u8]);
        let r = RosterSet { person, posting, name: "x".into(), role: Role::Staff, from: date(2026, 2, 1), to: None, teaches: None };
        relay.write(&mut ledger, t0, Desk { person: admin }, vec![(DocId::school(school, date(2026, 3, 1)), vec![], r.into())]).unwrap();
        let mut seed = [9; 32];
        seed[..4].copy_from_slice(&d.to_be_bytes());
        let key = SecretKey::from_seed(&seed);
        let dev = relay.enrol(&mut ledger, t0, key.public(), Some(person), None).unwrap();
        made.push((d, posting, key, dev));
    }
    let h = Book::new(county, &mut ledger).head().unwrap();
    let cursor = Cursor { effective: h.n.0, seq: h.n.0, head: h.l.short(), notes: h.notes };
    for (d, posting, key, dev) in made {
        let doc = DocId::duty(posting, date(2026, 3, 2));
        let mut tip = Tip::start(county, doc, key.public().actor(), Salt([d as u8; 16]));
                for round in 0..rounds {
            let first = tip.seq + 1;
            let mut values = vec![];
            for i in 0..4u64 {
                let ms = 3_600_000 * (round + 1) + i * 60_000;
                let reading = Reading { wall: UtcMs(t0.0 + 86_400_000 + ms as i64).secs(), session: 1, ms };
                let e = Entry { reading, re: vec![], was: None, blobs: vec![], body: Check { direction: Direction::In, place: None }.into() };
                let (t, l) = tip.append(e.to_map()).unwrap();
                tip = t;
                values.push(to_wire(l.seq, &l.value).unwrap());
            }
            let push = Push { device: DeviceName::Number(dev.number), n: round + 1, build: 1, reading: Reading { wall: UtcMs(t0.0 + 86_400_000 + 3_600_000 * (round as i64 + 2)).secs(), session: 1, ms: 3_600_000 * (round + 2) }, last_answer: None, cursor, nothing_unsent: true, page: 65536, have: None,
                runs: vec![Run { chain: ChainName::Name(doc, key.public().actor()), first, tip: tip.hash.short(), values }], recovered: vec![], blobs: vec![], again: vec![], rows: vec![], lost_head: None, certificate: None, successor: None };
            let sig = key.sign(labels::PUSH, &push.signed_bytes(county, key.public().actor(), &[SignedTip { doc, seq: tip.seq, hash: tip.hash }]));
            bodies.push((round, wire::encode_push(&push, &sig)));
        }
    }
    bodies.sort_by_key(|b| b.0);
    for round in 0..rounds {
        let start = std::time::Instant::now();
        let mut n = 0;
        let mut down = 0;
        for (_, b) in bodies.iter().filter(|b| b.0 == round) {
            down += relay.sync(&mut ledger, UtcMs(t0.0 + 86_400_000 + 3_600_000 * (round as i64 + 2)), b).unwrap().len();
            n += 1;
        }
        let s = start.elapsed().as_secs_f64();
        println!("round {round}: {n} syncs {:.0}/s, {} B up, {} B down", n as f64 / s, bodies.iter().find(|b| b.0 == round).unwrap().1.len(), down / n);
    }
}
