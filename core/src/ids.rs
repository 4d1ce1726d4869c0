//! Identifiers. Each is a type of its own, so that a posting can't be passed for a person.
//!
//! County, school, person, posting, group and visit ids are 8 random bytes drawn by whoever creates them, offline too.
//! As text they are lower-case base32 without padding (RFC 4648, 13 characters).

use std::fmt;
use std::str::FromStr;

use data_encoding::BASE32_NOPAD;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Why a text is no identifier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is not {what}")]
pub struct BadId {
    /// What was expected, with an example where that helps.
    pub what: &'static str,
    /// What was given, cut to 40 characters.
    pub text: String,
}

impl BadId {
    fn new(what: &'static str, text: &str) -> Self {
        BadId { what, text: text.chars().take(40).collect() }
    }
}

fn to_text(bytes: &[u8]) -> String {
    BASE32_NOPAD.encode(bytes).to_ascii_lowercase()
}

fn from_text<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() > 64 || text.bytes().any(|b| b.is_ascii_uppercase()) {
        return None;
    }
    BASE32_NOPAD.decode(text.to_ascii_uppercase().as_bytes()).ok()?.try_into().ok()
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $len:literal, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// Draws a new id.
            pub fn random(rng: &mut impl rand::Rng) -> Self {
                let mut bytes = [0; $len];
                rng.fill_bytes(&mut bytes);
                $name(bytes)
            }

            /// The id in these bytes; `None` unless there are exactly as many as an id has.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map($name)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&to_text(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                from_text(text).map($name).ok_or_else(|| BadId::new($what, text))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

id!(
    /// A county: one log, one relay, one administrator.
    CountyId, 8, "a county id (13 characters of base32)"
);
id!(
    /// A school or kindergarten.
    SchoolId, 8, "a school id (13 characters of base32)"
);
id!(
    /// A person, whatever the postings and devices.
    PersonId, 8, "a person id (13 characters of base32)"
);
id!(
    /// A person at a school, from its first to its last day.
    PostingId, 8, "a posting id (13 characters of base32)"
);
id!(
    /// An education group.
    GroupId, 8, "a group id (13 characters of base32)"
);
id!(
    /// A teaching-support visit.
    VisitId, 8, "a visit id (13 characters of base32)"
);
id!(
    /// A device's actor: the first 16 bytes of SHA-256 of its Ed25519 public key. Nobody assigns it.
    ActorId, 16, "an actor id (26 characters of base32)"
);

/// What a document is about, and by that who may write and read it (design.md section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocKind {
    /// Packs by date, calendar, groups, pairings, settings of a county, one per school year.
    County,
    /// Profile, hours, place, roster of a school, one per school year.
    School,
    /// Pupils' enrolment and agreements of a school, one per school year.
    OfficeEnrolment,
    /// Fees of a school, one per school year.
    OfficeFees,
    /// Private staff facts of a school, one per school year.
    OfficeStaff,
    /// Checks, leave, decisions, corrections of one posting, one per term.
    Duty,
    /// 5+2 plan and sessions, amendments, weekly publications of a school, one per term.
    Register,
    /// One teaching-support visit.
    Visit,
}

impl DocKind {
    /// Every kind, in the order of their bytes.
    pub const ALL: [DocKind; 8] = [
        DocKind::County,
        DocKind::School,
        DocKind::OfficeEnrolment,
        DocKind::OfficeFees,
        DocKind::OfficeStaff,
        DocKind::Duty,
        DocKind::Register,
        DocKind::Visit,
    ];

    /// The first byte of a document id.
    pub fn byte(self) -> u8 {
        match self {
            DocKind::County => 1,
            DocKind::School => 2,
            DocKind::OfficeEnrolment => 3,
            DocKind::OfficeFees => 4,
            DocKind::OfficeStaff => 5,
            DocKind::Duty => 6,
            DocKind::Register => 7,
            DocKind::Visit => 8,
        }
    }

    /// The kind's word, as in a document's text.
    pub fn name(self) -> &'static str {
        match self {
            DocKind::County => "county",
            DocKind::School => "school",
            DocKind::OfficeEnrolment => "office-enrolment",
            DocKind::OfficeFees => "office-fees",
            DocKind::OfficeStaff => "office-staff",
            DocKind::Duty => "duty",
            DocKind::Register => "register",
            DocKind::Visit => "visit",
        }
    }

    /// Whether documents of this kind are kept per term rather than per school year.
    pub fn by_term(self) -> bool {
        matches!(self, DocKind::Duty | DocKind::Register | DocKind::Visit)
    }
}

