//! How [`super::message`] becomes bytes, and back. Both directions are pure; what comes from outside is guarded.
//!
//! A message is a frame around a body. Byte 0 is the [version](super::message::VERSION), byte 1 its kind, with the highest
//! bit set if the bulk is packed:
//!
//! | kind | what | between byte 1 and the body |
//! |---|---|---|
//! | 1 | push | signature, 64 bytes |
//! | 2 | answer | n (varint), L(n) (32 bytes), the relay's milliseconds (varint), signature (64 bytes) |
//! | 3 | refusal | no body: canonical CBOR, see `refusal` |
//!
//! A body is the length of its bulk (varint: 7 bits a byte, lowest first, the highest bit set on all but the last), the
//! bulk (texts and blobs), and a stream of bits to the end, in which each field of a message is coded under models that
//! learn from that field's earlier values. `coder` says how bits become bytes, `model` how numbers become bits, `values`
//! how entries become numbers, `runs`, `push` and `answer` in which order all that stands. On the way the bulk may be
//! packed by zstd, where that is shorter; the signed hash of an answer's body is over the unpacked one.
//!
//! Fields of a column need not be moved together for this, as a compressor would want it: a model is the column.
//!
//! Facts that are kept or shown by themselves (cursors, chain names, signed rows and heads, certificates, successors)
//! have a stand-alone form: the version byte and a canonical CBOR array, see `rows`.

mod answer;
mod coder;
mod frame;
mod model;
mod push;
mod refusal;
mod rows;
mod runs;
mod values;

pub use answer::{Expect, decode_answer, decode_body, encode_answer, encode_body};
pub use frame::{Parts, parts};
pub use push::{PAGE, decode_push, encode_push};
pub use refusal::{decode_refusal, encode_refusal};
pub use rows::{
    decode_certificate, decode_chain_name, decode_cursor, decode_signed_head, decode_signed_row, decode_successor,
    encode_certificate, encode_chain_name, encode_cursor, encode_signed_head, encode_signed_row, encode_successor,
    row_bytes,
};

use super::message::Refusal;
use coder::Fault;

/// How much a reader takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of a message as it arrives.
    pub body: u32,
    /// The most bytes that it may unfold to: values, blobs, and what is needed to hold them in memory.
    pub inflated: u32,
}

impl Default for Limits {
    /// 1 MiB as it arrives, 8 MiB unfolded.
    fn default() -> Self {
        Limits { body: 1 << 20, inflated: 8 << 20 }
    }
}

/// Why bytes are no message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// Something is wrong; the text says what and where.
    #[error("malformed: {0}")]
    Malformed(String),
    /// Longer, or unfolding to more, than the limit, in bytes.
    #[error("larger than {0} bytes")]
    TooLarge(u32),
    /// A version that can't be spoken here.
    #[error("version {0} can't be spoken here")]
    Version(u8),
    /// The relay refused the push.
    #[error("refused: {0}")]
    Refused(Refusal),
}

impl WireError {
    fn malformed(text: impl Into<String>) -> Self {
        WireError::Malformed(text.into())
    }

    /// The same error about an item of a message.
    fn into_fault(self) -> Fault {
        match self {
            WireError::Malformed(text) => Fault::new(text),
            other => Fault::new(other.to_string()),
        }
    }

    fn from_fault(fault: Fault, limits: &Limits) -> Self {
        match fault {
            Fault::Malformed { what, place } if place.is_empty() => WireError::malformed(what.into_owned()),
            Fault::Malformed { what, place } => WireError::malformed(format!("{place}: {what}")),
            Fault::TooLarge => WireError::TooLarge(limits.inflated),
        }
    }
}
