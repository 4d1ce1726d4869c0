//! Publishing a week on the page, and what changes afterwards.

use std::sync::{Arc, Mutex};

use axum::http::{StatusCode, header};
use sanji_core::crypto::sha256;
use sanji_core::documents::register::Register;
use sanji_core::ids::{DocId, SchoolId};
use sanji_core::labels;
use sanji_core::records::*;
use sanji_core::sync::message::LogNo;
use sanji_core::sync::phone::Blob;
use sanji_core::sync::relay::book::Book;

use crate::county::*;
use crate::html;
use crate::town::{Got, Town};

fn week(school: SchoolId) -> String {
    format!("/schools/{school}/2026-W10")
}

fn form(school: SchoolId) -> String {
    format!("{}/publish", week(school))
}

fn said(got: &Got) -> String {
    html::read(&got.text).unwrap_or_else(|fault| panic!("{fault}: {}", got.text))
}

/// The county on the Monday after its week, and the phone of somebody who was silent since Wednesday.
async fn monday() -> (Town, Phone) {
    let kept = Arc::new(Mutex::new(None));
    let keep = Arc::clone(&kept);
    let town = Town::with(move |county| {
        county.found();
        county.week();
        *keep.lock().unwrap() = county.phones.remove(&7);
    })
    .await;
    town.clock.to(at(9, 8, 0));
    let phone = kept.lock().unwrap().take().unwrap();
    (town, phone)
}

/// Publishes what the page shows.
async fn publish(town: &Town, cookie: &str) -> Got {
    let page = town.page(cookie, &week(KELE)).await;
    let table = html::hidden(&page, "table").expect("a form");
    town.post(cookie, &form(KELE), &[("table", &table)]).await
}

fn register(town: &Town) -> Register {
    let relay = town.app.relay.clone();
    let doc = DocId::register(KELE, day(2));
    town.app.readers.read(|store| Register::of(&relay.journal(store, doc).unwrap().fold())).unwrap()
}

#[tokio::test]
async fn before_it_is_published_the_head_reads_what_is_missing_and_nobody_else_has_the_button() {
    let (town, _) = monday().await;
    let cookie = town.sign_in("kele0").await;
    let page = town.page(&cookie, &week(KELE)).await;
    let text = html::read(&page).unwrap();
    let missing = text.find("还有 2 部手机没有送来:").unwrap();
    assert!(missing < text.find("公布本周考勤 公布后不再改动").unwrap(), "{text}");
    for part in ["王辛 手机还没送来(最近一次 3月3日 17:41)", "王壬 手机已停用,可能有未送达的记录"]
    {
        assert!(text[missing..].contains(part), "{part} in {text}");
    }
    for role in ["supervisor", "township", "lead", "kele2"] {
        let page = town.page(&town.sign_in(role).await, &week(KELE)).await;
        assert!(html::hidden(&page, "table").is_none() && !page.contains("id=\"publication\""), "{role}");
    }
    assert!(html::hidden(&town.page(&town.sign_in("kele1").await, &week(KELE)).await, "table").is_some(), "the deputy");
}

