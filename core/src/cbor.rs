//! The part of CBOR that Sanji speaks, always in the deterministic encoding of RFC 8949 section 4.2.1: integers of 64
//! bits, byte and text strings, arrays, maps with non-negative integer keys, booleans and null; no floats, no tags, no
//! indefinite lengths.
//!
//! Decoding refuses whatever would not be encoded again to the same bytes, so a value has one form and one hash.

use std::collections::BTreeMap;

use minicbor::data::Type;
use minicbor::{Decoder, Encoder};

/// How deep arrays and maps may nest.
pub(crate) const MAX_DEPTH: usize = 8;

/// A decoded value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// An integer from -2^63 to 2^63-1.
    Int(i64),
    /// A byte string.
    Bytes(Vec<u8>),
    /// A text string.
    Text(String),
    /// An array.
    Array(Vec<Value>),
    /// A map with integer keys.
    Map(Map),
    /// True or false.
    Bool(bool),
    /// Null.
    Null,
}

/// A map with integer keys; their order is the order of the encoding.
pub type Map = BTreeMap<u64, Value>;

/// Why bytes are no canonical CBOR of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CborError {
    /// The bytes end early, hold an unknown item, or an item outside our part of CBOR.
    #[error("byte {at}: {why}")]
    Malformed {
        /// Where in the input.
        at: usize,
        /// What is wrong there.
        why: &'static str,
    },
    /// A readable value, but not in its deterministic form.
    #[error("not in canonical form (RFC 8949 section 4.2.1)")]
    NotCanonical,
}

/// Decodes exactly one value that fills `bytes`.
///
/// # Errors
/// When `bytes` is not the deterministic encoding of one value of ours.
pub fn decode(bytes: &[u8]) -> Result<Value, CborError> {
    let mut decoder = Decoder::new(bytes);
    let value = read(&mut decoder, MAX_DEPTH)?;
    if decoder.position() != bytes.len() {
        return Err(CborError::Malformed { at: decoder.position(), why: "more bytes after the value" });
    }
    if encode(&value) != bytes {
        return Err(CborError::NotCanonical);
    }
    Ok(value)
}

/// Decodes a map that fills `bytes`.
///
/// # Errors
/// As [`decode`], and when the value is something else than a map.
pub fn decode_map(bytes: &[u8]) -> Result<Map, CborError> {
    match decode(bytes)? {
        Value::Map(map) => Ok(map),
        _ => Err(CborError::Malformed { at: 0, why: "a map was expected" }),
    }
}

/// The entries of a map up to and with `last_key`, without a look at the rest. For values that were decoded whole before
/// they were stored: nothing is checked again. `None` if the bytes are no such map.
pub fn decode_lead(bytes: &[u8], last_key: u64) -> Option<Map> {
    let mut decoder = Decoder::new(bytes);
    let mut map = Map::new();
    for _ in 0..decoder.map().ok()?? {
        let key = decoder.u64().ok()?;
        if key > last_key {
            break;
        }
        map.insert(key, read(&mut decoder, MAX_DEPTH).ok()?);
    }
    Some(map)
}

/// Encodes a value in its deterministic form.
pub fn encode(value: &Value) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new());
    write(&mut encoder, value);
    encoder.into_writer()
}

/// Encodes a map in its deterministic form.
pub fn encode_map(map: &Map) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::with_capacity(64));
    write_map(&mut encoder, map);
    encoder.into_writer()
}

fn read(decoder: &mut Decoder<'_>, depth: usize) -> Result<Value, CborError> {
    let at = decoder.position();
    let fail = |why| CborError::Malformed { at, why };
    let kind = decoder.datatype().map_err(|_| fail("the value ends early"))?;
    if depth == 0 && matches!(kind, Type::Array | Type::Map) {
        return Err(fail("nested too deep"));
    }
    match kind {
        Type::U8 | Type::U16 | Type::U32 | Type::U64 | Type::I8 | Type::I16 | Type::I32 | Type::I64 => {
            decoder.i64().map(Value::Int).map_err(|_| fail("an integer of more than 64 bits"))
        }
        Type::Bytes => decoder.bytes().map(|b| Value::Bytes(b.to_vec())).map_err(|_| fail("a byte string ends early")),
        Type::String => {
            decoder.str().map(|s| Value::Text(s.to_owned())).map_err(|_| fail("a text ends early or is not UTF-8"))
        }
        Type::Array => {
            let len = decoder.array().ok().flatten().ok_or_else(|| fail("an array without length"))?;
            let mut items = Vec::new();
            for _ in 0..len {
                items.push(read(decoder, depth - 1)?);
            }
            Ok(Value::Array(items))
        }
        Type::Map => {
            let len = decoder.map().ok().flatten().ok_or_else(|| fail("a map without length"))?;
            let mut map = Map::new();
            for _ in 0..len {
                let key = decoder.u64().map_err(|_| fail("a map key that is no non-negative integer"))?;
                if map.insert(key, read(decoder, depth - 1)?).is_some() {
                    return Err(fail("a map key stands twice"));
                }
            }
            Ok(Value::Map(map))
        }
        Type::Bool => decoder.bool().map(Value::Bool).map_err(|_| fail("a boolean ends early")),
        Type::Null => decoder.null().map(|()| Value::Null).map_err(|_| fail("a null ends early")),
        _ => Err(fail("an item that is not used here (float, tag or indefinite length)")),
    }
}

