//! Messages with every field set at random: nothing that a real day would give, all that the wire must carry.

use super::mutate::edge;
use super::school::{COUNTY, bytes, prose};
use jiff::civil::date;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use sanji_core::cbor::{Map, Value, encode_map};
use sanji_core::crypto::{BlobHash, BodyHash, EnvelopeHash, LogHash, PublicKey, Signature};
use sanji_core::ids::*;
use sanji_core::records::{Reading, Role};
use sanji_core::sync::message::*;
use sanji_core::time::{UtcMs, UtcSecs};

/// A number that is small, near its edges, or anything.
fn number(rng: &mut ChaCha8Rng) -> u64 {
    match rng.random_range(0..3) {
        0 => rng.random_range(0..300),
        1 => edge(rng),
        _ => rng.random(),
    }
}

fn small(rng: &mut ChaCha8Rng) -> u64 {
    number(rng) >> 1
}

fn signed(rng: &mut ChaCha8Rng) -> i64 {
    number(rng) as i64
}

fn maybe<T>(rng: &mut ChaCha8Rng, make: impl FnOnce(&mut ChaCha8Rng) -> T) -> Option<T> {
    if rng.random() { Some(make(rng)) } else { None }
}

fn several<T>(rng: &mut ChaCha8Rng, most: usize, mut make: impl FnMut(&mut ChaCha8Rng) -> T) -> Vec<T> {
    let count = if rng.random() { 0 } else { rng.random_range(0..=most) };
    (0..count).map(|_| make(rng)).collect()
}

fn signature(rng: &mut ChaCha8Rng) -> Signature {
    Signature(bytes(rng))
}

fn log(rng: &mut ChaCha8Rng) -> LogNo {
    LogNo(number(rng))
}

fn doc(rng: &mut ChaCha8Rng) -> DocId {
    let kind = DocKind::ALL[rng.random_range(0..8)];
    let day = date(rng.random_range(0..9000), rng.random_range(1..=12), 1);
    DocId { kind, object: bytes(rng), label: Label::of(kind, day) }
}

fn chain(rng: &mut ChaCha8Rng) -> ChainName {
    if rng.random() { ChainName::Number(log(rng)) } else { ChainName::Name(doc(rng), ActorId(bytes(rng))) }
}

/// A canonical value that nests at most so deep.
pub fn value(rng: &mut ChaCha8Rng, depth: usize) -> Value {
    match rng.random_range(0..if depth == 0 { 6 } else { 8 }) {
        0 => Value::Int(signed(rng)),
        1 => {
            let len = rng.random_range(0..40);
            Value::Bytes((0..len).map(|_| rng.random()).collect())
        }
        2 => {
            let len = rng.random_range(0..40);
            Value::Text(prose(len, rng))
        }
        3 => Value::Null,
        4 => Value::Bool(rng.random()),
        5 => Value::Int(rng.random_range(-3..3)),
        6 => Value::Array(several(rng, 6, |rng| value(rng, depth - 1))),
        _ => Value::Map(map(rng, depth - 1)),
    }
}

/// A canonical map; half of its keys are those of entries.
pub fn map(rng: &mut ChaCha8Rng, depth: usize) -> Map {
    let count = rng.random_range(0..8);
    let mut map = Map::new();
    for _ in 0..count {
        let key = if rng.random() { rng.random_range(0..14) } else { number(rng) };
        map.insert(key, value(rng, depth));
    }
    map
}

fn run(rng: &mut ChaCha8Rng) -> Run {
    let values = several(rng, 5, |rng| encode_map(&map(rng, 7)));
    let first = number(rng).clamp(1, u64::MAX - values.len() as u64);
    Run { chain: chain(rng), first, tip: bytes(rng), values }
}

fn blob(rng: &mut ChaCha8Rng) -> SmallBlob {
    let len = rng.random_range(0..300);
    SmallBlob { doc: doc(rng), bytes: vec![rng.random(); len] }
}

fn role(rng: &mut ChaCha8Rng) -> Role {
    Role::ALL[rng.random_range(0..Role::ALL.len())]
}

