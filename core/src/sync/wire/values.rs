//! How entry values become numbers. A value is a canonical CBOR map; what travels is its shape (which keys, of which
//! type), then its items, each under the models of its own column. Any canonical map can be said, known or not, and what
//! is read back is byte for byte what was written.
//!
//! - An **entry** is a bit (broken, under a model of its own: bytes that are no canonical map; no reader takes it), its
//!   shape, its clock reading, then its other items in the order of their keys.
//! - A **column** is a place in a map: for the fields of an entry it is (kind, key), or (no kind, key); below that (column,
//!   key) of an inner map or (column, place) of an array's items, the fourth and later items sharing one. Each column has
//!   models of its own for integers, lengths, strings said before, types of array items, and shapes of inner maps.
//! - A **shape** is an entry's kind, if key 0 holds an integer, and its other keys, each with the type of its value; an inner
//!   map's has no kind. Shapes are numbered from 1 as they first occur in the message. The number is coded in the map's
//!   column (entries have one of their own) under a model chosen by the number before it there, 16 and above sharing one;
//!   0 says that a new shape follows: for an entry, a bit whether it has a kind, and the kind; the number of keys; for each
//!   the distance from the least that may come (1 after a kind, else 0; then the key before + 1) and the type.
//! - **Types**: 0 integer, 1 byte string, 2 text, 3 array, 4 map, 5 false, 6 true, 7 null. The last three have no more to
//!   say. An array is its length, then for each item type and value; a map its shape, then its items.
//! - **Integers** are coded as differences in their column. Wall, session and milliseconds of an entry, where they are
//!   integers, against the clock that it is expected near, under one set of models for the first entry of a run and another
//!   for the later ones: wall and session as differences; milliseconds, within that session, as what they differ from the
//!   clock's milliseconds + 1000 × the difference of walls; in another session, or against another device's clock, as they
//!   are. All wrapping in 64 bits.
//! - **Byte strings and texts** are said once in a message. A number says how many strings ago one was first said, 0 that it
//!   is new; then its length (ids have a fixed one) and its bytes, even for byte strings, in the bulk for texts. Texts have
//!   one list; byte strings another, which they share with the ids of `runs`.

use std::collections::HashMap;

use super::coder::{Coder, Fault, Prob};
use super::model::{Column, Number};
use crate::cbor::{self, MAX_DEPTH, Map, Value};
use crate::records::key;

/// Types of a value, as numbered on the wire.
mod tag {
    pub(super) const INT: u64 = 0;
    pub(super) const BYTES: u64 = 1;
    pub(super) const TEXT: u64 = 2;
    pub(super) const ARRAY: u64 = 3;
    pub(super) const MAP: u64 = 4;
    pub(super) const FALSE: u64 = 5;
    pub(super) const TRUE: u64 = 6;
    pub(super) const NULL: u64 = 7;
}

fn tag_of(value: &Value) -> u64 {
    match value {
        Value::Int(_) => tag::INT,
        Value::Bytes(_) => tag::BYTES,
        Value::Text(_) => tag::TEXT,
        Value::Array(_) => tag::ARRAY,
        Value::Map(_) => tag::MAP,
        Value::Bool(false) => tag::FALSE,
        Value::Bool(true) => tag::TRUE,
        Value::Null => tag::NULL,
    }
}

/// The clock reading that the next entry is expected to be near.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Clock {
    /// Wall seconds.
    pub wall: i64,
    /// Session.
    pub session: i64,
    /// Milliseconds of that session; `None` if it is another device's, whose milliseconds say nothing.
    pub ms: Option<i64>,
}

impl Clock {
    /// The same reading, seen from another device.
    pub(super) fn of_another(self) -> Self {
        Clock { ms: None, ..self }
    }
}

/// Strings said before in this message.
#[derive(Default)]
struct Pool {
    said: Vec<Vec<u8>>,
    places: HashMap<Vec<u8>, usize>,
}

