//! Pushes that an enrolled key signed, over whatever can be rebuilt of them, and that are broken inside.

use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use sanji_core::crypto::{BodyHash, EnvelopeHash, LogHash, SecretKey, Signature};
use sanji_core::documents::chain::{Salt, Tip};
use sanji_core::ids::*;
use sanji_core::labels;
use sanji_core::records::*;
use sanji_core::sync::message::*;
use sanji_core::sync::wire;
use sanji_core::time::UtcMs;

use crate::hold::Stage;
use crate::support::*;
use crate::values;

/// Documents that exist and that don't, of every kind.
fn doc(rng: &mut ChaCha8Rng) -> DocId {
    let today = day(2);
    let all = [
        duty(TEACHER),
        duty(TEACHER),
        duty(TEACHER),
        duty(COLLEAGUE),
        duty(PRINCIPAL),
        DocId::school(SCHOOL, today),
        DocId::school(OTHER, today),
        DocId::county(COUNTY, today),
        DocId::county(CountyId(*b"another1"), today),
        DocId::register(SCHOOL, today),
        DocId::visit(VisitId(*b"visit-01"), today),
        DocId { kind: DocKind::OfficeFees, object: SCHOOL.0, label: DocId::school(SCHOOL, today).label },
        DocId { kind: DocKind::OfficeStaff, object: rng.random(), label: DocId::school(SCHOOL, today).label },
    ];
    *all.choose(rng).unwrap()
}

/// A run of broken entries upon what the device has in a document, with the tip that it leads to as far as it does.
fn run(stage: &mut Stage, rng: &mut ChaCha8Rng, device: &Device, doc: DocId) -> (Run, SignedTip) {
    let actor = device.actor();
    let known = stage.known.clone();
    let chain = stage.book().chain_of(doc, actor).unwrap();
    let mut salt = [0; 16];
    salt[..11].copy_from_slice(&doc.to_bytes());
    let mut tip = match &chain {
        Some(row) if rng.random_range(0..10) > 0 => {
            Tip { doc, actor, seq: row.seq, hash: row.hash, salt: Salt(row.salt.0[..].try_into().unwrap()) }
        }
        _ => Tip::start(COUNTY, doc, actor, Salt(salt)),
    };
    let first = tip.seq + 1;
    let mut values = Vec::new();
    for _ in 0..rng.random_range(1..4) {
        let mut map = values::map(rng, &known);
        if tip.seq == 0 {
            map.insert(key::SALT, sanji_core::cbor::Value::Bytes(tip.salt.0.to_vec()));
        }
        let wire = values::wire(rng, &map);
        if let Ok((next, _)) = tip.append_wire(&wire) {
            tip = next;
        }
        values.push(wire);
    }
    let name = match chain {
        Some(row) if rng.random() => ChainName::Number(row.number),
        _ => ChainName::Name(doc, actor),
    };
    let mut run = Run { chain: name, first, tip: tip.hash.short(), values };
    match rng.random_range(0..30) {
        0 => run.first = values::number(rng) as u64,
        1 => run.tip = rng.random(),
        2 => run.values.clear(),
        3 => run.chain = ChainName::Number(LogNo(rng.random_range(0..200))),
        4 => run.chain = ChainName::Name(doc, stage.honest.actor()),
        5 => run.first = 0,
        _ => {}
    }
    (run, SignedTip { doc, seq: tip.seq, hash: tip.hash })
}

fn cursor(rng: &mut ChaCha8Rng, sound: Cursor) -> Cursor {
    match rng.random_range(0..8) {
        0 => Cursor {
            effective: values::number(rng) as u64,
            seq: values::number(rng) as u64,
            head: rng.random(),
            notes: values::number(rng) as u64,
        },
        1 => Cursor { notes: u64::MAX, ..sound },
        2 => Cursor { seq: u64::MAX, ..sound },
        _ => sound,
    }
}

/// A row that this relay never signed, or signed about somebody.
fn row(stage: &Stage, rng: &mut ChaCha8Rng) -> SignedRow {
    let mut signed = stage.rows.choose(rng).unwrap().clone();
    let honest = stage.honest.actor();
    match rng.random_range(0..7) {
        0 => {}
        1 => signed.row = Row::Revocation { actor: honest, at: UtcMs(0) },
        2 => signed.row = Row::Retirement { actor: honest, as_of: UtcMs(0), why: RetireReason::Lost },
        3 => {
            signed.row = Row::Grant {
                n: LogNo(5),
                person: TEACHER,
                role: Role::Principal,
                scope: Scope::School(SCHOOL),
                from: day(1),
                to: None,
            };
        }
        4 => {
            let key = SecretKey::from_seed(&[rng.random(); 32]).public();
            signed.row = Row::Enrolment { key, person: Some(PRINCIPAL), school: None, at: UtcMs(0) };
        }
        5 => signed.signature = stage.hostile.key.sign(labels::ROW, &wire::row_bytes(COUNTY, &signed.row)),
        _ => signed.signature.0[rng.random_range(0..64)] ^= 1,
    }
    signed
}

fn lost_head(stage: &Stage, rng: &mut ChaCha8Rng) -> SignedHead {
    let mut lost = stage.head.clone();
    match rng.random_range(0..4) {
        0 => {}
        1 => lost.head.l = LogHash(rng.random()),
        2 => lost.head.n = LogNo(values::number(rng) as u64),
        _ => {
            let head = Head {
                envelope: EnvelopeHash(rng.random()),
                body: BodyHash(rng.random()),
                l: LogHash(rng.random()),
                ..lost.head
            };
            let signature = stage.hostile.key.sign(labels::HEAD, &head.signed_bytes());
            lost = SignedHead { head, signature };
        }
    }
    lost
}

