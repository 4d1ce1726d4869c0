//! Policy as data: the schemes' numbers with their clauses, the county's calendar, and who falls under which chapter.
//!
//! A pack is a TOML file that never changes once it is used; the hash of its bytes names it. Rules take every number
//! from a pack, so a county changes a number by importing a changed copy.

mod built_in;
mod calendar;
#[cfg(feature = "pack-files")]
mod calendar_file;
mod chapters;
#[cfg(feature = "pack-files")]
mod error;
mod in_force;
mod obligation;
mod pack;
#[cfg(feature = "pack-files")]
mod pack_file;
mod resolved;
mod value;
mod words;

pub(crate) use calendar::school_year;
pub use calendar::{Calendar, CalendarWarning, TermDates, Terms};
pub use chapters::*;
#[cfg(feature = "pack-files")]
pub use error::PackError;
pub use in_force::Place;
pub use obligation::{Counted, Least, Obligation, Quota, RecordForm};
pub use pack::{Pack, Phase, Quote};
pub use resolved::{NotInPack, OfficeClauses, OfficeRules, School, ServiceClauses, ServiceRules};
pub use value::{Clause, CodedName, Day, Name, Window};
pub(crate) use words::words;
pub use words::{Chapter, Decision, Direction, Force, Hours, PeriodKind, SchoolKind, SubjectKind, VisitKind};
