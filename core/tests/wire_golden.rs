//! Golden bytes: what this version writes is what every later one reads. A file changes only with the version.
//!
//! `cargo test -p sanji-core --test wire_golden -- --ignored` writes the files anew.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use jiff::civil::date;
use sanji_core::cbor::{Value, encode_map};
use sanji_core::crypto::{BlobHash, BodyHash, EnvelopeHash, LogHash, PublicKey, Signature, sha256};
use sanji_core::ids::*;
use sanji_core::records::{Check, Direction, Entry, EntryRef, Leave, Reading, Role, VisitPart};
use sanji_core::sync::message::*;
use sanji_core::sync::wire::*;
use sanji_core::time::{UtcMs, UtcSecs};

const COUNTY: CountyId = CountyId(*b"hezhang1");
const SIGNATURE: Signature = Signature([0x5a; 64]);
const EXPECT: Expect =
    Expect { county: COUNTY, actor: ActorId([0xa1; 16]), push: 501, envelope: EnvelopeHash([0xe1; 32]) };

fn entry(i: i64) -> Entry {
    let wall = 1_772_411_470 + i * 11_111;
    let direction = if i % 2 == 0 { Direction::In } else { Direction::Out };
    Entry {
        reading: Reading { wall: UtcSecs(wall), session: 7, ms: 90_000_000 + i as u64 * 11_111_003 },
        re: vec![],
        was: None,
        blobs: vec![],
        body: Check { direction, place: None }.into(),
    }
}

fn values(entries: &[Entry]) -> Vec<Vec<u8>> {
    entries.iter().map(|entry| encode_map(&entry.to_map())).collect()
}

/// Four checks in a known chain of a known device.
fn day() -> Push {
    let entries: Vec<Entry> = (0..4).map(entry).collect();
    Push {
        device: DeviceName::Number(LogNo(812_345)),
        n: 501,
        build: 12,
        reading: Reading { wall: UtcSecs(1_772_445_600), session: 7, ms: 124_130_017 },
        last_answer: Some(AnswerReading { push: 500, session: 7, ms: 64_000_000 }),
        cursor: Cursor { effective: 1_034_567, seq: 1_034_560, head: [0xc1; 8], notes: 345_678 },
        nothing_unsent: true,
        page: PAGE,
        have: None,
        runs: vec![Run {
            chain: ChainName::Number(LogNo(765_432)),
            first: 417,
            tip: [0x71; 8],
            values: values(&entries),
        }],
        recovered: vec![],
        blobs: vec![],
        again: vec![],
        rows: vec![],
        lost_head: None,
        certificate: None,
        successor: None,
    }
}

/// Every field, every type of value.
fn everything_up() -> Push {
    let key = PublicKey([0x4e; 32]);
    let duty = DocId::duty(PostingId(*b"posting1"), date(2026, 3, 2));
    let visit = DocId::visit(VisitId(*b"visit001"), date(2026, 9, 1));
    let mut first = entry(0).to_map();
    first.insert(6, Value::Bytes(vec![0x5a; 16]));
    let mut leave = entry(1);
    leave.body = Leave {
        kind: "sick".into(),
        from: UtcSecs(1_772_500_000),
        to: UtcSecs(1_772_600_000),
        reason: Some(BlobHash([0xb1; 32])),
        certificate: None,
    }
    .into();
    leave.re = vec![EntryRef { actor: key.actor(), seq: 3, hash: [0x33; 8] }];
    let mut part = entry(2);
    part.body =
        VisitPart { part: sanji_core::records::Part::Plan, text: "听一节数学课，课后讲评。".repeat(4) }.into();
    let unknown = [
        (0, Value::Int(30)),
        (1, Value::Text("no clock".into())),
        (9, Value::Array(vec![Value::Null, Value::Bool(true), Value::Bool(false), Value::Int(i64::MIN)])),
        (999_999, Value::Map([(0, Value::Bytes(vec![1, 2, 3])), (u64::MAX, Value::Int(i64::MAX))].into())),
    ];
    let mut own = values(&[leave]);
    own.insert(0, encode_map(&first));
    let text = values(&[part.clone(), part]);
    Push {
        device: DeviceName::Key(key),
        n: 1,
        have: Some([0x4a; 8]),
        page: 10_000,
        nothing_unsent: false,
        runs: vec![
            Run { chain: ChainName::Name(duty, key.actor()), first: 1, tip: [0x72; 8], values: own },
            Run { chain: ChainName::Name(visit, key.actor()), first: 2, tip: [0x73; 8], values: text },
        ],
        recovered: vec![Run {
            chain: ChainName::Name(duty, ActorId([0xa2; 16])),
            first: 9,
            tip: [0x74; 8],
            values: vec![encode_map(&unknown.into()), vec![0xa0]],
        }],
        blobs: vec![SmallBlob { doc: duty, bytes: b"sixteen of salt!and what it says".to_vec() }],
        again: vec![ChainRequest {
            chain: ChainName::Number(LogNo(77)),
            after: 4,
            announced: [0x75; 8],
            rebuilt: [0x76; 8],
        }],
        rows: rows(),
        lost_head: Some(head(&[])),
        certificate: Some(certificate()),
        successor: Some(successor()),
        ..day()
    }
}

