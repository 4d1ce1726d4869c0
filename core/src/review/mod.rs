//! From documents to what people are shown: a cell for each posting and day, a school's week, its service. Pure: the same
//! on phone, page and command line. Whoever calls brings the views, the devices and the instant.

pub mod act;
mod cell;
mod county;
mod publication;
mod service;
mod visits;

pub use act::{Fault, Problem};
pub use cell::{Cell, CellInput, DeviceFact, Wait, cell};
pub use county::{CountyFacts, PLACE, pack_hash, packs};
pub use publication::{
    Difference, PUBLISH_DAY, PublishedDay, PublishedRow, WEEKDAYS, WeekRow, WeekTable, differences, published_rows,
};
pub use service::{ServiceReview, service_week};
pub use visits::{Debtor, Owed, OwedState, Teacher, VisitFact, VisitState, owed};
