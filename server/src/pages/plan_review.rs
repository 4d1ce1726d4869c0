//! The county's review of a school's after-school service plan (HZ 附1 三(四): one plan per school, reviewed and filed before it
//! starts): filed, or given back with what is missing.

use axum::extract::{Extension, Path};
use axum::response::Response;
use data_encoding::HEXLOWER;
use maud::{Markup, html};
use sanji_core::documents::facts::Decided;
use sanji_core::documents::register::{PlanFact, Register};
use sanji_core::ids::{DocId, SchoolId};
use sanji_core::records::{Decision, PlanReview};
use sanji_core::sync::relay::book::Book;
use sanji_core::texts::Texts;

use super::access::Viewer;
use super::act::{Acting, Sent, csrf, draft, perform};
use super::form::{Draft, Input, Refused, Wrong, told};
use super::service;
use super::shell::Ask;
use super::{PageError, SharedPages};
use crate::tables::period::Period;

/// The most characters of a reason.
const LONGEST_REASON: usize = 500;

/// What the form names a plan by: its newest version.
fn named(plan: &PlanFact) -> String {
    HEXLOWER.encode(&plan.row.now.source.entry.hash)
}

/// Whether a plan waits for its review.
fn waits(plan: &PlanFact) -> bool {
    plan.review == Decided::Pending
}

/// The form under a plan that waits, for whoever reviews the school.
pub(super) fn form(t: &Texts, viewer: &Viewer, at: &str, plan: &PlanFact, tried: &Draft) -> Markup {
    let again = tried.fields.get("plan") == named(plan);
    let fresh = Draft::default();
    let form = if again { tried } else { &fresh };
    html! {
        @if waits(plan) {
            form.act-form method="post" action=(format!("{at}/review")) {
                (csrf(viewer))
                input type="hidden" name="plan" value=(named(plan));
                (Input::text("reason", "plan-reason").show(t, form))
                (form.wrong.beside("decision"))
                div.buttons {
                    button.act name="decision" value=(Decision::Approved.name()) { (t.word("plan-file")) }
                    button.act.no name="decision" value=(Decision::Refused.name()) { (t.word("plan-give-back")) }
                }
            }
        }
    }
}

/// Files a plan or gives it back.
pub(super) async fn review(
    Extension(pages): Extension<SharedPages>,
    Path((school, term)): Path<(String, String)>,
    ask: Ask,
    sent: Sent,
) -> Response {
    let Sent { viewer, fields } = sent;
    let (Ok(school), Ok(Period::Term(term))) = (school.parse::<SchoolId>(), term.parse::<Period>()) else {
        return ask.failed(Some(&viewer), &PageError::NotFound);
    };
    let (asked, given) = (ask.clone(), fields.clone());
    let work = move |acting: &mut Acting<'_>| -> Result<(), Refused> {
        let t = asked.texts();
        let relay = acting.pages.kept.relay();
        let place = Book::new(relay.county(), acting.store).school(school)?.ok_or(PageError::NotFound)?;
        if !acting.viewer.sight(school, &place, Period::Term(term).days()).reviews {
            return Err(PageError::NotFound.into());
        }
        let doc = DocId::register(school, term.days().0);
        let register = Register::of(&relay.journal(acting.store, doc)?.fold());
        let plan = register.plans.iter().find(|plan| named(plan) == given.get("plan")).ok_or(PageError::NotFound)?;
        // Reviewed already, by this form or by a colleague: the page says how.
        if !waits(plan) {
            return Ok(());
        }
        let reason = given.get("reason").trim();
        let mut wrong = Wrong::default();
        let decision = Decision::from_name(given.get("decision"));
        match decision {
            None => wrong.note("decision", t.word("acts-decision-none")),
            Some(Decision::Refused) if reason.is_empty() => wrong.note("reason", t.word("problem-reason_needed")),
            Some(_) if reason.chars().count() > LONGEST_REASON => wrong.note("reason", t.word("problem-too_long")),
            Some(_) => {}
        }
        let (Some(decision), true) = (decision, wrong.is_empty()) else { return Err(wrong.into()) };
        let reason = (!reason.is_empty()).then(|| reason.to_owned());
        let versions = plan.row.all_now().map(|said| said.source.entry).collect();
        let body = PlanReview { decision, reason };
        Ok(acting.write(vec![draft(doc, versions, body)], "plan review", &school.to_string())?)
    };
    let done = perform(&pages, &viewer, work).await;
    let again = |form| service::look(&pages, &ask, &viewer, (school, term), None, form);
    told(&ask, &viewer, done, (&service::address(school, term), fields), again).await
}