fn rows() -> Vec<SignedRow> {
    let person = PersonId(*b"person01");
    let grant =
        |scope, to| Row::Grant { n: LogNo(1000), person, role: Role::Principal, scope, from: date(2026, 3, 2), to };
    let rows = [
        Row::Enrolment { key: PublicKey([0x4e; 32]), person: Some(person), school: None, at: UtcMs(1_772_000_000_123) },
        Row::Enrolment { key: PublicKey([0x4f; 32]), person: None, school: Some(SchoolId(*b"school01")), at: UtcMs(1) },
        grant(Scope::School(SchoolId(*b"school01")), None),
        grant(Scope::Posting(PostingId(*b"posting1")), Some(date(2027, 1, 31))),
        grant(Scope::Township("威奢乡".into()), None),
        grant(Scope::Group(GroupId(*b"group001")), None),
        grant(Scope::Visit(VisitId(*b"visit001")), None),
        grant(Scope::County, None),
        Row::GrantRevoked { n: LogNo(1000), person },
        Row::Revocation { actor: ActorId([0xa1; 16]), at: UtcMs(1_772_000_000_456) },
        Row::Retirement { actor: ActorId([0xa1; 16]), as_of: UtcMs(-1), why: RetireReason::Replaced },
        Row::Retirement { actor: ActorId([0xa1; 16]), as_of: UtcMs(0), why: RetireReason::Lost },
        Row::Retirement { actor: ActorId([0xa1; 16]), as_of: UtcMs(1), why: RetireReason::Broken },
    ];
    rows.into_iter().map(|row| SignedRow { row, signature: SIGNATURE }).collect()
}

fn head(body: &[u8]) -> SignedHead {
    let head = Head {
        county: COUNTY,
        n: LogNo(1_034_890),
        l: LogHash([0x1d; 32]),
        relay: UtcMs(1_772_445_601_234),
        actor: EXPECT.actor,
        push: EXPECT.push,
        envelope: EXPECT.envelope,
        body: BodyHash(sha256(&[body])),
    };
    SignedHead { head, signature: SIGNATURE }
}

fn certificate() -> Certificate {
    Certificate {
        key: PublicKey([0x4e; 32]),
        person: PersonId(*b"person01"),
        role: Role::Staff,
        school: SchoolId(*b"school01"),
        posting: Some(PostingId(*b"posting1")),
        number: 3,
        expires: date(2026, 4, 1),
        issuer: ActorId([0xa3; 16]),
        signature: SIGNATURE,
    }
}

fn successor() -> Successor {
    Successor { old: ActorId([0xa1; 16]), new: PublicKey([0x4e; 32]), signature: SIGNATURE }
}

fn cursor() -> Cursor {
    Cursor { effective: 1_034_880, seq: 1_034_000, head: [0xc2; 8], notes: 345_999 }
}

fn note(i: i64, flag: Option<FlagReason>) -> EntryNote {
    let earliest = 1_772_411_455 + i * 11_111;
    EntryNote { flag, earliest, latest: earliest + 2, label: 1 }
}

