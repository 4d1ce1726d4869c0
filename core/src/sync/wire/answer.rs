//! An answer: the head that the relay signed, and the body.
//!
//! Of the head only n, L(n), the relay's milliseconds and the signature travel: county, device, push and envelope are what
//! the phone expects, and the body's hash is made from the body that arrived. So a head that is meant for another push
//! fails its signature.
//!
//! In a body, in this order: the device's number, what is stored of each run, problems, introduced chains, runs with
//! notes, changed notes, devices, marks, the cursor, whether more waits; one bit whether anything rarer follows, and if
//! so `went_back`, `hole`, signed rows, blobs, wanted blobs, kiosk rows, and what a relay that went back has.

use super::coder::{Coder, Fault, Prob};
use super::model::{Column, Number, choice, list, option};
use super::rows;
use super::runs::{Cursors, NO_ACTOR, NO_NOTE, Runs, blobs, no_doc, no_run};
use super::values::Clock;
use super::{Limits, WireError, frame, refusal};
use crate::crypto::{BlobHash, BodyHash, EnvelopeHash, LogHash, Signature, sha256};
use crate::ids::{ActorId, CountyId, PostingId, SchoolId};
use crate::sync::message::{
    Answer, AnswerBody, ChainIntro, ChainState, DeviceNote, DownRun, Head, KioskRow, LogNo, NoteChange, Problem,
    RetireReason, RunProblem, SignedHead, Stored, Via,
};
use crate::time::UtcMs;

/// What a phone knows of the head that answers its push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expect {
    /// Its county.
    pub county: CountyId,
    /// Itself.
    pub actor: ActorId,
    /// The number n of its push.
    pub push: u64,
    /// SHA-256 of that push's envelope.
    pub envelope: EnvelopeHash,
}

/// The bytes of a body. Their SHA-256 is what the head signs.
pub fn encode_body(body: &AnswerBody) -> Vec<u8> {
    let mut c = Coder::writer();
    walk(&mut c, &mut body.clone()).expect("writing to memory never faults");
    frame::body(c)
}

/// Reads a body.
///
/// # Errors
/// When the bytes are no body, or unfold to more than the limits.
pub fn decode_body(bytes: &[u8], limits: &Limits) -> Result<AnswerBody, WireError> {
    let mut body = AnswerBody::default();
    frame::read(bytes, limits, |c| walk(c, &mut body))?;
    Ok(body)
}

/// The bytes of an answer: the signed head, and the body from [`encode_body`].
pub fn encode_answer(head: &SignedHead, body: &[u8]) -> Vec<u8> {
    let mut message = frame::begin(frame::ANSWER);
    frame::put_varint(&mut message, head.head.n.0);
    message.extend_from_slice(&head.head.l.0);
    frame::put_varint(&mut message, head.head.relay.0 as u64);
    message.extend_from_slice(&head.signature.0);
    frame::pack(&mut message, body);
    message
}

/// Reads an answer. The head's signature is only read: check it with [`SignedHead::is_by`] before using the body.
///
/// # Errors
/// When the bytes are longer than the limits, of another version, no answer, or a refusal.
pub fn decode_answer(bytes: &[u8], expect: &Expect, limits: &Limits) -> Result<Answer, WireError> {
    if frame::kind(bytes) == Some(frame::REFUSAL) {
        return Err(WireError::Refused(refusal::decode_refusal(bytes, limits)?));
    }
    let (packed, rest) = frame::open(bytes, frame::ANSWER, limits)?;
    let (n, l, relay, signature, rest) = head(rest).ok_or_else(|| WireError::malformed("the head ends early"))?;
    let body = frame::unpack(packed, rest, limits)?;
    let head = Head {
        county: expect.county,
        n: LogNo(n),
        l: LogHash(l),
        relay: UtcMs(relay as i64),
        actor: expect.actor,
        push: expect.push,
        envelope: expect.envelope,
        body: BodyHash(sha256(&[&body])),
    };
    let head = SignedHead { head, signature: Signature(signature) };
    Ok(Answer { head, body: decode_body(&body, limits)? })
}

/// n, L(n), relay milliseconds, signature, and what follows.
type HeadFields<'a> = (u64, [u8; 32], u64, [u8; 64], &'a [u8]);

