//! What is done on a visit's page: the host signs for it, and those who may comment do so. Each is an entry of the visit.

use axum::extract::{Extension, Path};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use data_encoding::HEXLOWER;
use maud::{Markup, html};
use sanji_core::crypto::sha256;
use sanji_core::documents::visit::Visit;
use sanji_core::ids::{DocId, VisitId};
use sanji_core::records::{Comment, EntryRef, HostCountersign, Part};
use sanji_core::review::{Fault, act};

use super::access::Viewer;
use super::act::{
    Acting, Fields, LONGEST_REASON, NotDone, Sent, csrf, draft, fault, may_act_in, perform, reason_field,
};
use super::shell::Ask;
use super::visit::{Dossier, address, look};
use super::{PageError, Pages, SharedPages};
use crate::projector::visits::visit as projected;
use crate::store::{ReadLedger, SqliteLedger};

/// What was tried on a visit's page, and didn't come to pass.
#[derive(Clone, Debug)]
pub(super) struct Tried {
    act: Act,
    fields: Fields,
    fault: Option<Fault>,
}

/// Which act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Comment,
    Countersign,
}

pub(super) async fn comment(pages: Extension<SharedPages>, visit: Path<String>, ask: Ask, sent: Sent) -> Response {
    act_on(pages, visit, ask, sent, Act::Comment).await
}

pub(super) async fn countersign(pages: Extension<SharedPages>, visit: Path<String>, ask: Ask, sent: Sent) -> Response {
    act_on(pages, visit, ask, sent, Act::Countersign).await
}

async fn act_on(
    Extension(pages): Extension<SharedPages>,
    Path(visit): Path<String>,
    ask: Ask,
    Sent { viewer, fields }: Sent,
    which: Act,
) -> Response {
    let Ok(visit) = visit.parse::<VisitId>() else { return ask.failed(Some(&viewer), &PageError::NotFound) };
    let mut tried = Tried { act: which, fields: fields.clone(), fault: None };
    let work = move |acting: &mut Acting<'_>| match which {
        Act::Comment => write_comment(acting, visit, &fields),
        Act::Countersign => write_countersign(acting, visit, &fields),
    };
    let status = match perform(&pages, &viewer, work).await {
        Ok(()) => return Redirect::to(&address(visit)).into_response(),
        Err(NotDone::Page(error)) => return ask.failed(Some(&viewer), &error),
        Err(NotDone::Fault(fault)) => {
            tried.fault = Some(fault);
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(NotDone::Stale(_)) => StatusCode::CONFLICT,
    };
    match look(&pages, &ask, &viewer, visit, Some(tried)).await {
        Ok(page) => ask.show(Some(&viewer), status, &page),
        Err(error) => ask.failed(Some(&viewer), &error),
    }
}

/// The visit as it stands in the transaction of the act.
fn standing(acting: &mut Acting<'_>, visit: VisitId) -> Result<(DocId, Visit), NotDone> {
    let doc = projected(acting.store as &SqliteLedger, visit)?.ok_or(PageError::NotFound)?.doc;
    let journal = acting.pages.kept.relay().journal(acting.store, doc)?;
    Ok((doc, Visit::of(&journal.fold())))
}

fn write_comment(acting: &mut Acting<'_>, visit: VisitId, fields: &Fields) -> Result<(), NotDone> {
    let (doc, folded) = standing(acting, visit)?;
    let (relay, person) = (acting.pages.kept.relay(), acting.viewer.person);
    if !relay.may_comment(acting.store, acting.now, person, doc)? {
        return Err(PageError::NotFound.into());
    }
    let text = act::needed(fields.reason()?)?;
    let about = Part::from_name(fields.get("about")).and_then(|part| folded.parts.get(&part));
    let about: Vec<EntryRef> = about.into_iter().flat_map(|row| row.all_now()).map(|said| said.source.entry).collect();
    // The same words a second time are the same form a second time.
    let own = |said: &sanji_core::documents::facts::CommentFact| said.said.source.author.person == Some(person);
    if folded.comments.iter().any(|one| own(one) && one.said.value.text == text) {
        return Ok(());
    }
    Ok(acting.write(vec![draft(doc, about, Comment { text })], "visit comment", &visit.to_string())?)
}