#[tokio::test]
async fn a_published_week_says_who_when_which_hash_and_what_was_missing() {
    let (town, _) = monday().await;
    let cookie = town.sign_in("kele0").await;
    let got = publish(&town, &cookie).await;
    assert_eq!(got.status, StatusCode::SEE_OTHER, "{}", got.text);
    assert_eq!(got.headers[header::LOCATION], format!("{}#publication", week(KELE)).as_str());
    let text = html::read(&town.page(&cookie, &week(KELE)).await).unwrap();
    let published = register(&town).publications.pop().unwrap();
    let hash: String = published.value.table.0.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    for part in [
        &format!("王甲于 3月9日 08:00 公布,截至记录号 {},校验码 {hash}。", published.value.log),
        "公布时还有 2 部手机没有送来。",
        "公布后没有变化。",
        "不需要再公布",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let (said, county) = (published.value.clone(), town.app.relay.county());
    let (l, blob, newest) = town
        .app
        .readers
        .read(|store| {
            let mut book = Book::new(county, store);
            let n = LogNo(said.log.unsigned_abs());
            (book.l(n).unwrap(), book.blob(&said.rows).unwrap().unwrap(), book.head().unwrap().n)
        })
        .unwrap();
    assert_eq!(l, Some(said.head), "L of the number that it names");
    assert!(said.log.unsigned_abs() < newest.0, "what it saw lies before it");
    let bytes = match blob.bytes {
        Some(bytes) => bytes.0,
        None => town.app.blobs.get(&said.rows).unwrap().unwrap(),
    };
    assert_eq!(sha256(&[labels::PUBLICATION, Blob::content(&bytes)])[..], said.table.0[..], "its rows are kept");
    assert_eq!(town.count("SELECT count(*) FROM act WHERE who = 'kele0' AND act = 'week publish'"), 1);
    let teacher = html::read(&town.page(&town.sign_in("kele2").await, &week(KELE)).await).unwrap();
    assert!(teacher.contains("王甲于 3月9日 08:00 公布") && !teacher.contains("王辛"), "{teacher}");
}

#[tokio::test]
async fn what_arrives_later_is_an_amendment_and_a_second_publication_stands_beside_the_first() {
    let (town, mut phone) = monday().await;
    let cookie = town.sign_in("kele0").await;
    publish(&town, &cookie).await;
    let first = register(&town).publications[0].clone();
    town.happens(move |county| {
        phone.sync(county.relay, county.ledger, at(9, 8, 30));
        phone.sync(county.relay, county.ledger, at(9, 8, 31));
    })
    .await;
    town.clock.to(at(9, 9, 0));
    let page = town.page(&cookie, &week(KELE)).await;
    let text = html::read(&page).unwrap();
    for part in [
        "公布后更正 3 处。",
        "王辛 3月4日 周三 ◌ 手机还没送来",
        "● 在岗 · 在岗",
        "后来的记录:签到签退 3月4日 08:20",
        "公布时还有 2 部手机没有送来",
        "还有 1 部手机没有送来:",
        "再公布一次",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let own = html::read(&town.page(&town.sign_in("kele2").await, &week(KELE)).await).unwrap();
    assert!(!own.contains("王辛") && own.contains("公布后没有变化"), "a colleague's amendment is not shown: {own}");
    assert_eq!(publish(&town, &cookie).await.status, StatusCode::SEE_OTHER);
    let both = register(&town).publications;
    assert_eq!((both.len(), &both[0]), (2, &first), "the first stays as it was");
    let page = html::read(&town.page(&cookie, &week(KELE)).await).unwrap();
    assert!(page.contains("以前的公布") && page.contains("王甲于 3月9日 09:00 公布"), "{page}");
    assert!(page.contains("公布后没有变化") && page.contains("公布后更正 3 处"), "each with its own: {page}");
}

#[tokio::test]
async fn an_unchanged_week_is_not_published_twice_and_a_stale_form_publishes_nothing() {
    let (town, mut phone) = monday().await;
    let cookie = town.sign_in("kele0").await;
    let page = town.page(&cookie, &week(KELE)).await;
    let table = html::hidden(&page, "table").unwrap();
    town.happens(move |county| phone.sync(county.relay, county.ledger, at(9, 8, 0))).await;
    let stale = town.post(&cookie, &form(KELE), &[("table", &table)]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(said(&stale).contains("又有记录送达,所以还没有公布"), "{}", said(&stale));
    assert!(register(&town).publications.is_empty());
    let table = html::hidden(&stale.text, "table").unwrap();
    assert_eq!(town.post(&cookie, &form(KELE), &[("table", &table)]).await.status, StatusCode::SEE_OTHER);
    let twice = town.post(&town.sign_in("kele1").await, &form(KELE), &[("table", &table)]).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    assert!(said(&twice).contains("这一周已经公布,之后没有变化"), "{}", said(&twice));
    assert_eq!(register(&town).publications.len(), 1);
    assert_eq!(town.post(&cookie, &form(KELE), &[]).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_correction_after_publication_names_the_entry_that_made_the_difference() {
    let (town, _) = monday().await;
    let cookie = town.sign_in("kele0").await;
    publish(&town, &cookie).await;
    town.happens(|county| {
        let checks = vec![CheckTime { direction: Direction::Out, at: at(5, 17, 10).secs() }];
        let correction = Correction { date: day(5), checks, reason: "<script>alert(1)</script>".into() };
        county.desk(at(9, 8, 10), person(0), duty(person(5)), vec![], correction);
    })
    .await;
    let page = town.page(&cookie, &week(KELE)).await;
    let text = html::read(&page).unwrap();
    assert!(text.contains("公布后更正 1 处。") && !page.contains("<script"), "{text}");
    assert!(text.contains("王己 3月5日 周四 ✎ 缺签退") && text.contains("后来的记录:补正 3月9日 08:10"), "{text}");
    let supervisor = html::read(&town.page(&town.sign_in("supervisor").await, &week(KELE)).await).unwrap();
    assert!(supervisor.contains("后来的记录:补正"), "{supervisor}");
    let english = html::read(&town.page(&format!("{cookie}; lang=en"), &week(KELE)).await).unwrap();
    assert!(english.contains("Amended in one place after publication."), "{english}");
}

#[tokio::test]
async fn publishing_is_for_the_schools_head_after_the_week_with_the_pages_token() {
    let (town, _) = monday().await;
    let head = town.sign_in("kele0").await;
    let table = html::hidden(&town.page(&head, &week(KELE)).await, "table").unwrap();
    let fields = [("table", table.as_str())];
    for role in ["supervisor", "township", "lead", "admin", "foreign", "kele2", "stranger"] {
        let cookie = town.sign_in(role).await;
        assert_eq!(town.post(&cookie, &form(KELE), &fields).await.status, StatusCode::NOT_FOUND, "{role}");
    }
    let strip = |got: Got, school: SchoolId| (got.status, got.text.replace(&school.to_string(), ""));
    let missing = SchoolId(*b"nowhere-");
    assert_eq!(
        strip(town.post(&head, &form(MAGU), &fields).await, MAGU),
        strip(town.post(&head, &form(missing), &fields).await, missing),
        "a forbidden school looks like a missing one"
    );
    for path in ["/schools/x/2026-W10/publish".to_owned(), format!("/schools/{KELE}/2026-W60/publish")] {
        assert_eq!(town.post(&head, &path, &fields).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let unsigned = town.post_with("guessed", &head, &form(KELE), &fields).await;
    assert_eq!(unsigned.status, StatusCode::FORBIDDEN);
    assert!(said(&unsigned).contains("这张表单已过期"));
    town.clock.to(at(8, 23, 59));
    assert!(html::read(&town.page(&head, &week(KELE)).await).unwrap().contains("这一周结束以后可以公布"));
    let early = town.post(&head, &form(KELE), &fields).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(said(&early).contains("这一周还没有结束"), "{}", said(&early));
    assert!(register(&town).publications.is_empty());
}

#[tokio::test]
async fn rules_that_are_corrected_after_publication_are_amendments_that_say_so() {
    let (town, _) = monday().await;
    let cookie = town.sign_in("kele0").await;
    publish(&town, &cookie).await;
    let first = register(&town).publications[0].clone();
    town.happens(|county| {
        let doc = sanji_core::ids::DocId::county(county.relay.county(), day(1));
        let pack = sanji_core::policy::Pack::named("xihaian-2020").unwrap();
        let map = PackMap {
            pack: sanji_core::review::pack_hash(pack),
            chapter: "office".into(),
            from: day(1),
            townships: vec![],
            schools: vec![KELE],
        };
        county.desk(at(9, 9, 0), ADMIN, doc, vec![], map);
    })
    .await;
    let page = html::read(&town.page(&cookie, &week(KELE)).await).unwrap();
    assert!(page.contains("公布后更正") && page.contains("适用的方案后来有更正"), "{page}");
    assert_eq!(register(&town).publications, [first], "what was published stays");
}
