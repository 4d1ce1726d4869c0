//! Review pages: rendered by the relay, no JavaScript, one style sheet, Chinese first and English by switch. A page reads the
//! projection at one moment, judges the cells that it shows at that moment, and says as of when it speaks.

pub(crate) mod access;
mod account;
mod accounts;
mod act;
mod address;
mod asking;
pub(crate) mod audit;
mod bar;
mod blob;
pub(crate) mod cell;
mod correct;
pub(crate) mod county;
mod county_settings;
pub(crate) mod day;
mod device;
pub(crate) mod devices;
pub(crate) mod export;
pub(crate) mod flagged;
mod flexible;
mod form;
mod group;
mod install;
mod invite;
pub(crate) mod obligations;
mod packs;
mod people;
mod person;
mod plan_review;
mod publish;
mod queue;
mod refused;
mod roles;
mod roster;
mod rules;
pub(crate) mod said;
mod schools;
mod service;
mod settings;
mod sheet;
pub(crate) mod shell;
mod sign_in;
mod today;
mod trail;
mod trend;
pub(crate) mod visit;
mod visit_act;
pub(crate) mod visits;
pub(crate) mod week;
pub(crate) mod works;

use std::path::PathBuf;
use std::sync::Arc;

use axum::extract::Extension;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Router, middleware};
use sanji_core::sync::ledger::LedgerError;
use sanji_core::sync::relay::RelayError;
use tokio::sync::watch;

use crate::app::SharedApp;
use crate::http::signed_in::{SIGN_IN, SIGN_OUT};
use crate::projector::follow::{FollowError, Follower};
use crate::projector::kept::Kept;
use crate::projector::{ProjectionError, Touched};
use crate::store::ReadLedger;
use access::Viewer;
use shell::Ask;

/// What pages keep between requests.
pub struct Pages {
    pub(crate) app: SharedApp,
    pub(crate) kept: Arc<Kept>,
    /// Where packages of the app lie, if they are offered.
    apps: Option<PathBuf>,
    follower: Follower,
}

/// The pages as handlers hold them.
pub(crate) type SharedPages = Arc<Pages>;

/// Why a page can't be shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PageError {
    /// There is no such page, or it isn't for this viewer: which of the two isn't said.
    #[error("no such page")]
    NotFound,
    /// The form isn't of this session's pages.
    #[error("the form is no longer valid")]
    Expired,
    /// The address, its query or the form can't be read.
    #[error("the request can't be read")]
    Unreadable,
    /// The form has more bytes than any form needs.
    #[error("the form is too large")]
    TooLarge,
    /// The store failed.
    #[error("the store failed")]
    Unavailable,
}

impl From<ProjectionError> for PageError {
    fn from(error: ProjectionError) -> Self {
        tracing::error!(%error, "a page could not be read");
        PageError::Unavailable
    }
}

impl From<RelayError> for PageError {
    fn from(error: RelayError) -> Self {
        ProjectionError::from(error).into()
    }
}

impl From<LedgerError> for PageError {
    fn from(error: LedgerError) -> Self {
        ProjectionError::from(error).into()
    }
}

impl From<rusqlite::Error> for PageError {
    fn from(error: rusqlite::Error) -> Self {
        ProjectionError::from(error).into()
    }
}

impl Pages {
    /// The pages of a relay; `apps` is the folder whose packages of the app are offered to phones.
    pub fn new(app: SharedApp, apps: Option<PathBuf>) -> Arc<Self> {
        let kept = Arc::new(Kept::new(app.relay.clone()));
        let follower = Follower::new(Arc::clone(&app), Arc::clone(&kept));
        Arc::new(Pages { kept, apps, follower, app })
    }