fn reason(rng: &mut ChaCha8Rng) -> RetireReason {
    [RetireReason::Replaced, RetireReason::Lost, RetireReason::Broken][rng.random_range(0..3)]
}

fn via(rng: &mut ChaCha8Rng) -> Via {
    [Via::Phone, Via::Kiosk, Via::Desk][rng.random_range(0..3)]
}

fn scope(rng: &mut ChaCha8Rng) -> Scope {
    match rng.random_range(0..6) {
        0 => Scope::Posting(PostingId(bytes(rng))),
        1 => Scope::School(SchoolId(bytes(rng))),
        2 => Scope::Township("威奢乡".into()),
        3 => Scope::Group(GroupId(bytes(rng))),
        4 => Scope::Visit(VisitId(bytes(rng))),
        _ => Scope::County,
    }
}

pub fn row(rng: &mut ChaCha8Rng) -> SignedRow {
    let row = match rng.random_range(0..5) {
        0 => Row::Enrolment {
            key: PublicKey(bytes(rng)),
            person: maybe(rng, |rng| PersonId(bytes(rng))),
            school: maybe(rng, |rng| SchoolId(bytes(rng))),
            at: UtcMs(signed(rng)),
        },
        1 => Row::Grant {
            n: LogNo(small(rng)),
            person: PersonId(bytes(rng)),
            role: role(rng),
            scope: scope(rng),
            from: date(2026, 3, 2),
            to: maybe(rng, |_| date(2027, 1, 31)),
        },
        2 => Row::GrantRevoked { n: LogNo(small(rng)), person: PersonId(bytes(rng)) },
        3 => Row::Revocation { actor: ActorId(bytes(rng)), at: UtcMs(signed(rng)) },
        _ => Row::Retirement { actor: ActorId(bytes(rng)), as_of: UtcMs(signed(rng)), why: reason(rng) },
    };
    SignedRow { row, signature: signature(rng) }
}

pub fn head(rng: &mut ChaCha8Rng) -> SignedHead {
    let head = Head {
        county: COUNTY,
        n: LogNo(small(rng)),
        l: LogHash(bytes(rng)),
        relay: UtcMs(signed(rng)),
        actor: ActorId(bytes(rng)),
        push: small(rng),
        envelope: EnvelopeHash(bytes(rng)),
        body: BodyHash(bytes(rng)),
    };
    SignedHead { head, signature: signature(rng) }
}

pub fn certificate(rng: &mut ChaCha8Rng) -> Certificate {
    Certificate {
        key: PublicKey(bytes(rng)),
        person: PersonId(bytes(rng)),
        role: role(rng),
        school: SchoolId(bytes(rng)),
        posting: maybe(rng, |rng| PostingId(bytes(rng))),
        number: small(rng),
        expires: date(2026, 4, 1),
        issuer: ActorId(bytes(rng)),
        signature: signature(rng),
    }
}

pub fn successor(rng: &mut ChaCha8Rng) -> Successor {
    Successor { old: ActorId(bytes(rng)), new: PublicKey(bytes(rng)), signature: signature(rng) }
}

pub fn cursor(rng: &mut ChaCha8Rng) -> Cursor {
    Cursor { effective: number(rng), seq: number(rng), head: bytes(rng), notes: number(rng) }
}

pub fn push(rng: &mut ChaCha8Rng) -> Push {
    Push {
        device: if rng.random() { DeviceName::Number(log(rng)) } else { DeviceName::Key(PublicKey(bytes(rng))) },
        n: number(rng),
        build: rng.random(),
        reading: Reading { wall: UtcSecs(signed(rng)), session: rng.random(), ms: number(rng) },
        last_answer: maybe(rng, |rng| AnswerReading { push: number(rng), session: rng.random(), ms: number(rng) }),
        cursor: cursor(rng),
        nothing_unsent: rng.random(),
        page: rng.random(),
        have: maybe(rng, bytes),
        runs: several(rng, 4, run),
        recovered: several(rng, 3, run),
        blobs: several(rng, 3, blob),
        again: several(rng, 3, |rng| ChainRequest {
            chain: chain(rng),
            after: number(rng),
            announced: bytes(rng),
            rebuilt: bytes(rng),
        }),
        rows: several(rng, 3, row),
        lost_head: maybe(rng, head),
        certificate: maybe(rng, certificate),
        successor: maybe(rng, successor),
    }
}

