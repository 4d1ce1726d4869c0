//! A school's roster, invitations, settings, flexible hours, and its devices, as those who look after them meet them.

use axum::http::StatusCode;
use sanji_core::crypto::SecretKey;
use sanji_core::records::field::Bytes;
use sanji_core::sync::enrol::{EnrolRequest, TypedCode};
use sanji_core::sync::message::Via;
use sanji_core::sync::readmit::{Plea, ReadmitAnswer, ReadmitRequest};

use crate::county::*;
use crate::html;
use crate::town::{Got, Town};

fn people() -> String {
    format!("/schools/{KELE}/people")
}

fn said(got: &Got) -> String {
    html::read(&got.text).unwrap()
}

/// The codes to type on a page of invitations.
fn codes(got: &Got) -> Vec<String> {
    let parts = got.text.split("<dd class=\"code\">").skip(1);
    parts.map(|part| part.split('<').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_roster_is_for_the_schools_heads_and_the_administrator() {
    let town = Town::open().await;
    let settings = format!("/schools/{KELE}/settings");
    let row = format!("{}/{}", people(), posting(person(3)));
    for (role, status) in [
        ("kele0", 200),
        ("kele1", 200),
        ("admin", 200),
        ("supervisor", 404),
        ("township", 404),
        ("kele2", 404),
        ("lead", 404),
        ("foreign", 404),
        ("stranger", 404),
    ] {
        let cookie = town.sign_in(role).await;
        for path in [&people(), &settings, &row] {
            assert_eq!(town.get(&cookie, path).await.status.as_u16(), status, "{role} at {path}");
        }
        if status == 404 {
            for path in ["add", "invite"] {
                let path = format!("{}/{path}", people());
                assert_eq!(town.post(&cookie, &path, &[("kiosk", "1")]).await.status.as_u16(), 404, "{role} at {path}");
            }
            for path in [settings.clone(), row.clone(), format!("{row}/flexible")] {
                assert_eq!(
                    town.post(&cookie, &path, &[("from", "2026-03-07")]).await.status.as_u16(),
                    404,
                    "{role} {path}"
                );
            }
        }
    }
    let head = town.sign_in("kele0").await;
    for path in ["/schools/x/people", "/schools/aaaaaaaaaaaaa/people", "/schools/x/settings"] {
        assert_eq!(town.get(&head, path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn an_invited_phone_enrols_by_the_picture_and_a_form_sent_twice_shows_the_same_cards() {
    let town = Town::open().await;
    let head = town.sign_in("kele0").await;
    let page = town.page(&head, &people()).await;
    let draw = html::hidden(&page, "draw").unwrap();
    let who = posting(person(9)).to_string();
    let fields = [("draw", draw.as_str()), ("who", who.as_str()), ("kiosk", "1")];
    let first = town.post(&head, &format!("{}/invite", people()), &fields).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text);
    let second = town.post(&head, &format!("{}/invite", people()), &fields).await;
    assert_eq!((codes(&first).len(), codes(&first)), (2, codes(&second)));
    let invitations = town.count("SELECT count(*) FROM \"invitation\"");
    assert_eq!(invitations, 2);
    assert!(said(&first).contains(&staff_name(9)) && first.text.contains("<svg class=\"qr\""));

    let code = TypedCode::parse(&codes(&first)[0]).unwrap();
    let invitation = code.with_card(town.app.card.clone()).unwrap();
    let key = SecretKey::from_seed(&[77; 32]);
    let request = EnrolRequest::new(town.app.relay.county(), &invitation.secret, 1, &key);
    let relay = town.app.relay.clone();
    let work = move |store: &mut sanji_server::store::SqliteLedger, now| relay.welcome(store, now, &request);
    town.app.writer.run(work).await.unwrap().unwrap();
    town.pages.catch_up().await.unwrap();
    let device = town.app.readers.read(|store| {
        sanji_core::sync::relay::book::Book::new(town.app.relay.county(), store)
            .device_of(key.public().actor())
            .unwrap()
    });
    let device = device.unwrap().unwrap();
    assert_eq!((device.via, device.person), (Via::Phone, Some(person(9))));
    let third = town.post(&head, &format!("{}/invite", people()), &fields).await;
    assert_eq!(codes(&third), codes(&first), "a used invitation stays used");
    assert_eq!(town.count("SELECT count(*) FROM \"invitation\""), 2);
}

#[tokio::test]
async fn nobody_is_invited_of_another_school_or_who_has_left() {
    let town = Town::open().await;
    let head = town.sign_in("kele0").await;
    let invite = format!("{}/invite", people());
    let none = town.post(&head, &invite, &[("draw", "x")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(said(&none).contains("请先选中要邀请的人"), "{}", said(&none));
    let foreign = posting(FOREIGN_HEAD).to_string();
    for who in [foreign.as_str(), "x"] {
        assert_eq!(town.post(&head, &invite, &[("who", who)]).await.status, StatusCode::NOT_FOUND, "{who}");
    }
    assert_eq!(town.count("SELECT count(*) FROM \"invitation\""), 0);
}

#[tokio::test]
async fn somebody_new_is_put_on_the_roster_once_however_often_the_form_is_sent() {
    let town = Town::open().await;
    let head = town.sign_in("kele0").await;
    let draw = html::hidden(&town.page(&head, &people()).await, "draw").unwrap();
    let fields = [
        ("draw", draw.as_str()),
        ("name", " 新<b>\r\n\0老师"),
        ("role", "staff"),
        ("from", "2026-03-07"),
        ("teaches", "1"),
    ];
    for _ in 0..2 {
        let got = town.post(&head, &format!("{}/add", people()), &fields).await;
        assert_eq!(got.status, StatusCode::SEE_OTHER, "{}", got.text);
    }
    let page = town.page(&head, &people()).await;
    assert!(page.contains("新&lt;b&gt; 老师") && !page.contains("新<b>"), "{page}");
    assert_eq!(town.count("SELECT count(*) FROM view_posting WHERE name LIKE '新%'"), 1);
    let named = fields.map(|(name, value)| (name, if name == "role" { "principal" } else { value }));
    let got = town.post(&head, &format!("{}/add", people()), &named).await;
    assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY, "a principal makes no principals");
    for (field, value, words) in [
        ("name", " ", "请填写姓名"),
        ("from", "03/07", "请填写日期"),
        ("from", "0001-01-01", "请填写日期"),
        ("from", "9999-12-31", "请填写日期"),
        ("to", "2026-03-01", "最后一天不能早于第一天"),
        ("to", "soon", "请填写日期"),
    ] {
        let mut bad = fields.map(|(name, held)| (name, if name == field { value } else { held })).to_vec();
        if field == "to" {
            bad.push((field, value));
        }
        let got = town.post(&head, &format!("{}/add", people()), &bad).await;
        assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}={value}");
        assert!(said(&got).contains(words), "{words} in {}", said(&got));
    }
}

#[tokio::test]
async fn a_row_is_changed_by_who_may_and_what_was_said_before_stays() {
    let town = Town::open().await;
    let head = town.sign_in("kele0").await;
    let row = format!("{}/{}", people(), posting(person(3)));
    let page = town.page(&head, &row).await;
    let seen = html::hidden(&page, "seen").unwrap();
    let fields =
        [("seen", seen.as_str()), ("name", "改名"), ("role", "staff"), ("from", "2026-03-01"), ("to", "2026-07-31")];
    assert_eq!(town.post(&head, &row, &fields).await.status, StatusCode::SEE_OTHER);
    let page = html::read(&town.page(&head, &people()).await).unwrap();
    assert!(page.contains("改名") && page.contains("7月31日") && page.contains("不任课"), "{page}");
    let stale = fields.map(|(name, value)| (name, if name == "name" { "又改名" } else { value }));
    let got = town.post(&head, &row, &stale).await;
    assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(said(&got).contains("这一行在您打开页面之后已有变化"), "{}", said(&got));
    // Nobody changes their own row; the deputy's is the county's to change.
    for i in [0, 1] {
        let own = format!("{}/{}", people(), posting(person(i)));
        assert!(html::hidden(&town.page(&head, &own).await, "seen").is_none(), "{i}");
        assert_eq!(town.post(&head, &own, &fields).await.status, StatusCode::NOT_FOUND, "{i}");
        let admin = town.sign_in("admin").await;
        assert!(html::hidden(&town.page(&admin, &own).await, "seen").is_some(), "{i}");
    }
}

#[tokio::test]
async fn flexible_hours_are_granted_to_others_with_a_ground() {
    let town = Town::open().await;
    let head = town.sign_in("kele0").await;
    let row = format!("{}/{}", people(), posting(person(3)));
    let fields = [("from", "2026-03-09"), ("to", "2026-03-20"), ("ground", "照顾病人")];
    for (field, value, words) in
        [("ground", "", "请用几个字说明原因"), ("to", "", "请填写日期"), ("to", "2026-03-01", "最后一天不能早于第一天")]
    {
        let bad = fields.map(|(name, held)| (name, if name == field { value } else { held }));
        let got = town.post(&head, &format!("{row}/flexible"), &bad).await;
        assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}={value}");
        assert!(said(&got).contains(words), "{words} in {}", said(&got));
    }
    for _ in 0..2 {
        assert_eq!(town.post(&head, &format!("{row}/flexible"), &fields).await.status, StatusCode::SEE_OTHER);
    }
    let page = html::read(&town.page(&head, &row).await).unwrap();
    assert_eq!(page.matches("照顾病人").count(), 1, "{page}");
    let own = format!("{}/{}/flexible", people(), posting(person(0)));
    assert_eq!(town.post(&head, &own, &fields).await.status, StatusCode::NOT_FOUND, "nobody decides for themselves");
    let admin = town.sign_in("admin").await;
    assert_eq!(town.post(&admin, &format!("{row}/flexible"), &fields).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn settings_hold_from_a_day_on_and_windows_only_where_the_pack_lets_them_be_shifted() {
    let town = Town::open().await;
    let head = town.sign_in("kele0").await;
    let settings = format!("/schools/{KELE}/settings");
    let page = html::read(&town.page(&head, &settings).await).unwrap();
    assert!(page.contains("集中办公时间由方案规定"), "a primary school's windows are fixed: {page}");
    let fields = [("from", "2026-03-09"), ("boarding", "1"), ("dismissal", "16:10"), ("rules_version", "2026-1")];
    assert_eq!(town.post(&head, &settings, &fields).await.status, StatusCode::SEE_OTHER);
    let written = town.count("SELECT count(*) FROM view_entry");
    assert_eq!(town.post(&head, &settings, &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(town.count("SELECT count(*) FROM view_entry"), written, "what holds already is not said again");
    town.clock.to(at(9, 10, 0));
    let head = town.sign_in("kele0").await;
    let page = town.page(&head, &settings).await;
    assert!(page.contains("value=\"16:10\"") && page.contains("value=\"2026-1\"") && page.contains("设定"), "{page}");
    for (field, value, words) in
        [("from", "", "请填写日期"), ("dismissal", "4pm", "请填写时间"), ("window0", "08:00", "请把四个时间都填上")]
    {
        let mut bad: Vec<(&str, &str)> = fields.iter().filter(|(name, _)| *name != field).copied().collect();
        bad.push((field, value));
        let got = town.post(&head, &settings, &bad).await;
        assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}={value}");
        if field != "window0" {
            assert!(said(&got).contains(words), "{words} in {}", said(&got));
        }
    }
}

/// The device of the larger school's member `i`.
fn device_of(town: &Town, i: u8) -> String {
    let read = town.app.readers.read(|store| {
        let mut book = sanji_core::sync::relay::book::Book::new(town.app.relay.county(), store);
        let devices = book.devices_of(&person(i).0).unwrap();
        devices.into_iter().find(|device| device.via == Via::Phone).map(|device| device.actor().to_string())
    });
    read.unwrap().unwrap()
}

#[tokio::test]
async fn an_administrator_stops_a_device_and_ceases_to_wait_for_it() {
    let town = Town::open().await;
    let admin = town.sign_in("admin").await;
    let device = format!("/devices/{}", device_of(&town, 2));
    let unsure = town.post(&admin, &device, &[("act", "revoke")]).await;
    assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(said(&unsure).contains("请先勾选"), "{}", said(&unsure));
    let ahead = [("act", "retire"), ("why", "lost"), ("day", "2026-03-07"), ("time", "23:00")];
    let got = town.post(&admin, &device, &ahead).await;
    assert!(said(&got).contains("时间不能晚于现在"), "{}", said(&got));
    let lost = [("act", "retire"), ("why", "lost"), ("day", "2026-03-06"), ("time", "12:00")];
    for _ in 0..2 {
        assert_eq!(town.post(&admin, &device, &lost).await.status, StatusCode::SEE_OTHER);
        let sure = [("act", "revoke"), ("sure", "1")];
        assert_eq!(town.post(&admin, &device, &sure).await.status, StatusCode::SEE_OTHER);
    }
    let page = html::read(&town.page(&admin, &device).await).unwrap();
    assert!(page.contains("报失") && page.contains("不再接收"), "{page}");
    assert_eq!(town.count("SELECT count(*) FROM act WHERE act IN ('device revoke', 'device retire')"), 2);
    assert!(html::read(&town.page(&admin, "/devices").await).unwrap().contains("报失"));
}

#[tokio::test]
async fn a_device_is_seen_by_its_owner_and_who_looks_after_it_and_touched_by_the_administrator_only() {
    let town = Town::open().await;
    let device = format!("/devices/{}", device_of(&town, 2));
    for (role, status) in [
        ("kele0", 200),
        ("kele2", 200),
        ("supervisor", 200),
        ("township", 200),
        ("admin", 200),
        ("kele4", 404),
        ("lead", 404),
        ("foreign", 404),
        ("stranger", 404),
    ] {
        let cookie = town.sign_in(role).await;
        let got = town.get(&cookie, &device).await;
        assert_eq!(got.status.as_u16(), status, "{role}");
        if status == 200 {
            assert_eq!(got.text.contains("value=\"revoke\""), role == "admin", "{role}");
        }
        if role != "admin" {
            for fields in [&[("act", "revoke"), ("sure", "1")][..], &[("act", "confirm")], &[("act", "outage")]] {
                assert_eq!(town.post(&cookie, &device, fields).await.status, StatusCode::NOT_FOUND, "{role}");
            }
        }
    }
    let admin = town.sign_in("admin").await;
    for path in ["/devices/x", "/devices/00000000000000000000000000000000"] {
        assert_eq!(town.get(&admin, path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(town.post(&admin, &device, &[("act", "destroy")]).await.status, StatusCode::NOT_FOUND);
}

/// A phone of a teacher whose key is gone asks; gives the device and the digits that it shows.
async fn asks(town: &Town, seed: u8) -> (String, u32) {
    let key = SecretKey::from_seed(&[seed; 32]);
    let device = key.public().actor().to_string();
    let asked = town.happens(move |county| {
        let plea = Plea {
            county: county.relay.county(),
            key: Bytes::default(),
            person: Some(person(2)),
            kiosk: None,
            old: SecretKey::from_seed(&[seed + 1; 32]).public().actor(),
            sealed: None,
            build: 1,
        };
        let request = ReadmitRequest::new(plea, &key);
        county.relay.readmit(county.ledger, at(7, 9, 0), &request, |_| None).unwrap()
    });
    let ReadmitAnswer::Waiting(digits) = asked.await else { panic!() };
    (device, digits)
}

#[tokio::test]
async fn a_phone_whose_key_is_gone_is_let_in_by_a_head_who_types_its_six_digits() {
    let town = Town::open().await;
    let (head, colleague, foreign) =
        (town.sign_in("kele0").await, town.sign_in("kele4").await, town.sign_in("foreign").await);
    assert!(!town.page(&head, "/devices").await.contains("/devices/asking"));
    let (device, digits) = asks(&town, 77).await;
    assert!(town.page(&head, "/devices").await.contains("/devices/asking"));
    for other in [&colleague, &foreign] {
        assert!(!town.page(other, "/devices/asking").await.contains(&device));
        let tried =
            town.post(other, "/devices/asking", &[("device", &device), ("digits", &format!("{digits:06}"))]).await;
        assert_eq!(tried.status, StatusCode::SEE_OTHER, "it looks as if nobody asked");
    }
    assert!(town.page(&head, "/devices/asking").await.contains(&device));
    let wrong = format!("{:06}", (digits + 1) % 1_000_000);
    for bad in [wrong.as_str(), "12345", "六位数"] {
        let got = town.post(&head, "/devices/asking", &[("device", &device), ("digits", bad)]).await;
        assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
        assert!(said(&got).contains("六位数不符"), "{}", said(&got));
    }
    for _ in 0..2 {
        let typed = format!("{:03} {:03}", digits / 1000, digits % 1000);
        let got = town.post(&head, "/devices/asking", &[("device", &device), ("digits", &typed)]).await;
        assert_eq!(got.status, StatusCode::SEE_OTHER);
    }
    assert!(!town.page(&head, "/devices/asking").await.contains(&device));
    assert_eq!(town.count("SELECT count(*) FROM act WHERE who = 'kele0' AND act = 'device approve'"), 1);
}

#[tokio::test]
async fn after_five_wrong_tries_on_the_page_the_digits_are_others() {
    let town = Town::open().await;
    let admin = town.sign_in("admin").await;
    let (device, digits) = asks(&town, 79).await;
    for _ in 0..5 {
        let wrong = format!("{:06}", (digits + 1) % 1_000_000);
        town.post(&admin, "/devices/asking", &[("device", &device), ("digits", &wrong)]).await;
    }
    assert_ne!(asks(&town, 79).await.1, digits);
    let late = town.post(&admin, "/devices/asking", &[("device", &device), ("digits", &format!("{digits:06}"))]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
}