    /// Their router, to be merged with the relay's own.
    pub fn router(self: &Arc<Self>) -> Router<SharedApp> {
        Router::new()
            .route("/", get(home))
            .route(SIGN_IN, get(sign_in::page).post(sign_in::enter))
            .route(SIGN_OUT, post(sign_in::leave))
            .route("/county", get(county::page))
            .route("/groups/{group}", get(group::group))
            .route("/townships/{township}", get(group::township))
            .route("/people", get(people::page))
            .route(packs::PACKS, get(packs::page))
            .route("/packs/{pack}", get(packs::pack))
            .route(trail::TRAIL, get(trail::page))
            .route("/postings/{posting}", get(person::page))
            .route("/schools/{school}/today", get(today::page))
            .route("/schools/{school}", get(week::now))
            .route("/schools/{school}/{week}", get(week::page))
            .route("/schools/{school}/{week}/export.csv", get(export::csv))
            .route("/schools/{school}/{week}/export.xlsx", get(export::xlsx))
            .route("/schools/{school}/{week}/publish", post(publish::publish))
            .route("/schools/{school}/{week}/sheet", get(sheet::sheet))
            .route("/schools/{school}/{week}/notice", get(sheet::notice))
            .route("/postings/{posting}/{day}", get(day::page))
            .route("/postings/{posting}/{day}/correct", post(correct::correct))
            .route("/flagged/{entry}/lift", post(flagged::lift))
            .route("/devices", get(devices::page))
            .route(asking::ASKING, get(asking::page).post(asking::act))
            .route("/devices/{device}", get(device::page).post(device::act))
            .route("/schools/{school}/people", get(roster::page))
            .route("/schools/{school}/people/add", post(roster::add))
            .route("/schools/{school}/people/invite", post(invite::invite))
            .route("/schools/{school}/people/{posting}", get(roster::row_page).post(roster::change))
            .route("/schools/{school}/people/{posting}/flexible", post(flexible::grant))
            .route("/schools/{school}/settings", get(settings::page).post(settings::save))
            .route(county_settings::SETTINGS, get(county_settings::page).post(county_settings::save))
            .route(account::ACCOUNT, get(account::page))
            .route("/account/password", post(account::change_password))
            .route("/account/sign-out-everywhere", post(account::leave_everywhere))
            .route("/welcome/{secret}", get(account::welcome).post(account::enter))
            .route(accounts::ACCOUNTS, get(accounts::page))
            .route("/accounts/add", post(accounts::add))
            .route("/accounts/{account}/link", post(accounts::new_link))
            .route("/accounts/{account}/close", post(accounts::close))
            .route("/flagged", get(flagged::page))
            .route("/queue", get(queue::page).post(queue::decide))
            .route("/visits", get(visits::page))
            .route("/visits/export.csv", get(visits::csv))
            .route("/visits/export.xlsx", get(visits::xlsx))
            .route("/visits/{visit}", get(visit::page))
            .route("/visits/{visit}/comment", post(visit_act::comment))
            .route("/visits/{visit}/countersign", post(visit_act::countersign))
            .route("/obligations", get(obligations::page))
            .route("/obligations/export.csv", get(obligations::csv))
            .route("/obligations/export.xlsx", get(obligations::xlsx))
            .route("/schools/{school}/service", get(service::now))
            .route("/schools/{school}/service/{term}", get(service::page))
            .route("/schools/{school}/service/{term}/review", post(plan_review::review))
            .route(install::APP, get(install::page))
            .route("/app/{file}", get(install::package))
            .route("/evidence/{entry}", get(blob::evidence))
            .route(shell::STYLE, get(shell::style))
            .layer(middleware::from_fn_with_state(self.app.clone(), refused::shown))
            .merge(crate::api::router())
            .fallback(unknown)
            .layer(middleware::from_fn(shell::finish))
            .layer(Extension(Arc::clone(self)))
    }

    /// Keeps the projection at the end of the log, until `stop` says so.
    pub async fn follow(self: Arc<Self>, stop: watch::Receiver<bool>) {
        self.follower.clone().run(stop).await;
    }

    /// Brings the projection to the end of the log, once.
    ///
    /// # Errors
    /// When the store fails or the relay stops.
    pub async fn catch_up(&self) -> Result<Touched, FollowError> {
        self.follower.catch_up().await
    }

