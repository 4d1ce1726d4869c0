//! What the county sets and no source gives: from which weekday on principals are reminded to publish the last week, and whether
//! phones look for their place.

use axum::extract::Extension;
use axum::response::Response;
use maud::html;
use sanji_core::ids::DocId;
use sanji_core::records::SettingSet;
use sanji_core::review::{PLACE, PUBLISH_DAY, WEEKDAYS};
use sanji_core::texts::Texts;

use super::access::Viewer;
use super::act::{Acting, Fields, Sent, csrf, draft, perform};
use super::form::{Draft, Refused, Wrong, choice, told};
use super::shell::{Ask, Page};
use super::{PageError, Pages, SharedPages};
use crate::import::county_plan::ADDRESSES;
use crate::store::ReadLedger;

/// Where this page is.
pub(super) const SETTINGS: &str = "/settings";

/// No reminder.
const NEVER: &str = "";

/// Whether phones look for their place; without a word of the county they don't.
const PLACES: [(&str, &str); 2] = [("off", "county-settings-place-off"), ("on", "county-settings-place-on")];

pub(super) async fn page(Extension(pages): Extension<SharedPages>, ask: Ask, viewer: Viewer) -> Response {
    let page = look(&pages, &ask, &viewer, None).await;
    ask.answer(&viewer, page)
}

async fn look(pages: &SharedPages, ask: &Ask, viewer: &Viewer, form: Option<Draft>) -> Result<Page, PageError> {
    let (asked, looking) = (ask.clone(), viewer.clone());
    pages.read(move |pages, store| build(pages, store, &asked, &looking, form)).await
}

fn build(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    ask: &Ask,
    viewer: &Viewer,
    form: Option<Draft>,
) -> Result<Page, PageError> {
    if !viewer.administers() {
        return Err(PageError::NotFound);
    }
    let t = ask.texts();
    let county = pages.kept.county(store)?;
    let day = county.setting(PUBLISH_DAY).unwrap_or(NEVER);
    let addresses = county.setting(ADDRESSES).unwrap_or_default();
    let place = county.setting(PLACE).unwrap_or(PLACES[0].0);
    let held = || Draft { fields: Fields::of(&[(PUBLISH_DAY, day), (PLACE, place)]), wrong: Wrong::default() };
    let form = form.unwrap_or_else(held);
    let lead = match weekday(t, day) {
        Some(day) => t.get("county-settings-lead", &[("day", day)]),
        None => t.word("county-settings-lead-never").into_owned(),
    };
    Ok(Page {
        title: t.word("county-settings").into_owned(),
        lead,
        body: html! {
            form.act-form method="post" action=(SETTINGS) {
                (csrf(viewer))
                (choice(t, &form, PUBLISH_DAY, "county-settings-day", &days(t)))
                p.hint { (t.word("county-settings-hint")) }
                (choice(t, &form, PLACE, "county-settings-place", &PLACES.map(|(value, key)| (value.to_owned(), t.word(key).into_owned()))))
                p.hint { (t.word("county-settings-place-hint")) }
                button.act { (t.word("settings-save")) }
            }
            section {
                h2 { (t.word("county-settings-file")) }
                p { (t.get("county-settings-addresses", &[("addresses", if addresses.is_empty() { "–" } else { addresses })])) }
                p.hint { (t.word("county-settings-file-hint")) }
            }
        },
        query: String::new(),
        as_of: None,
    })
}

fn weekday(t: &Texts, name: &str) -> Option<String> {
    let at = WEEKDAYS.iter().position(|(known, _)| *known == name)?;
    Some(t.word(&format!("format-weekday-{}", at + 1)).into_owned())
}

fn days(t: &Texts) -> Vec<(String, String)> {
    let never = (NEVER.to_owned(), t.word("county-settings-never").into_owned());
    let named = WEEKDAYS.iter().map(|(name, _)| ((*name).to_owned(), weekday(t, name).unwrap_or_default()));
    std::iter::once(never).chain(named).collect()
}

/// Sets what differs from what holds.
pub(super) async fn save(Extension(pages): Extension<SharedPages>, ask: Ask, sent: Sent) -> Response {
    let Sent { viewer, fields } = sent;
    let (asked, given) = (ask.clone(), fields.clone());
    let work = move |acting: &mut Acting<'_>| -> Result<(), Refused> {
        if !acting.viewer.administers() {
            return Err(PageError::NotFound.into());
        }
        let (day, place) = (given.get(PUBLISH_DAY), given.get(PLACE));
        if day != NEVER && !WEEKDAYS.iter().any(|(name, _)| *name == day) {
            return Err(Wrong::one(PUBLISH_DAY, asked.texts().word("county-settings-bad-day")).into());
        }
        if !PLACES.iter().any(|(value, _)| *value == place) {
            return Err(Wrong::one(PLACE, asked.texts().word("county-settings-bad-place")).into());
        }
        let county = acting.pages.kept.county(acting.store)?;
        let held = |name, unset| county.setting(name).unwrap_or(unset);
        let wanted = [(PUBLISH_DAY, day, NEVER), (PLACE, place, PLACES[0].0)];
        let changed: Vec<(&str, &str)> = wanted
            .iter()
            .filter(|(name, value, unset)| held(name, unset) != *value)
            .map(|(name, value, _)| (*name, *value))
            .collect();
        if changed.is_empty() {
            return Ok(());
        }
        let relay = acting.pages.kept.relay();
        let doc = DocId::county(relay.county(), asked.now.date());
        let held = sanji_core::documents::county::County::of(&relay.journal(acting.store, doc)?.fold());
        let set = |(name, value): &(&str, &str)| {
            let re = held.settings.get(*name).into_iter().flat_map(|row| row.all_now().map(|said| said.source.entry));
            draft(doc, re.collect(), SettingSet { name: (*name).to_owned(), value: (*value).to_owned() })
        };
        let says: Vec<String> = changed.iter().map(|(name, value)| format!("{name} {value}")).collect();
        Ok(acting.write(changed.iter().map(set).collect(), "county settings", &says.join(", "))?)
    };
    let done = perform(&pages, &viewer, work).await;
    let again = |form| look(&pages, &ask, &viewer, Some(form));
    told(&ask, &viewer, done, (SETTINGS, fields), again).await
}
