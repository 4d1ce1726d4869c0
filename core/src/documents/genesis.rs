//! The first change of every document: a function of format version, kind, county and document id, so that every hash that
//! follows names its document. It is never sent; both sides make it.

use std::num::NonZeroU64;

use automerge::legacy::{Key, ObjectId, Op, OpType};
use automerge::{ActorId as AmActor, Change, ExpandedChange, ScalarValue};

use crate::crypto::EntryHash;
use crate::ids::{CountyId, DocId};
use crate::labels;

/// The version of the document format, in every genesis.
pub const FORMAT: u8 = 1;

/// Operations of the genesis: the entry with seq s is operation `OPS + s`.
pub const OPS: u64 = 1;

/// The key at ROOT under which the genesis names the document.
pub const KEY: &str = "sanji";

/// The genesis change of a document.
pub fn change(county: CountyId, doc: DocId) -> Change {
    let name = [labels::GENESIS, &[FORMAT, doc.kind.byte()], &county.0, &doc.to_bytes()].concat();
    Change::from(put(AmActor::from(&b"sanji/genesis\0\0\0"[..]), 1, 1, Vec::new(), KEY.into(), name))
}

/// The hash of a document's genesis: what the first entry of every chain depends on.
pub fn hash(county: CountyId, doc: DocId) -> EntryHash {
    EntryHash(change(county, doc).hash().0)
}

/// A change of one Put at ROOT with empty pred, time 0 and no message.
pub(super) fn put(
    actor: AmActor,
    seq: u64,
    start_op: u64,
    deps: Vec<automerge::ChangeHash>,
    key: String,
    value: Vec<u8>,
) -> ExpandedChange {
    ExpandedChange {
        operations: vec![Op {
            action: OpType::Put(ScalarValue::Bytes(value)),
            obj: ObjectId::Root,
            key: Key::Map(key.into()),
            pred: Vec::new().into(),
            insert: false,
        }],
        actor_id: actor,
        hash: None,
        seq,
        start_op: NonZeroU64::new(start_op).unwrap_or(NonZeroU64::MIN),
        time: 0,
        message: None,
        deps,
        extra_bytes: Vec::new(),
        author: None,
    }
}
