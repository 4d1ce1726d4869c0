//! The trail: who did what, and who looked at whose records, newest first; for the administrator.

use axum::extract::{Extension, Query};
use axum::response::Response;
use jiff::civil::Date;
use maud::{Markup, html};
use rusqlite::{Connection, Row as SqlRow, params};
use sanji_core::ids::{Label, SchoolId};
use sanji_core::records::Role;
use sanji_core::review::CountyFacts;
use sanji_core::sync::message::Scope;
use sanji_core::texts::{Arg, Texts};
use sanji_core::time::{UtcMs, date_from_days, midnight, parse_date};
use serde::Deserialize;

use super::access::Viewer;
use super::address::{page_no, query, typed, with};
use super::county::pager;
use super::shell::{Ask, Page, as_of, column};
use super::{PageError, Pages, SharedPages};
use crate::acts::COMMAND_LINE;
use crate::store::ReadLedger;
use crate::tables::period::term_name;

/// Where this page is.
pub(super) const TRAIL: &str = "/audit";

/// Rows on one page.
const EACH: i64 = 100;

/// What the address says.
#[derive(Deserialize)]
pub(super) struct Asked {
    account: Option<String>,
    act: Option<String>,
    from: Option<String>,
    to: Option<String>,
    page: Option<String>,
}

/// What is looked for.
struct Filter {
    account: String,
    act: String,
    from: Option<Date>,
    to: Option<Date>,
    page: usize,
}

impl Filter {
    fn of(asked: &Asked) -> Result<Self, PageError> {
        let date = |text: &Option<String>| {
            let text = text.as_deref().filter(|text| !text.is_empty());
            text.map(|text| parse_date(text).ok_or(PageError::NotFound)).transpose()
        };
        Ok(Filter {
            account: typed(asked.account.as_deref()),
            act: typed(asked.act.as_deref()),
            from: date(&asked.from)?,
            to: date(&asked.to)?,
            page: page_no(asked.page.as_deref()),
        })
    }

    fn query(&self, page: usize) -> String {
        let date = |date: Option<Date>| date.map_or(String::new(), |date| date.to_string());
        let page = if page > 1 { page.to_string() } else { String::new() };
        let (from, to) = (date(self.from), date(self.to));
        query([("account", self.account.as_str()), ("act", &self.act), ("from", &from), ("to", &to), ("page", &page)])
    }
}

/// An act, or a look at records.
struct Row {
    at: UtcMs,
    who: String,
    what: String,
    /// To whom or what, as it was written down.
    subject: String,
    look: bool,
    /// The name of the posting that was looked at.
    name: Option<String>,
    school: Option<SchoolId>,
    day: Option<Date>,
    /// The display name of the account.
    display: Option<String>,
}

pub(super) async fn page(
    Extension(pages): Extension<SharedPages>,
    Query(asked): Query<Asked>,
    ask: Ask,
    viewer: Viewer,
) -> Response {
    let (asking, looking) = (ask.clone(), viewer.clone());
    let page = pages.read(move |pages, store| build(pages, store, &asking, &looking, &Filter::of(&asked)?)).await;
    ask.answer(&viewer, page)
}

/// Whether the trail is this viewer's to read.
pub(super) fn reads(viewer: &Viewer) -> bool {
    viewer.grants().iter().any(|grant| grant.role == Role::Administrator && grant.scope == Scope::County)
}

fn build(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    ask: &Ask,
    viewer: &Viewer,
    filter: &Filter,
) -> Result<Page, PageError> {
    let t = ask.texts();
    if !reads(viewer) {
        return Err(PageError::NotFound);
    }
    let county = pages.kept.county(store)?;
    let count = count(store.sql(), filter)?;
    let in_all = usize::try_from((count + EACH - 1) / EACH).unwrap_or(1).max(1);
    let page = filter.page.min(in_all);
    let rows = rows(store.sql(), filter, page)?;
    let lead = match rows.first() {
        None => t.word("views-audit-none").into_owned(),
        Some(last) => {
            t.get("views-audit-lead", &[("count", Arg::from(count)), ("when", t.moment(last.at.secs()).into())])
        }
    };
    Ok(Page {
        title: t.word("views-audit").into_owned(),
        lead,
        body: html! {
            (form(t, store.sql(), filter)?)
            @if !rows.is_empty() {
                table.list.entries {
                    thead { tr { @for key in ["when", "who", "act", "subject"] { th scope="col" { (column(t, key)) } } } }
                    tbody { @for row in &rows { (line(t, &county, row)) } }
                }
            }
            (pager(t, page, in_all, |page| with(TRAIL, &filter.query(page))))
        },
        query: filter.query(page),
        as_of: Some(as_of(pages, store, ask.now)?),
    })
}

/// Acts and looks as one table; the numbers of both stay apart by `look`.
const BOTH: &str = "(SELECT at_ms, who AS account, act AS what, subject, 0 AS look, NULL AS posting, NULL AS school, \
                    NULL AS day, id FROM act UNION ALL \
                    SELECT at_ms, account, page, '', 1, posting, school, day, id FROM look)";

const WHERE: &str = "(?1 = '' OR account = ?1) AND (?2 = '' OR what = ?2 OR (?2 = 'looks' AND look = 1) \
                     OR (?2 = 'acts' AND look = 0)) AND at_ms >= ?3 AND at_ms < ?4";