/// The period that a document is named for: year × 4 + 0 for a school year, 1 for term a (1 February to 31 August),
/// 2 for term b (1 September to 31 January). Fixed, never the county's calendar: an entry's own dates decide where it
/// counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(u16);

impl Label {
    /// The label with this number; `None` for part 3 of a year, which doesn't exist.
    pub fn from_u16(number: u16) -> Option<Self> {
        (number % 4 != 3).then_some(Label(number))
    }

    /// The number as it stands in a document id.
    pub fn to_u16(self) -> u16 {
        self.0
    }

    /// The term that holds `date`.
    pub fn term_of(date: Date) -> Self {
        let (year, part) = match date.month() {
            1 => (date.year() - 1, 2),
            2..=8 => (date.year(), 1),
            _ => (date.year(), 2),
        };
        Label::new(year, part)
    }

    /// The school year that holds `date`: 1 September to 31 August, named by the year in which it begins.
    pub fn year_of(date: Date) -> Self {
        let year = if date.month() >= 9 { date.year() } else { date.year() - 1 };
        Label::new(year, 0)
    }

    /// The label of a document of this kind for `date`.
    pub fn of(kind: DocKind, date: Date) -> Self {
        if kind.by_term() { Label::term_of(date) } else { Label::year_of(date) }
    }

    /// Whether this is a school year, not one of its terms.
    pub fn is_year(self) -> bool {
        self.0.is_multiple_of(4)
    }

    /// The first and last day of this school year or term.
    pub fn days(self) -> (Date, Date) {
        let year = (self.0 / 4).min(9000) as i16;
        let day = jiff::civil::date;
        match self.0 % 4 {
            0 => (day(year, 9, 1), day(year + 1, 8, 31)),
            1 => (day(year, 2, 1), day(year, 8, 31)),
            _ => (day(year, 9, 1), day(year + 1, 1, 31)),
        }
    }

    fn new(year: i16, part: u16) -> Self {
        Label(u16::try_from(year).unwrap_or(0).min(16_000) * 4 + part)
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.0 / 4, ["", "a", "b", "?"][usize::from(self.0 % 4)])
    }
}

impl FromStr for Label {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let bad = || BadId::new("a school year or term (2026, 2026a or 2026b)", text);
        let (digits, part) = match text.as_bytes().last() {
            Some(b'a') => (&text[..text.len() - 1], 1),
            Some(b'b') => (&text[..text.len() - 1], 2),
            _ => (text, 0),
        };
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(bad());
        }
        let year: i16 = digits.parse().map_err(|_| bad())?;
        if !(0..=16_000).contains(&year) || digits.len() > 1 && digits.starts_with('0') {
            return Err(bad());
        }
        Ok(Label::new(year, part))
    }
}

/// A document: kind, the object that it is about, period. 11 bytes; as text `duty/<base32>/2026b`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocId {
    /// What it is about.
    pub kind: DocKind,
    /// County, school, posting or visit id, by kind.
    pub object: [u8; 8],
    /// School year or term.
    pub label: Label,
}

impl DocId {
    /// Bytes that a document id takes.
    pub const LEN: usize = 11;

    /// The county's document of the school year that holds `date`.
    pub fn county(county: CountyId, date: Date) -> Self {
        DocId { kind: DocKind::County, object: county.0, label: Label::year_of(date) }
    }

    /// A school's document of the school year that holds `date`.
    pub fn school(school: SchoolId, date: Date) -> Self {
        DocId { kind: DocKind::School, object: school.0, label: Label::year_of(date) }
    }

    /// A posting's document of the term that holds `date`.
    pub fn duty(posting: PostingId, date: Date) -> Self {
        DocId { kind: DocKind::Duty, object: posting.0, label: Label::term_of(date) }
    }

    /// A school's register of the term that holds `date`.
    pub fn register(school: SchoolId, date: Date) -> Self {
        DocId { kind: DocKind::Register, object: school.0, label: Label::term_of(date) }
    }

    /// A visit's document; `date` is the day for which it was planned.
    pub fn visit(visit: VisitId, date: Date) -> Self {
        DocId { kind: DocKind::Visit, object: visit.0, label: Label::term_of(date) }
    }

