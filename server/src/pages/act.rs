//! What every act on a page has in common: its form, the transaction that does it, and the pages that say why it was not
//! done. An act is an entry of the account's desk; one that would not count is not written.

use std::sync::Arc;

use axum::extract::{FromRequest, Request};
use axum::response::Response;
use maud::{Markup, html};
use sanji_core::ids::{DocId, DocKind};
use sanji_core::records::{Body, EntryRef};
use sanji_core::review::{Fault, Problem};
use sanji_core::sync::ledger::{Ledger, LedgerError};
use sanji_core::sync::message::LogNo;
use sanji_core::sync::phone::Draft;
use sanji_core::sync::relay::book::Book;
use sanji_core::sync::relay::{Desk, Relay, RelayError};
use sanji_core::texts::Texts;
use sanji_core::time::UtcMs;
use serde::Deserialize;

use super::access::Viewer;
use super::{PageError, Pages, SharedPages};
use crate::acts;
use crate::admin::{AdminError, write_drafts};
use crate::app::SharedApp;
use crate::http::signed_in::SignedForm;
use crate::store::SqliteLedger;

/// The most characters of a reason.
pub(super) const LONGEST_REASON: usize = 500;

/// A form of the viewer's own pages. As an extractor it leads to the sign-in page whoever isn't signed in, and refuses a form
/// of another session.
pub(super) struct Sent {
    /// Who sent it.
    pub viewer: Viewer,
    /// What is in it.
    pub fields: Fields,
}

impl FromRequest<SharedApp> for Sent {
    type Rejection = Response;

    async fn from_request(request: Request, app: &SharedApp) -> Result<Self, Response> {
        let pages = request.extensions().get::<SharedPages>().cloned();
        let SignedForm { who, form } = SignedForm::from_request(request, app).await?;
        let viewer = match pages {
            Some(pages) => Viewer::counting(&pages, &who).await?,
            None => Viewer::new(&who),
        };
        Ok(Sent { viewer, fields: Fields(form) })
    }
}

/// The fields of a form, of which some may stand several times.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// These fields.
    pub fn of(pairs: &[(&str, &str)]) -> Self {
        Fields(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    /// The field of this name; empty if there is none.
    pub fn get(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// Every field of this name.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The reason, if it isn't too long.
    pub fn reason(&self) -> Result<&str, Fault> {
        let reason = self.get("reason");
        if reason.chars().count() > LONGEST_REASON {
            return Err(Fault { field: "reason", why: Problem::TooLong });
        }
        Ok(reason)
    }
}

/// Why an act was not done. Nothing of it holds.
#[derive(Debug)]
pub(super) enum NotDone {
    /// There is nothing here for this viewer, or the store failed.
    Page(PageError),
    /// A field isn't right.
    Fault(Fault),
    /// What the form was made for is no longer so; the entries that changed, where it is about entries.
    Stale(Vec<LogNo>),
}

impl<E: Into<PageError>> From<E> for NotDone {
    fn from(error: E) -> Self {
        NotDone::Page(error.into())
    }
}

impl From<Fault> for NotDone {
    fn from(fault: Fault) -> Self {
        NotDone::Fault(fault)
    }
}

impl From<AdminError> for PageError {
    fn from(error: AdminError) -> Self {
        match error {
            AdminError::Relay(error) => error.into(),
            AdminError::Ledger(error) => error.into(),
            // Whether it would count was looked at before; so it is as if the viewer had never been allowed.
            AdminError::Flagged(_) | AdminError::Troubles(_) => PageError::NotFound,
        }
    }
}

/// Whoever acts, in the transaction of the act.
pub(super) struct Acting<'a> {
    /// The pages.
    pub pages: &'a Pages,
    /// The store.
    pub store: &'a mut SqliteLedger,
    /// The instant of the act.
    pub now: UtcMs,
    /// Who acts.
    pub viewer: &'a Viewer,
}

impl Acting<'_> {
    /// Whether the viewer may decide on what is in this document, and correct it: [`PageError::NotFound`] if not.
    pub fn may_act_in(&mut self, doc: DocId) -> Result<(), PageError> {
        let relay = self.pages.kept.relay();
        if may_act_in(relay, self.store, self.now, self.viewer, doc)? { Ok(()) } else { Err(PageError::NotFound) }
    }

    /// Writes entries at the viewer's desk, and the act in the trail.
    pub fn write(&mut self, entries: Vec<Draft>, act: &str, subject: &str) -> Result<(), PageError> {
        let desk = Desk { person: self.viewer.person };
        write_drafts(self.pages.kept.relay(), self.store, self.now, desk, entries)?;
        self.note(act, subject)
    }

    /// Notes an act in the trail.
    pub fn note(&self, act: &str, subject: &str) -> Result<(), PageError> {
        Ok(acts::note(self.store.sql(), &self.viewer.account, act, subject, self.now)?)
    }
}

