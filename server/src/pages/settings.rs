//! The settings of a school: boarding row, normal dismissal, own windows where the pack lets it shift them, version of the
//! filed rules. Each holds from a day on; what held before stays.

use axum::extract::{Extension, Path};
use axum::response::Response;
use jiff::civil::{Date, Time};
use maud::{Markup, html};
use sanji_core::documents::facts::Row;
use sanji_core::documents::school::{Profile, School as SchoolView, profile_on};
use sanji_core::ids::{DocId, SchoolId};
use sanji_core::records::ProfileSet;
use sanji_core::review::{Problem, act};
use sanji_core::texts::Texts;
use sanji_core::time::HourMinute;

use super::access::Viewer;
use super::act::{Acting, Fields, Sent, csrf, draft, perform, problem};
use super::form::{Draft, Input, Refused, Wrong, choice, day, told};
use super::roster::{self, charge};
use super::said::person_name;
use super::shell::{Ask, Page};
use super::{PageError, Pages, SharedPages};
use crate::projector::Store;
use crate::store::ReadLedger;

/// Ends of own windows, two for each half of a day.
const ENDS: [(&str, &str); 4] = [
    ("window0", "settings-morning-from"),
    ("window1", "settings-morning-to"),
    ("window2", "settings-afternoon-from"),
    ("window3", "settings-afternoon-to"),
];

/// The most characters of the version of filed rules.
const LONGEST_VERSION: usize = 60;

/// Where a school's settings are.
pub(super) fn address(school: SchoolId) -> String {
    format!("/schools/{school}/settings")
}

pub(super) async fn page(
    Extension(pages): Extension<SharedPages>,
    Path(school): Path<String>,
    ask: Ask,
    viewer: Viewer,
) -> Response {
    let page = match school.parse() {
        Ok(school) => look(&pages, &ask, &viewer, school, None).await,
        Err(_) => Err(PageError::NotFound),
    };
    ask.answer(&viewer, page)
}

async fn look(
    pages: &SharedPages,
    ask: &Ask,
    viewer: &Viewer,
    school: SchoolId,
    form: Option<Draft>,
) -> Result<Page, PageError> {
    let (asked, looking) = (ask.clone(), viewer.clone());
    pages.read(move |pages, store| build(pages, store, &asked, &looking, school, form)).await
}

/// The profile as it holds on a day.
fn profile(pages: &Pages, store: &mut impl Store, school: SchoolId, date: Date) -> Result<Profile, PageError> {
    Ok(profile_on(&pages.kept.school(store, school)?, date))
}

fn build(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    ask: &Ask,
    viewer: &Viewer,
    school: SchoolId,
    form: Option<Draft>,
) -> Result<Page, PageError> {
    let t = ask.texts();
    let (place, _) = charge(pages, store, ask, viewer, school)?;
    let today = ask.now.date();
    let held = profile(pages, store, school, today)?;
    let form = form.unwrap_or_else(|| holding(&held, today));
    let shifts = pages.kept.county(store)?.shifts_windows(school, today);
    let kind = t.word(&format!("school-{}", place.kind.name())).into_owned();
    let yes_no: Vec<(String, String)> = [("", "settings-unset"), ("1", "settings-yes"), ("0", "settings-no")]
        .map(|(v, k)| (v.to_owned(), t.word(k).into_owned()))
        .to_vec();
    let said = [
        by(store, t, held.boarding.as_ref())?,
        by(store, t, held.dismissal.as_ref())?,
        by(store, t, held.windows.as_ref())?,
        by(store, t, held.rules_version.as_ref())?,
    ];
    Ok(Page {
        title: t.get("settings-title", &[("school", place.name.clone())]),
        lead: t.get("settings-lead", &[("kind", kind), ("township", place.township.clone())]),
        body: html! {
            p.links { a href=(roster::address(school)) { (t.word("roster-back")) } }
            form.act-form method="post" action=(address(school)) {
                (csrf(viewer))
                (Input::date("from", "settings-from").required().show(t, &form))
                (choice(t, &form, "boarding", "settings-boarding", &yes_no)) (said[0])
                (Input::time("dismissal", "settings-dismissal").show(t, &form)) (said[1])
                @if shifts { fieldset {
                    legend { (t.word("settings-windows")) }
                    @for (name, label) in ENDS { (Input::time(name, label).show(t, &form)) }
                    (form.wrong.beside("windows")) (said[2])
                } } @else { p.note { (t.word("settings-windows-fixed")) } }
                (Input::text("rules_version", "settings-rules").show(t, &form)) (said[3])
                button.act { (t.word("settings-save")) }
                p.hint { (t.word("settings-hint")) }
            }
        },
        query: String::new(),
        as_of: None,
    })
}