    /// Kind byte, object, label as two bytes, big-endian.
    pub fn to_bytes(self) -> [u8; DocId::LEN] {
        let mut bytes = [0; DocId::LEN];
        bytes[0] = self.kind.byte();
        bytes[1..9].copy_from_slice(&self.object);
        bytes[9..].copy_from_slice(&self.label.to_u16().to_be_bytes());
        bytes
    }

    /// The document id in these bytes; `None` if the kind is unknown, the label impossible for that kind, or the length
    /// is not 11.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; DocId::LEN] = bytes.try_into().ok()?;
        let kind = DocKind::ALL.into_iter().find(|kind| kind.byte() == bytes[0])?;
        let label = Label::from_u16(u16::from_be_bytes([bytes[9], bytes[10]]))?;
        if kind.by_term() == (label.to_u16() % 4 == 0) {
            return None;
        }
        let object = bytes[1..9].try_into().ok()?;
        Some(DocId { kind, object, label })
    }

    /// The posting of a `duty` document.
    pub fn posting(self) -> Option<PostingId> {
        (self.kind == DocKind::Duty).then_some(PostingId(self.object))
    }

    /// The school of a `school`, `office` or `register` document.
    pub fn school_id(self) -> Option<SchoolId> {
        let school = matches!(
            self.kind,
            DocKind::School | DocKind::Register | DocKind::OfficeEnrolment | DocKind::OfficeFees | DocKind::OfficeStaff
        );
        school.then_some(SchoolId(self.object))
    }
}

impl fmt::Display for DocId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.kind.name(), to_text(&self.object), self.label)
    }
}

impl fmt::Debug for DocId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DocId({self})")
    }
}

impl FromStr for DocId {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let bad = || BadId::new("a document id (such as duty/<13 characters>/2026b)", text);
        let mut parts = text.split('/');
        let (Some(kind), Some(object), Some(label), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(bad());
        };
        let kind = DocKind::ALL.into_iter().find(|k| k.name() == kind).ok_or_else(bad)?;
        let object = from_text(object).ok_or_else(bad)?;
        let label: Label = label.parse().map_err(|_| bad())?;
        DocId::from_bytes(&DocId { kind, object, label }.to_bytes()).ok_or_else(bad)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_document_id_is_eleven_bytes_and_reads_as_text() {
        let doc = DocId::duty(PostingId([7; 8]), date(2027, 1, 31));
        assert_eq!(doc.to_string(), "duty/a4dqobyha4dqo/2026b");
        assert_eq!(doc.to_string().parse(), Ok(doc));
        assert_eq!(DocId::from_bytes(&doc.to_bytes()), Some(doc));
        assert_eq!(doc.to_bytes()[9..], (2026u16 * 4 + 2).to_be_bytes());
    }

    #[test]
    fn terms_are_fixed() {
        let term = |y, m, d| Label::term_of(date(y, m, d)).to_string();
        assert_eq!(term(2026, 2, 1), "2026a");
        assert_eq!(term(2026, 8, 31), "2026a");
        assert_eq!(term(2026, 9, 1), "2026b");
        assert_eq!(term(2027, 1, 31), "2026b");
        assert_eq!(Label::year_of(date(2026, 8, 31)).to_string(), "2025");
        assert_eq!(Label::year_of(date(2026, 9, 1)).to_string(), "2026");
    }

    #[test]
    fn a_label_that_the_kind_cannot_have_is_refused() {
        let mut bytes = DocId::duty(PostingId([1; 8]), date(2026, 3, 2)).to_bytes();
        bytes[10] = (2026u16 * 4) as u8;
        assert_eq!(DocId::from_bytes(&bytes), None, "a duty document of a whole year");
        bytes[10] |= 3;
        assert_eq!(DocId::from_bytes(&bytes), None, "no such part of a year");
        assert_eq!(DocId::from_bytes(&[9; 11]), None, "unknown kind");
        assert!("duty/xyz/2026a".parse::<DocId>().is_err());
        assert!("02026".parse::<Label>().is_err());
    }

    #[test]
    fn ids_read_back_what_they_print() {
        let id = PersonId([0, 1, 2, 3, 250, 251, 252, 253]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!("AAAA".parse::<PersonId>().is_err());
    }
}