/// The models of a column.
struct Place {
    int: Column,
    ago: Number,
    len: Number,
    tag: Number,
    shape: Vec<Number>,
    last_shape: usize,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Shape {
    kind: Option<i64>,
    keys: Vec<(u64, u64)>,
}

/// What the fields of a clock reading cost: one for the first entry of a run, one for the later ones.
struct ClockModel {
    wall: Number,
    session: Number,
    residual: Number,
    start: Number,
}

/// All that is learnt from the values of a message.
pub(super) struct Values {
    broken: Prob,
    places: Vec<Place>,
    place_of: HashMap<(usize, u64), usize>,
    shapes: Vec<Shape>,
    shape_of: HashMap<Shape, usize>,
    kind: Number,
    keys: Number,
    tags: Number,
    has_kind: Prob,
    clocks: [ClockModel; 2],
    bytes: Pool,
    texts: Pool,
}

/// The column of whole entries, before their kind is known.
const ROOT: usize = 0;

/// The column of entries without a kind.
const BARE: usize = 1;

/// Beyond this many shapes the one before is no context of its own.
const SHAPE_CONTEXTS: usize = 16;

/// Array items from this place on share a column.
const ITEM_COLUMNS: usize = 3;

impl Values {
    pub(super) fn new() -> Self {
        let clock = || ClockModel {
            wall: Number::new(),
            session: Number::new(),
            residual: Number::new(),
            start: Number::new(),
        };
        Values {
            broken: Prob::new(),
            places: vec![Place::new(), Place::new()],
            place_of: HashMap::new(),
            shapes: Vec::new(),
            shape_of: HashMap::new(),
            kind: Number::new(),
            keys: Number::new(),
            tags: Number::new(),
            has_kind: Prob::new(),
            clocks: [clock(), clock()],
            bytes: Pool::default(),
            texts: Pool::default(),
        }
    }

    /// An entry's value. `clock` is the reading that it is expected to be near, and afterwards its own; `first` whether it
    /// is the first of its run.
    ///
    /// Bytes that are no canonical map have no form here: the writer marks them and the reader refuses the mark.
    pub(super) fn entry(
        &mut self,
        c: &mut Coder<'_>,
        bytes: &mut Vec<u8>,
        clock: &mut Clock,
        first: bool,
    ) -> Result<(), Fault> {
        let decoded = if c.reads() { Some(Map::new()) } else { cbor::decode_map(bytes).ok() };
        let mut broken = decoded.is_none();
        c.bit(&mut self.broken, &mut broken)?;
        if broken {
            return if c.reads() { Err(Fault::new("its sender marked it as no canonical map")) } else { Ok(()) };
        }
        let mut map = decoded.unwrap_or_default();
        self.map(c, ROOT, &mut map, Some((clock, first)), MAX_DEPTH - 1)?;
        if c.reads() {
            *bytes = cbor::encode_map(&map);
        }
        Ok(())
    }

    /// An identifier or other byte string of fixed length that may have been said before.
    pub(super) fn id<const N: usize>(
        &mut self,
        c: &mut Coder<'_>,
        ago: &mut Number,
        id: &mut [u8; N],
    ) -> Result<(), Fault> {
        let mut bytes = id.to_vec();
        self.bytes.string(c, ago, &mut bytes, |c, bytes| {
            bytes.resize(N, 0);
            c.raw(bytes)
        })?;
        *id = bytes.try_into().map_err(|_| Fault::new("an id of another length was named"))?;
        Ok(())
    }

    /// Makes `id` known to both sides.
    pub(super) fn know(&mut self, id: &[u8]) {
        self.bytes.add(id.to_vec());
    }

    /// A text that may have been said before.
    pub(super) fn text(
        &mut self,
        c: &mut Coder<'_>,
        ago: &mut Number,
        len: &mut Number,
        text: &mut String,
    ) -> Result<(), Fault> {
        let mut bytes = std::mem::take(text).into_bytes();
        self.texts.string(c, ago, &mut bytes, |c, bytes| bulk(c, len, bytes))?;
        *text = String::from_utf8(bytes).map_err(|_| Fault::new("a text that is not UTF-8"))?;
        Ok(())
    }

    fn map(
        &mut self,
        c: &mut Coder<'_>,
        column: usize,
        map: &mut Map,
        root: Option<(&mut Clock, bool)>,
        depth: usize,
    ) -> Result<(), Fault> {
        let shape = self.shape(c, column, map, root.is_some())?;
        let parent = match shape.kind {
            Some(kind) => {
                map.insert(key::KIND, Value::Int(kind));
                self.child(c, column, kind as u64)?
            }
            None if root.is_some() => BARE,
            None => column,
        };
        let entry = root.is_some();
        if let Some((clock, first)) = root {
            self.clock(c, map, &shape, clock, first)?;
        }
        for (key, tag) in shape.keys.iter().filter(|(key, tag)| !(entry && is_reading(*key, *tag))) {
            self.item(c, parent, map, *key, *tag, depth)?;
        }
        Ok(())
    }

    fn item(
        &mut self,
        c: &mut Coder<'_>,
        parent: usize,
        map: &mut Map,
        key: u64,
        tag: u64,
        depth: usize,
    ) -> Result<(), Fault> {
        let column = self.child(c, parent, key)?;
        c.charge(size_of::<(u64, Value)>())?;
        self.value(c, column, tag, map.entry(key).or_insert(Value::Null), depth)
    }