fn down_run(number: u64, count: i64) -> DownRun {
    let entries: Vec<Entry> = (0..count).map(entry).collect();
    let chain = ChainName::Number(LogNo(number));
    let run = Run { chain, first: 99, tip: [0x77; 8], values: values(&entries) };
    DownRun { run, notes: (0..count).map(|i| note(i, None)).collect() }
}

/// Two people's days.
fn day_down() -> AnswerBody {
    AnswerBody {
        stored: vec![Stored { number: LogNo(765_432), run: 0, through: 420 }],
        runs: vec![down_run(700_001, 4), down_run(700_777, 4)],
        marks: vec![(LogNo(812_000), 1_772_440_000), (LogNo(812_111), 1_772_443_333)],
        cursor: cursor(),
        ..AnswerBody::default()
    }
}

fn everything_down() -> AnswerBody {
    let duty = DocId::duty(PostingId(*b"posting1"), date(2026, 3, 2));
    let (actor, person) = (ActorId([0xa4; 16]), Some(PersonId(*b"person01")));
    let device = DeviceNote {
        number: LogNo(812_000),
        actor,
        person,
        via: Via::Phone,
        school: None,
        since: UtcMs(1_772_000_000_123),
        mark: Some(1_772_440_000),
        retired: Some((UtcMs(1_772_440_000_000), RetireReason::Lost)),
        revoked: Some(UtcMs(1_772_441_000_000)),
    };
    let kiosk = DeviceNote {
        number: LogNo(812_001),
        actor: ActorId([0xa5; 16]),
        person: None,
        via: Via::Kiosk,
        school: Some(SchoolId(*b"school01")),
        mark: None,
        retired: None,
        revoked: None,
        ..device
    };
    let problem = |(run, problem)| RunProblem { run, problem };
    let problems = [Problem::Gap, Problem::Fork, Problem::Retired, Problem::Closed];
    AnswerBody {
        device: Some(LogNo(812_345)),
        problems: (0..).zip(problems).map(problem).collect(),
        went_back: true,
        intros: vec![
            ChainIntro { number: LogNo(700_001), doc: duty, actor, person, via: Via::Phone },
            ChainIntro { number: LogNo(700_777), doc: duty, actor: ActorId([0xa5; 16]), person: None, via: Via::Kiosk },
            ChainIntro { number: LogNo(700_999), doc: duty, actor: ActorId([0xa6; 16]), person, via: Via::Desk },
        ],
        notes: FlagReason::ALL[..10]
            .iter()
            .copied()
            .map(|flag| NoteChange { chain: LogNo(700_001), seq: flag as u64, note: note(1, Some(flag)) })
            .collect(),
        devices: vec![device, kiosk],
        rows: rows(),
        blobs: vec![SmallBlob { doc: duty, bytes: b"sixteen of salt!and what it says".to_vec() }],
        blobs_wanted: vec![BlobHash([0xb2; 32])],
        kiosk: vec![
            KioskRow { posting: PostingId(*b"posting1"), name: "杨老师".into(), verifier: vec![0x48; 48] },
            KioskRow { posting: PostingId(*b"posting2"), name: "李老师".into(), verifier: vec![] },
        ],
        more: true,
        rewound: Some(vec![ChainState { doc: duty, actor, seq: 44, tip: [0x78; 8] }]),
        hole: true,
        ..day_down()
    }
}

fn refusals() -> Vec<Refusal> {
    vec![
        Refusal::Malformed("run 0, value 2: nested too deep".into()),
        Refusal::TooLarge(1 << 20),
        Refusal::Version(1),
        Refusal::UnknownDevice,
        Refusal::NumbersVoid,
        Refusal::Signature,
        Refusal::Revoked(UtcMs(1_772_000_000_456)),
        Refusal::Certificate("过期".into()),
        Refusal::Busy(30),
        Refusal::Unavailable,
    ]
}

type ReadsBack = Box<dyn Fn(&[u8]) -> bool>;