/// Whether a viewer may write decisions, corrections and lifted flags into a document.
pub(super) fn may_act_in(
    relay: &Relay,
    ledger: &mut dyn Ledger,
    now: UtcMs,
    viewer: &Viewer,
    doc: DocId,
) -> Result<bool, RelayError> {
    if let Some(posting) = doc.posting() {
        return relay.may_rule(ledger, now, viewer.person, posting);
    }
    let school = match doc.kind {
        DocKind::Visit => {
            Book::new(relay.county(), ledger).doc(doc).map_err(RelayError::from)?.and_then(|row| row.host)
        }
        DocKind::School | DocKind::Register => doc.school_id(),
        _ => None,
    };
    match school {
        Some(school) => relay.heads_now(ledger, now, viewer.person, school),
        None => Ok(false),
    }
}

/// Does an act in a transaction of its own; then the pages are brought to it, so that the next one shows it.
pub(super) async fn perform<T, E>(
    pages: &SharedPages,
    viewer: &Viewer,
    work: impl FnOnce(&mut Acting<'_>) -> Result<T, E> + Send + 'static,
) -> Result<T, E>
where
    T: Send + 'static,
    E: From<PageError> + Send + 'static,
{
    let (acting, who) = (Arc::clone(pages), viewer.clone());
    let job =
        move |store: &mut SqliteLedger, now: UtcMs| work(&mut Acting { pages: &acting, store, now, viewer: &who });
    let done = match pages.app.writer.run(job).await {
        Ok(done) => done?,
        Err(error) => {
            tracing::error!(%error, "an act could not be written");
            return Err(PageError::Unavailable.into());
        }
    };
    if let Err(error) = pages.catch_up().await {
        // The act stands; the follower makes the pages of it a moment later.
        tracing::error!(%error, "the pages are behind an act");
    }
    Ok(done)
}

/// The document of an entry, and the reference to it.
pub(super) fn named(
    relay: &Relay,
    ledger: &mut dyn Ledger,
    n: LogNo,
) -> Result<Option<(DocId, EntryRef)>, LedgerError> {
    let mut book = Book::new(relay.county(), ledger);
    let Some(row) = book.entry(n)? else { return Ok(None) };
    let chain = book.chain(row.chain)?;
    Ok(chain.map(|chain| (row.doc, EntryRef::to(chain.actor, row.seq, &row.hash))))
}

/// A draft of an entry that answers or replaces these.
pub(super) fn draft(doc: DocId, re: Vec<EntryRef>, body: impl Into<Body>) -> Draft {
    Draft::new(doc, body).re(re)
}

/// What is wrong with a field, beside it: nothing if it is another's fault, or nobody's.
pub(super) fn fault(t: &Texts, fault: Option<Fault>, field: &str) -> Markup {
    match fault.filter(|fault| fault.field == field) {
        Some(fault) => html! { p.problem role="alert" id=(format!("fault-{field}")) { (problem(t, fault.why)) } },
        None => html! {},
    }
}

/// What is wrong, in words.
pub(super) fn problem(t: &Texts, why: Problem) -> String {
    t.word(&format!("problem-{}", why.code())).into_owned()
}

/// The hidden field without which no form changes anything.
pub(super) fn csrf(viewer: &Viewer) -> Markup {
    html! { input type="hidden" name="csrf" value=(viewer.csrf); }
}

/// The field for a reason, with what was typed.
pub(super) fn reason_field(t: &Texts, label: &str, typed: &str, wrong: Option<Fault>) -> Markup {
    let bad = wrong.is_some_and(|fault| fault.field == "reason");
    html! {
        label.reason {
            (t.word(label))
            input name="reason" value=(typed) maxlength=(LONGEST_REASON) autocomplete="off"
                aria-invalid=[bad.then_some("true")] aria-describedby=[bad.then_some("fault-reason")];
        }
        (fault(t, wrong, "reason"))
    }
}
