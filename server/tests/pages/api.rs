//! The API, as other systems meet it: the same rights as on the pages, answers as documented, bodies that stay as they are.

use std::collections::BTreeMap;
use std::path::Path;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use sanji_core::ids::SchoolId;
use sanji_core::sync::message::Scope;
use sanji_server::accounts::tokens::{self, Reach};
use sanji_server::api::document;
use serde_json::Value;

use crate::county::*;
use crate::html;
use crate::town::{ACCOUNTS, Got, Town};
use crate::works;

fn week(school: SchoolId) -> String {
    format!("/api/v1/schools/{school}/2026-W10")
}

fn day_of(i: u8, d: i8) -> String {
    format!("/api/v1/postings/{}/2026-03-{d:02}", posting(person(i)))
}

async fn own_token(town: &Town, role: &str) -> String {
    let found = ACCOUNTS.iter().find(|(name, _)| *name == role).map(|(_, person)| *person);
    let person = found.unwrap_or_else(|| person(role.trim_start_matches("kele").parse().unwrap()));
    town.token(role, Reach::Account(role.into()), person).await
}

async fn county_token(town: &Town) -> String {
    town.token("county", Reach::Scope(Scope::County), sanji_core::ids::PersonId([9; 8])).await
}

/// A problem as RFC 9457 wants it.
fn problem(got: &Got, path: &str) -> Value {
    assert_eq!(got.headers[header::CONTENT_TYPE], "application/problem+json", "{path}");
    let problem: Value = serde_json::from_str(&got.text).unwrap();
    assert_eq!(problem["status"], got.status.as_u16(), "{path}");
    assert!(["type", "title", "detail"].iter().all(|key| problem[key].is_string()), "{problem}");
    problem
}

#[tokio::test]
async fn every_role_reads_its_scope_by_token_and_by_session_and_no_other() {
    let town = Town::open().await;
    let missing = SchoolId(*b"nowhere-");
    let foreign_day = format!("/api/v1/postings/{}/2026-03-03", posting(FOREIGN_HEAD));
    let addresses = [
        ("kele", week(KELE)),
        ("magu", week(MAGU)),
        ("missing", week(missing)),
        ("day of 2", day_of(2, 3)),
        ("day of 4", day_of(4, 3)),
        ("foreign day", foreign_day),
    ];
    let own_school = ["kele", "day of 2", "day of 4"];
    let roles: [(&str, &[&str], usize); 9] = [
        ("supervisor", &["kele", "magu", "day of 2", "day of 4", "foreign day"], 2),
        ("township", &own_school, 1),
        ("lead", &["kele"], 1),
        ("admin", &[], 2),
        ("foreign", &["magu", "foreign day"], 1),
        ("stranger", &[], 0),
        ("kele0", &own_school, 1),
        ("kele2", &["kele", "day of 2"], 0),
        ("kele4", &["kele", "day of 4"], 0),
    ];
    for (role, open, schools) in roles {
        let (token, cookie) = (own_token(&town, role).await, town.sign_in(role).await);
        for (name, path) in &addresses {
            let expected = if open.contains(name) { StatusCode::OK } else { StatusCode::NOT_FOUND };
            for got in [town.call(&token, path).await, town.get(&cookie, path).await] {
                assert_eq!(got.status, expected, "{role} at {name}: {}", got.text);
                if expected != StatusCode::OK {
                    problem(&got, path);
                }
            }
        }
        let list = town.json(&token, "/api/v1/schools?date=2026-03-03").await;
        assert_eq!(list["items"].as_array().unwrap().len(), schools, "{role}");
    }
}

#[tokio::test]
async fn a_token_of_a_scope_reads_it_as_an_inspector_would_and_each_look_is_noted() {
    let town = Town::open().await;
    let person = sanji_core::ids::PersonId([9; 8]);
    for (name, scope, kele, magu) in [
        ("全县", Scope::County, true, true),
        ("乡", Scope::Township("可乐乡".into()), true, false),
        ("校", Scope::School(MAGU), false, true),
    ] {
        let token = town.token(name, Reach::Scope(scope), person).await;
        for (school, open) in [(KELE, kele), (MAGU, magu)] {
            let expected = if open { StatusCode::OK } else { StatusCode::NOT_FOUND };
            assert_eq!(town.call(&token, &week(school)).await.status, expected, "{name}");
        }
        let looks = || town.count("SELECT count(*) FROM look WHERE page = 'day' AND account LIKE 'token %'");
        let before = looks();
        assert_eq!(town.call(&token, &day_of(4, 4)).await.status.is_success(), kele);
        assert_eq!(looks() - before, i64::from(kele), "{name}");
        if kele {
            let week = town.json(&token, &week(KELE)).await;
            assert!(!week.to_string().contains("sick"), "which leave it is, is behind a noted look");
            assert!(town.json(&token, &day_of(4, 4)).await.to_string().contains("sick"));
        }
    }
}

