//! Phones whose key is gone and that ask to be let in again: who they say that they are, and the form in which a head of their
//! school, or the administrator, types the six digits that the phone shows.

use axum::extract::Extension;
use axum::response::Response;
use maud::{Markup, html};
use sanji_core::sync::readmit::Asking;
use sanji_core::sync::relay::book::Book;
use sanji_core::texts::{Arg, Texts};
use sanji_core::time::UtcMs;

use super::access::Viewer;
use super::act::{Acting, Fields, Sent, csrf, perform};
use super::form::{Draft, Input, Refused, Wrong, choice, told};
use super::shell::{Ask, Page};
use super::{PageError, Pages, SharedPages};
use crate::projector::Store;
use crate::store::ReadLedger;

/// Where this page is.
pub(super) const ASKING: &str = "/devices/asking";

/// The phones that ask and that a viewer may let in.
pub(super) fn visible(
    pages: &Pages,
    store: &mut impl Store,
    now: UtcMs,
    viewer: &Viewer,
) -> Result<Vec<Asking>, PageError> {
    let relay = pages.kept.relay();
    let mut found = Vec::new();
    for asking in relay.asking(store, now)? {
        // Nobody approves their own, the administrator's own person included.
        let administers = viewer.administers() && asking.person != Some(viewer.person);
        if administers || relay.may_approve(store, now, viewer.person, &asking)? {
            found.push(asking);
        }
    }
    Ok(found)
}

pub(super) async fn page(Extension(pages): Extension<SharedPages>, ask: Ask, viewer: Viewer) -> Response {
    let page = look(&pages, &ask, &viewer, Draft::default()).await;
    ask.answer(&viewer, page)
}

async fn look(pages: &SharedPages, ask: &Ask, viewer: &Viewer, form: Draft) -> Result<Page, PageError> {
    let (asked, looking) = (ask.clone(), viewer.clone());
    pages.read(move |pages, store| build(pages, store, &asked, &looking, &form)).await
}

fn build(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    ask: &Ask,
    viewer: &Viewer,
    form: &Draft,
) -> Result<Page, PageError> {
    let t = ask.texts();
    let asking = visible(pages, store, ask.now.ms(), viewer)?;
    let mut options = Vec::with_capacity(asking.len());
    for one in &asking {
        let school = Book::new(pages.kept.relay().county(), store).school(one.school)?;
        let school = school.map_or_else(String::new, |row| row.name);
        options.push((one.device.to_string(), said(t, one, &school)));
    }
    let lead = match asking.len() {
        0 => t.word("asking-none").into_owned(),
        count => t.get("asking-lead", &[("count", Arg::from(count))]),
    };
    Ok(Page {
        title: t.word("asking-title").into_owned(),
        lead,
        body: html! { @if !options.is_empty() { (approve(t, viewer, form, &options)) } },
        query: String::new(),
        as_of: None,
    })
}

/// Whose phone it says that it is, and since when it asks.
fn said(t: &Texts, asking: &Asking, school: &str) -> String {
    let name = match &asking.name {
        name if name.is_empty() => t.word("role-kiosk").into_owned(),
        name => name.clone(),
    };
    let args = [("owner", format!("{school} {name}")), ("when", t.moment(asking.since.secs()))];
    t.get("asking-option", &args)
}

fn approve(t: &Texts, viewer: &Viewer, form: &Draft, options: &[(String, String)]) -> Markup {
    html! {
        form.act-form method="post" action=(ASKING) {
            (csrf(viewer))
            (choice(t, form, "device", "asking-device", options))
            (Input::text("digits", "asking-digits").required().show(t, form))
            button.act { (t.word("asking-do")) }
            p.hint { (t.word("asking-hint")) }
        }
    }
}

/// Lets in what the form names.
pub(super) async fn act(Extension(pages): Extension<SharedPages>, ask: Ask, sent: Sent) -> Response {
    let Sent { viewer, fields } = sent;
    let given = fields.clone();
    let done: Result<bool, Refused> = perform(&pages, &viewer, move |acting| let_in(acting, &given)).await;
    // Wrong digits are counted, so what counts them has to stand.
    let done = done.and_then(|right| match right {
        true => Ok(()),
        false => Err(Wrong::one("digits", ask.texts().word("problem-other_digits")).into()),
    });
    let again = |form| look(&pages, &ask, &viewer, form);
    told(&ask, &viewer, done, (ASKING, fields), again).await
}

fn let_in(acting: &mut Acting<'_>, fields: &Fields) -> Result<bool, Refused> {
    let device = fields.get("device").parse().map_err(|_| PageError::NotFound)?;
    let asking = visible(acting.pages, acting.store, acting.now, acting.viewer)?;
    if asking.iter().all(|one| one.device != device) {
        // Let in a moment ago, perhaps by this very form; or nobody's here. The list says which.
        return Ok(true);
    }
    let typed: String = fields.get("digits").chars().filter(|c| !c.is_whitespace()).collect();
    let Some(digits) = typed.parse().ok().filter(|_| typed.len() == 6) else { return Ok(false) };
    let relay = acting.pages.kept.relay();
    let right = relay.approve(acting.store, acting.now, device, digits)?;
    if right {
        acting.note("device approve", &device.to_string())?;
    }
    Ok(right)
}
