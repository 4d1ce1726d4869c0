//! Whether a check is made at the school. It is asked for only where the county turned it on and gave the school's ground; a fix
//! is judged here and forgotten: coordinates are never kept.

use super::error::Result;
use super::handle::Phone;
use super::home::Home;
use crate::ids::PostingId;
use crate::records::{Area, Place, Where};
use crate::review::PLACE;

/// What the system says of where the phone is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fix {
    /// Latitude, degrees, north positive (WGS 84).
    pub latitude: f64,
    /// Longitude, degrees, east positive (WGS 84).
    pub longitude: f64,
    /// How exact it is, metres.
    pub accuracy: Option<u32>,
    /// Another app made it up, as the system says.
    pub mock: bool,
}

/// Metres of one degree of latitude.
const DEGREE: f64 = 111_320.0;

/// Metres between a fix and the middle of an area; the earth is flat enough over what matters here.
fn metres_between(fix: &Fix, area: &Area) -> f64 {
    #[allow(clippy::cast_precision_loss)] // Millionths of a degree have at most nine digits.
    let (latitude, longitude) = (area.latitude as f64 / 1e6, area.longitude as f64 / 1e6);
    let north = (fix.latitude - latitude) * DEGREE;
    let east = (fix.longitude - longitude) * DEGREE * latitude.to_radians().cos();
    north.hypot(east)
}

/// What is kept of a fix. What its accuracy leaves open counts as inside.
fn judged(fix: Option<&Fix>, area: Option<&Area>) -> Place {
    let at = match (fix, area) {
        (Some(fix), Some(area)) => {
            let reach = f64::from(area.metres) + f64::from(fix.accuracy.unwrap_or(0));
            if metres_between(fix, area) <= reach { Where::Inside } else { Where::Outside }
        }
        _ => Where::Unknown,
    };
    Place { at, accuracy: fix.and_then(|fix| fix.accuracy), mock: fix.and_then(|fix| fix.mock.then_some(true)) }
}

impl Home {
    fn area(&mut self, posting: Option<PostingId>) -> Result<Option<Area>> {
        let date = self.now()?.date();
        let school = self.posting(date, posting)?.school;
        let county = self.county()?;
        let wanted = county.setting(PLACE) == Some("on");
        Ok(county.school(school).and_then(|set| set.area.clone()).filter(|_| wanted))
    }
}

impl Phone {
    /// Whether the county wants to know if a check is made at the school: only then is the system asked for a place.
    ///
    /// # Errors
    /// When the person has no posting today, or several and none is named.
    pub fn place_wanted(&self, posting: Option<PostingId>) -> Result<bool> {
        self.with(|home| Ok(home.area(posting)?.is_some()))
    }

    /// What a check says of a place, for [`Phone::check`]; without a fix it is unknown.
    ///
    /// # Errors
    /// As [`Phone::place_wanted`].
    pub fn place(&self, posting: Option<PostingId>, fix: Option<&Fix>) -> Result<Place> {
        self.with(|home| Ok(judged(fix, home.area(posting)?.as_ref())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREA: Area = Area { latitude: 27_119_000, longitude: 104_727_000, metres: 150 };

    fn at(north: f64, east: f64, accuracy: Option<u32>) -> Place {
        let latitude = 27.119 + north / DEGREE;
        let longitude = 104.727 + east / (DEGREE * 27.119_f64.to_radians().cos());
        judged(Some(&Fix { latitude, longitude, accuracy, mock: false }), Some(&AREA))
    }

    #[test]
    fn a_fix_on_the_schools_ground_is_inside_and_a_far_one_outside() {
        assert_eq!(at(100.0, -100.0, Some(5)).at, Where::Inside);
        assert_eq!(at(120.0, 120.0, Some(5)).at, Where::Outside);
        assert_eq!(at(0.0, 5_000.0, None).at, Where::Outside);
    }

    #[test]
    fn what_the_accuracy_leaves_open_counts_as_inside() {
        assert_eq!(at(0.0, 400.0, Some(260)).at, Where::Inside);
        assert_eq!(at(0.0, 400.0, Some(240)).at, Where::Outside);
    }

    #[test]
    fn without_a_fix_or_without_a_ground_it_is_unknown() {
        let fix = Fix { latitude: 27.0, longitude: 104.0, accuracy: Some(9), mock: true };
        assert_eq!(judged(None, Some(&AREA)), Place { at: Where::Unknown, accuracy: None, mock: None });
        assert_eq!(judged(Some(&fix), None), Place { at: Where::Unknown, accuracy: Some(9), mock: Some(true) });
    }
}
