//! What the county page costs the relay as the county and its past grow, beside a bare SQL read of the rows that it shows.
//!
//! A county is written through the relay's own machine: its documents, rosters, an enrolled phone for everybody, and at the
//! smaller sizes a week of checks by the principals' desks. At 10,000 staff the checks are left out, and of three years only
//! the sums of their school days are there: the page reads no check, only the sums, and those are made by the projection
//! itself from what it finds, row for row as many.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::connect_info::MockConnectInfo;
use axum::http::{Request, header};
use jiff::ToSpan;
use jiff::civil::{Date, date, time};
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use sanji_core::ids::{DocId, PersonId};
use sanji_core::records::{Body as Entry, CheckOnBehalf, Direction, Role};
use sanji_core::sync::ledger::Table;
use sanji_core::sync::message::Scope;
use sanji_core::sync::relay::{Desk, Relay};
use sanji_core::time::{UtcMs, days_since_epoch, instant};
use sanji_server::accounts;
use sanji_server::app::{App, Settings, SharedApp};
use sanji_server::clock::Clock;
use sanji_server::folder::DataFolder;
use sanji_server::keys::RelayKeys;
use sanji_server::pages::Pages;
use sanji_server::projector::Projector;
use sanji_server::projector::kept::Kept;
use sanji_server::projector::sums;
use sanji_server::store::SqliteLedger;
use tower::ServiceExt;

use super::{Figure, median};
use crate::Outcome;
use crate::school::{County, STAFF, key, morning};

/// The Friday of the week, whose county page is opened the Saturday after.
const FRIDAY: Date = date(2026, 3, 6);

/// Times that a page is opened.
const TIMES: usize = 31;

const PASSWORD: &str = "correct horse battery";

/// Measures it.
///
/// # Errors
/// When the relay fails.
pub fn measure() -> Outcome<Vec<Figure>> {
    let run = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (small, _) = run.block_on(opened(100, true, 0))?;
    let (week, _) = run.block_on(opened(1_000, true, 0))?;
    let (years, _) = run.block_on(opened(1_000, true, 3))?;
    let (large, bare) = run.block_on(opened(10_000, false, 0))?;
    Ok(vec![
        Figure::at_most("page_ms_10k", large, 50.0).against("bare SQL of its rows", bare),
        Figure::at_most("page_ratio", large / bare, 3.0),
        Figure::beside("page_growth_100_10k", large / small),
        Figure::at_most("page_growth_1w_3y", years / week, 1.2),
    ])
}

struct Saturday;

impl Clock for Saturday {
    fn now(&self) -> UtcMs {
        instant(date(2026, 3, 7), time(10, 0, 0, 0)).ms()
    }

    fn is_virtual(&self) -> bool {
        true
    }
}

/// Opens the county page of a county with so many staff; gives the milliseconds of the page and of a bare read of its rows.
async fn opened(staff: usize, checks: bool, years: i32) -> Outcome<(f64, f64)> {
    let dir = tempfile::tempdir()?;
    let folder = DataFolder::open(dir.path())?;
    let mut rng = ChaCha20Rng::seed_from_u64(7);
    let keys = RelayKeys::open(&folder.keys(), &folder.store(), &mut rng)?;
    write(&folder, &keys, &mut rng, staff.div_ceil(STAFF + 1), checks, years)?;
    let settings = Settings::default();
    let (app, writer) = App::start(&folder, &keys, vec!["127.0.0.1:1".into()], Arc::new(Saturday), settings, false)?;
    let pages = Pages::new(Arc::clone(&app), None);
    pages.sum().await?;
    let address = SocketAddr::from(([192, 0, 2, 1], 9));
    let router = sanji_server::http::router(Arc::clone(&app), pages.router()).layer(MockConnectInfo(address));
    let cookie = sign_in(&router).await?;
    let (mut page, mut bare) = (Vec::new(), Vec::new());
    // The first time fills caches of statements and folded documents.
    for time in 0..=TIMES {
        let began = Instant::now();
        let read = open(&router, &cookie).await?;
        let took = began.elapsed();
        if !read {
            return Err("the county page did not open".into());
        }
        let began = Instant::now();
        bare_read(&app)?;
        if time > 0 {
            page.push(took.as_secs_f64() * 1000.0);
            bare.push(began.elapsed().as_secs_f64() * 1000.0);
        }
    }
    drop((router, pages, app));
    writer.stop().await?;
    Ok((median(page), median(bare)))
}

