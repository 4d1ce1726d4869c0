//! What the rules say about what was recorded: pure verdicts, each with its reasons.
//!
//! No clock, no calendar and no pack is looked up here: `now`, whether a day is worked, and the school's rules are
//! arguments, so that phone, page and command line judge alike.

mod certainty;
mod day;
mod finding;
mod holiday_care;
mod obligations;
mod pairing;
mod period;
mod service;
mod span;
mod week;

pub use certainty::{Certainty, day_with_certainty};
pub use day::{DayInput, DayResult, DayVerdict, Leave, Status, Times, day, day_in_force, times};
pub use finding::{Finding, FindingCode};
pub use holiday_care::{CareDay, CareVerdict, holiday_care};
pub use obligations::{ObligationRow, Progress, Subject, Visit, obligations};
pub use pairing::Check;
pub use period::{Period, monday_of, parse_week, periods, week_name};
pub use service::{Instructor, ServiceDay, ServiceWeek, Session, WeekInput, service, voids};
pub use span::Span;
pub use week::{StaffWeek, staff_week};

/// The version of these rules: a published week names it beside the pack. It grows whenever a verdict could differ.
pub const VERSION: u16 = 1;