fn note(rng: &mut ChaCha8Rng) -> EntryNote {
    let flag = maybe(rng, |rng| FlagReason::ALL[rng.random_range(0..FlagReason::ALL.len())]);
    EntryNote { flag, earliest: signed(rng), latest: signed(rng), label: rng.random() }
}

fn device(rng: &mut ChaCha8Rng) -> DeviceNote {
    let via = via(rng);
    DeviceNote {
        number: log(rng),
        actor: ActorId(bytes(rng)),
        person: maybe(rng, |rng| PersonId(bytes(rng))),
        via,
        school: maybe(rng, |rng| SchoolId(bytes(rng))).filter(|_| via == Via::Kiosk),
        since: UtcMs(signed(rng)),
        mark: maybe(rng, signed),
        retired: maybe(rng, |rng| (UtcMs(signed(rng)), reason(rng))),
        revoked: maybe(rng, |rng| UtcMs(signed(rng))),
    }
}

pub fn body(rng: &mut ChaCha8Rng) -> AnswerBody {
    let problem = |rng: &mut ChaCha8Rng| {
        let all = [Problem::Gap, Problem::Fork, Problem::Retired, Problem::Closed];
        RunProblem { run: rng.random(), problem: all[rng.random_range(0..4)] }
    };
    let down = |rng: &mut ChaCha8Rng| {
        let run = run(rng);
        let notes = run.values.iter().map(|_| note(rng)).collect();
        DownRun { run, notes }
    };
    AnswerBody {
        device: maybe(rng, log),
        stored: several(rng, 3, |rng| Stored { number: log(rng), run: rng.random(), through: number(rng) }),
        problems: several(rng, 3, problem),
        went_back: rng.random(),
        intros: several(rng, 3, |rng| ChainIntro {
            number: log(rng),
            doc: doc(rng),
            actor: ActorId(bytes(rng)),
            person: maybe(rng, |rng| PersonId(bytes(rng))),
            via: via(rng),
        }),
        runs: several(rng, 3, down),
        notes: several(rng, 3, |rng| NoteChange { chain: log(rng), seq: number(rng), note: note(rng) }),
        devices: several(rng, 3, device),
        marks: several(rng, 3, |rng| (log(rng), signed(rng))),
        rows: several(rng, 3, row),
        blobs: several(rng, 2, blob),
        blobs_wanted: several(rng, 3, |rng| BlobHash(bytes(rng))),
        kiosk: several(rng, 3, |rng| KioskRow {
            posting: PostingId(bytes(rng)),
            name: prose(3, rng),
            verifier: vec![rng.random(); [0, 48][rng.random_range(0..2)]],
        }),
        cursor: cursor(rng),
        more: rng.random(),
        rewound: maybe(rng, |rng| {
            several(rng, 3, |rng| ChainState {
                doc: doc(rng),
                actor: ActorId(bytes(rng)),
                seq: number(rng),
                tip: bytes(rng),
            })
        }),
        hole: rng.random(),
    }
}

pub fn refusal(rng: &mut ChaCha8Rng) -> Refusal {
    match rng.random_range(0..10) {
        0 => Refusal::Malformed("run 0, value 2: nested too deep".into()),
        1 => Refusal::TooLarge(rng.random()),
        2 => Refusal::Version(rng.random()),
        3 => Refusal::UnknownDevice,
        4 => Refusal::NumbersVoid,
        5 => Refusal::Signature,
        6 => Refusal::Revoked(UtcMs(signed(rng))),
        7 => Refusal::Certificate(prose(8, rng)),
        8 => Refusal::Busy(rng.random()),
        _ => Refusal::Unavailable,
    }
}
