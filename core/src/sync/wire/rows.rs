//! Stand-alone forms: the version byte, then a canonical CBOR array. For what is signed by itself, kept in a store, or
//! shown as a QR code. Ids, keys, hashes and signatures are byte strings, instants milliseconds, days counted from 1970-01-01,
//! what is absent null.
//!
//! | form | items |
//! |---|---|
//! | signed row | signature, then the row's items |
//! | row: enrolment | 1, key, person?, school?, at |
//! | row: grant | 2, n, person, role, scope, from, to? |
//! | row: grant revoked | 3, n, person |
//! | row: revocation | 4, actor, at |
//! | row: retirement | 5, actor, as of, 1 replaced, 2 lost or 3 broken |
//! | scope (an array) | 1 posting, 2 school, 3 township (its name), 4 group, 5 visit: with its id; 6 county |
//! | signed head | county, n, L(n), relay's instant, actor, push, envelope, body, signature |
//! | certificate | key, person, role, school, posting?, number, expires, issuer, signature |
//! | successor | old actor, new key, signature |
//! | cursor | effective, seq, 8 bytes of L, notes |
//! | chain name | number; or document, actor |

use jiff::civil::Date;

use super::WireError;
use super::coder::{Coder, Fault};
use super::model::{Number, list};
use super::runs::block;
use crate::cbor::{self, Value};
use crate::crypto::{BodyHash, EnvelopeHash, LogHash, PublicKey, Signature};
use crate::ids::{ActorId, CountyId, DocId, GroupId, PersonId, PostingId, SchoolId, VisitId};
use crate::records::field::Scalar;
use crate::sync::message::{
    Certificate, ChainName, Cursor, Head, LogNo, RetireReason, Row, Scope, SignedHead, SignedRow, Successor, VERSION,
};
use crate::time::{UtcMs, days_since_epoch};

/// Something with a stand-alone form.
pub(super) trait Form: Sized {
    /// What it is called in messages.
    const NAME: &'static str;

    /// The items of its CBOR array.
    fn items(&self) -> Vec<Value>;

    /// Reads it from the items.
    ///
    /// # Errors
    /// When one is missing, one too many, or of a wrong type; the text says which.
    fn read(items: &mut Items<'_>) -> Result<Self, WireError>;

    /// Its bytes: the version, then the array.
    fn to_wire(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        bytes.extend(cbor::encode(&Value::Array(self.items())));
        bytes
    }

    /// Reads it from its bytes.
    ///
    /// # Errors
    /// When the bytes are of another version, or no such thing.
    fn from_wire(bytes: &[u8]) -> Result<Self, WireError> {
        let bad = |why: &dyn std::fmt::Display| WireError::Malformed(format!("{}: {why}", Self::NAME));
        match bytes {
            [] => Err(bad(&"no bytes")),
            [VERSION, rest @ ..] => match cbor::decode(rest).map_err(|e| bad(&e))? {
                Value::Array(items) => Items::read_all(Self::NAME, &items, Self::read),
                _ => Err(bad(&"an array was expected")),
            },
            [version, ..] => Err(WireError::Version(*version)),
        }
    }
}

/// The items of a form, read one after the other.
pub(super) struct Items<'a> {
    name: &'static str,
    items: &'a [Value],
    next: usize,
}

impl<'a> Items<'a> {
    fn read_all<T>(
        name: &'static str,
        items: &'a [Value],
        read: impl FnOnce(&mut Items<'a>) -> Result<T, WireError>,
    ) -> Result<T, WireError> {
        let mut items = Items { name, items, next: 0 };
        let value = read(&mut items)?;
        if items.next < items.items.len() { Err(items.bad("one item too many")) } else { Ok(value) }
    }

    /// An error about the item that was just read.
    fn bad(&self, why: &str) -> WireError {
        WireError::Malformed(format!("{}, item {}: {why}", self.name, self.next.saturating_sub(1)))
    }

    fn value(&mut self) -> Result<&'a Value, WireError> {
        self.next += 1;
        self.items.get(self.next - 1).ok_or_else(|| self.bad("it is missing"))
    }

