//! Flexible hours (弹性上下班) of one posting: what was granted, and granting it (HZ 二(一)2: special difficulties, never under
//! 5 hours a day).

use axum::extract::{Extension, Path};
use axum::response::Response;
use maud::{Markup, html};
use sanji_core::documents::duty::Duty;
use sanji_core::ids::{DocId, PostingId, SchoolId};
use sanji_core::records::FlexibleHours;

use super::access::Viewer;
use super::act::{Acting, Sent, csrf, draft, may_act_in, perform};
use super::form::{Draft, Input, Refused, Wrong, told};
use super::roster::{self, Forms, dates, look_row};
use super::shell::Ask;
use super::{PageError, Pages, SharedPages};
use crate::projector::board;
use crate::store::ReadLedger;

/// The most characters of a ground.
const LONGEST_GROUND: usize = 500;

/// The part of a person's page, for whoever may grant.
pub(super) fn section(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    ask: &Ask,
    viewer: &Viewer,
    (address, posting): (&str, PostingId),
    form: &Draft,
) -> Result<Markup, PageError> {
    let t = ask.texts();
    let relay = pages.kept.relay();
    let doc = DocId::duty(posting, ask.now.date());
    if !may_act_in(relay, store, ask.now.ms(), viewer, doc)? {
        return Ok(html! {});
    }
    let duty = Duty::of(&relay.journal(store, doc)?.fold());
    Ok(html! {
        section {
            h2 { (t.word("hours-flexible")) }
            @if duty.flexible.is_empty() { p.note { (t.word("flexible-none")) } }
            ul { @for grant in duty.flexible.iter().flat_map(|row| row.all_now()) { li {
                (t.date(grant.value.from)) "–" (t.date(grant.value.to)) " · " (grant.value.ground)
            } } }
            form.act-form method="post" action=(format!("{address}/flexible")) {
                (csrf(viewer))
                (Input::date("from", "roster-from").required().show(t, form))
                (Input::date("to", "flexible-to").required().show(t, form))
                (Input::text("ground", "flexible-ground").required().show(t, form))
                button.act { (t.word("flexible-grant")) }
                p.hint { (t.word("flexible-hint")) }
            }
        }
    })
}

/// Grants flexible hours.
pub(super) async fn grant(
    Extension(pages): Extension<SharedPages>,
    Path((school, posting)): Path<(String, String)>,
    ask: Ask,
    sent: Sent,
) -> Response {
    let Sent { viewer, fields } = sent;
    let Some((school, posting)) = school.parse::<SchoolId>().ok().zip(posting.parse::<PostingId>().ok()) else {
        return ask.failed(Some(&viewer), &PageError::NotFound);
    };
    let (asked, given) = (ask.clone(), fields.clone());
    let work = move |acting: &mut Acting<'_>| -> Result<(), Refused> {
        let t = asked.texts();
        roster::charge(acting.pages, acting.store, &asked, acting.viewer, school)?;
        let one = board::posting(acting.store, posting)?.filter(|one| one.school == school);
        one.ok_or(PageError::NotFound)?;
        let mut wrong = Wrong::default();
        let (from, to) = dates(t, &given, &mut wrong);
        if from.is_some() && to.is_none() && given.get("to").is_empty() {
            wrong.note("to", t.word("form-bad-date"));
        }
        let ground = given.get("ground").trim();
        match ground.chars().count() {
            0 => wrong.note("ground", t.word("problem-reason_needed")),
            n if n > LONGEST_GROUND => wrong.note("ground", t.word("problem-too_long")),
            _ => {}
        }
        let (Some(from), Some(to), true) = (from, to, wrong.is_empty()) else { return Err(wrong.into()) };
        let doc = DocId::duty(posting, from);
        acting.may_act_in(doc)?;
        let body = FlexibleHours { from, to, ground: ground.to_owned() };
        let duty = Duty::of(&acting.pages.kept.relay().journal(acting.store, doc)?.fold());
        if duty.flexible.iter().flat_map(|row| row.all_now()).any(|held| held.value == body) {
            return Ok(());
        }
        Ok(acting.write(vec![draft(doc, Vec::new(), body)], "flexible hours", &posting.to_string())?)
    };
    let done = perform(&pages, &viewer, work).await;
    let again = |form| look_row(&pages, &ask, &viewer, (school, posting), Forms { flexible: form, row: None });
    let to = format!("{}/{posting}", roster::address(school));
    told(&ask, &viewer, done, (&to, fields), again).await
}