/// One message or form: its bytes, and whether bytes read back as what was written.
struct Case {
    bytes: Vec<u8>,
    reads_back: ReadsBack,
}

fn case<T: PartialEq + 'static>(
    value: T,
    write: impl Fn(&T) -> Vec<u8>,
    read: impl Fn(&[u8]) -> Option<T> + 'static,
) -> Case {
    let bytes = write(&value);
    Case { bytes, reads_back: Box::new(move |bytes| read(bytes).as_ref() == Some(&value)) }
}

fn push(push: Push) -> Case {
    let read = |bytes: &[u8]| decode_push(bytes, &Limits::default()).ok();
    case((push, SIGNATURE), |(push, signature)| encode_push(push, signature), read)
}

fn answer(body: AnswerBody) -> Case {
    let head = head(&encode_body(&body));
    let write = |answer: &Answer| encode_answer(&answer.head, &encode_body(&answer.body));
    case(Answer { head, body }, write, |bytes| decode_answer(bytes, &EXPECT, &Limits::default()).ok())
}

fn cases() -> BTreeMap<&'static str, Vec<Case>> {
    let refusal = |refusal| case(refusal, encode_refusal, |bytes| decode_refusal(bytes, &Limits::default()).ok());
    let row = |row: SignedRow| case(row, encode_signed_row, |bytes| decode_signed_row(bytes).ok());
    let doc = DocId::duty(PostingId(*b"posting1"), date(2026, 3, 2));
    let names = [ChainName::Number(LogNo(765_432)), ChainName::Name(doc, ActorId([0xa1; 16]))];
    let name = |name| case(name, encode_chain_name, |bytes| decode_chain_name(bytes).ok());
    let idle = Push { runs: vec![], ..day() };
    BTreeMap::from([
        ("pushes", vec![push(day()), push(idle), push(everything_up())]),
        ("answers", vec![answer(day_down()), answer(AnswerBody::default()), answer(everything_down())]),
        ("refusals", refusals().into_iter().map(refusal).collect()),
        ("rows", rows().into_iter().map(row).collect()),
        ("heads", vec![case(head(&[]), encode_signed_head, |bytes| decode_signed_head(bytes).ok())]),
        ("certificates", vec![case(certificate(), encode_certificate, |bytes| decode_certificate(bytes).ok())]),
        ("successors", vec![case(successor(), encode_successor, |bytes| decode_successor(bytes).ok())]),
        ("cursors", vec![case(cursor(), encode_cursor, |bytes| decode_cursor(bytes).ok())]),
        ("chain_names", names.into_iter().map(name).collect()),
    ])
}

fn file(name: &str) -> std::path::PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "golden", "wire", &format!("{name}.hex")].iter().collect()
}

#[test]
fn the_golden_bytes_are_written_and_read() {
    for (name, cases) in cases() {
        let text = std::fs::read_to_string(file(name)).unwrap();
        let golden: Vec<&str> = text.lines().collect();
        assert_eq!(golden.len(), cases.len(), "{name}");
        for (i, (line, case)) in golden.into_iter().zip(cases).enumerate() {
            assert!(HEXLOWER.encode(&case.bytes) == line, "{name}, line {}: written otherwise", i + 1);
            assert!(
                (case.reads_back)(&HEXLOWER.decode(line.as_bytes()).unwrap()),
                "{name}, line {}: read otherwise",
                i + 1
            );
        }
    }
}

#[test]
fn what_the_relay_signs_of_a_row_is_fixed() {
    let signed: Vec<u8> = rows().iter().flat_map(|row| row_bytes(COUNTY, &row.row)).collect();
    let golden = "213fb7f7af155363b1cb75315835ebed10f6a309481422953b0a854c67a0e1b1";
    assert_eq!(HEXLOWER.encode(&sha256(&[&signed])), golden);
}

#[test]
#[ignore = "writes the golden files anew; only with a new version"]
fn write_the_golden_files() {
    for (name, cases) in cases() {
        let lines: String = cases.iter().map(|case| HEXLOWER.encode(&case.bytes) + "\n").collect();
        std::fs::write(file(name), lines).unwrap();
    }
}
