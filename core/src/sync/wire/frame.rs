//! The frame of a message: version, kind, and the body with its bulk packed or not.

use std::io::Read;

use super::coder::{Coder, Fault};
use super::{Limits, WireError};
use crate::sync::message::VERSION;

pub(super) const PUSH: u8 = 1;
pub(super) const ANSWER: u8 = 2;
pub(super) const REFUSAL: u8 = 3;

/// Set in the kind byte when the bulk is packed.
const PACKED: u8 = 0x80;

/// How hard zstd tries. Only texts and blobs pass through it, so its time doesn't count.
const LEVEL: i32 = 9;

/// A shorter bulk can't be won back from zstd's own frame.
const WORTHWHILE: usize = 32;

/// The largest window (2 to this) that a reader gives to zstd: 8 MiB.
const WINDOW: u32 = 23;

/// The first two bytes of a message.
pub(super) fn begin(kind: u8) -> Vec<u8> {
    vec![VERSION, kind]
}

/// Checks length, version and kind; gives whether the bulk is packed, and what follows.
pub(super) fn open<'a>(bytes: &'a [u8], kind: u8, limits: &Limits) -> Result<(bool, &'a [u8]), WireError> {
    if bytes.len() > limits.body as usize {
        return Err(WireError::TooLarge(limits.body));
    }
    match bytes {
        [] => Err(WireError::malformed("an empty message")),
        [version, ..] if *version != VERSION => Err(WireError::Version(*version)),
        [_, found, rest @ ..] if found & !PACKED == kind => Ok((found & PACKED != 0, rest)),
        [_, found, ..] => {
            Err(WireError::malformed(format!("byte 1: a message of kind {kind} was expected, not {found}")))
        }
        [_] => Err(WireError::malformed("the message ends early")),
    }
}

/// The kind of a message of our version.
pub(super) fn kind(bytes: &[u8]) -> Option<u8> {
    match bytes {
        [VERSION, kind, ..] => Some(kind & !PACKED),
        _ => None,
    }
}

/// What a writer wrote, as a body.
pub(super) fn body(c: Coder<'_>) -> Vec<u8> {
    let (stream, bulk) = c.finish();
    join(&bulk, &stream)
}

/// Reads a body to its end.
pub(super) fn read(
    body: &[u8],
    limits: &Limits,
    walk: impl FnOnce(&mut Coder<'_>) -> Result<(), Fault>,
) -> Result<(), WireError> {
    let (bulk, stream) = split(body)?;
    let mut coder = Coder::reader(stream, bulk, limits.inflated as usize);
    walk(&mut coder).and_then(|()| coder.end()).map_err(|fault| WireError::from_fault(fault, limits))
}

/// Appends a body to the begun message, its bulk packed if that is shorter.
pub(super) fn pack(message: &mut Vec<u8>, body: &[u8]) {
    let packed = split(body).ok().filter(|(bulk, _)| bulk.len() >= WORTHWHILE).and_then(|(bulk, stream)| {
        let packed = zstd::bulk::compress(bulk, LEVEL).ok()?;
        (packed.len() < bulk.len()).then(|| join(&packed, stream))
    });
    if packed.is_some() {
        message[1] |= PACKED;
    }
    message.extend_from_slice(packed.as_deref().unwrap_or(body));
}

/// The body as it was before [`pack`].
pub(super) fn unpack(packed: bool, body: &[u8], limits: &Limits) -> Result<Vec<u8>, WireError> {
    if !packed {
        return Ok(body.to_vec());
    }
    let (bulk, stream) = split(body)?;
    let bad = |_| WireError::malformed("the packed bulk is no zstd frame");
    let mut reader = zstd::stream::read::Decoder::with_buffer(bulk).map_err(bad)?.single_frame();
    reader.window_log_max(WINDOW).map_err(bad)?;
    let mut inflated = Vec::new();
    let most = u64::from(limits.inflated);
    reader.by_ref().take(most + 1).read_to_end(&mut inflated).map_err(bad)?;
    if inflated.len() as u64 > most {
        return Err(WireError::TooLarge(limits.inflated));
    }
    if !reader.finish().is_empty() {
        return Err(WireError::malformed("more bytes after the packed bulk"));
    }
    Ok(join(&inflated, stream))
}

fn join(bulk: &[u8], stream: &[u8]) -> Vec<u8> {
    let mut body = Vec::with_capacity(bulk.len() + stream.len() + 5);
    put_varint(&mut body, bulk.len() as u64);
    body.extend_from_slice(bulk);
    body.extend_from_slice(stream);
    body
}

/// Bulk and stream.
fn split(body: &[u8]) -> Result<(&[u8], &[u8]), WireError> {
    let early = || WireError::malformed("the bulk ends early");
    let (len, rest) = varint(body).ok_or_else(early)?;
    usize::try_from(len).ok().and_then(|len| rest.split_at_checked(len)).ok_or_else(early)
}

/// 7 bits a byte, lowest first; the highest bit is set on all bytes but the last.
pub(super) fn put_varint(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

/// A varint of at most 64 bits in its shortest form, and what follows it.
pub(super) fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut n = 0;
    for (i, byte) in bytes.iter().enumerate().take(10) {
        let bits = u64::from(byte & 0x7f);
        n |= bits.checked_shl(7 * i as u32).filter(|shifted| shifted >> (7 * i) == bits)?;
        if byte & 0x80 == 0 {
            return (*byte != 0 || i == 0).then_some((n, &bytes[i + 1..]));
        }
    }
    None
}

/// A message taken apart, for tools and tests that look at or break its layers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// All before the body: version, kind, and the kind's own fields.
    pub head: Vec<u8>,
    /// Texts and blobs, unpacked.
    pub bulk: Vec<u8>,
    /// The coded fields.
    pub stream: Vec<u8>,
}

/// Takes a push or an answer apart.
///
/// # Errors
/// When it has no such parts, or is larger than the limits.
pub fn parts(bytes: &[u8], limits: &Limits) -> Result<Parts, WireError> {
    let kind = kind(bytes).ok_or_else(|| WireError::malformed("no message of this version"))?;
    let (packed, rest) = open(bytes, kind, limits)?;
    let body = match kind {
        PUSH => rest.get(64..),
        ANSWER => super::answer::skip_head(rest),
        _ => None,
    };
    let body = body.ok_or_else(|| WireError::malformed("no body"))?;
    let mut head = bytes[..bytes.len() - body.len()].to_vec();
    head[1] = kind;
    let body = unpack(packed, body, limits)?;
    let (bulk, stream) = split(&body)?;
    Ok(Parts { head, bulk: bulk.to_vec(), stream: stream.to_vec() })
}

impl Parts {
    /// The message of these parts.
    pub fn join(&self) -> Vec<u8> {
        let mut message = self.head.clone();
        pack(&mut message, &join(&self.bulk, &self.stream));
        message
    }
}