fn write(
    folder: &DataFolder,
    keys: &RelayKeys,
    rng: &mut ChaCha20Rng,
    schools: usize,
    checks: bool,
    years: i32,
) -> Outcome<()> {
    let relay = Relay::new(keys.county, keys.signing.clone());
    let mut store = SqliteLedger::open(&folder.store())?;
    let hash = accounts::password::hash(PASSWORD, rng);
    let start = date(2025, 9, 1);
    let county = store.transaction(|store| -> Outcome<County> {
        let county = County::found(relay.clone(), store, rng, schools, start)?;
        county.open_year(store, start)?;
        let supervisor = PersonId::random(rng);
        county.relay.grant(store, morning(start), supervisor, Role::Supervisor, Scope::County, (start, None))?;
        accounts::add(store.sql(), "supervisor", supervisor, "督查", &hash, morning(start))?;
        for school in &county.schools {
            for person in std::iter::once(&school.principal).chain(&school.staff) {
                county.enrol(store, morning(start), person.id, &key(rng))?;
            }
        }
        Ok(county)
    })?;
    if checks {
        store.transaction(|store| record(&county, store))?;
    }
    let kept = Kept::new(relay.clone());
    let now = Saturday.now().secs();
    store.transaction(|store| -> Outcome<()> {
        Projector::new(relay).catch_up(store)?;
        let facts = kept.county(store)?;
        let mut days = sums::window(facts.calendar(), now.date());
        for week in 0..i64::from(years) * 52 {
            days.extend((0..5).map(|day| FRIDAY.saturating_sub((7 * week + day).days())));
        }
        sums::fill(store.sql(), &facts, &days)?;
        Ok(sums::bring(&kept, store, now)?)
    })?;
    store.checkpoint()?;
    Ok(())
}

/// A week of checks, in and out each day, written by the principals.
fn record(county: &County, store: &mut SqliteLedger) -> Outcome<()> {
    for school in &county.schools {
        let mut entries = Vec::new();
        for day in (0..5).map(|back| FRIDAY.saturating_sub(i64::from(back).days())) {
            for person in &school.staff {
                for (direction, at) in [(Direction::In, time(8, 20, 0, 0)), (Direction::Out, time(17, 10, 0, 0))] {
                    let check = CheckOnBehalf { direction, at: instant(day, at), reason: "停电".into() };
                    entries.push((DocId::duty(person.posting, day), Vec::new(), Entry::from(check)));
                }
            }
        }
        let now = instant(FRIDAY, time(18, 0, 0, 0)).ms();
        county.relay.write(store, now, Desk { person: school.principal.id }, entries)?;
    }
    Ok(())
}

async fn sign_in(router: &Router) -> Outcome<String> {
    let form = format!("name=supervisor&password={}", PASSWORD.replace(' ', "+"));
    let request = Request::post("/sign-in").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let response = router.clone().oneshot(request.body(Body::from(form))?).await?;
    let cookie = response.headers().get(header::SET_COOKIE).ok_or("nobody was signed in")?.to_str()?;
    Ok(cookie.split(';').next().unwrap_or_default().to_owned())
}

/// Opens the page as a browser does, packed.
async fn open(router: &Router, cookie: &str) -> Outcome<bool> {
    let request = Request::get("/county").header(header::COOKIE, cookie).header(header::ACCEPT_ENCODING, "gzip");
    let response = router.clone().oneshot(request.body(Body::empty())?).await?;
    let opened = response.status().is_success();
    axum::body::to_bytes(response.into_body(), usize::MAX).await?;
    Ok(opened)
}

/// Reads what the page reads, without the page: the schools, their sums of the day, and of the weeks before the counts that
/// the chart rests on.
fn bare_read(app: &SharedApp) -> Outcome<()> {
    app.readers.read(|store| -> Outcome<()> {
        let first = sums::weeks(FRIDAY).next().unwrap_or(FRIDAY);
        let schools = format!("SELECT k, v FROM \"{}\"", Table::School.name());
        let day = "SELECT * FROM view_sum WHERE day = ?1";
        let weeks = "SELECT day, school, present, awaiting_sync, needs_correction, absent, short_of_five_hours, \
                     irregular, mute FROM view_sum WHERE day BETWEEN ?1 AND ?2";
        let mut seen = 0;
        let mut read = |text: &str, between: &[i32]| -> Outcome<()> {
            let mut statement = store.sql().prepare_cached(text)?;
            let fields = statement.column_count();
            let mut rows = statement.query(rusqlite::params_from_iter(between))?;
            while let Some(row) = rows.next()? {
                for at in 0..fields {
                    seen += usize::from(row.get_ref(at)? != rusqlite::types::ValueRef::Null);
                }
            }
            Ok(())
        };
        read(&schools, &[])?;
        read(day, &[days_since_epoch(FRIDAY)])?;
        read(weeks, &[days_since_epoch(first), days_since_epoch(FRIDAY)])?;
        if seen == 0 { Err("there are no rows".into()) } else { Ok(()) }
    })?
}
