//! What the county's administrator writes into the county document (kinds 256 to 319). Rows are set as wholes; `re` names
//! the row that a new one replaces.

use super::field::{choice, record};
use crate::crypto::PackHash;
use crate::ids::{GroupId, SchoolId};
use jiff::civil::Date;

choice! {
    /// The kind of a school, which decides its windows.
    SchoolKind {
        /// 幼儿园
        1 Kindergarten = "kindergarten",
        /// 小学
        2 Primary = "primary",
        /// 中学
        3 Secondary = "secondary",
        /// 中等职业学校
        4 Vocational = "vocational",
        /// 特殊教育学校
        5 Special = "special",
    }
}

choice! {
    /// What a school is in a group.
    MemberRole {
        /// A member.
        1 Member = "member",
        /// The lead.
        2 Lead = "lead",
        /// A county-town school that supports the group.
        3 Support = "support",
    }
}

choice! {
    /// The kind of a group.
    GroupKind {
        /// Compulsory and preschool.
        1 Compulsory = "compulsory",
        /// Senior secondary.
        2 Senior = "senior",
    }
}

record! {
    /// From a day on, a chapter of a pack holds for these townships and schools (none named: for all).
    PackMap {
        /// The pack.
        10 pack: PackHash,
        /// The chapter: `office`, `service`, `visits`.
        11 chapter: String,
        /// First day.
        12 from: Date,
        /// Townships, by name.
        13 townships: Vec<String>,
        /// Schools.
        14 schools: Vec<SchoolId>,
    }
}

record! {
    /// The working days of a calendar year, and the county's terms that begin in it.
    CalendarSet {
        /// The year.
        10 year: u16,
        /// Weekdays that are no working days.
        11 holidays: Vec<Date>,
        /// Weekend days that are working days.
        12 workdays: Vec<Date>,
        /// Terms: first and last day in turn.
        13 terms: Vec<Date>,
    }
}

record! {
    /// A group.
    GroupSet {
        /// The group.
        10 group: GroupId,
        /// Its name.
        11 name: String,
        /// Its kind.
        12 kind: GroupKind,
        /// Townships whose schools it is responsible for.
        13 townships: Vec<String>,
    }
}

record! {
    /// A school's place in a group; several at once are possible.
    MembershipSet {
        /// The school.
        10 school: SchoolId,
        /// The group.
        11 group: GroupId,
        /// Its role there.
        12 role: MemberRole,
        /// First day.
        13 from: Date,
        /// Last day, if it ended.
        14 to: Option<Date>,
    }
}

record! {
    /// A county-town school is paired with a group (HZ 附2 二).
    PairingSet {
        /// The county-town school.
        10 school: SchoolId,
        /// The group.
        11 group: GroupId,
        /// First day.
        12 from: Date,
        /// Last day, if it ended.
        13 to: Option<Date>,
    }
}

record! {
    /// The ground of a school, where the county wants to know whether a check was made there.
    Area {
        /// Latitude of its middle, millionths of a degree, north positive (WGS 84).
        1 latitude: i64,
        /// Longitude of its middle, millionths of a degree, east positive (WGS 84).
        2 longitude: i64,
        /// How far it reaches, metres.
        3 metres: u32,
    }
}

record! {
    /// A school of the county.
    SchoolSet {
        /// The school.
        10 school: SchoolId,
        /// Its name.
        11 name: String,
        /// Its kind.
        12 kind: SchoolKind,
        /// Senior secondary.
        13 senior: Option<bool>,
        /// Its township.
        14 township: String,
        /// Whether it lies in the county town.
        15 county_town: Option<bool>,
        /// Whether it follows the boarding row.
        16 boarding: Option<bool>,
        /// First day.
        17 from: Date,
        /// Last day, if it was closed.
        18 to: Option<Date>,
        /// Its ground, where the county gave it.
        19 area: Option<Area>,
    }
}

record! {
    /// A setting of the county.
    SettingSet {
        /// Its name.
        10 name: String,
        /// Its value.
        11 value: String,
    }
}