/// Who set a field, and when.
fn by<T>(store: &impl Store, t: &Texts, row: Option<&Row<T>>) -> Result<Markup, PageError> {
    let Some(row) = row else { return Ok(html! {}) };
    let source = &row.now.source;
    let name = source.author.person.map(|person| person_name(store, person)).transpose()?.flatten();
    let name = name.unwrap_or_else(|| t.word("pages-somebody").into_owned());
    let words = t.get("settings-by", &[("name", name), ("when", t.moment(source.placed.judged))]);
    Ok(html! { p.since { (words) } })
}

fn holding(held: &Profile, today: Date) -> Draft {
    let time = |time: &Time| HourMinute::of(*time).to_string();
    let mut fields = vec![("from", today.to_string())];
    if let Some(row) = &held.boarding {
        fields.push(("boarding", if row.now.value { "1" } else { "0" }.to_owned()));
    }
    fields.extend(held.dismissal.as_ref().map(|row| ("dismissal", time(&row.now.value))));
    if let Some(row) = &held.windows {
        fields.extend(ENDS.iter().zip(&row.now.value).map(|((name, _), end)| (*name, time(end))));
    }
    fields.extend(held.rules_version.as_ref().map(|row| ("rules_version", row.now.value.clone())));
    let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Draft { fields: Fields::of(&pairs), wrong: Wrong::default() }
}

/// What a form says; times as they were typed, the windows whole or not at all.
fn typed(t: &Texts, fields: &Fields) -> Result<ProfileSet, Wrong> {
    let mut wrong = Wrong::default();
    let from = day(fields.get("from"));
    if from.is_none() {
        wrong.note("from", t.word("form-bad-date"));
    }
    let mut time = |name: &'static str| -> Option<Time> {
        let text = fields.get(name).trim();
        let read = HourMinute::parse(text);
        if read.is_none() && !text.is_empty() {
            wrong.note(name, t.word("form-bad-time"));
        }
        read.and_then(|read| Time::new((read.minutes() / 60) as i8, (read.minutes() % 60) as i8, 0, 0).ok())
    };
    let dismissal = time("dismissal");
    let windows: Vec<Time> = ENDS.iter().filter_map(|(name, _)| time(name)).collect();
    if wrong.is_empty() && !windows.is_empty() && windows.len() != ENDS.len() {
        wrong.note("windows", t.word("settings-bad-windows"));
    }
    let version = fields.get("rules_version").trim();
    if version.chars().count() > LONGEST_VERSION {
        wrong.note("rules_version", t.word("problem-too_long"));
    }
    let boarding = match fields.get("boarding") {
        "1" => Some(true),
        "0" => Some(false),
        _ => None,
    };
    let rules_version = (!version.is_empty()).then(|| version.to_owned());
    match from {
        Some(from) if wrong.is_empty() => Ok(ProfileSet { from, boarding, dismissal, windows, rules_version }),
        _ => Err(wrong),
    }
}

/// Sets what differs from what holds on the form's first day.
pub(super) async fn save(
    Extension(pages): Extension<SharedPages>,
    Path(school): Path<String>,
    ask: Ask,
    sent: Sent,
) -> Response {
    let Sent { viewer, fields } = sent;
    let Ok(school) = school.parse::<SchoolId>() else { return ask.failed(Some(&viewer), &PageError::NotFound) };
    let (asked, given) = (ask.clone(), fields.clone());
    let work = move |acting: &mut Acting<'_>| -> Result<(), Refused> {
        let t = asked.texts();
        charge(acting.pages, acting.store, &asked, acting.viewer, school)?;
        let set = typed(t, &given)?;
        let (kept, doc) = (&acting.pages.kept, DocId::school(school, set.from));
        let (county, years) = (kept.county(acting.store)?, kept.school(acting.store, school)?);
        let here = SchoolView::of(&kept.relay().journal(acting.store, doc)?.fold());
        let changed = act::set_profile(&county, school, &years, &here, set).map_err(|fault| {
            let bad = fault.why == Problem::Windows;
            Wrong::one("windows", if bad { t.word("settings-bad-windows").into_owned() } else { problem(t, fault.why) })
        })?;
        let Some((re, set)) = changed else { return Ok(()) };
        Ok(acting.write(vec![draft(doc, re, set)], "school settings", &school.to_string())?)
    };
    let done = perform(&pages, &viewer, work).await;
    let again = |form| look(&pages, &ask, &viewer, school, Some(form));
    told(&ask, &viewer, done, (&address(school), fields), again).await
}