fn head(bytes: &[u8]) -> Option<HeadFields<'_>> {
    let (n, rest) = frame::varint(bytes)?;
    let (l, rest) = rest.split_first_chunk::<32>()?;
    let (relay, rest) = frame::varint(rest)?;
    let (signature, rest) = rest.split_first_chunk::<64>()?;
    Some((n, *l, relay, *signature, rest))
}

/// What follows the head's fields.
pub(super) fn skip_head(bytes: &[u8]) -> Option<&[u8]> {
    head(bytes).map(|fields| fields.4)
}

fn walk(c: &mut Coder<'_>, body: &mut AnswerBody) -> Result<(), Fault> {
    let mut runs = Runs::new();
    option(c, &mut Prob::new(), &mut body.device, LogNo(0), |c, n| Number::new().uint(c, &mut n.0))?;
    stored(c, body)?;
    intros(c, &mut runs, &mut body.intros)?;
    let mut clock = Clock::default();
    let empty = || DownRun { run: no_run(), notes: Vec::new() };
    list(c, &mut Number::new(), "run", &mut body.runs, empty, |c, run| {
        clock = clock.of_another();
        runs.down(c, run, &mut clock)
    })?;
    note_changes(c, &mut runs, &mut body.notes)?;
    devices(c, &mut runs, &mut body.devices, &mut body.marks)?;
    Cursors::new().cursor(c, &mut body.cursor)?;
    c.bit(&mut Prob::new(), &mut body.more)?;
    let mut more = body.went_back
        || body.hole
        || body.rewound.is_some()
        || !(body.rows.is_empty() && body.blobs.is_empty() && body.blobs_wanted.is_empty() && body.kiosk.is_empty());
    c.bit(&mut Prob::new(), &mut more)?;
    if more { rare(c, &mut runs, body) } else { Ok(()) }
}

fn stored(c: &mut Coder<'_>, body: &mut AnswerBody) -> Result<(), Fault> {
    let (mut number, mut run, mut through) = (Column::new(), Column::new(), Column::new());
    let empty = || Stored { number: LogNo(0), run: 0, through: 0 };
    list(c, &mut Number::new(), "stored run", &mut body.stored, empty, |c, stored| {
        number.uint(c, &mut stored.number.0)?;
        place(c, &mut run, &mut stored.run)?;
        through.uint(c, &mut stored.through)
    })?;
    let (mut run, mut kind) = (Column::new(), Number::new());
    let empty = || RunProblem { run: 0, problem: Problem::Gap };
    list(c, &mut Number::new(), "problem", &mut body.problems, empty, |c, problem| {
        place(c, &mut run, &mut problem.run)?;
        let all = [Problem::Gap, Problem::Fork, Problem::Retired, Problem::Closed];
        choice(c, &mut kind, &all, &mut problem.problem)
    })
}

/// The place of a run in the push.
fn place(c: &mut Coder<'_>, column: &mut Column, run: &mut u32) -> Result<(), Fault> {
    let mut wide = i64::from(*run);
    column.int(c, &mut wide)?;
    *run = u32::try_from(wide).map_err(|_| Fault::new("a run's place of more than 32 bits"))?;
    Ok(())
}

fn intros(c: &mut Coder<'_>, runs: &mut Runs, intros: &mut Vec<ChainIntro>) -> Result<(), Fault> {
    let empty = || ChainIntro { number: LogNo(0), doc: no_doc(), actor: NO_ACTOR, person: None, via: Via::Phone };
    list(c, &mut Number::new(), "introduced chain", intros, empty, |c, intro| {
        let Runs { names, values, chains, .. } = runs;
        chains.number(c, &mut intro.number)?;
        names.doc(c, values, &mut intro.doc)?;
        names.actor(c, values, &mut intro.actor)?;
        names.writer(c, values, &mut intro.person, &mut intro.via)
    })
}

fn note_changes(c: &mut Coder<'_>, runs: &mut Runs, notes: &mut Vec<NoteChange>) -> Result<(), Fault> {
    let mut seq = Column::new();
    let empty = || NoteChange { chain: LogNo(0), seq: 0, note: NO_NOTE };
    list(c, &mut Number::new(), "changed note", notes, empty, |c, change| {
        runs.chains.number(c, &mut change.chain)?;
        seq.uint(c, &mut change.seq)?;
        runs.change(c, &mut change.note)
    })
}

