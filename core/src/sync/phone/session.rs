//! The core's own sessions of the phone's clocks: a new one when the boot changes, the clock that never stops goes back, or
//! the wall clock moves against it by more than a second. Within a session the relay needs to place only one instant.

use crate::records::Reading;
use crate::time::UtcSecs;

use super::state::{Session, fact, set_fact};
use super::store::{Rows, StoreError};

/// How far the wall clock may move against the other one within a session, ms.
const JUMP_MS: u64 = 1000;

/// What the phone's clocks show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clocks {
    /// The wall clock.
    pub wall: UtcSecs,
    /// A clock that never stops while the phone is on, asleep or not, ms since some beginning (Android `elapsedRealtime`,
    /// iOS `mach_continuous_time`).
    pub elapsed: u64,
    /// Names the boot (Android BOOT_COUNT). It never leaves the phone.
    pub boot: String,
}

/// The reading that an entry or push carries now; opens a new session where one is due. `at_least` is a reading that was
/// certainly made before.
///
/// # Errors
/// When the store fails.
pub fn reading(rows: &mut dyn Rows, clocks: &Clocks, at_least: Option<Reading>) -> Result<Reading, StoreError> {
    let offset = clocks.wall.0.saturating_mul(1000).saturating_sub_unsigned(clocks.elapsed);
    let known: Option<Session> = fact(rows)?;
    let number = known.as_ref().map_or(0, |s| s.number);
    let runs_on = known.filter(|s| {
        let ms = clocks.elapsed.saturating_sub(s.zero);
        let went_back = at_least.is_some_and(|r| r.session == s.number && r.ms > ms);
        s.boot == clocks.boot && clocks.elapsed >= s.last && offset.abs_diff(s.offset) <= JUMP_MS && !went_back
    });
    let session = match runs_on {
        Some(session) => session,
        None => {
            let session = Session {
                number: number.saturating_add(1),
                boot: clocks.boot.clone(),
                zero: clocks.elapsed,
                last: clocks.elapsed,
                offset,
            };
            set_fact(rows, &session)?;
            session
        }
    };
    Ok(Reading { wall: clocks.wall, session: session.number, ms: clocks.elapsed.saturating_sub(session.zero) })
}

/// As [`reading`], and writes down how far the clock has come, so that its going back is noticed after a restart.
///
/// # Errors
/// When the store fails.
pub fn checkpoint(rows: &mut dyn Rows, clocks: &Clocks) -> Result<Reading, StoreError> {
    let now = reading(rows, clocks, None)?;
    if let Some(session) = fact::<Session>(rows)?.filter(|s| s.last < clocks.elapsed) {
        set_fact(rows, &Session { last: clocks.elapsed, ..session })?;
    }
    Ok(now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::phone::{MemoryStore, PhoneStore};

    fn clocks(wall: i64, elapsed: u64, boot: &str) -> Clocks {
        Clocks { wall: UtcSecs(wall), elapsed, boot: boot.into() }
    }

    fn at(store: &mut MemoryStore, clocks: &Clocks) -> (u32, u64) {
        let reading = store.write(|rows| checkpoint(rows, clocks)).unwrap();
        (reading.session, reading.ms)
    }

    #[test]
    fn a_session_ends_at_a_boot_a_jump_or_a_clock_that_goes_back() {
        let mut store = MemoryStore::default();
        assert_eq!(at(&mut store, &clocks(1000, 5000, "a")), (1, 0));
        assert_eq!(at(&mut store, &clocks(1010, 15_400, "a")), (1, 10_400), "the wall is cut to whole seconds");
        assert_eq!(at(&mut store, &clocks(1020, 25_000, "b")), (2, 0), "a boot");
        assert_eq!(at(&mut store, &clocks(4620, 26_000, "b")), (3, 0), "the wall jumped an hour");
        assert_eq!(at(&mut store, &clocks(4621, 27_000, "b")), (3, 1000));
        assert_eq!(at(&mut store, &clocks(4610, 16_000, "b")), (4, 0), "both went back: a copy of the phone");
        assert_eq!(at(&mut store, &clocks(i64::MAX, 17_000, "b")), (5, 0), "no clock is too wrong to be read");
        assert_eq!(at(&mut store, &clocks(i64::MIN, 18_000, "b")), (6, 0));
    }

    #[test]
    fn an_entry_made_before_shows_that_the_clock_went_back() {
        let mut store = MemoryStore::default();
        let first = store.write(|rows| reading(rows, &clocks(1000, 5000, "a"), None)).unwrap();
        let later = Reading { ms: first.ms + 10_000, ..first };
        let next = store.write(|rows| reading(rows, &clocks(1001, 6000, "a"), Some(later))).unwrap();
        assert_eq!((next.session, next.ms), (2, 0));
    }
}