#[tokio::test]
async fn a_groups_lead_reads_sums_and_nobodys_name() {
    let town = Town::open().await;
    let token = own_token(&town, "lead").await;
    let week = town.json(&token, &week(KELE)).await;
    let present: u64 =
        week["sums"].as_array().unwrap().iter().filter_map(|day| day["statuses"]["present"].as_u64()).sum();
    assert_eq!(present, 140);
    assert_eq!(
        (&week["attendance"], &week["days"], &week["service"]),
        (&Value::Array(vec![]), &Value::Array(vec![]), &Value::Null)
    );
    for i in 0..STAFF {
        assert!(!week.to_string().contains(&serde_json::to_string(&staff_name(i)).unwrap()));
    }
}

#[tokio::test]
async fn without_a_token_that_holds_nothing_is_read() {
    let town = Town::open().await;
    let token = county_token(&town).await;
    let refused = |got: Got, why: &str| {
        assert_eq!(got.status, StatusCode::UNAUTHORIZED, "{why}");
        assert!(got.headers[header::WWW_AUTHENTICATE].to_str().unwrap().starts_with("Bearer"), "{why}");
        problem(&got, why);
    };
    for path in [
        "/api/v1/schools".to_owned(),
        week(KELE),
        day_of(2, 3),
        "/api/v1/devices".into(),
        "/api/v1/flagged".into(),
        "/api/v1/publications".into(),
    ] {
        assert_eq!(town.call(&token, &path).await.status, StatusCode::OK, "{path}");
        refused(town.get("", &path).await, "neither token nor session");
        refused(town.get("sanji=nonsense", &path).await, "a session that isn't one");
        refused(town.call("sanji_nonsense", &path).await, "a token that isn't one");
        let other = Request::get(&path).header(header::AUTHORIZATION, format!("Basic {token}"));
        refused(town.ask(other.body(Body::empty()).unwrap()).await, "another scheme");
    }
    town.clock.to(at(8, 10, 0));
    refused(town.call(&token, "/api/v1/schools").await, "an expired token");
    let token = town.token("next", Reach::Scope(Scope::County), sanji_core::ids::PersonId([9; 8])).await;
    assert_eq!(town.call(&token, "/api/v1/schools").await.status, StatusCode::OK);
    town.app.writer.run(|store, now| tokens::end(store.sql(), "next", now)).await.unwrap().unwrap();
    refused(town.call(&token, "/api/v1/schools").await, "an ended token");
}

#[tokio::test]
async fn what_did_not_change_is_not_sent_again() {
    let town = Town::open().await;
    let (token, other) = (county_token(&town).await, own_token(&town, "supervisor").await);
    let ask = async |token: &str, path: &str, tag: &str| {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        town.ask(request.header(header::IF_NONE_MATCH, tag).body(Body::empty()).unwrap()).await
    };
    let tag_of = |got: &Got| got.headers[header::ETAG].to_str().unwrap().to_owned();
    for path in [
        "/api/v1/schools?date=2026-03-03".to_owned(),
        week(KELE),
        day_of(2, 3),
        "/api/v1/devices".into(),
        "/api/v1/flagged".into(),
    ] {
        let first = town.call(&token, &path).await;
        let tag = tag_of(&first);
        let again = ask(&token, &path, &tag).await;
        assert_eq!(
            (again.status, again.text.len(), tag_of(&again)),
            (StatusCode::NOT_MODIFIED, 0, tag.clone()),
            "{path}"
        );
        if path != "/api/v1/devices" {
            assert_eq!(ask(&other, &path, &tag).await.status, StatusCode::OK, "{path}: somebody else's tag");
        }
    }
    let (past, open) =
        (tag_of(&town.call(&token, &day_of(2, 3)).await), tag_of(&town.call(&token, &day_of(2, 7)).await));
    town.clock.to(at(7, 10, 5));
    assert_eq!(ask(&token, &day_of(2, 3), &past).await.status, StatusCode::NOT_MODIFIED, "a day that is over");
    assert_eq!(ask(&token, &day_of(2, 7), &open).await.status, StatusCode::OK, "today goes on");
    let relay = town.app.relay.clone();
    let write = move |store: &mut sanji_server::store::SqliteLedger, _| {
        let mut county = County { relay: &relay, ledger: store, phones: Default::default() };
        let note = sanji_core::records::Note { date: day(3), text: "补".into() };
        county.desk(at(7, 9, 0), person(0), duty(person(2)), vec![], note);
    };
    town.app
        .writer
        .run(move |store, now| {
            write(store, now);
            Ok::<_, ()>(())
        })
        .await
        .unwrap()
        .unwrap();
    town.pages.catch_up().await.unwrap();
    assert_eq!(ask(&token, &day_of(2, 3), &past).await.status, StatusCode::OK, "something arrived");
}

