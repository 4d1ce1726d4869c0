//! What HTTP and TLS add to the bodies of a sync: bytes of TCP between a real phone and a real relay, counted on the way.

use jiff::civil::{Date, date};
use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;
use sanji_core::phone::Phone;
use sanji_core::records::Direction;
use sanji_server::app::Settings;

use super::Figure;
use crate::Outcome;
use crate::office::{Moment, Office, Served, scratch};
use crate::owner::Place;
use crate::proxy::Counting;
use crate::school::{County, morning};

const DAY: Date = date(2026, 3, 2);

/// Measures it.
///
/// # Errors
/// When a phone or the relay fails.
pub fn measure() -> Outcome<Vec<Figure>> {
    let dir = scratch()?;
    let office = Office::make(&dir.path().join("relay"))?;
    let mut rng = ChaCha12Rng::seed_from_u64(1);
    let county = office.write(|ledger| {
        let county = County::found(office.relay(), ledger, &mut rng, 1, DAY)?;
        county.open_year(ledger, DAY)?;
        Ok(county)
    })?;
    let clock = Moment::at(morning(DAY));
    let served = office.serve(clock.clone(), Settings::default(), 1)?;
    let proxy = served.wait(Counting::start(served.address))?;
    let phone = Place::new(dir.path(), "teacher").open(clock.clone(), Some(proxy.address))?;
    served.wait(phone.enrol(&served.invite(county.schools[0].staff[0].id)?))?;
    sync(&served, &phone, &proxy, &clock)?;
    // The connection of the sync is kept: what a further one adds is HTTP and the framing of TLS.
    let kept = sync(&served, &phone, &proxy, &clock)?;
    phone.close()?;
    drop(phone);
    let phone = Place::new(dir.path(), "teacher").open(clock.clone(), Some(proxy.address))?;
    let fresh = sync(&served, &phone, &proxy, &clock)?;
    phone.close()?;
    drop(proxy);
    served.stop()?;
    Ok(vec![
        Figure::beside("http_overhead_up_bytes", kept.0),
        Figure::beside("http_overhead_down_bytes", kept.1),
        Figure::beside("tls_handshake_up_bytes", fresh.0 - kept.0),
        Figure::beside("tls_handshake_down_bytes", fresh.1 - kept.1),
    ])
}

/// Records four checks and sends them in one push; gives the bytes up and down beside the bodies.
fn sync(served: &Served, phone: &Phone, proxy: &Counting, clock: &Moment) -> Outcome<(f64, f64)> {
    for direction in [Direction::In, Direction::Out, Direction::In, Direction::Out] {
        clock.set(clock.now().plus(60_000));
        phone.check(None, direction, None)?;
    }
    proxy.take();
    let outcome = served.wait(phone.sync_now())?;
    let (up, down) = proxy.take();
    if outcome.delivered != 4 {
        return Err(format!("{} entries were delivered instead of 4", outcome.delivered).into());
    }
    let pushes = outcome.pushes.max(1) as f64;
    let beside = |passed: u64, body: u64| passed.saturating_sub(body) as f64 / pushes;
    Ok((beside(up, outcome.bytes.0), beside(down, outcome.bytes.1)))
}
