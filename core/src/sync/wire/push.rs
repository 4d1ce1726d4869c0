//! A push.
//!
//! After the frame's first two bytes stand the 64 bytes of the signature, then the body. In the body, in this order: the
//! device (by key or by number), n, build, the clock reading, the last answer (its push as the distance from n, its
//! reading against this one), the cursor, `nothing_unsent`, the page as its distance from [`PAGE`], `have`, the own runs;
//! one bit whether anything rarer follows, and if so others' runs, blobs, chains to be sent again, signed rows, a lost
//! head, a certificate, a successor, each of the last four in its stand-alone form with its
//! length before it, 0 where it is absent.

use super::coder::{Coder, Fault, Prob};
use super::model::{Number, list, option};
use super::rows::{self, Form};
use super::runs::{Cursors, Runs, blobs, block, no_run};
use super::values::Clock;
use super::{Limits, WireError, frame};
use crate::crypto::{PublicKey, Signature};
use crate::sync::message::{AnswerReading, ChainName, ChainRequest, Cursor, DeviceName, LogNo, Push, Refusal};

/// The page size that costs no bytes to ask for.
pub const PAGE: u32 = 65_536;

/// The bytes of a push with its signature.
pub fn encode_push(push: &Push, signature: &Signature) -> Vec<u8> {
    let mut c = Coder::writer();
    walk(&mut c, &mut push.clone()).expect("writing to memory never faults");
    let mut message = frame::begin(frame::PUSH);
    message.extend_from_slice(&signature.0);
    frame::pack(&mut message, &frame::body(c));
    message
}

/// Reads a push. The signature is only read: checking it takes the rebuilt tips.
///
/// # Errors
/// When the bytes are longer than the limits, of another version, or no push; the text says what is wrong and where.
pub fn decode_push(bytes: &[u8], limits: &Limits) -> Result<(Push, Signature), Refusal> {
    read(bytes, limits).map_err(|error| match error {
        WireError::Malformed(text) => Refusal::Malformed(text),
        WireError::TooLarge(most) => Refusal::TooLarge(most),
        WireError::Version(_) => Refusal::Version(crate::sync::message::VERSION),
        WireError::Refused(_) => Refusal::Malformed("a refusal stands where a push was expected".into()),
    })
}

fn read(bytes: &[u8], limits: &Limits) -> Result<(Push, Signature), WireError> {
    let (packed, rest) = frame::open(bytes, frame::PUSH, limits)?;
    let (signature, rest) =
        rest.split_at_checked(64).ok_or_else(|| WireError::malformed("the signature ends early"))?;
    let signature = Signature::from_slice(signature).ok_or_else(|| WireError::malformed("no signature"))?;
    let body = frame::unpack(packed, rest, limits)?;
    let mut push = empty();
    frame::read(&body, limits, |c| walk(c, &mut push))?;
    Ok((push, signature))
}

fn empty() -> Push {
    Push {
        device: DeviceName::Number(LogNo(0)),
        n: 0,
        build: 0,
        reading: Default::default(),
        last_answer: None,
        cursor: Cursor::default(),
        nothing_unsent: false,
        page: 0,
        have: None,
        runs: Vec::new(),
        recovered: Vec::new(),
        blobs: Vec::new(),
        again: Vec::new(),
        rows: Vec::new(),
        lost_head: None,
        certificate: None,
        successor: None,
    }
}