/// The instants between which rows are looked for, milliseconds.
fn span(filter: &Filter) -> (i64, i64) {
    let from = filter.from.map_or(i64::MIN, |from| midnight(from).ms().0);
    (from, filter.to.map_or(i64::MAX, |to| midnight(to.tomorrow().unwrap_or(to)).ms().0))
}

/// How many rows there are in all.
fn count(sql: &Connection, filter: &Filter) -> rusqlite::Result<i64> {
    let (from, to) = span(filter);
    let text = format!("SELECT count(*) FROM {BOTH} WHERE {WHERE}");
    sql.prepare_cached(&text)?.query_row(params![filter.account, filter.act, from, to], |row| row.get(0))
}

/// The rows of a page, newest first.
fn rows(sql: &Connection, filter: &Filter, page: usize) -> rusqlite::Result<Vec<Row>> {
    let (from, to) = span(filter);
    let text = format!(
        "SELECT b.at_ms, b.account, b.what, b.subject, b.look, b.day, p.name, \
         (SELECT display FROM account WHERE account.name = b.account), b.school FROM \
         (SELECT * FROM {BOTH} WHERE {WHERE} ORDER BY at_ms DESC, look, id DESC LIMIT ?5 OFFSET ?6) AS b \
         LEFT JOIN view_posting p ON p.posting = b.posting ORDER BY b.at_ms DESC, b.look, b.id DESC"
    );
    let skip = i64::try_from(page - 1).unwrap_or(0) * EACH;
    let mut statement = sql.prepare_cached(&text)?;
    let found = statement.query_map(params![filter.account, filter.act, from, to, EACH, skip], read)?;
    found.collect()
}

fn read(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    Ok(Row {
        at: UtcMs(row.get(0)?),
        who: row.get(1)?,
        what: row.get(2)?,
        subject: row.get(3)?,
        look: row.get(4)?,
        day: row.get::<_, Option<i32>>(5)?.and_then(date_from_days),
        name: row.get::<_, Option<String>>(6)?.filter(|name| !name.is_empty()),
        display: row.get(7)?,
        school: row.get::<_, Option<[u8; 8]>>(8)?.map(SchoolId),
    })
}

fn line(t: &Texts, county: &CountyFacts, row: &Row) -> Markup {
    let who = match (&row.display, row.who.as_str()) {
        (_, COMMAND_LINE) => t.word("views-audit-command-line").into_owned(),
        (Some(display), who) if display != who => format!("{display} ({who})"),
        (_, who) => who.to_owned(),
    };
    let name = row.name.clone().unwrap_or_else(|| t.word("pages-unnamed").into_owned());
    let kind = row.what.split(' ').next().unwrap_or_default();
    html! { tr {
        td.number { (t.moment(row.at.secs())) }
        td { (who) }
        td { @if row.look {
            @match kind {
                "day" | "term" => (t.get(&format!("views-look-{kind}"), &[("name", name)])),
                "flagged" | "queue" | "export" => (t.word(&format!("views-look-{kind}"))),
                _ => { (t.word("views-look-other")) " " (row.what) },
            }
        } @else { (act_word(t, &row.what)) } }
        td {
            @if !row.subject.is_empty() { (row.subject) }
            @match (row.day, kind) {
                (Some(date), "day") => (t.day(date)),
                (Some(date), "term") => (term_name(t, Label::term_of(date))),
                _ if row.look => (row.what.split_once(' ').map_or("", |(_, rest)| rest)),
                _ => {},
            }
            @if let Some(school) = row.school.and_then(|school| county.school(school)) { " " span.since { (school.name) } }
        }
    } }
}

/// An act in words; of one that this version doesn't know, its name.
fn act_word(t: &Texts, act: &str) -> String {
    let key = act_key(act);
    if t.has(&key) { t.word(&key).into_owned() } else { act.to_owned() }
}

/// The key of the words for an act.
pub(super) fn act_key(act: &str) -> String {
    format!("act-{}", act.replace(' ', "-"))
}

/// The search; every account and act that was ever noted can be picked.
fn form(t: &Texts, sql: &Connection, filter: &Filter) -> Result<Markup, PageError> {
    let list = |text: &str| -> rusqlite::Result<Vec<String>> {
        sql.prepare_cached(text)?.query_map([], |row| row.get(0))?.collect()
    };
    let accounts = list("SELECT who FROM act UNION SELECT account FROM look ORDER BY 1 LIMIT 500")?;
    let acts = list("SELECT DISTINCT act FROM act ORDER BY 1 LIMIT 200")?;
    Ok(html! {
        form.filters method="get" action=(TRAIL) {
            label { (t.word("views-audit-account")) select name="account" {
                option value="" { (t.word("views-any")) }
                @for account in &accounts { option value=(account) selected[*account == filter.account] { (account) } }
            } }
            label { (t.word("views-audit-act")) select name="act" {
                @for (value, key) in [("", "views-audit-all"), ("acts", "views-audit-acts"), ("looks", "views-audit-looks")] {
                    option value=(value) selected[value == filter.act] { (t.word(key)) }
                }
                @for act in &acts { option value=(act) selected[*act == filter.act] { (act_word(t, act)) } }
            } }
            label { (t.word("views-audit-from")) input type="date" name="from" value=[filter.from]; }
            label { (t.word("views-audit-to")) input type="date" name="to" value=[filter.to]; }
            button.act { (t.word("views-search")) }
        }
    })
}
