//! How the fields of a record become CBOR values, and back. A record is a map from small integers to fields; a field that
//! is absent or empty takes no bytes; keys that this version doesn't know are left alone (the stored bytes keep them).

use jiff::civil::{Date, Time};

use crate::cbor::{Map, Value};
use crate::crypto::{BlobHash, LogHash, PackHash};
use crate::ids::{ActorId, CountyId, GroupId, PersonId, PostingId, SchoolId, VisitId};
use crate::time::{Minutes, UtcSecs, date_from_days, days_since_epoch};

/// A field that can't be read: it is missing or of another type than this version expects.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("field \"{name}\" (key {key}) is missing or of a wrong type")]
pub struct FieldError {
    /// The field's name.
    pub name: &'static str,
    /// Its key in the map.
    pub key: u64,
}

/// Plain bytes, as one field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

/// A type that a record's field may have.
pub trait Field: Sized {
    /// The value to store; `None` leaves the key out.
    fn put(&self) -> Option<Value>;
    /// Reads a stored value, `None` if the key is absent. Gives `None` if that is no value of this type.
    fn get(value: Option<&Value>) -> Option<Self>;
}

/// A type that is always present as one value, so that it can also stand in a list.
pub trait Scalar: Sized {
    /// The value that stands for it.
    fn to_value(&self) -> Value;
    /// Reads it back.
    fn from_value(value: &Value) -> Option<Self>;
}

impl<T: Scalar> Field for T {
    fn put(&self) -> Option<Value> {
        Some(self.to_value())
    }

    fn get(value: Option<&Value>) -> Option<Self> {
        value.and_then(T::from_value)
    }
}

impl<T: Scalar> Field for Option<T> {
    fn put(&self) -> Option<Value> {
        self.as_ref().map(T::to_value)
    }

    fn get(value: Option<&Value>) -> Option<Self> {
        match value {
            None => Some(None),
            Some(value) => T::from_value(value).map(Some),
        }
    }
}

impl<T: Scalar> Field for Vec<T> {
    fn put(&self) -> Option<Value> {
        (!self.is_empty()).then(|| Value::Array(self.iter().map(T::to_value).collect()))
    }

    fn get(value: Option<&Value>) -> Option<Self> {
        match value {
            None => Some(Vec::new()),
            Some(value) => value.array()?.iter().map(T::from_value).collect(),
        }
    }
}

// How a type becomes one CBOR value, and how it is read back.
macro_rules! scalar {
    ($type:ty, $to:expr, $from:expr) => {
        impl $crate::records::field::Scalar for $type {
            fn to_value(&self) -> $crate::cbor::Value {
                let to: fn(&$type) -> $crate::cbor::Value = $to;
                to(self)
            }
            fn from_value(value: &$crate::cbor::Value) -> Option<Self> {
                let from: fn(&$crate::cbor::Value) -> Option<$type> = $from;
                from(value)
            }
        }
    };
}
#[cfg(feature = "documents")]
pub(crate) use scalar;

scalar!(bool, |b| Value::Bool(*b), |v| match v {
    Value::Bool(b) => Some(*b),
    _ => None,
});
scalar!(u16, |n| Value::Int(i64::from(*n)), |v| v.int()?.try_into().ok());
scalar!(u32, |n| Value::Int(i64::from(*n)), |v| v.int()?.try_into().ok());
scalar!(i64, |n| Value::Int(*n), Value::int);
scalar!(String, |s| Value::Text(s.clone()), |v| v.text().map(str::to_owned));
scalar!(Bytes, |b| Value::Bytes(b.0.clone()), |v| v.bytes().map(|b| Bytes(b.to_vec())));
scalar!(UtcSecs, |t| Value::Int(t.0), |v| v.int().map(UtcSecs));
scalar!(Minutes, |m| Value::Int(i64::from(m.0)), |v| v.int()?.try_into().ok().map(Minutes));
scalar!(Date, |d| Value::Int(i64::from(days_since_epoch(*d))), |v| date_from_days(v.int()?.try_into().ok()?));
scalar!(Time, |t| Value::Int(i64::from(t.hour()) * 60 + i64::from(t.minute())), |v| {
    let minutes = v.int().filter(|m| (0..1440).contains(m))?;
    Time::new((minutes / 60) as i8, (minutes % 60) as i8, 0, 0).ok()
});

macro_rules! byte_scalar {
    ($($type:ident),*) => {$(
        scalar!($type, |id| Value::Bytes(id.0.to_vec()), |v| $type::from_slice(v.bytes()?));
    )*};
}
byte_scalar!(CountyId, PersonId, PostingId, SchoolId, GroupId, VisitId, ActorId, BlobHash, PackHash, LogHash);

/// Reads the field `key` of `map`.
///
/// # Errors
/// When it is missing and may not be, or of a wrong type.
pub fn read<T: Field>(map: &Map, key: u64, name: &'static str) -> Result<T, FieldError> {
    T::get(map.get(&key)).ok_or(FieldError { name, key })
}

/// Writes a field, or leaves it out if it is empty.
pub fn write<T: Field>(map: &mut Map, key: u64, field: &T) {
    if let Some(value) = field.put() {
        map.insert(key, value);
    }
}

/// Declares a record: a struct whose fields have fixed keys.
macro_rules! record {
    ($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $key:literal $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name { $($(#[$fdoc])* pub $field: $type,)* }

        impl $name {
            pub(crate) fn write(&self, map: &mut $crate::cbor::Map) {
                $($crate::records::field::write(map, $key, &self.$field);)*
                let _ = map;
            }

            pub(crate) fn read(map: &$crate::cbor::Map) -> Result<Self, $crate::records::field::FieldError> {
                let _ = map;
                Ok($name { $($field: $crate::records::field::read(map, $key, stringify!($field))?,)* })
            }
        }

        impl $crate::records::field::Scalar for $name {
            fn to_value(&self) -> $crate::cbor::Value {
                let mut map = $crate::cbor::Map::new();
                self.write(&mut map);
                $crate::cbor::Value::Map(map)
            }
            fn from_value(value: &$crate::cbor::Value) -> Option<Self> {
                match value {
                    $crate::cbor::Value::Map(map) => $name::read(map).ok(),
                    _ => None,
                }
            }
        }
    };
}
pub(crate) use record;

/// Declares an enumeration that travels as a small number and has a stable name.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $number:literal $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// Every value, in the order of their numbers.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// The stable name, as in packs, JSON and texts.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $text,)* }
            }

            /// The value with this name.
            pub fn from_name(name: &str) -> Option<Self> {
                $name::ALL.iter().copied().find(|v| v.name() == name)
            }
        }

        impl $crate::records::field::Scalar for $name {
            fn to_value(&self) -> $crate::cbor::Value {
                $crate::cbor::Value::Int(match self { $($name::$variant => $number,)* })
            }
            fn from_value(value: &$crate::cbor::Value) -> Option<Self> {
                match value.int()? { $($number => Some($name::$variant),)* _ => None }
            }
        }
    };
}
pub(crate) use choice;
