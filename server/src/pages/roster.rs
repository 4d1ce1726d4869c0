//! A school's roster: who works there, who has a phone, who was invited; adding somebody, and changing a row.

use axum::extract::{Extension, Path};
use axum::response::Response;
use data_encoding::HEXLOWER;
use jiff::civil::Date;
use maud::{Markup, html};
use sanji_core::crypto::sha256;
use sanji_core::ids::{DocId, PersonId, PostingId, SchoolId};
use sanji_core::records::{Role, RosterSet};
use sanji_core::sync::relay::book::Book;
use sanji_core::sync::relay::rows::{DeviceRow, PostingRow, SchoolRow};
use sanji_core::texts::{Arg, Texts};

use super::access::Viewer;
use super::act::{Acting, Fields, Sent, csrf, draft, perform};
use super::form::{Draft, Input, Refused, Wrong, choice, day, line, tick, told};
use super::roles::role_word;
use super::shell::{Ask, Page, column};
use super::{PageError, Pages, SharedPages, flexible};
use crate::admin;
use crate::import::staff_plan::Known;
use crate::projector::Store;
use crate::projector::board::Days;
use crate::store::ReadLedger;

/// The most characters of a name.
pub(super) const LONGEST_NAME: usize = 40;

/// How a viewer looks after a school.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Charge {
    /// As its principal or deputy.
    pub heads: bool,
    /// As the county's administrator.
    pub administers: bool,
}

impl Charge {
    /// The roles that the viewer may give there: whom the county names, the county names.
    fn roles(self) -> &'static [Role] {
        match self.administers {
            true => &[Role::Staff, Role::Principal, Role::Deputy, Role::CoordinatorEnrolment, Role::CoordinatorFees],
            false => &[Role::Staff, Role::CoordinatorEnrolment, Role::CoordinatorFees],
        }
    }
}

/// The school that a viewer looks after; [`PageError::NotFound`] if there is none, or it isn't the viewer's to look after.
pub(super) fn charge(
    pages: &Pages,
    store: &mut impl Store,
    ask: &Ask,
    viewer: &Viewer,
    school: SchoolId,
) -> Result<(SchoolRow, Charge), PageError> {
    let relay = pages.kept.relay();
    let place = Book::new(relay.county(), store).school(school)?.ok_or(PageError::NotFound)?;
    let today = ask.now.date();
    let heads = relay.heads_now(store, ask.now.ms(), viewer.person, school)?;
    let administers = viewer.sight(school, &place, Days { first: today, last: today }).administers;
    if heads || administers { Ok((place, Charge { heads, administers })) } else { Err(PageError::NotFound) }
}

/// Where a school's roster is.
pub(super) fn address(school: SchoolId) -> String {
    format!("/schools/{school}/people")
}

pub(super) async fn page(
    Extension(pages): Extension<SharedPages>,
    Path(school): Path<String>,
    ask: Ask,
    viewer: Viewer,
) -> Response {
    let Ok(school) = school.parse() else { return ask.failed(Some(&viewer), &PageError::NotFound) };
    let page = look(&pages, &ask, &viewer, school, fresh(&ask)).await;
    ask.answer(&viewer, page)
}

/// An empty form for somebody new.
pub(super) fn fresh(ask: &Ask) -> Draft {
    let fields = Fields::of(&[("from", &ask.now.date().to_string()), ("role", Role::Staff.name()), ("teaches", "1")]);
    Draft { fields, wrong: Wrong::default() }
}

/// The page, with what was typed for somebody new; what is wrong with those picked to be invited stands at `who`.
pub(super) async fn look(
    pages: &SharedPages,
    ask: &Ask,
    viewer: &Viewer,
    school: SchoolId,
    form: Draft,
) -> Result<Page, PageError> {
    let (asked, looking) = (ask.clone(), viewer.clone());
    pages.read(move |pages, store| build(pages, store, &asked, &looking, school, &form)).await
}

/// Somebody on the roster.
struct Line {
    posting: PostingId,
    row: PostingRow,
    devices: Vec<DeviceRow>,
    account: Option<String>,
}