    /// Makes every sum of a school's day that doesn't hold now.
    ///
    /// # Errors
    /// When the store fails or the relay stops.
    pub async fn sum(&self) -> Result<(), FollowError> {
        self.follower.sum(usize::MAX).await.map(|_| ())
    }

    /// Reads the store at one moment.
    pub(crate) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Pages, &mut ReadLedger<'_>) -> Result<T, PageError> + Send + 'static,
    ) -> Result<T, PageError> {
        let pages = Arc::clone(self);
        let read = move || pages.app.readers.read(|store| work(&pages, store));
        tokio::task::spawn_blocking(read).await.map_err(|_| PageError::Unavailable)??
    }
}

/// Where a viewer is at home: several schools, the own school, or the own days.
async fn home(Extension(pages): Extension<SharedPages>, ask: Ask, viewer: Viewer) -> Response {
    if viewer.reviews_several() {
        return Redirect::to("/county").into_response();
    }
    let (person, head) = (viewer.person, viewer.heads());
    let today = ask.now.date();
    let school = pages
        .read(move |_, store| {
            let held = crate::projector::board::postings_of(store, person)?;
            Ok(head.or_else(|| held.iter().find(|one| one.on(today)).or(held.last()).map(|one| one.school)))
        })
        .await;
    match school {
        Ok(Some(school)) => Redirect::to(&format!("/schools/{school}")).into_response(),
        Ok(None) => ask.failed(Some(&viewer), &PageError::NotFound),
        Err(error) => ask.failed(Some(&viewer), &error),
    }
}

async fn unknown(ask: Ask) -> Response {
    ask.failed(None, &PageError::NotFound)
}

#[cfg(test)]
mod tests {
    use sanji_core::records::Body;
    use sanji_core::rules::{FindingCode, Status};
    use sanji_core::sync::message::{FlagReason, RetireReason, Via};
    use sanji_core::sync::relay::rows::DeviceState;
    use sanji_core::texts::{Lang, texts};

    use super::cell::COUNTED;
    use crate::projector::words::{STATES, reason_name, via_name};

    #[test]
    fn every_word_that_pages_look_up_by_a_code_has_a_text() {
        let mut wanted: Vec<String> = Vec::new();
        let mut want = |kind: &str, names: Vec<&str>| wanted.extend(names.iter().map(|name| format!("{kind}-{name}")));
        let reasons: Vec<&str> = FlagReason::ALL.iter().map(|reason| reason.name()).collect();
        want("pages-flag", reasons.clone());
        want("pages-lift", reasons);
        want("kind", Body::KINDS.iter().map(|(_, name)| *name).chain(["newer"]).collect());
        want("pages-state", STATES.to_vec());
        want("pages-via", [Via::Phone, Via::Kiosk, Via::Desk].map(via_name).to_vec());
        want(
            "pages-retired",
            [RetireReason::Replaced, RetireReason::Lost, RetireReason::Broken].map(reason_name).to_vec(),
        );
        let states = DeviceState::ALL.iter().map(|state| state.name());
        want("pages-device", states.filter(|name| *name != "active").collect());
        want("pages-count", COUNTED.iter().map(|status| status.code()).collect());
        let words = Status::ALL.iter().filter(|status| **status != Status::Upcoming);
        want("pages-short", words.map(|status| status.code()).chain(["may_be_lost"]).collect());
        let sized = [FindingCode::Late, FindingCode::LeftEarly, FindingCode::Away, FindingCode::AbsentFromWindow];
        want("pages-short", sized.map(|code| code.code()).to_vec());
        want("clock", sanji_core::evidence::TimeLabel::ALL.iter().map(|label| label.name()).collect());
        want("school", sanji_core::records::SchoolKind::ALL.iter().map(|kind| kind.name()).collect());
        wanted.extend(crate::acts::ACTS.iter().map(|act| super::trail::act_key(act)));
        for lang in Lang::ALL {
            for key in &wanted {
                assert!(texts(lang).has(key), "{key} is missing in {}", lang.code());
            }
        }
    }
}
