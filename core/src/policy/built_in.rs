//! The packs and the calendar that come with the program.
//!
//! They are written and hashed as TOML, and read from `packs/built-in.postcard`, which a test holds equal to it: a phone needs no
//! reader of TOML, and starts without reading 20 kB of text.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::pack::Pack;
use super::value::Day;

const SOURCES: [&str; 6] = [
    include_str!("../../packs/hezhang-2021.toml"),
    include_str!("../../packs/xihaian-2020.toml"),
    include_str!("../../packs/gaozhuang.toml"),
    include_str!("../../packs/qingtongxia.toml"),
    include_str!("../../packs/libo.toml"),
    include_str!("../../packs/linzi.toml"),
];

/// What stands in `packs/built-in.postcard`.
#[derive(Serialize, Deserialize)]
struct Compiled {
    /// In the order of [`SOURCES`].
    packs: Vec<Pack>,
    years: Vec<Year>,
}

/// The holidays and make-up workdays of a year.
#[derive(Serialize, Deserialize)]
struct Year {
    year: i16,
    holidays: Vec<Day>,
    make_up: Vec<Day>,
}

/// What comes with the program.
pub(super) struct BuiltIn {
    pub(super) packs: Vec<Pack>,
    pub(super) calendar: Calendar,
}

/// What comes with the program, read once.
pub(super) fn get() -> &'static BuiltIn {
    static BUILT_IN: LazyLock<BuiltIn> = LazyLock::new(|| {
        let compiled: Compiled = postcard::from_bytes(include_bytes!("../../packs/built-in.postcard"))
            .expect("a test holds it equal to what the files say");
        let mut packs = compiled.packs;
        for (pack, source) in packs.iter_mut().zip(SOURCES) {
            pack.source = source.into();
        }
        let mut calendar = Calendar::default();
        for year in compiled.years {
            let dates = |days: &[Day]| days.iter().map(|day| day.0).collect::<Vec<_>>();
            calendar.set_year(year.year, &dates(&year.holidays), &dates(&year.make_up));
        }
        BuiltIn { packs, calendar }
    });
    &BUILT_IN
}

#[cfg(all(test, feature = "pack-files"))]
mod tests {
    use super::*;

    const CALENDAR: &str = include_str!("../../packs/calendar-2026.toml");
    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/packs/built-in.postcard");

    /// After a change of a TOML file: `SANJI_WRITE=1 cargo test -p sanji-core built_in` writes the compiled file anew, and a
    /// second run, which reads it, passes.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "writes the compiled file when it is asked to")]
    fn what_is_built_in_is_what_the_files_say() {
        let calendar = Calendar::parse(CALENDAR).expect("the calendar reads");
        let compiled = Compiled {
            packs: SOURCES.iter().map(|source| Pack::parse(source).expect("the pack reads")).collect(),
            years: calendar
                .years
                .iter()
                .map(|(year, days)| Year {
                    year: *year,
                    holidays: days.holidays.iter().copied().map(Day).collect(),
                    make_up: days.make_up.iter().copied().map(Day).collect(),
                })
                .collect(),
        };
        let bytes = postcard::to_allocvec(&compiled).expect("writes");
        if std::env::var_os("SANJI_WRITE").is_some() {
            std::fs::write(FILE, &bytes).expect("the compiled file is writable");
        }
        assert!(bytes == include_bytes!("../../packs/built-in.postcard"), "a TOML file has changed: SANJI_WRITE=1");
        assert_eq!(get().calendar, calendar);
        for (pack, source) in get().packs.iter().zip(SOURCES) {
            assert_eq!(format!("{pack:?}"), format!("{:?}", Pack::parse(source).expect("the pack reads")));
        }
    }
}