fn write(encoder: &mut Encoder<Vec<u8>>, value: &Value) {
    // Writing to a Vec can't fail: its error type has no values.
    let _ = match value {
        Value::Int(n) => encoder.i64(*n).map(|_| ()),
        Value::Bytes(bytes) => encoder.bytes(bytes).map(|_| ()),
        Value::Text(text) => encoder.str(text).map(|_| ()),
        Value::Bool(b) => encoder.bool(*b).map(|_| ()),
        Value::Null => encoder.null().map(|_| ()),
        Value::Array(items) => {
            let result = encoder.array(items.len() as u64).map(|_| ());
            items.iter().for_each(|item| write(encoder, item));
            result
        }
        Value::Map(map) => {
            write_map(encoder, map);
            Ok(())
        }
    };
}

fn write_map(encoder: &mut Encoder<Vec<u8>>, map: &Map) {
    let _ = encoder.map(map.len() as u64);
    for (key, value) in map {
        let _ = encoder.u64(*key);
        write(encoder, value);
    }
}

impl Value {
    /// The integer, if it is one.
    pub fn int(&self) -> Option<i64> {
        match self {
            Value::Int(n) => Some(*n),
            _ => None,
        }
    }

    /// The non-negative integer, if it is one.
    pub fn uint(&self) -> Option<u64> {
        self.int().and_then(|n| u64::try_from(n).ok())
    }

    /// The byte string, if it is one.
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The array, if it is one.
    pub fn array(&self) -> Option<&[Value]> {
        match self {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<i64>().prop_map(Value::Int),
            proptest::collection::vec(any::<u8>(), 0..40).prop_map(Value::Bytes),
            "\\PC{0,20}".prop_map(Value::Text),
            any::<bool>().prop_map(Value::Bool),
            Just(Value::Null),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
                proptest::collection::btree_map(0..1u64 << 40, inner, 0..6).prop_map(Value::Map),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(value in value()) {
            prop_assert_eq!(decode(&encode(&value)), Ok(value));
        }

        #[test]
        fn what_reads_writes_back_the_same_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(value) = decode(&bytes) {
                prop_assert_eq!(encode(&value), bytes);
            }
        }
    }

    #[test]
    fn the_lead_of_a_map_is_its_first_entries() {
        let map: Map = (0..9).map(|key| (key, Value::Int(key as i64 * 1000))).collect();
        let bytes = encode_map(&map);
        let lead: Map = map.into_iter().take(4).collect();
        assert_eq!(decode_lead(&bytes, 3), Some(lead.clone()));
        assert_eq!(decode_lead(&bytes[..16], 3), Some(lead), "only the key of what follows is read");
        assert_eq!(decode_lead(&bytes[..6], 3), None);
        assert_eq!(decode_lead(&[0x80], 3), None);
    }

    #[test]
    fn a_second_form_of_the_same_value_is_refused() {
        let cases: [&[u8]; 8] = [
            &[0x18, 0x05],                                           // 5 in two bytes
            &[0xa2, 0x02, 0x00, 0x01, 0x00],                         // keys out of order
            &[0xa2, 0x01, 0x00, 0x01, 0x00],                         // a key twice
            &[0x9f, 0xff],                                           // indefinite array
            &[0xf9, 0x00, 0x00],                                     // float
            &[0xc0, 0x00],                                           // tag
            &[0x00, 0x00],                                           // two values
            &[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], // huge length
        ];
        for bytes in cases {
            assert!(decode(bytes).is_err(), "{bytes:x?}");
        }
        assert!(decode(&[0x81; 4000]).is_err(), "nesting is bounded");
    }
}