fn build(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    ask: &Ask,
    viewer: &Viewer,
    school: SchoolId,
    form: &Draft,
) -> Result<Page, PageError> {
    let t = ask.texts();
    let (place, charge) = charge(pages, store, ask, viewer, school)?;
    let today = ask.now.date();
    let mut lines = Vec::new();
    for (posting, row) in Book::new(pages.kept.relay().county(), store).postings_of(&school.0)? {
        let mut devices = Book::new(pages.kept.relay().county(), store).devices_of(&row.person.0)?;
        devices.retain(|device| device.via == sanji_core::sync::message::Via::Phone);
        devices.retain(|device| device.revoked.is_none() && device.retired.is_none());
        let account = account_of(store, row.person)?;
        lines.push(Line { posting, row, devices, account });
    }
    let gone = |line: &Line| line.row.to.is_some_and(|to| to < today);
    lines.sort_by(|a, b| (gone(a), &a.row.name).cmp(&(gone(b), &b.row.name)));
    let here: Vec<&Line> = lines.iter().filter(|line| !gone(line)).collect();
    let without = here.iter().filter(|line| line.devices.is_empty()).count();
    let counts = [("school", Arg::from(place.name.clone())), ("all", here.len().into()), ("without", without.into())];
    let key = match (here.len(), without) {
        (0, _) => "roster-lead-empty",
        (_, 0) => "roster-lead-all",
        _ => "roster-lead",
    };
    Ok(Page {
        title: t.get("roster-title", &[("school", place.name.clone())]),
        lead: t.get(key, &counts),
        body: html! {
            (form.wrong.beside("who"))
            form method="post" action=(format!("{}/invite", address(school))) {
                (csrf(viewer))
                input type="hidden" name="draw" value=(draw());
                (table(t, school, &lines, today, charge))
                label.tick {
                    input type="checkbox" name="kiosk" value="1";
                    span { (t.word("roster-kiosk")) }
                }
                div.buttons { button.act { (t.word("roster-invite")) } }
                p.hint { (t.word("roster-invite-hint")) }
            }
            section {
                h2 { (t.word("roster-add")) }
                form.act-form method="post" action=(format!("{}/add", address(school))) {
                    (csrf(viewer))
                    input type="hidden" name="draw" value=(draw());
                    (row_fields(t, form, charge))
                    button.act { (t.word("roster-add-do")) }
                    p.hint { (t.word("roster-add-hint")) }
                }
            }
            p.links { a href=(super::settings::address(school)) { (t.word("settings-school")) } }
        },
        query: String::new(),
        as_of: None,
    })
}

/// A number that a page draws for its form, so that the form sent twice does the same thing once.
pub(super) fn draw() -> String {
    let mut bytes = [0; 12];
    rand::Rng::fill_bytes(&mut crate::random::rng(), &mut bytes);
    data_encoding::BASE64URL_NOPAD.encode(&bytes)
}

fn account_of(store: &impl Store, person: PersonId) -> Result<Option<String>, PageError> {
    use rusqlite::OptionalExtension;
    let sql = "SELECT name FROM account WHERE person = ?1 AND closed_ms IS NULL";
    Ok(store.sql().prepare_cached(sql)?.query_row([&person.0[..]], |row| row.get(0)).optional()?)
}

fn table(t: &Texts, school: SchoolId, lines: &[Line], today: Date, charge: Charge) -> Markup {
    html! {
        table.list.roster {
            thead { tr {
                th.pick scope="col" { (t.word("acts-pick-column")) }
                @for key in ["name", "role", "days", "phone", "account"] { th scope="col" { (column(t, key)) } }
            } }
            tbody { @for line in lines {
                @let gone = line.row.to.is_some_and(|to| to < today);
                tr class=[gone.then_some("past")] {
                    td.pick { @if !gone {
                        input type="checkbox" name="who" value=(line.posting) aria-label=(line.row.name)
                            checked[line.devices.is_empty()];
                    } }
                    th scope="row" { a href=(format!("{}/{}", address(school), line.posting)) {
                        @if line.row.name.is_empty() { (t.word("pages-unnamed")) } @else { (line.row.name) }
                    } }
                    td data-label=(column(t, "role")) {
                        (role_word(t, line.row.role))
                        @if !line.row.teaches { " " span.kind { (t.word("roster-teaches-not")) } }
                    }
                    td.number data-label=(column(t, "days")) {
                        (t.date(line.row.from)) "–" @if let Some(to) = line.row.to { (t.date(to)) }
                    }
                    td data-label=(column(t, "phone")) { (phones(t, line, gone)) }
                    td data-label=(column(t, "account")) {
                        @if let Some(account) = &line.account { (account) }
                        @else if charge.administers && !gone {
                            a href=(format!("/accounts?posting={}", line.posting)) { (t.word("roster-account-make")) }
                        }
                    }
                }
            } }
        }
    }
}

fn phones(t: &Texts, line: &Line, gone: bool) -> Markup {
    html! {
        @if line.devices.is_empty() && !gone { span.awaiting_sync { (t.word("shape-awaiting_sync")) } " " (t.word("roster-no-phone")) }
        @for device in &line.devices { p {
            a href=(super::device::address(device.actor())) {
                @match device.last_seen {
                    Some(at) => { (t.get("roster-heard", &[("when", t.moment(at.secs()))])) },
                    None => { (t.word("roster-never-heard")) },
                }
            }
        } }
    }
}

