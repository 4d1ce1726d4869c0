//! Signing in to the pages.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, Form, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use sanji_core::ids::PersonId;
use sanji_core::records::Role;
use sanji_core::sync::message::Scope;
use sanji_server::accounts::{self, password, sessions};
use sanji_server::app::{Settings, SharedApp};
use sanji_server::folder::DataFolder;
use sanji_server::http::limits::Rate;
use sanji_server::http::signed_in::{SIGN_IN, SignedForm, SignedIn, sign_in, sign_out};
use sanji_server::random::rng;
use sanji_server::store::SqliteLedger;
use serde::Deserialize;

use super::client::{Answered, Client};
use super::{Moved, Relay};

const PERSON: PersonId = PersonId([5; 8]);
const START: i64 = 1_772_411_470_000;

#[derive(Deserialize)]
struct Given {
    name: String,
    password: String,
}

#[derive(Deserialize)]
struct Change {
    count: u32,
}

async fn enter(
    State(app): State<SharedApp>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    Form(given): Form<Given>,
) -> Response {
    match sign_in(&app, &given.name, &given.password, address.ip()).await {
        Ok(opened) => (opened.headers, "in").into_response(),
        Err(error) => error.into_response(),
    }
}

async fn leave(State(app): State<SharedApp>, _who: SignedIn, headers: HeaderMap) -> Response {
    sign_out(&app, &headers).await.map_or_else(IntoResponse::into_response, IntoResponse::into_response)
}

async fn who(who: SignedIn) -> String {
    format!("{} {} {}", who.account.display, who.has(&[Role::Supervisor]), who.csrf)
}

async fn change(change: SignedForm<Change>) -> String {
    format!("{} {}", change.who.account.name, change.form.count)
}

fn pages() -> Router<SharedApp> {
    Router::new()
        .route(SIGN_IN, post(enter))
        .route("/out", post(leave))
        .route("/who", get(who))
        .route("/change", post(change))
}

/// A relay with one account, `li.na`, and a clock that can be moved.
fn relay() -> (Relay, Arc<Moved>) {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(Moved(START.into()));
    let settings = Settings { entry_rate: Rate::new(1000, 1000), ..Settings::default() };
    let mut relay = Relay::on(DataFolder::open(dir.path()).unwrap(), settings, pages(), clock.clone());
    relay._dir = Some(dir);
    let hash = password::hash("correct horse", &mut rng());
    let machine = relay.app().relay.clone();
    let add = move |ledger: &mut SqliteLedger, now| {
        accounts::add(ledger.sql(), "li.na", PERSON, "李娜", &hash, now).map_err(|e| e.to_string())?;
        let days = (jiff::civil::date(2026, 1, 1), None);
        machine.grant(ledger, now, PERSON, Role::Supervisor, Scope::County, days).map_err(|e| e.to_string())
    };
    relay.runtime.block_on(relay.app().writer.run(add)).unwrap().unwrap();
    (relay, clock)
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

fn enter_as(client: &mut Client, name: &str, password: &str) -> Answered {
    let body = format!("name={name}&password={}", password.replace(' ', "+"));
    client.request("POST", SIGN_IN, &[FORM], body.as_bytes())
}

fn cookie(answer: &Answered) -> String {
    answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
}

fn text(answer: &Answered) -> String {
    String::from_utf8(answer.body.clone()).unwrap()
}

#[test]
fn who_is_not_signed_in_is_led_to_the_sign_in_page() {
    let (relay, _clock) = relay();
    let answer = relay.connect().request("GET", "/who", &[], b"");
    assert_eq!((answer.status, answer.header("location")), (303, Some("/sign-in?to=%2Fwho")));
    let forged = relay.connect().request("GET", "/who", &[("cookie", "__Host-sanji=AAAA")], b"");
    assert_eq!(forged.status, 303);
}

#[test]
fn name_and_password_open_a_session_that_no_script_and_no_other_site_can_use() {
    let (relay, _clock) = relay();
    let mut client = relay.connect();
    let answer = enter_as(&mut client, "Li.Na", "correct horse");
    assert_eq!(answer.status, 200);
    let set = answer.header("set-cookie").unwrap();
    for part in ["__Host-sanji=", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(set.contains(part), "{set}");
    }
    let cookie = cookie(&answer);
    let page = text(&client.request("GET", "/who", &[("cookie", &cookie)], b""));
    assert!(page.starts_with("李娜 true "), "{page}");
    let csrf = page.rsplit(' ').next().unwrap();
    let with = format!("csrf={csrf}&count=7");
    let changed = client.request("POST", "/change", &[("cookie", &cookie), FORM], with.as_bytes());
    assert_eq!(text(&changed), "li.na 7");
    for body in ["count=7", "csrf=&count=7", "csrf=AAAA&count=7"] {
        let answer = client.request("POST", "/change", &[("cookie", &cookie), FORM], body.as_bytes());
        assert_eq!(answer.status, 403, "{body}");
    }
    let left = client.request("POST", "/out", &[("cookie", &cookie)], b"");
    assert!(left.header("set-cookie").unwrap().contains("Max-Age=0"));
    assert_eq!(client.request("GET", "/who", &[("cookie", &cookie)], b"").status, 303, "the session is over");
}

#[test]
fn a_session_ends_when_it_is_not_used() {
    let (relay, clock) = relay();
    let mut client = relay.connect();
    let cookie = cookie(&enter_as(&mut client, "li.na", "correct horse"));
    let mut open = || client.request("GET", "/who", &[("cookie", &cookie)], b"").status == 200;
    for _ in 0..4 {
        clock.pass(sessions::IDLE_MS - 1000);
        assert!(open(), "use prolongs it");
    }
    clock.pass(sessions::IDLE_MS + 1000);
    assert!(!open());
}

#[test]
fn failures_make_wait_and_an_unknown_name_looks_like_a_wrong_password() {
    let (relay, clock) = relay();
    let mut client = relay.connect();
    let unknown = enter_as(&mut client, "nobody", "correct horse");
    for _ in 0..5 {
        let wrong = enter_as(&mut client, "li.na", "wrong horse");
        assert_eq!((wrong.status, text(&wrong)), (unknown.status, text(&unknown)));
    }
    assert_eq!(enter_as(&mut client, "li.na", "correct horse").status, 429, "even the right one has to wait");
    clock.pass(31_000);
    assert_eq!(enter_as(&mut client, "li.na", "correct horse").status, 200);
    assert_eq!(enter_as(&mut client, "li.na", "wrong horse").status, 401, "and a success clears the count");
}
