//! The county's schools on one day.