/// The fields of a roster row.
fn row_fields(t: &Texts, form: &Draft, charge: Charge) -> Markup {
    let mut roles: Vec<(String, String)> =
        charge.roles().iter().map(|role| (role.name().to_owned(), role_word(t, *role))).collect();
    // A role that the viewer can't give stays as it is.
    let held = form.fields.get("role");
    if let Some(role) = Role::from_name(held).filter(|role| !charge.roles().contains(role)) {
        roles = vec![(held.to_owned(), role_word(t, role))];
    }
    html! {
        (Input::text("name", "roster-name").required().show(t, form))
        (choice(t, form, "role", "roster-role", &roles))
        (tick(t, form, "teaches", "roster-teaches"))
        (Input::date("from", "roster-from").required().show(t, form))
        (Input::date("to", "roster-to").show(t, form))
    }
}

/// What a form says of a row.
fn typed(
    t: &Texts,
    fields: &Fields,
    charge: Charge,
    (person, posting): (PersonId, PostingId),
    held: Option<Role>,
) -> Result<RosterSet, Wrong> {
    let mut wrong = Wrong::default();
    let name = line(fields.get("name"));
    if name.is_empty() {
        wrong.note("name", t.word("problem-name_missing"));
    } else if name.chars().count() > LONGEST_NAME {
        wrong.note("name", t.word("problem-too_long"));
    }
    let role = Role::from_name(fields.get("role")).filter(|role| charge.roles().contains(role) || held == Some(*role));
    if role.is_none() {
        wrong.note("role", t.word("roster-bad-role"));
    }
    let (from, to) = dates(t, fields, &mut wrong);
    match (role, from) {
        (Some(role), Some(from)) if wrong.is_empty() => {
            let teaches = fields.get("teaches").is_empty().then_some(false);
            Ok(RosterSet { person, posting, name, role, from, to, teaches })
        }
        _ => Err(wrong),
    }
}

/// The first day of a form, and its last one if there is one.
pub(super) fn dates(t: &Texts, fields: &Fields, wrong: &mut Wrong) -> (Option<Date>, Option<Date>) {
    let (from, last) = (day(fields.get("from")), fields.get("to"));
    let to = day(last);
    if from.is_none() {
        wrong.note("from", t.word("form-bad-date"));
    }
    if to.is_none() && !last.is_empty() {
        wrong.note("to", t.word("form-bad-date"));
    }
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        wrong.note("to", t.word("problem-dates_backwards"));
    }
    (from, to)
}

/// Puts somebody new on the roster.
pub(super) async fn add(
    Extension(pages): Extension<SharedPages>,
    Path(school): Path<String>,
    ask: Ask,
    sent: Sent,
) -> Response {
    let Sent { viewer, fields } = sent;
    let Ok(school) = school.parse::<SchoolId>() else { return ask.failed(Some(&viewer), &PageError::NotFound) };
    let (asked, given) = (ask.clone(), fields.clone());
    let work = move |acting: &mut Acting<'_>| -> Result<(), Refused> {
        let (_, charge) = charge(acting.pages, acting.store, &asked, acting.viewer, school)?;
        // The page drew the ids, so that a form sent twice makes one person.
        let digest = drawn(acting.viewer, &given, b"newcomer");
        let (mut person, mut posting) = (PersonId([0; 8]), PostingId([0; 8]));
        person.0.copy_from_slice(&digest[..8]);
        posting.0.copy_from_slice(&digest[8..16]);
        let row = typed(asked.texts(), &given, charge, (person, posting), None)?;
        if Book::new(acting.pages.kept.relay().county(), acting.store).posting(posting)?.is_some() {
            return Ok(());
        }
        let doc = DocId::school(school, asked.now.date());
        Ok(acting.write(vec![draft(doc, Vec::new(), row)], "roster add", &format!("{school} {posting}"))?)
    };
    let done = perform(&pages, &viewer, work).await;
    let again = |form| look(&pages, &ask, &viewer, school, form);
    told(&ask, &viewer, done, (&address(school), fields), again).await
}

/// What only this session and this page draw: 32 bytes.
pub(super) fn drawn(viewer: &Viewer, fields: &Fields, what: &[u8]) -> [u8; 32] {
    sha256(&[b"sanji/drawn/1", what, b"/", viewer.csrf.as_bytes(), b"/", fields.get("draw").as_bytes()])
}

pub(super) async fn row_page(
    Extension(pages): Extension<SharedPages>,
    Path((school, posting)): Path<(String, String)>,
    ask: Ask,
    viewer: Viewer,
) -> Response {
    let named = school.parse().ok().zip(posting.parse().ok());
    let page = match named {
        Some(named) => look_row(&pages, &ask, &viewer, named, Forms::default()).await,
        None => Err(PageError::NotFound),
    };
    ask.answer(&viewer, page)
}

