//! From when a chapter holds for a school.

use jiff::civil::Date;

use super::pack::{Pack, Phase};
use super::words::{Chapter, SchoolKind};

/// Where a school stands, as far as the scope of a phase goes.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Its township or subdistrict.
    pub township: &'a str,
    /// What it is.
    pub kind: SchoolKind,
    /// Whether it is a school of the county town (县城区).
    pub county_town: bool,
    /// Its name, with or without the county's.
    pub name: &'a str,
}

impl Pack {
    /// Whether the chapter of the centralized office judges days of this school on `date`. Before that the product shows
    /// times and judges nothing.
    pub fn office_in_force(&self, date: Date, place: &Place<'_>) -> bool {
        self.office.is_some() && self.in_force(Chapter::Office, date, place)
    }

    /// Whether the service chapter binds this school on `date` by its own date. Where the source gives no date, as for
    /// rural schools, a school owes service from the day of its filed plan.
    pub fn service_in_force(&self, date: Date, place: &Place<'_>) -> bool {
        self.service.is_some() && self.in_force(Chapter::Service, date, place)
    }

    fn in_force(&self, chapter: Chapter, date: Date, place: &Place<'_>) -> bool {
        self.phases
            .iter()
            .any(|phase| phase.chapter == chapter && phase.covers(date) && self.phase_includes(phase, place))
    }

    fn phase_includes(&self, phase: &Phase, place: &Place<'_>) -> bool {
        let county = self.county.as_deref().unwrap_or_default();
        let bare = |name: &str| name.strip_prefix(county).unwrap_or(name).to_owned();
        phase.everyone
            || phase.townships.iter().any(|township| township == place.township)
            || place.county_town && phase.county_town.contains(&place.kind)
            || phase.schools.iter().any(|school| bare(school) == bare(place.name))
    }
}

impl Phase {
    fn covers(&self, date: Date) -> bool {
        self.from.0 <= date && self.to.is_none_or(|to| date <= to.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn hezhang() -> &'static Pack {
        Pack::named("hezhang-2021").expect("built in")
    }

    #[test]
    fn the_office_chapter_begins_with_its_pilots_and_then_holds_for_all() {
        let village =
            Place { township: "可乐乡", kind: SchoolKind::Primary, county_town: false, name: "可乐小学" };
        let pilot = Place { township: "水塘堡乡", ..village };
        let town = Place { township: "双河街道", county_town: true, name: "赫章县第三小学", ..village };
        let kindergarten = |name| Place { kind: SchoolKind::Kindergarten, name, ..town };
        let in_force = |at, place: &Place<'_>| hezhang().office_in_force(at, place);
        let phase_one = date(2021, 9, 1);
        assert!(in_force(phase_one, &pilot) && in_force(phase_one, &town));
        assert!(
            in_force(phase_one, &kindergarten("赫章县第一幼儿园")) && in_force(phase_one, &kindergarten("第四幼儿园"))
        );
        assert!(!in_force(phase_one, &kindergarten("赫章县第三幼儿园")) && !in_force(phase_one, &village));
        assert!(!in_force(date(2021, 7, 31), &pilot) && in_force(date(2021, 8, 1), &pilot));
        assert!(!in_force(date(2022, 7, 31), &village) && in_force(date(2022, 8, 1), &village));
    }

    #[test]
    fn the_service_chapter_has_a_date_for_the_county_town_only() {
        let town = Place {
            township: "双河街道", kind: SchoolKind::Primary, county_town: true, name: "赫章县第三小学"
        };
        let in_force = |at, place: &Place<'_>| hezhang().service_in_force(at, place);
        assert!(!in_force(date(2021, 8, 31), &town) && in_force(date(2021, 9, 1), &town));
        assert!(!in_force(date(2026, 3, 2), &Place { county_town: false, ..town }));
        assert!(!in_force(date(2026, 3, 2), &Place { kind: SchoolKind::Kindergarten, ..town }));
    }

    #[test]
    fn a_pack_without_the_chapter_judges_nothing() {
        let town = Place { township: "", kind: SchoolKind::Primary, county_town: true, name: "" };
        assert!(Pack::built_in()[1..].iter().all(|pack| !pack.office_in_force(date(2026, 3, 2), &town)));
    }
}