fn certificate(stage: &Stage, rng: &mut ChaCha8Rng, key: sanji_core::crypto::PublicKey) -> Certificate {
    let issuer = if rng.random() { stage.hostile.actor() } else { stage.principal };
    let unsigned = Certificate {
        key,
        person: *[TEACHER, PRINCIPAL, COLLEAGUE].choose(rng).unwrap(),
        role: *Role::ALL.choose(rng).unwrap(),
        school: SCHOOL,
        posting: rng.random::<bool>().then_some(posting(COLLEAGUE)),
        number: values::number(rng) as u64 & (i64::MAX as u64),
        expires: day(rng.random_range(1..28)),
        issuer,
        signature: Signature([0; 64]),
    };
    let signature = stage.hostile.key.sign(labels::CERTIFICATE, &unsigned.signed_bytes(COUNTY));
    Certificate { signature, ..unsigned }
}

/// A push that the hostile phone signed over what the relay can rebuild of it.
pub fn broken(stage: &mut Stage, rng: &mut ChaCha8Rng) -> Vec<u8> {
    let mut device = stage.hostile.clone();
    // Now and then a key that nobody enrolled shows something that it signed itself.
    let stranger = rng.random_range(0..20) == 0;
    if stranger {
        device.key = SecretKey::from_seed(&[rng.random_range(100..200); 32]);
    }
    stage.hostile.n += 1;
    let n = match rng.random_range(0..12) {
        0 => values::number(rng) as u64 & (i64::MAX as u64),
        1 => rng.random_range(0..stage.hostile.n),
        _ => stage.hostile.n,
    };
    let mut docs: Vec<DocId> = (0..rng.random_range(0..3)).map(|_| doc(rng)).collect();
    if rng.random_range(0..10) > 0 {
        docs.sort();
        docs.dedup();
    }
    let (mut runs, mut tips) = (Vec::new(), Vec::new());
    for doc in docs {
        let (run, tip) = run(stage, rng, &device, doc);
        runs.push(run);
        tips.push(tip);
    }
    let reading = match rng.random_range(0..6) {
        0 => Reading {
            wall: sanji_core::time::UtcSecs(values::number(rng)),
            session: rng.random(),
            ms: values::number(rng) as u64 & (i64::MAX as u64),
        },
        _ => device.reading(stage.now),
    };
    let last_answer = rng.random::<bool>().then(|| AnswerReading {
        push: rng.random_range(0..10),
        session: rng.random_range(0..3),
        ms: values::number(rng) as u64 & (i64::MAX as u64),
    });
    let number = stage.book().device_of(device.actor()).unwrap().map(|row| row.number);
    let sound = Cursor { head: device.cursor.head, ..Cursor::default() };
    let mut push = Push {
        device: match number {
            Some(number) if rng.random() => DeviceName::Number(number),
            _ => DeviceName::Key(device.key.public()),
        },
        n,
        build: rng.random(),
        reading,
        last_answer,
        cursor: cursor(rng, sound),
        nothing_unsent: rng.random(),
        page: rng.random(),
        have: rng.random::<bool>().then(|| rng.random()),
        runs,
        recovered: vec![],
        blobs: vec![],
        again: vec![],
        rows: vec![],
        lost_head: None,
        certificate: None,
        successor: None,
    };
    extras(stage, rng, &device, stranger, &mut push);
    let signature = device.key.sign(labels::PUSH, &push.signed_bytes(COUNTY, device.actor(), &tips));
    wire::encode_push(&push, &signature)
}

fn extras(stage: &mut Stage, rng: &mut ChaCha8Rng, device: &Device, stranger: bool, push: &mut Push) {
    if rng.random_range(0..5) == 0 {
        let other = if rng.random() { stage.honest.clone() } else { device.clone() };
        let doc = doc(rng);
        push.recovered.push(run(stage, rng, &other, doc).0);
    }
    if rng.random_range(0..5) == 0 {
        let size = *[0, 16, 100, 4112, 4113, 60_000].choose(rng).unwrap();
        push.blobs.push(SmallBlob { doc: doc(rng), bytes: vec![rng.random(); size] });
    }
    if rng.random_range(0..5) == 0 {
        push.again.push(ChainRequest {
            chain: ChainName::Name(doc(rng), stage.honest.actor()),
            after: values::number(rng) as u64,
            announced: rng.random(),
            rebuilt: rng.random(),
        });
    }
    if stranger || rng.random_range(0..6) == 0 {
        push.rows = (0..rng.random_range(0..4)).map(|_| row(stage, rng)).collect();
    }
    if rng.random_range(0..6) == 0 {
        push.lost_head = Some(lost_head(stage, rng));
    }
    if stranger && rng.random() {
        push.certificate = Some(certificate(stage, rng, device.key.public()));
    }
    if stranger && rng.random() {
        let old = if rng.random() { stage.honest.actor() } else { stage.principal };
        let statement = Successor::signed_bytes(COUNTY, old, &device.key.public());
        let signature = stage.hostile.key.sign(labels::SUCCESSOR, &statement);
        push.successor = Some(Successor { old, new: device.key.public(), signature });
    }
}