fn walk(c: &mut Coder<'_>, push: &mut Push) -> Result<(), Fault> {
    let mut runs = Runs::new();
    device(c, &mut push.device, &mut runs)?;
    Number::new().uint(c, &mut push.n)?;
    Number::new().uint32(c, &mut push.build)?;
    let reading = &mut push.reading;
    Number::new().int(c, &mut reading.wall.0)?;
    Number::new().uint32(c, &mut reading.session)?;
    Number::new().uint(c, &mut reading.ms)?;
    let nothing = AnswerReading { push: 0, session: 0, ms: 0 };
    option(c, &mut Prob::new(), &mut push.last_answer, nothing, |c, answer| {
        Number::new().unear(c, &mut answer.push, push.n)?;
        let mut session = u64::from(answer.session);
        Number::new().unear(c, &mut session, u64::from(reading.session))?;
        answer.session = u32::try_from(session).map_err(|_| Fault::new("a session of more than 32 bits"))?;
        Number::new().unear(c, &mut answer.ms, reading.ms)
    })?;
    Cursors::new().cursor(c, &mut push.cursor)?;
    c.bit(&mut Prob::new(), &mut push.nothing_unsent)?;
    let mut page = i64::from(push.page);
    Number::new().near(c, &mut page, i64::from(PAGE))?;
    push.page = u32::try_from(page).map_err(|_| Fault::new("a page of more than 32 bits"))?;
    option(c, &mut Prob::new(), &mut push.have, [0; 8], |c, have| c.raw(have))?;

    let clock =
        Clock { wall: push.reading.wall.0, session: i64::from(push.reading.session), ms: Some(push.reading.ms as i64) };
    list(c, &mut Number::new(), "run", &mut push.runs, no_run, |c, run| runs.up(c, run, &mut clock.clone()))?;
    let mut more = !(push.recovered.is_empty()
        && push.blobs.is_empty()
        && push.again.is_empty()
        && push.rows.is_empty()
        && push.lost_head.is_none()
        && push.certificate.is_none()
        && push.successor.is_none());
    c.bit(&mut Prob::new(), &mut more)?;
    if more { rare(c, push, &mut runs) } else { Ok(()) }
}

fn device(c: &mut Coder<'_>, device: &mut DeviceName, runs: &mut Runs) -> Result<(), Fault> {
    let mut keyed = matches!(device, DeviceName::Key(_));
    c.bit(&mut Prob::new(), &mut keyed)?;
    if keyed {
        let mut key = if let DeviceName::Key(key) = device { *key } else { PublicKey([0; 32]) };
        c.raw(&mut key.0)?;
        *device = DeviceName::Key(key);
        runs.values.know(&key.actor().0);
    } else {
        let mut number = if let DeviceName::Number(number) = device { *number } else { LogNo(0) };
        Number::new().uint(c, &mut number.0)?;
        *device = DeviceName::Number(number);
    }
    Ok(())
}

fn rare(c: &mut Coder<'_>, push: &mut Push, runs: &mut Runs) -> Result<(), Fault> {
    let mut lengths = Number::new();
    let mut clock = Clock::default();
    list(c, &mut lengths, "recovered run", &mut push.recovered, no_run, |c, run| {
        clock = clock.of_another();
        runs.up(c, run, &mut clock)
    })?;
    blobs(c, &mut lengths, runs, &mut push.blobs)?;
    let request = || ChainRequest { chain: ChainName::Number(LogNo(0)), after: 0, announced: [0; 8], rebuilt: [0; 8] };
    list(c, &mut lengths, "chain to be sent again", &mut push.again, request, |c, again| {
        runs.chains.chain(c, &mut runs.names, &mut runs.values, &mut again.chain)?;
        Number::new().uint(c, &mut again.after)?;
        c.raw(&mut again.announced)?;
        c.raw(&mut again.rebuilt)
    })?;
    let mut blocks = Number::new();
    rows::rows(c, &mut lengths, &mut blocks, &mut push.rows)?;
    form(c, &mut blocks, &mut push.lost_head)?;
    form(c, &mut blocks, &mut push.certificate)?;
    form(c, &mut blocks, &mut push.successor)
}

/// Something that may be absent, in its stand-alone form.
fn form<T: Form>(c: &mut Coder<'_>, blocks: &mut Number, value: &mut Option<T>) -> Result<(), Fault> {
    let mut bytes = value.as_ref().map(T::to_wire).unwrap_or_default();
    block(c, blocks, &mut bytes)?;
    if c.reads() && !bytes.is_empty() {
        *value = Some(T::from_wire(&bytes).map_err(WireError::into_fault)?);
    }
    Ok(())
}