/// The forms of one person's page, as they were typed; those that weren't hold what is so.
#[derive(Clone, Debug, Default)]
pub(super) struct Forms {
    /// The roster row.
    pub row: Option<Draft>,
    /// Flexible hours.
    pub flexible: Draft,
}

/// The page of one row.
pub(super) async fn look_row(
    pages: &SharedPages,
    ask: &Ask,
    viewer: &Viewer,
    (school, posting): (SchoolId, PostingId),
    forms: Forms,
) -> Result<Page, PageError> {
    let (asked, looking) = (ask.clone(), viewer.clone());
    pages.read(move |pages, store| build_row(pages, store, &asked, &looking, (school, posting), &forms)).await
}

/// The row as it holds, with the entries that a new one replaces.
fn held(
    pages: &Pages,
    store: &mut impl Store,
    (school, place): (SchoolId, &SchoolRow),
    posting: PostingId,
    today: Date,
) -> Result<Known, PageError> {
    let rows = admin::roster(pages.kept.relay(), store, &[(school, place.name.clone())], today)?;
    rows.into_iter().find(|known| known.row.posting == posting).ok_or(PageError::NotFound)
}

fn build_row(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    ask: &Ask,
    viewer: &Viewer,
    (school, posting): (SchoolId, PostingId),
    forms: &Forms,
) -> Result<Page, PageError> {
    let t = ask.texts();
    let (place, charge) = charge(pages, store, ask, viewer, school)?;
    let known = held(pages, store, (school, &place), posting, ask.now.date())?;
    let row = &known.row;
    let own = row.person == viewer.person;
    let form = forms.row.clone().unwrap_or_else(|| holding(row));
    let may = charge.administers || (!own && charge.roles().contains(&row.role));
    let address = format!("{}/{posting}", address(school));
    let flexible = flexible::section(pages, store, ask, viewer, (&address, posting), &forms.flexible)?;
    Ok(Page {
        title: t.get("roster-title", &[("school", place.name.clone())]),
        lead: t.get("roster-row-lead", &[("name", row.name.clone()), ("role", role_word(t, row.role))]),
        body: html! {
            p.links { a href=(self::address(school)) { (t.word("roster-back")) } }
            @if may { form.act-form method="post" action=(address) {
                (csrf(viewer))
                input type="hidden" name="seen" value=(seen(&known));
                (form.wrong.beside("seen"))
                (row_fields(t, &form, charge))
                button.act { (t.word("roster-change")) }
                p.hint { (t.word("roster-change-hint")) }
            } } @else { p.note { (t.word("roster-not-yours")) } }
            (flexible)
        },
        query: String::new(),
        as_of: None,
    })
}

fn holding(row: &RosterSet) -> Draft {
    let (from, to) = (row.from.to_string(), row.to.map(|to| to.to_string()).unwrap_or_default());
    let teaches = if row.teaches == Some(false) { "" } else { "1" };
    let fields = [("name", &*row.name), ("role", row.role.name()), ("from", &from), ("to", &to), ("teaches", teaches)];
    Draft { fields: Fields::of(&fields), wrong: Wrong::default() }
}

/// What the form's page showed: another version of the row, and the form is stale.
fn seen(known: &Known) -> String {
    known.entries.iter().map(|entry| HEXLOWER.encode(&entry.hash)).collect::<Vec<_>>().join("-")
}

/// Changes a row.
pub(super) async fn change(
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
        let (place, charge) = charge(acting.pages, acting.store, &asked, acting.viewer, school)?;
        let known = held(acting.pages, acting.store, (school, &place), posting, asked.now.date())?;
        let may = known.row.person != acting.viewer.person && charge.roles().contains(&known.row.role);
        if !charge.administers && !may {
            return Err(PageError::NotFound.into());
        }
        let row = typed(t, &given, charge, (known.row.person, posting), Some(known.row.role))?;
        if row == known.row {
            return Ok(());
        }
        if seen(&known) != given.get("seen") {
            return Err(Wrong::one("seen", t.word("form-stale")).into());
        }
        let doc = DocId::school(school, asked.now.date());
        Ok(acting.write(vec![draft(doc, known.entries, row)], "roster change", &format!("{school} {posting}"))?)
    };
    let done = perform(&pages, &viewer, work).await;
    let again =
        |form| look_row(&pages, &ask, &viewer, (school, posting), Forms { row: Some(form), ..Forms::default() });
    told(&ask, &viewer, done, (&address(school), fields), again).await
}