fn devices(
    c: &mut Coder<'_>,
    runs: &mut Runs,
    devices: &mut Vec<DeviceNote>,
    marks: &mut Vec<(LogNo, i64)>,
) -> Result<(), Fault> {
    let (mut number, mut since, mut mark, mut retired, mut revoked) =
        (Column::new(), Column::new(), Column::new(), Column::new(), Column::new());
    let (mut has_school, mut has_mark, mut has_retired, mut has_revoked) =
        (Prob::new(), Prob::new(), Prob::new(), Prob::new());
    let (mut school, mut why) = (Number::new(), Number::new());
    let empty = || DeviceNote {
        number: LogNo(0),
        actor: NO_ACTOR,
        person: None,
        via: Via::Phone,
        school: None,
        since: UtcMs(0),
        mark: None,
        retired: None,
        revoked: None,
    };
    list(c, &mut Number::new(), "device", devices, empty, |c, device| {
        let Runs { names, values, .. } = runs;
        number.uint(c, &mut device.number.0)?;
        names.actor(c, values, &mut device.actor)?;
        names.writer(c, values, &mut device.person, &mut device.via)?;
        if device.via == Via::Kiosk {
            option(c, &mut has_school, &mut device.school, SchoolId([0; 8]), |c, id| {
                values.id(c, &mut school, &mut id.0)
            })?;
        }
        since.int(c, &mut device.since.0)?;
        option(c, &mut has_mark, &mut device.mark, 0, |c, at| mark.int(c, at))?;
        option(c, &mut has_retired, &mut device.retired, (UtcMs(0), RetireReason::Replaced), |c, (at, reason)| {
            retired.int(c, &mut at.0)?;
            choice(c, &mut why, &[RetireReason::Replaced, RetireReason::Lost, RetireReason::Broken], reason)
        })?;
        option(c, &mut has_revoked, &mut device.revoked, UtcMs(0), |c, at| revoked.int(c, &mut at.0))
    })?;
    list(
        c,
        &mut Number::new(),
        "mark",
        marks,
        || (LogNo(0), 0),
        |c, (device, at)| {
            number.uint(c, &mut device.0)?;
            mark.int(c, at)
        },
    )
}

fn rare(c: &mut Coder<'_>, runs: &mut Runs, body: &mut AnswerBody) -> Result<(), Fault> {
    c.bit(&mut Prob::new(), &mut body.went_back)?;
    c.bit(&mut Prob::new(), &mut body.hole)?;
    let mut lengths = Number::new();
    rows::rows(c, &mut lengths, &mut Number::new(), &mut body.rows)?;
    blobs(c, &mut lengths, runs, &mut body.blobs)?;
    list(c, &mut lengths, "wanted blob", &mut body.blobs_wanted, || BlobHash([0; 32]), |c, blob| c.raw(&mut blob.0))?;
    kiosk(c, &mut lengths, runs, &mut body.kiosk)?;
    option(c, &mut Prob::new(), &mut body.rewound, Vec::new(), |c, states| {
        let mut seq = Column::new();
        let empty = || ChainState { doc: no_doc(), actor: NO_ACTOR, seq: 0, tip: [0; 8] };
        list(c, &mut lengths, "chain", states, empty, |c, state| {
            let Runs { names, values, .. } = runs;
            names.doc(c, values, &mut state.doc)?;
            names.actor(c, values, &mut state.actor)?;
            seq.uint(c, &mut state.seq)?;
            c.raw(&mut state.tip)
        })
    })
}

fn kiosk(c: &mut Coder<'_>, length: &mut Number, runs: &mut Runs, rows: &mut Vec<KioskRow>) -> Result<(), Fault> {
    let (mut posting, mut ago, mut len, mut tag) = (Number::new(), Number::new(), Number::new(), Number::new());
    let empty = || KioskRow { posting: PostingId([0; 8]), name: String::new(), verifier: Vec::new() };
    list(c, length, "kiosk row", rows, empty, |c, row| {
        runs.values.id(c, &mut posting, &mut row.posting.0)?;
        runs.values.text(c, &mut ago, &mut len, &mut row.name)?;
        super::runs::block(c, &mut tag, &mut row.verifier)
    })
}