fn write_countersign(acting: &mut Acting<'_>, visit: VisitId, fields: &Fields) -> Result<(), NotDone> {
    let (doc, folded) = standing(acting, visit)?;
    acting.may_act_in(doc)?;
    if folded.opened.is_empty() {
        return Err(PageError::NotFound.into());
    }
    if signed(&folded, acting.viewer) {
        return Ok(());
    }
    if seen(&folded) != fields.get("seen") {
        return Err(NotDone::Stale(Vec::new()));
    }
    let text = Some(fields.reason()?.trim().to_owned()).filter(|text| !text.is_empty());
    let body = HostCountersign { text };
    Ok(acting.write(vec![draft(doc, folded.archive(), body)], "visit countersign", &visit.to_string())?)
}

/// Whether the viewer has signed for all that stands.
fn signed(visit: &Visit, viewer: &Viewer) -> bool {
    let own = visit.countersigns.iter().filter(|one| one.said.source.author.person == Some(viewer.person));
    own.into_iter().any(|one| one.unseen.is_empty())
}

/// What the form's page showed of the archive: another set of entries, and the form is stale.
fn seen(visit: &Visit) -> String {
    let mut archive: Vec<Vec<u8>> =
        visit.archive().iter().map(|entry| [&entry.actor.0[..], &entry.hash[..]].concat()).collect();
    archive.sort();
    HEXLOWER.encode(&sha256(&archive.iter().map(Vec::as_slice).collect::<Vec<_>>())[..10])
}

/// The forms of a visit's page, for whoever may use them.
pub(super) fn forms(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    ask: &Ask,
    viewer: &Viewer,
    dossier: &Dossier<'_>,
    tried: Option<&Tried>,
) -> Result<Markup, PageError> {
    let (t, relay, now) = (ask.texts(), pages.kept.relay(), ask.now.ms());
    let (doc, visit) = (dossier.fact.doc, dossier.visit);
    let at = address(VisitId(doc.object));
    let hosts = !visit.opened.is_empty() && !signed(visit, viewer) && may_act_in(relay, store, now, viewer, doc)?;
    let comments = relay.may_comment(store, now, viewer.person, doc)?;
    let of = |act| tried.filter(|tried| tried.act == act);
    let kept = |act| of(act).map(|tried| tried.fields.get("reason")).unwrap_or_default();
    let wrong = |act| of(act).and_then(|tried| tried.fault);
    Ok(html! {
        @if hosts {
            section id="countersign" {
                h2 { (t.word("works-sign")) }
                @if of(Act::Countersign).is_some_and(|tried| tried.fault.is_none()) {
                    p.problem role="alert" { (t.word("works-sign-stale")) }
                }
                form.act-form method="post" action=(format!("{at}/countersign")) {
                    (csrf(viewer))
                    input type="hidden" name="seen" value=(seen(visit));
                    (reason_field(t, "works-sign-text", kept(Act::Countersign), wrong(Act::Countersign)))
                    button.act { (t.word("works-sign-do")) }
                    p.hint { (t.get("works-sign-hint", &[("count", visit.archive().len())])) }
                }
            }
        }
        @if comments {
            section id="comment" {
                h2 { (t.word("works-comment")) }
                form.act-form method="post" action=(format!("{at}/comment")) {
                    (csrf(viewer))
                    @let chosen = of(Act::Comment).map(|tried| tried.fields.get("about")).unwrap_or_default();
                    label {
                        (t.word("works-comment-about"))
                        select name="about" {
                            option value="" { (t.word("works-comment-all")) }
                            @for part in visit.parts.keys() {
                                option value=(part.name()) selected[part.name() == chosen] { (t.word(&format!("part-{}", part.name()))) }
                            }
                        }
                    }
                    @let bad = wrong(Act::Comment).is_some();
                    label {
                        (t.word("works-comment-text"))
                        textarea name="reason" rows="3" maxlength=(LONGEST_REASON) aria-invalid=[bad.then_some("true")]
                            aria-describedby=[bad.then_some("fault-reason")] { (kept(Act::Comment)) }
                    }
                    (fault(t, wrong(Act::Comment), "reason"))
                    button.act { (t.word("works-comment-do")) }
                }
            }
        }
    })
}
