//! Invitations of phones and of a kiosk: a card for each, with a QR code to scan and a code to type, to be cut out and handed
//! over. They are shown once; the store keeps no secret.

use axum::extract::{Extension, Path};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use sanji_core::ids::{PostingId, SchoolId};
use sanji_core::sync::enrol::Secret;
use sanji_core::sync::relay::book::Book;
use sanji_core::texts::{Arg, Texts};

use super::access::Viewer;
use super::act::{Acting, Fields, Sent, perform};
use super::form::{Draft, Refused, Wrong};
use super::roster::{self, charge, drawn};
use super::shell::{Ask, Page};
use super::{PageError, SharedPages};
use crate::invitations::{self, Guest, Invited, qr_path};

/// Invitations of one form.
const MOST: usize = 30;

/// Invites those who were picked, and shows the cards.
pub(super) async fn invite(
    Extension(pages): Extension<SharedPages>,
    Path(school): Path<String>,
    ask: Ask,
    sent: Sent,
) -> Response {
    let Sent { viewer, fields } = sent;
    let Ok(school) = school.parse::<SchoolId>() else { return ask.failed(Some(&viewer), &PageError::NotFound) };
    let asked = ask.clone();
    let work = move |acting: &mut Acting<'_>| cards(acting, &asked, school, &fields);
    match perform(&pages, &viewer, work).await {
        Ok((place, cards)) => {
            let page = show(ask.texts(), &place, school, &pages.app.card.addresses, &cards);
            ask.show(Some(&viewer), StatusCode::OK, &page)
        }
        Err(Refused::Page(error)) => ask.failed(Some(&viewer), &error),
        Err(Refused::Wrong(wrong)) => again(&pages, &ask, &viewer, school, wrong).await,
    }
}

async fn again(pages: &SharedPages, ask: &Ask, viewer: &Viewer, school: SchoolId, wrong: Wrong) -> Response {
    match roster::look(pages, ask, viewer, school, Draft { wrong, ..roster::fresh(ask) }).await {
        Ok(page) => ask.show(Some(viewer), StatusCode::UNPROCESSABLE_ENTITY, &page),
        Err(error) => ask.failed(Some(viewer), &error),
    }
}

/// A card, with the name on it.
type Card = (String, Invited);

fn cards(
    acting: &mut Acting<'_>,
    ask: &Ask,
    school: SchoolId,
    fields: &Fields,
) -> Result<(String, Vec<Card>), Refused> {
    let t = ask.texts();
    let (place, _) = charge(acting.pages, acting.store, ask, acting.viewer, school)?;
    let county = acting.pages.kept.relay().county();
    let mut guests: Vec<(Guest, String)> = Vec::new();
    for who in fields.all("who") {
        let posting: PostingId = who.parse().map_err(|_| PageError::NotFound)?;
        let row = Book::new(county, acting.store).posting(posting)?.filter(|row| row.school == school);
        let row = row.filter(|row| row.to.is_none_or(|to| ask.now.date() <= to)).ok_or(PageError::NotFound)?;
        if !guests.iter().any(|(guest, _)| *guest == Guest::Person(row.person)) {
            guests.push((Guest::Person(row.person), row.name));
        }
    }
    if !fields.get("kiosk").is_empty() {
        guests.push((Guest::Kiosk(school), t.word("role-kiosk").into_owned()));
    }
    let trouble = match guests.len() {
        _ if acting.pages.app.card.addresses.is_empty() => Some("invite-no-address"),
        0 => Some("invite-nobody"),
        n if n > MOST => Some("invite-too-many"),
        _ => None,
    };
    if let Some(trouble) = trouble {
        return Err(Wrong::one("who", t.word(trouble)).into());
    }
    let mut cards = Vec::with_capacity(guests.len());
    for (guest, name) in guests {
        let (id, subject) = match guest {
            Guest::Person(person) => (person.0, person.to_string()),
            Guest::Kiosk(school) => (school.0, school.to_string()),
        };
        // Drawn from the form's own draw, so that a form sent twice shows the same cards.
        let digest = drawn(acting.viewer, fields, &[&b"invitation"[..], &id].concat());
        let mut secret = Secret([0; 5]);
        secret.0.copy_from_slice(&digest[..5]);
        let (relay, card) = (acting.pages.kept.relay(), &acting.pages.app.card);
        let when = (acting.now, invitations::DAYS);
        cards.push((name, invitations::invite(relay, acting.store, when, card, guest, secret)?));
        acting.note("invite", &subject)?;
    }
    Ok((place.name, cards))
}

fn show(t: &Texts, place: &str, school: SchoolId, addresses: &[String], cards: &[Card]) -> Page {
    let until = cards.first().map_or(String::new(), |(_, one)| t.moment(one.expires.secs()));
    Page {
        title: t.get("invite-title", &[("school", place)]),
        lead: t.get("invite-lead", &[("count", Arg::from(cards.len())), ("until", until.into())]),
        body: html! {
            p.links { a href=(roster::address(school)) { (t.word("roster-back")) } }
            p.hint { (t.word("invite-hint")) }
            div.cards { @for (name, one) in cards { (card(t, place, addresses, name, one)) } }
        },
        query: String::new(),
        as_of: None,
    }
}

fn card(t: &Texts, place: &str, addresses: &[String], name: &str, one: &Invited) -> Markup {
    html! {
        article.card {
            h2 { (name) }
            p.kind { (place) }
            @if let Ok((path, width)) = qr_path(&one.qr) {
                svg.qr viewBox=(format!("0 0 {width} {width}")) role="img" aria-label=(t.get("invite-qr", &[("name", name)]))
                    shape-rendering="crispEdges" {
                    rect width=(width) height=(width) fill="#fff" {}
                    path d=(path) fill="#000" {}
                }
            }
            p { (t.word("invite-scan")) }
            p { (t.word("invite-type")) }
            dl {
                dt { (t.word("invite-address")) } dd { (addresses.join(" ")) }
                dt { (t.word("invite-code")) } dd.code { (one.code) }
            }
            p.kind { (t.get("invite-until", &[("until", t.moment(one.expires.secs()))])) }
        }
    }
}