    fn get<T>(&mut self, what: &str, get: impl FnOnce(&'a Value) -> Option<T>) -> Result<T, WireError> {
        let value = self.value()?;
        get(value).ok_or_else(|| self.bad(&format!("{what} was expected")))
    }

    fn maybe<T>(&mut self, what: &str, get: impl FnOnce(&'a Value) -> Option<T>) -> Result<Option<T>, WireError> {
        self.get(what, |value| if *value == Value::Null { Some(None) } else { get(value).map(Some) })
    }

    fn uint(&mut self) -> Result<u64, WireError> {
        self.get("a number that is not negative", Value::uint)
    }

    fn ms(&mut self) -> Result<UtcMs, WireError> {
        self.get("milliseconds", |v| v.int().map(UtcMs))
    }

    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        self.get(&format!("{N} bytes"), |v| v.bytes()?.try_into().ok())
    }

    fn inner<T>(&mut self, read: impl FnOnce(&mut Items<'a>) -> Result<T, WireError>) -> Result<T, WireError> {
        let items = self.get("an array", Value::array)?;
        Items::read_all(self.name, items, read)
    }
}

fn uint(n: u64) -> Value {
    Value::Int(i64::try_from(n).unwrap_or(i64::MAX))
}

fn bytes(bytes: &[u8]) -> Value {
    Value::Bytes(bytes.to_vec())
}

fn maybe<T>(value: &Option<T>, to: impl FnOnce(&T) -> Value) -> Value {
    value.as_ref().map_or(Value::Null, to)
}

fn date(date: Date) -> Value {
    Value::Int(i64::from(days_since_epoch(date)))
}

/// What the relay signs of a row under `labels::ROW`: canonical CBOR of the county and the row's items.
pub fn row_bytes(county: CountyId, row: &Row) -> Vec<u8> {
    cbor::encode(&Value::Array(vec![bytes(&county.0), Value::Array(row_items(row))]))
}

fn row_items(row: &Row) -> Vec<Value> {
    match row {
        Row::Enrolment { key, person, school, at } => vec![
            uint(1),
            bytes(&key.0),
            maybe(person, |p| bytes(&p.0)),
            maybe(school, |s| bytes(&s.0)),
            Value::Int(at.0),
        ],
        Row::Grant { n, person, role, scope, from, to } => vec![
            uint(2),
            uint(n.0),
            bytes(&person.0),
            role.to_value(),
            Value::Array(scope_items(scope)),
            date(*from),
            maybe(to, |d| date(*d)),
        ],
        Row::GrantRevoked { n, person } => vec![uint(3), uint(n.0), bytes(&person.0)],
        Row::Revocation { actor, at } => vec![uint(4), bytes(&actor.0), Value::Int(at.0)],
        Row::Retirement { actor, as_of, why } => {
            let why = match why {
                RetireReason::Replaced => 1,
                RetireReason::Lost => 2,
                RetireReason::Broken => 3,
            };
            vec![uint(5), bytes(&actor.0), Value::Int(as_of.0), uint(why)]
        }
    }
}

fn read_row(i: &mut Items<'_>) -> Result<Row, WireError> {
    Ok(match i.uint()? {
        1 => Row::Enrolment {
            key: PublicKey(i.bytes()?),
            person: i.maybe("a person id", |v| PersonId::from_slice(v.bytes()?))?,
            school: i.maybe("a school id", |v| SchoolId::from_slice(v.bytes()?))?,
            at: i.ms()?,
        },
        2 => Row::Grant {
            n: LogNo(i.uint()?),
            person: PersonId(i.bytes()?),
            role: i.get("a role", Scalar::from_value)?,
            scope: i.inner(read_scope)?,
            from: i.get("a day", Scalar::from_value)?,
            to: i.maybe("a day", Scalar::from_value)?,
        },
        3 => Row::GrantRevoked { n: LogNo(i.uint()?), person: PersonId(i.bytes()?) },
        4 => Row::Revocation { actor: ActorId(i.bytes()?), at: i.ms()? },
        5 => Row::Retirement {
            actor: ActorId(i.bytes()?),
            as_of: i.ms()?,
            why: match i.uint()? {
                1 => RetireReason::Replaced,
                2 => RetireReason::Lost,
                3 => RetireReason::Broken,
                _ => return Err(i.bad("1 (replaced), 2 (lost) or 3 (broken) was expected")),
            },
        },
        _ => return Err(i.bad("a row of a kind that this version doesn't know")),
    })
}

fn scope_items(scope: &Scope) -> Vec<Value> {
    match scope {
        Scope::Posting(id) => vec![uint(1), bytes(&id.0)],
        Scope::School(id) => vec![uint(2), bytes(&id.0)],
        Scope::Township(name) => vec![uint(3), Value::Text(name.clone())],
        Scope::Group(id) => vec![uint(4), bytes(&id.0)],
        Scope::Visit(id) => vec![uint(5), bytes(&id.0)],
        Scope::County => vec![uint(6)],
    }
}

fn read_scope(i: &mut Items<'_>) -> Result<Scope, WireError> {
    Ok(match i.uint()? {
        1 => Scope::Posting(PostingId(i.bytes()?)),
        2 => Scope::School(SchoolId(i.bytes()?)),
        3 => Scope::Township(i.get("a township's name", |v| v.text().map(str::to_owned))?),
        4 => Scope::Group(GroupId(i.bytes()?)),
        5 => Scope::Visit(VisitId(i.bytes()?)),
        6 => Scope::County,
        _ => return Err(i.bad("a scope of a kind that this version doesn't know")),
    })
}

impl Form for SignedRow {
    const NAME: &'static str = "signed row";

    fn items(&self) -> Vec<Value> {
        let mut items = row_items(&self.row);
        items.insert(0, bytes(&self.signature.0));
        items
    }

    fn read(i: &mut Items<'_>) -> Result<Self, WireError> {
        let signature = Signature(i.bytes()?);
        Ok(SignedRow { row: read_row(i)?, signature })
    }
}

impl Form for SignedHead {
    const NAME: &'static str = "signed head";

    fn items(&self) -> Vec<Value> {
        let h = &self.head;
        vec![
            bytes(&h.county.0),
            uint(h.n.0),
            bytes(&h.l.0),
            Value::Int(h.relay.0),
            bytes(&h.actor.0),
            uint(h.push),
            bytes(&h.envelope.0),
            bytes(&h.body.0),
            bytes(&self.signature.0),
        ]
    }

    fn read(i: &mut Items<'_>) -> Result<Self, WireError> {
        let head = Head {
            county: CountyId(i.bytes()?),
            n: LogNo(i.uint()?),
            l: LogHash(i.bytes()?),
            relay: i.ms()?,
            actor: ActorId(i.bytes()?),
            push: i.uint()?,
            envelope: EnvelopeHash(i.bytes()?),
            body: BodyHash(i.bytes()?),
        };
        Ok(SignedHead { head, signature: Signature(i.bytes()?) })
    }
}

impl Form for Certificate {
    const NAME: &'static str = "certificate";

    fn items(&self) -> Vec<Value> {
        vec![
            bytes(&self.key.0),
            bytes(&self.person.0),
            self.role.to_value(),
            bytes(&self.school.0),
            maybe(&self.posting, |p| bytes(&p.0)),
            uint(self.number),
            date(self.expires),
            bytes(&self.issuer.0),
            bytes(&self.signature.0),
        ]
    }

    fn read(i: &mut Items<'_>) -> Result<Self, WireError> {
        Ok(Certificate {
            key: PublicKey(i.bytes()?),
            person: PersonId(i.bytes()?),
            role: i.get("a role", Scalar::from_value)?,
            school: SchoolId(i.bytes()?),
            posting: i.maybe("a posting id", |v| PostingId::from_slice(v.bytes()?))?,
            number: i.uint()?,
            expires: i.get("a day", Scalar::from_value)?,
            issuer: ActorId(i.bytes()?),
            signature: Signature(i.bytes()?),
        })
    }
}

impl Form for Successor {
    const NAME: &'static str = "successor";

    fn items(&self) -> Vec<Value> {
        vec![bytes(&self.old.0), bytes(&self.new.0), bytes(&self.signature.0)]
    }

    fn read(i: &mut Items<'_>) -> Result<Self, WireError> {
        Ok(Successor { old: ActorId(i.bytes()?), new: PublicKey(i.bytes()?), signature: Signature(i.bytes()?) })
    }
}

impl Form for Cursor {
    const NAME: &'static str = "cursor";

    fn items(&self) -> Vec<Value> {
        vec![uint(self.effective), uint(self.seq), bytes(&self.head), uint(self.notes)]
    }

    fn read(i: &mut Items<'_>) -> Result<Self, WireError> {
        Ok(Cursor { effective: i.uint()?, seq: i.uint()?, head: i.bytes()?, notes: i.uint()? })
    }
}

impl Form for ChainName {
    const NAME: &'static str = "chain name";

    fn items(&self) -> Vec<Value> {
        match self {
            ChainName::Number(n) => vec![uint(n.0)],
            ChainName::Name(doc, actor) => vec![bytes(&doc.to_bytes()), bytes(&actor.0)],
        }
    }

    fn read(i: &mut Items<'_>) -> Result<Self, WireError> {
        if i.items.len() == 1 {
            return Ok(ChainName::Number(LogNo(i.uint()?)));
        }
        let doc = i.get("a document id", |v| DocId::from_bytes(v.bytes()?))?;
        Ok(ChainName::Name(doc, ActorId(i.bytes()?)))
    }
}

macro_rules! forms {
    ($($encode:ident $decode:ident $type:ident $what:literal;)*) => {$(
        #[doc = concat!("The stand-alone form of a ", $what, ".")]
        pub fn $encode(value: &$type) -> Vec<u8> {
            value.to_wire()
        }

        #[doc = concat!("Reads a ", $what, " from its stand-alone form.")]
        ///
        /// # Errors
        /// When the bytes are of another version, or no such thing; the text says which item is wrong.
        pub fn $decode(bytes: &[u8]) -> Result<$type, WireError> {
            $type::from_wire(bytes)
        }
    )*};
}

forms! {
    encode_signed_row decode_signed_row SignedRow "signed row";
    encode_signed_head decode_signed_head SignedHead "signed head";
    encode_certificate decode_certificate Certificate "certificate";
    encode_successor decode_successor Successor "successor";
    encode_cursor decode_cursor Cursor "cursor";
    encode_chain_name decode_chain_name ChainName "chain name";
}

/// A list of signed rows in a message, each in its stand-alone form.
pub(super) fn rows(
    c: &mut Coder<'_>,
    length: &mut Number,
    blocks: &mut Number,
    rows: &mut Vec<SignedRow>,
) -> Result<(), Fault> {
    let empty = || SignedRow {
        row: Row::GrantRevoked { n: LogNo(0), person: PersonId([0; 8]) },
        signature: Signature([0; 64]),
    };
    list(c, length, "signed row", rows, empty, |c, row| {
        let mut bytes = if c.reads() { Vec::new() } else { row.to_wire() };
        block(c, blocks, &mut bytes)?;
        if c.reads() {
            *row = SignedRow::from_wire(&bytes).map_err(WireError::into_fault)?;
        }
        Ok(())
    })
}