#[tokio::test]
async fn lists_go_on_by_cursor_to_their_end_and_bad_parameters_say_what_is_wanted() {
    let town = Town::open().await;
    let token = county_token(&town).await;
    for (list, key) in [("/api/v1/devices", "id"), ("/api/v1/schools", "id"), ("/api/v1/flagged", "n")] {
        let whole = town.json(&token, list).await["items"].as_array().unwrap().clone();
        assert!(!whole.is_empty());
        let (mut gathered, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = town.json(&token, &format!("{list}?limit=7{cursor}")).await;
            gathered.extend(page["items"].as_array().unwrap().clone());
            let Some(next) = page["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        let ids = |items: &[Value]| items.iter().map(|item| item[key].clone()).collect::<Vec<_>>();
        assert_eq!(ids(&gathered), ids(&whole), "{list}");
        for bad in ["limit=0", "limit=501", "limit=x", "cursor=!", "limit=1&limit=2"] {
            let got = town.call(&token, &format!("{list}?{bad}")).await;
            assert_eq!(got.status, StatusCode::BAD_REQUEST, "{list} {bad}");
            problem(&got, bad);
        }
    }
    let got = town.call(&token, "/api/v1/schools?date=yesterday&lang=en").await;
    assert!(problem(&got, "date")["detail"].as_str().unwrap().contains("2026-03-02"));
    for path in [
        "/api/v1/schools/x/2026-W10",
        "/api/v1/postings/x/2026-03-02",
        "/api/v2/schools",
        &format!("/api/v1/schools/{KELE}/2026"),
    ] {
        let got = town.call(&token, path).await;
        assert_eq!(got.status, StatusCode::NOT_FOUND, "{path}");
        problem(&got, path);
    }
    let got = town.ask(Request::post("/api/v1/schools").body(Body::empty()).unwrap()).await;
    assert_eq!(got.status, StatusCode::METHOD_NOT_ALLOWED);
    problem(&got, "POST");
}

#[tokio::test]
async fn published_weeks_are_listed_for_those_who_see_the_school() {
    let town = Town::open().await;
    let relay = town.app.relay.clone();
    let work = move |store: &mut sanji_server::store::SqliteLedger, _| {
        let mut county = County { relay: &relay, ledger: store, phones: Default::default() };
        let published = |log| sanji_core::records::Publication {
            monday: day(2),
            log,
            head: sanji_core::crypto::LogHash([1; 32]),
            pack: sanji_core::crypto::PackHash([2; 32]),
            rules: 1,
            table: sanji_core::records::field::Bytes(vec![3; 32]),
            rows: sanji_core::crypto::BlobHash([4; 32]),
            lacked: vec![],
        };
        let register = sanji_core::ids::DocId::register(KELE, day(2));
        county.desk(at(7, 9, 0), person(0), register, vec![], published(40));
        county.desk(at(7, 9, 30), person(0), register, vec![], published(50));
        Ok::<_, ()>(())
    };
    town.app.writer.run(work).await.unwrap().unwrap();
    town.pages.catch_up().await.unwrap();
    let token = county_token(&town).await;
    let list = town.json(&token, "/api/v1/publications").await;
    let logs: Vec<i64> = list["items"].as_array().unwrap().iter().map(|one| one["log"].as_i64().unwrap()).collect();
    assert_eq!(logs, [50, 40], "the newest first, and the earlier one stays");
    let newest = &list["items"][0];
    assert_eq!((&newest["week"], &newest["school"]), (&"2026-W10".into(), &KELE.to_string().into()));
    assert_eq!((&newest["table"], &newest["pack"]), (&"03".repeat(32).into(), &"02".repeat(32).into()));
    let count = async |path: &str, token: &str| town.json(token, path).await["items"].as_array().unwrap().len();
    assert_eq!(count(&format!("/api/v1/publications?school={KELE}&limit=1"), &token).await, 1);
    assert_eq!(count(&format!("/api/v1/publications?school={MAGU}"), &token).await, 0);
    for (role, seen) in [("kele2", 2), ("lead", 2), ("foreign", 0), ("admin", 0)] {
        assert_eq!(count("/api/v1/publications", &own_token(&town, role).await).await, seen, "{role}");
    }
}

#[tokio::test]
async fn whoever_asks_too_often_is_told_when_to_come_back() {
    let town = Town::open().await;
    for _ in 0..20_000 {
        let got = town.get("", "/api/v1/nothing").await;
        if got.status == StatusCode::TOO_MANY_REQUESTS {
            assert!(got.headers[header::RETRY_AFTER].to_str().unwrap().parse::<u32>().unwrap() > 0);
            problem(&got, "too often");
            return;
        }
        assert_eq!(got.status, StatusCode::NOT_FOUND);
    }
    panic!("nobody was ever told to wait");
}

/// Answers of the document, by status.
fn documented(operation: &Value) -> BTreeMap<u16, Vec<String>> {
    let answers = operation["responses"].as_object().unwrap().iter();
    let kinds = |answer: &Value| answer["content"].as_object().map(|c| c.keys().cloned().collect()).unwrap_or_default();
    answers.map(|(status, answer)| (status.parse().unwrap(), kinds(answer))).collect()
}

/// Whether a value is of the shape that a schema tells, as far as types, required and unknown fields go.
fn fits(document: &Value, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    if let Some(name) = schema["$ref"].as_str() {
        let pointer = name.trim_start_matches('#');
        return fits(document, document.pointer(pointer).ok_or(format!("{name} isn't there"))?, value, at);
    }
    if let Some(all) = schema["allOf"].as_array() {
        // Flattened: each part tells some of the fields.
        return all.iter().try_for_each(|part| fits(document, part, value, &format!("{at}(part)")));
    }
    if let Some(any) = schema["oneOf"].as_array() {
        let found = any.iter().any(|one| fits(document, one, value, at).is_ok());
        return if found { Ok(()) } else { Err(format!("{at}: {value} is none of {any:?}")) };
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => return Err(format!("{at}: no type in {schema}")),
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !types.contains(&kind) {
        return Err(format!("{at}: {kind} is none of {types:?}"));
    }
    for (i, item) in value.as_array().into_iter().flatten().enumerate() {
        fits(document, &schema["items"], item, &format!("{at}[{i}]"))?;
    }
    let Some(object) = value.as_object() else { return Ok(()) };
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !object.contains_key(name) {
            return Err(format!("{at}: {name} is missing"));
        }
    }
    for (name, value) in object {
        match (&schema["properties"][name], &schema["additionalProperties"]) {
            (Value::Null, Value::Null) if at.ends_with("(part)") => {}
            (Value::Null, Value::Null) => return Err(format!("{at}: {name} isn't documented")),
            (Value::Null, more) => fits(document, more, value, &format!("{at}.{name}"))?,
            (schema, _) => fits(document, schema, value, &format!("{at}.{name}"))?,
        }
    }
    Ok(())
}

#[tokio::test]
async fn every_documented_address_answers_as_documented() {
    let town = works::open().await;
    let visit = works::OBSERVED.to_string();
    let token = county_token(&town).await;
    let got = town.get("", "/api/openapi.json").await;
    assert_eq!((got.status, got.headers[header::CONTENT_TYPE].to_str().unwrap()), (StatusCode::OK, "application/json"));
    let document: Value = serde_json::from_str(&got.text).unwrap();
    assert_eq!(document, serde_json::to_value(document_of()).unwrap());
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let paths = document["paths"].as_object().unwrap();
    assert_eq!(paths.len(), 11);
    for (path, item) in paths {
        assert_eq!(item.as_object().unwrap().keys().collect::<Vec<_>>(), ["get"], "{path} only reads");
        let answers = documented(&item["get"]);
        let fill = |school: &str, posting: &str| {
            let path = path.replace("{school}", school).replace("{posting}", posting);
            let path = path.replace("{visit}", if school == "nowhere" { "none" } else { &visit });
            path.replace("{period}", "2026-W10").replace("{date}", "2026-03-04")
        };
        let open = fill(&KELE.to_string(), &posting(person(4)).to_string());
        let asked = [
            town.call(&token, &open).await,
            town.call("sanji_foreign", &open).await,
            town.call(&token, &fill("nowhere", "nobody")).await,
            town.call(&token, &format!("{open}?limit=0&cursor=!&date=x&school=x")).await,
        ];
        for got in &asked {
            let kinds = answers.get(&got.status.as_u16()).unwrap_or_else(|| panic!("{path}: {}", got.status));
            assert!(
                kinds.iter().any(|kind| got.headers[header::CONTENT_TYPE] == kind.as_str()),
                "{path}: {}",
                got.status
            );
            let kind = got.headers[header::CONTENT_TYPE].to_str().unwrap();
            let schema = &item["get"]["responses"][got.status.as_str()]["content"][kind]["schema"];
            fits(&document, schema, &serde_json::from_str(&got.text).unwrap(), path).unwrap();
        }
        assert_eq!((asked[0].status, asked[1].status), (StatusCode::OK, StatusCode::UNAUTHORIZED), "{path}");
        let tag = asked[0].headers[header::ETAG].clone();
        let request = Request::get(&open).header(header::AUTHORIZATION, format!("Bearer {token}"));
        let same = town.ask(request.header(header::IF_NONE_MATCH, tag).body(Body::empty()).unwrap()).await;
        assert!(same.status == StatusCode::NOT_MODIFIED && answers.contains_key(&304), "{path}");
        let post = Request::builder().method(Method::DELETE).uri(&open).body(Body::empty()).unwrap();
        assert_eq!(town.ask(post).await.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
}

fn document_of() -> impl serde::Serialize {
    document()
}

#[tokio::test]
async fn the_documents_page_shows_every_operation_in_both_languages() {
    let town = Town::open().await;
    for lang in ["zh", "en"] {
        let got = town.get("", &format!("/api?lang={lang}")).await;
        assert_eq!(got.status, StatusCode::OK);
        let said = html::read(&got.text).unwrap();
        for path in serde_json::to_value(document_of()).unwrap()["paths"].as_object().unwrap().keys() {
            assert!(said.contains(path.as_str()), "{path}");
        }
        assert!(!said.contains("api-"), "every word has a text: {said}");
    }
}

/// What changes from county to county is replaced by its place of first appearance.
fn settled(text: &str) -> String {
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let mut settled = String::new();
    for (i, part) in text.split('"').enumerate() {
        let id = i % 2 == 1 && part.len() == 26 && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let next = names.len() + 1;
        let part = if id { format!("device {}", names.entry(part.into()).or_insert(next)) } else { part.into() };
        settled += if i > 0 { "\"" } else { "" };
        settled += &part;
    }
    settled
}

/// Holds that a body is the one that is kept as a file.
pub fn kept(name: &str, path: &str, body: &Value) {
    let text = settled(&(serde_json::to_string_pretty(body).unwrap() + "\n"));
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages/golden").join(format!("{name}.json"));
    if std::env::var_os("SANJI_GOLDEN").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == text, "{name}.json differs from what {path} gives; SANJI_GOLDEN=1 writes it anew:\n{text}");
}

#[tokio::test]
async fn bodies_are_those_that_are_kept_as_files() {
    let town = Town::open().await;
    let token = county_token(&town).await;
    for (name, path) in [
        ("schools", "/api/v1/schools?date=2026-03-04".to_owned()),
        ("day-on-leave", day_of(4, 4)),
        ("day-corrected", day_of(15, 5)),
        ("flagged", "/api/v1/flagged".into()),
        ("week", week(KELE)),
        ("publications", "/api/v1/publications".into()),
        ("document", "/api/openapi.json".into()),
    ] {
        let mut body = town.json(&token, &path).await;
        for part in ["attendance", "days"] {
            // A few people tell the shape.
            let few = [3, 4, 8, 9, 11, 14].map(staff_name);
            if let Some(rows) = body.get_mut(part).and_then(Value::as_array_mut) {
                rows.retain(|row| few.iter().any(|name| row["name"] == name.as_str()));
            }
        }
        kept(name, &path, &body);
    }
}
