//! Figures as files: CSV with one table, XLSX with all. What a viewer sees of a school on its week page can be taken away, for
//! a week, a month or a term; whoever reviews is written down for it.

use axum::extract::{Extension, Path, Query};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use sanji_core::ids::{Label, SchoolId};
use sanji_core::texts::Texts;
use serde::Deserialize;

use super::access::{Sight, Viewer};
use super::address::part;
use super::audit::{Look, note};
use super::shell::{Ask, as_of};
use super::{PageError, Pages, SharedPages, week};
use crate::projector::board::{Board, Staff};
use crate::store::ReadLedger;
use crate::tables::book::{Book, Name};
use crate::tables::period::Period;
use crate::tables::sheet::{Kind, Sheet};
use crate::tables::xlsx::Heading;
use crate::tables::{Judged, Knows, csv as csv_file, xlsx as xlsx_file};

/// The days of a school with what the viewer may see of them; `NotFound` if that is no cell.
pub(crate) fn board(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    viewer: &Viewer,
    school: SchoolId,
    period: Period,
) -> Result<(Board, Sight), PageError> {
    let days = period.days();
    let sight = week::sight(pages, store, viewer, school, days)?;
    let board = Board::load(&pages.kept, store, school, days)?.ok_or(PageError::NotFound)?;
    Ok((board, sight))
}

/// What a viewer may know of a member of staff; nothing if not even the cells.
pub(crate) fn knows(viewer: &Viewer, sight: &Sight, staff: &Staff) -> Option<Knows> {
    let own = viewer.is(staff);
    sight.cells_of(staff.posting).then_some(Knows { leave_kinds: sight.leave_kinds || own })
}

/// The media type of CSV.
pub(super) const CSV: &str = "text/csv; charset=utf-8";

/// The media type of XLSX.
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Which table a CSV file holds.
#[derive(Deserialize)]
pub(super) struct Asked {
    table: Option<String>,
}

pub(super) async fn csv(
    Extension(pages): Extension<SharedPages>,
    Path(place): Path<(String, String)>,
    Query(asked): Query<Asked>,
    ask: Ask,
    viewer: Viewer,
) -> Response {
    let table = asked.table.as_deref().map_or(Some(Name::Attendance), Name::from_code);
    let write = move |_: &Heading<'_>, book: &Book<'_>, t: &Texts| {
        let name = table.ok_or(PageError::NotFound)?;
        Ok((csv_file::write(&in_minutes(t, book.sheet(name))), name.title(t)))
    };
    export(&pages, place, &ask, &viewer, ("csv", CSV), write).await
}

pub(super) async fn xlsx(
    Extension(pages): Extension<SharedPages>,
    Path(place): Path<(String, String)>,
    ask: Ask,
    viewer: Viewer,
) -> Response {
    let write = |heading: &Heading<'_>, book: &Book<'_>, t: &Texts| {
        let sheets = Name::ALL.map(|name| book.sheet(name));
        let bytes = xlsx_file::write(heading, &sheets).map_err(|error| {
            tracing::error!(%error, "a file could not be made");
            PageError::Unavailable
        })?;
        Ok((bytes, Name::Attendance.title(t)))
    };
    export(&pages, place, &ask, &viewer, ("xlsx", XLSX), write).await
}

/// In CSV a length is a bare number, so its unit stands in the heading.
pub(super) fn in_minutes(t: &Texts, mut sheet: Sheet) -> Sheet {
    for column in sheet.columns.iter_mut().filter(|column| column.kind == Kind::Minutes) {
        column.title = t.get("export-minutes", &[("column", column.title.as_str())]);
    }
    sheet
}

async fn export(
    pages: &SharedPages,
    (school, period): (String, String),
    ask: &Ask,
    viewer: &Viewer,
    (ending, kind): (&'static str, &'static str),
    write: impl FnOnce(&Heading<'_>, &Book<'_>, &Texts) -> Result<(Vec<u8>, String), PageError> + Send + 'static,
) -> Response {
    let (asked, looking) = (ask.clone(), viewer.clone());
    let made = pages
        .read(move |pages, store| {
            let school: SchoolId = school.parse().map_err(|_| PageError::NotFound)?;
            let period: Period = period.parse().map_err(|_| PageError::NotFound)?;
            let (board, sight) = board(pages, store, &looking, school, period)?;
            if !sight.cells && sight.own.is_empty() {
                return Err(PageError::NotFound);
            }
            let t = asked.texts();
            let judged = Judged::new(&board, asked.now, |staff| knows(&looking, &sight, staff));
            let title = t.get("export-title", &[("school", board.school.name.clone()), ("period", period.title(t))]);
            let said = as_of(pages, store, asked.now)?.said(t);
            let heading = Heading { title: &title, as_of: &said, now: asked.now };
            let (bytes, table) = write(&heading, &Book::new(t, &judged), t)?;
            let name = format!("{}_{period}_{table}.{ending}", board.school.name);
            let look = sight.logged.then_some(Look::Export(school, period));
            Ok((bytes, disposition(&name, &format!("sanji-{period}.{ending}")), look))
        })
        .await;
    let noted = match made {
        Ok((bytes, name, Some(look))) => note(&pages.app, viewer, look).await.map(|()| (bytes, name)),
        Ok((bytes, name, None)) => Ok((bytes, name)),
        Err(error) => Err(error),
    };
    match noted {
        Ok((bytes, name)) => {
            let kind = HeaderValue::from_static(kind);
            (StatusCode::OK, [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], bytes).into_response()
        }
        Err(error) => ask.failed(Some(viewer), &error),
    }
}

/// A file's name in any language (RFC 6266, RFC 5987), with one in plain letters beside it.
pub(super) fn disposition(name: &str, plain: &str) -> HeaderValue {
    let text = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", part(name));
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("attachment"))
}

/// The line of links on a week's page.
pub(super) fn links(t: &Texts, school: SchoolId, week: Period) -> Markup {
    let Period::Week(monday) = week else { return html! {} };
    let at = |period: Period, file: &str| format!("/schools/{school}/{period}/export.{file}");
    let month = Period::Month(monday.first_of_month());
    html! {
        p.export {
            (t.word("export")) ": "
            @for (period, key) in [(week, "week"), (month, "month"), (Period::Term(Label::term_of(monday)), "term")] {
                a href=(at(period, "xlsx")) download="" { (t.word(&format!("export-the-{key}"))) " XLSX" } " · "
            }
            @for (i, name) in Name::ALL.into_iter().enumerate() {
                @if i > 0 { " · " }
                a href=(at(week, &format!("csv?table={}", name.code()))) download="" { (name.title(t)) " CSV" }
            }
        }
    }
}