    fn value(
        &mut self,
        c: &mut Coder<'_>,
        column: usize,
        tag: u64,
        value: &mut Value,
        depth: usize,
    ) -> Result<(), Fault> {
        let place = &mut self.places[column];
        match tag {
            tag::INT => {
                let mut n = value.int().unwrap_or(0);
                place.int.int(c, &mut n)?;
                *value = Value::Int(n);
            }
            tag::BYTES => {
                let mut bytes = value.bytes().unwrap_or_default().to_vec();
                let len = &mut place.len;
                self.bytes.string(c, &mut place.ago, &mut bytes, |c, bytes| {
                    let mut count = bytes.len() as u64;
                    len.uint(c, &mut count)?;
                    for i in 0..usize::try_from(count).map_err(|_| Fault::TooLarge)? {
                        if c.reads() {
                            bytes.push(0);
                        }
                        c.raw(&mut bytes[i..=i])?;
                    }
                    Ok(())
                })?;
                *value = Value::Bytes(bytes);
            }
            tag::TEXT => {
                let mut bytes = value.text().unwrap_or_default().as_bytes().to_vec();
                let len = &mut place.len;
                self.texts.string(c, &mut place.ago, &mut bytes, |c, bytes| bulk(c, len, bytes))?;
                let text = String::from_utf8(bytes).map_err(|_| Fault::new("a text that is not UTF-8"))?;
                *value = Value::Text(text);
            }
            tag::ARRAY | tag::MAP if depth == 0 => return Err(Fault::new("nested too deep")),
            tag::ARRAY => {
                let mut items = match std::mem::replace(value, Value::Null) {
                    Value::Array(items) => items,
                    _ => Vec::new(),
                };
                let mut len = items.len() as u64;
                place.len.uint(c, &mut len)?;
                for i in 0..usize::try_from(len).map_err(|_| Fault::TooLarge)? {
                    if c.reads() {
                        c.charge(size_of::<Value>())?;
                        items.push(Value::Null);
                    }
                    let inner = self.child(c, column, i.min(ITEM_COLUMNS) as u64)?;
                    let mut tag = tag_of(&items[i]);
                    self.places[inner].tag.uint(c, &mut tag)?;
                    self.value(c, inner, tag, &mut items[i], depth - 1)?;
                }
                *value = Value::Array(items);
            }
            tag::MAP => {
                let mut map = match std::mem::replace(value, Value::Null) {
                    Value::Map(map) => map,
                    _ => Map::new(),
                };
                self.map(c, column, &mut map, None, depth - 1)?;
                *value = Value::Map(map);
            }
            tag::FALSE => *value = Value::Bool(false),
            tag::TRUE => *value = Value::Bool(true),
            tag::NULL => *value = Value::Null,
            _ => return Err(Fault::new("a type that is not used here")),
        }
        Ok(())
    }

    /// The shape of a map, by its number or as a new one.
    fn shape(&mut self, c: &mut Coder<'_>, column: usize, map: &Map, root: bool) -> Result<Shape, Fault> {
        let mut shape = Shape::default();
        if !c.reads() {
            shape.kind = map.get(&key::KIND).and_then(Value::int).filter(|_| root);
            let skip = usize::from(shape.kind.is_some());
            shape.keys = map.iter().skip(skip).map(|(key, value)| (*key, tag_of(value))).collect();
        }
        let place = &mut self.places[column];
        let context = place.last_shape.min(SHAPE_CONTEXTS);
        while place.shape.len() <= context {
            place.shape.push(Number::new());
        }
        let mut number = self.shape_of.get(&shape).map_or(0, |place| *place as u64 + 1);
        place.shape[context].uint(c, &mut number)?;
        if number == 0 {
            self.new_shape(c, &mut shape, root)?;
            number = self.shapes.len() as u64 + 1;
            c.charge(size_of::<Shape>() + shape.keys.len() * size_of::<(u64, u64)>())?;
            self.shape_of.insert(shape.clone(), self.shapes.len());
            self.shapes.push(shape);
        }
        let index = usize::try_from(number - 1).ok().filter(|i| *i < self.shapes.len());
        let index = index.ok_or(Fault::new("a shape that was not said"))?;
        self.places[column].last_shape = index + 1;
        let shape = self.shapes[index].clone();
        if shape.kind.is_some() && !root {
            return Err(Fault::new("a kind inside an entry"));
        }
        Ok(shape)
    }

