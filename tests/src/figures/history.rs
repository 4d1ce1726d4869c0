//! A sync with nothing new at a school with ten years behind it: all of its entries lie in the relay's and the principal's
//! stores.

use jiff::civil::{Date, date};

use super::Figure;
use super::bytes::{IDLE_MS, both_ways, found};
use crate::Outcome;
use crate::days::{Extras, InProcess, Life, evening, term};

/// School years.
const YEARS: i16 = 10;
/// School days between two syncs of a phone.
const WEEK: usize = 5;

/// Measures it.
///
/// # Errors
/// When a phone or the relay fails.
pub fn measure() -> Outcome<Vec<Figure>> {
    let starts: Vec<Date> = (2016..2016 + YEARS).flat_map(|year| [date(year, 9, 1), date(year + 1, 2, 20)]).collect();
    let (county, mut ledger) = found(starts[0])?;
    let mut life = Life::begin(&county, 0, &mut ledger, starts[0], 10)?;
    let mut last = starts[0];
    for start in starts {
        if start.month() >= 9 {
            county.open_year(&mut ledger, start)?;
        }
        county.open_term(&mut ledger, start)?;
        for week in term(start).chunks(WEEK) {
            for day in week {
                life.record_day(*day, Extras { sessions: 2, visits: 0 })?;
                last = *day;
            }
            life.send(&county, &mut ledger, last)?;
            life.principal.phone.sync(&mut InProcess { county: &county, ledger: &mut ledger }, evening(last))?;
        }
    }
    let mut idle = 0;
    for again in 1..4 {
        let relay = &mut InProcess { county: &county, ledger: &mut ledger };
        let nothing = life.principal.phone.sync(relay, evening(last).plus(again * IDLE_MS))?;
        idle = idle.max(both_ways(&nothing));
    }
    Ok(vec![
        Figure::at_most("idle_10y_bytes", idle as f64, 250.0),
        Figure::beside("idle_10y_entries", life.principal.phone.entries()? as f64),
    ])
}
