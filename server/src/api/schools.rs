//! Schools, and how a day went at each.

use std::collections::BTreeMap;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query};
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::civil::Date;
use sanji_core::ids::{GroupId, SchoolId};
use sanji_core::sync::relay::book::Book;
use sanji_core::sync::relay::rows::SchoolRow;
use sanji_core::time::UtcSecs;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Known, Paging, Stop, Tag, answer, date, part, query, read};
use super::caller::Caller;
use super::document::Problems;
use crate::pages::SharedPages;
use crate::pages::access::Sight;
use crate::pages::county::school_day_before;
use crate::projector::board::Days;
use crate::projector::summary::Summary;
use crate::projector::sums;
use crate::tables::json;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// The day, such as 2026-03-02; the last school day before today where it is left out.
    #[param(value_type = Option<String>, format = Date)]
    date: Option<String>,
}

/// A school on a day.
#[derive(Serialize, ToSchema)]
pub(super) struct School {
    /// Its id.
    #[schema(value_type = String)]
    id: SchoolId,
    /// Its name.
    name: String,
    /// `kindergarten`, `primary`, `secondary`, `vocational` or `special`.
    kind: &'static str,
    /// Its township.
    township: String,
    /// Its groups.
    #[schema(value_type = Vec<String>)]
    groups: Vec<GroupId>,
    /// Postings that have the day.
    staff: u32,
    /// People by status; null where the reader may not know it. Nobody where the rules aren't in force.
    statuses: Option<BTreeMap<&'static str, u32>>,
    /// Entries about the day that don't count; null where the reader may not know it.
    flagged: Option<u32>,
    /// Until when all devices have reported everything, the end of the day at the latest; null if one never has.
    #[serde(serialize_with = "json::maybe_instant")]
    #[schema(value_type = Option<String>, format = DateTime)]
    complete_through: Option<UtcSecs>,
    /// Devices that haven't reported the day yet.
    devices_missing: u32,
    /// Staff of whom nothing can arrive: no device, and no kiosk at the school.
    staff_without_device: u32,
}

/// The schools of the reader's scope on a day.
#[derive(Serialize, ToSchema)]
pub(super) struct Schools {
    /// The day.
    #[serde(serialize_with = "json::date")]
    #[schema(value_type = String, format = Date)]
    date: Date,
    /// The schools, by id.
    items: Vec<School>,
    /// The cursor with which the list goes on; null at its end.
    next: Option<String>,
}

/// The schools of the reader's scope that exist on the day.
#[utoipa::path(
    get,
    path = "/api/v1/schools",
    operation_id = "schools",
    params(Asked, Paging),
    responses((status = 200, description = "The schools", body = Schools), Problems)
)]
pub(super) async fn list(
    Extension(pages): Extension<SharedPages>,
    asked: Result<Query<Asked>, QueryRejection>,
    paging: Result<Query<Paging>, QueryRejection>,
    headers: HeaderMap,
    caller: Caller,
) -> Response {
    let made = make(&pages, (asked, paging), Known::new(&headers), &caller).await;
    answer(&caller, made)
}

async fn make(
    pages: &SharedPages,
    (asked, paging): (Result<Query<Asked>, QueryRejection>, Result<Query<Paging>, QueryRejection>),
    known: Known,
    caller: &Caller,
) -> Result<(Schools, Tag), Stop> {
    let asked = query(asked)?;
    let (day, place) = (date(asked.date.as_deref())?, query(paging)?.place()?);
    let caller = caller.clone();
    read(pages, move |pages, store| {
        let (now, county) = (caller.now(), pages.kept.county(store)?);
        let date = day.unwrap_or_else(|| school_day_before(county.calendar(), now.date()));
        let tag = Tag::of(pages, store, &caller, Some(date))?.unless_known(&known)?;
        let days = Days { first: date, last: date };
        let mut seen: Vec<(SchoolId, SchoolRow, Sight)> = Vec::new();
        for (id, place) in Book::new(pages.kept.relay().county(), store).schools()? {
            let sight = caller.viewer.sight(id, &place, days);
            let open = county.school(id).is_some_and(|set| set.from <= date && set.to.is_none_or(|to| date <= to));
            if open && (sight.sums || sight.devices) {
                seen.push((id, place, sight));
            }
        }
        let (seen, next) = part(seen, |(id, ..)| id.to_string(), &place);
        let mut items = Vec::with_capacity(seen.len());
        let mut sums = sums::on(&pages.kept, store, date, now, seen.iter().map(|(id, ..)| *id), usize::MAX)?;
        for (id, place, sight) in seen {
            let sums = sums.known.remove(&id).unwrap_or_default();
            items.push(School::new(id, place, &sight, &sums));
        }
        Ok((Schools { date, items, next }, tag))
    })
    .await
}

impl School {
    fn new(id: SchoolId, place: SchoolRow, sight: &Sight, sums: &Summary) -> Self {
        let statuses = || sums.statuses.iter().map(|(status, count)| (status.code(), *count)).collect();
        School {
            id,
            kind: place.kind.name(),
            name: place.name,
            township: place.township,
            groups: place.groups,
            staff: sums.staff,
            statuses: sight.sums.then(statuses),
            flagged: sight.sums.then_some(sums.flagged),
            complete_through: sums.through,
            devices_missing: sums.waiting,
            staff_without_device: sums.unequipped,
        }
    }
}