    fn new_shape(&mut self, c: &mut Coder<'_>, shape: &mut Shape, root: bool) -> Result<(), Fault> {
        if root {
            let mut some = shape.kind.is_some();
            c.bit(&mut self.has_kind, &mut some)?;
            if some {
                self.kind.int(c, shape.kind.get_or_insert(0))?;
            }
        }
        let mut count = shape.keys.len() as u64;
        self.keys.uint(c, &mut count)?;
        // The least key that may come next.
        let mut least = u64::from(shape.kind.is_some());
        for i in 0..usize::try_from(count).map_err(|_| Fault::TooLarge)? {
            if c.reads() {
                c.charge(size_of::<(u64, u64)>())?;
                shape.keys.push((least, 0));
            }
            let (key, tag) = &mut shape.keys[i];
            let mut step = key.wrapping_sub(least);
            self.keys.uint(c, &mut step)?;
            *key = least.checked_add(step).ok_or(Fault::new("a key of more than 64 bits"))?;
            self.tags.uint(c, tag)?;
            if i + 1 < count as usize {
                least = key.checked_add(1).ok_or(Fault::new("a key of more than 64 bits"))?;
            }
        }
        Ok(())
    }

    /// Wall, session and milliseconds, as far as the shape has them as integers.
    fn clock(
        &mut self,
        c: &mut Coder<'_>,
        map: &mut Map,
        shape: &Shape,
        clock: &mut Clock,
        first: bool,
    ) -> Result<(), Fault> {
        let model = &mut self.clocks[usize::from(!first)];
        let has = |key: u64| shape.keys.iter().any(|(k, tag)| *k == key && *tag == tag::INT);
        let int = |map: &Map, key: u64| map.get(&key).and_then(Value::int).unwrap_or(0);
        let before = *clock;
        if has(key::WALL) {
            let mut wall = int(map, key::WALL);
            model.wall.near(c, &mut wall, before.wall)?;
            clock.wall = wall;
            map.insert(key::WALL, Value::Int(wall));
        }
        if has(key::SESSION) {
            let mut session = int(map, key::SESSION);
            model.session.near(c, &mut session, before.session)?;
            clock.session = session;
            map.insert(key::SESSION, Value::Int(session));
        }
        if has(key::MS) {
            let mut ms = int(map, key::MS);
            match before.ms.filter(|_| clock.session == before.session) {
                Some(last) => {
                    let elapsed = clock.wall.wrapping_sub(before.wall).wrapping_mul(1000);
                    model.residual.near(c, &mut ms, last.wrapping_add(elapsed))?;
                }
                None => model.start.int(c, &mut ms)?,
            }
            clock.ms = Some(ms);
            map.insert(key::MS, Value::Int(ms));
        }
        Ok(())
    }

    fn child(&mut self, c: &mut Coder<'_>, parent: usize, key: u64) -> Result<usize, Fault> {
        if let Some(place) = self.place_of.get(&(parent, key)) {
            return Ok(*place);
        }
        c.charge(size_of::<Place>())?;
        self.places.push(Place::new());
        self.place_of.insert((parent, key), self.places.len() - 1);
        Ok(self.places.len() - 1)
    }
}

fn is_reading(key: u64, tag: u64) -> bool {
    tag == tag::INT && matches!(key, key::WALL | key::SESSION | key::MS)
}

fn bulk(c: &mut Coder<'_>, len: &mut Number, bytes: &mut Vec<u8>) -> Result<(), Fault> {
    let mut count = bytes.len() as u64;
    len.uint(c, &mut count)?;
    c.bulk(bytes, usize::try_from(count).map_err(|_| Fault::TooLarge)?)
}

impl Place {
    fn new() -> Self {
        Place {
            int: Column::new(),
            ago: Number::new(),
            len: Number::new(),
            tag: Number::new(),
            shape: Vec::new(),
            last_shape: 0,
        }
    }
}

impl Pool {
    fn add(&mut self, bytes: Vec<u8>) {
        self.places.insert(bytes.clone(), self.said.len());
        self.said.push(bytes);
    }

    fn string(
        &mut self,
        c: &mut Coder<'_>,
        ago: &mut Number,
        bytes: &mut Vec<u8>,
        new: impl FnOnce(&mut Coder<'_>, &mut Vec<u8>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let said = if c.reads() { None } else { self.places.get(bytes.as_slice()) };
        let mut distance = said.map_or(0, |place| (self.said.len() - place) as u64);
        ago.uint(c, &mut distance)?;
        if distance == 0 {
            if c.reads() {
                bytes.clear();
            }
            new(c, bytes)?;
            // Kept here, in the index and in the message.
            c.charge(3 * bytes.len() + 2 * size_of::<Vec<u8>>())?;
            self.add(bytes.clone());
            return Ok(());
        }
        let place = usize::try_from(distance).ok().and_then(|d| self.said.len().checked_sub(d));
        let known = &self.said[place.ok_or(Fault::new("a string that was not said"))?];
        c.charge(known.len())?;
        bytes.clone_from(known);
        Ok(())
    }
}
