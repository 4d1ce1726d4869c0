//! Requests that wait: whose decision they wait for, deciding many at once, and everything that is refused.

use axum::http::{StatusCode, header};
use sanji_core::ids::PersonId;
use sanji_core::records::*;
use sanji_core::sync::message::SmallBlob;

use crate::county::*;
use crate::html;
use crate::town::{Got, Town};

/// The log numbers of the requests that a page offers.
fn offered(page: &str) -> Vec<String> {
    let parts = page.split("name=\"pick\" value=\"").skip(1);
    parts.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

fn said(got: &Got) -> String {
    html::read(&got.text).unwrap_or_else(|fault| panic!("{fault}: {}", got.text))
}

fn leave(d: i8) -> Leave {
    let (from, to) = (at(d, 8, 0).secs(), at(d, 17, 30).secs());
    Leave { kind: "personal".into(), from, to, reason: None, certificate: None }
}

/// A leave that somebody asks for at a desk of their own: on the page of a phone it would be the same entry.
async fn asks(town: &Town, who: PersonId, body: impl Into<Body> + Send + 'static) -> EntryRef {
    town.happens(move |county| county.desk(at(7, 9, 0), who, duty(who), vec![], body)).await
}

#[tokio::test]
async fn whoever_decides_sees_in_the_navigation_how_much_waits_and_nobody_else_has_the_page() {
    let town = Town::open().await;
    for (role, waits) in [("kele0", Some(2)), ("kele1", Some(2)), ("supervisor", Some(0)), ("foreign", Some(0))] {
        let cookie = town.sign_in(role).await;
        let page = town.page(&cookie, "/devices").await;
        assert!(page.contains("href=\"/queue\""), "{role}");
        let shown =
            page.split("<b class=\"count\">").nth(1).map(|rest| rest.split('<').next().unwrap().parse().unwrap());
        assert_eq!(shown.or(Some(0)), waits, "{role}");
        assert_eq!(offered(&town.page(&cookie, "/queue").await).len(), waits.unwrap(), "{role}");
    }
    for role in ["kele2", "kele4", "township", "lead", "admin", "stranger"] {
        let cookie = town.sign_in(role).await;
        assert!(!town.page(&cookie, "/devices").await.contains("href=\"/queue\""), "{role}");
        assert_eq!(town.get(&cookie, "/queue").await.status, StatusCode::NOT_FOUND, "{role}");
    }
}

#[tokio::test]
async fn the_queue_says_who_asks_what_for_when_why_and_since_when() {
    let town = Town::open().await;
    let cookie = town.sign_in("kele0").await;
    let checks = vec![CheckTime { direction: Direction::Out, at: at(5, 17, 20).secs() }];
    let reason = "<script>alert('忘了')</script>&".to_owned();
    let request = CorrectionRequest { date: day(5), checks, reason: reason.clone(), evidence: None };
    asks(&town, person(5), request).await;
    let page = town.page(&cookie, "/queue").await;
    let text = html::read(&page).unwrap();
    for part in [
        "有 3 项等您审批",
        "最早的一项 3月2日 17:40 送达",
        "李乙",
        "请假(事假)",
        "3月6日 08:00–17:30",
        "李丁",
        "王己",
        "补正 3月5日 周四 补 下班签退 17:20",
        "可乐小学",
        "没有写原因",
        "4 天",
        &reason,
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!page.contains("<script"));
    let english = html::read(&town.page(&format!("{cookie}; lang=en"), "/queue").await).unwrap();
    assert!(
        english.contains("3 requests wait for your decision") && english.contains("add check out 17:20"),
        "{english}"
    );
}

#[tokio::test]
async fn many_are_approved_at_once_and_the_days_show_it() {
    let town = Town::open().await;
    let cookie = town.sign_in("kele0").await;
    let picks = offered(&town.page(&cookie, "/queue").await);
    let fields: Vec<(&str, &str)> = picks.iter().map(|n| ("pick", n.as_str())).collect();
    let got = town.post(&cookie, "/queue", &[&fields[..], &[("decision", "approved"), ("reason", "")]].concat()).await;
    assert_eq!((got.status, &got.headers[header::LOCATION].to_str().unwrap()), (StatusCode::SEE_OTHER, &"/queue"));
    let after = html::read(&town.page(&cookie, "/queue").await).unwrap();
    assert!(after.contains("没有等您审批的事项"), "{after}");
    assert!(after.contains("您最近的审批") && after.contains("已批准(王甲,3月7日 10:00)"), "{after}");
    let path = format!("/postings/{}/2026-03-06", posting(person(11)));
    let seen = html::read(&town.page(&cookie, &path).await).unwrap();
    assert!(seen.contains("◇ 请假") && seen.contains("请假审批: 已批准"), "{seen}");
    assert!(seen.contains("由王甲写入") && seen.contains("网页"), "{seen}");
    assert_eq!(town.count("SELECT count(*) FROM act WHERE who = 'kele0' AND act = 'request approve'"), 2);
    let subject = format!("SELECT count(*) FROM act WHERE subject = '{} {}'", posting(person(11)), picks[1]);
    let other = format!("SELECT count(*) FROM act WHERE subject = '{} {}'", posting(person(11)), picks[0]);
    assert_eq!(town.count(&subject) + town.count(&other), 1, "the trail says whose request it was");
}

#[tokio::test]
async fn a_no_needs_a_reason_and_what_was_picked_stays_picked() {
    let town = Town::open().await;
    let cookie = town.sign_in("kele0").await;
    let picks = offered(&town.page(&cookie, "/queue").await);
    let no = |reason: &'static str| [("pick", picks[0].as_str()), ("decision", "refused"), ("reason", reason)];
    let got = town.post(&cookie, "/queue", &no(" ")).await;
    assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(said(&got).contains("请用几个字说明原因"), "{}", got.text);
    assert!(got.text.contains("id=\"fault-reason\"") && got.text.contains("aria-describedby=\"fault-reason\""));
    assert_eq!(got.text.matches(" checked").count(), 1, "{}", got.text);
    assert_eq!(offered(&town.page(&cookie, "/queue").await).len(), 2, "nothing was decided");
    let got = town.post(&cookie, "/queue", &no("\"><script>alert(1)</script>人手不够")).await;
    assert_eq!(got.status, StatusCode::SEE_OTHER);
    let page = town.page(&cookie, "/queue").await;
    assert!(html::read(&page).unwrap().contains("未批准(王甲,3月7日 10:00)"), "{page}");
    let path = page.split("class=\"recent\"").nth(1).and_then(|rest| rest.split("href=\"").nth(1)).unwrap();
    let day = town.page(&cookie, path.split(['"', '#']).next().unwrap()).await;
    assert!(!day.contains("<script") && html::read(&day).unwrap().contains("<script>alert(1)</script>人手不够"));
}

#[tokio::test]
async fn a_form_sent_twice_and_one_that_others_decided_meanwhile_do_nothing_and_say_so() {
    let town = Town::open().await;
    let (cookie, deputy) = (town.sign_in("kele0").await, town.sign_in("kele1").await);
    let picks = offered(&town.page(&cookie, "/queue").await);
    let one = [("pick", picks[0].as_str()), ("decision", "approved")];
    assert_eq!(town.post(&cookie, "/queue", &one).await.status, StatusCode::SEE_OTHER);
    let entries = "SELECT count(*) FROM view_entry WHERE kind = 64 AND via = 'desk'";
    let written = town.count(entries);
    let twice = town.post(&cookie, "/queue", &one).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    assert!(said(&twice).contains("这次一项都没有办理") && said(&twice).contains("已批准(王甲"), "{}", said(&twice));
    let both = [("pick", picks[0].as_str()), ("pick", picks[1].as_str()), ("decision", "refused"), ("reason", "缺人")];
    let late = town.post(&deputy, "/queue", &both).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "all or nothing");
    assert!(late.text.contains("value=\"缺人\"") && late.text.matches(" checked").count() == 1, "{}", late.text);
    assert_eq!(town.count(entries), written);
    assert_eq!(offered(&town.page(&deputy, "/queue").await), [picks[1].clone()]);
}

#[tokio::test]
async fn a_request_that_was_changed_or_withdrawn_since_the_page_was_opened_is_not_decided() {
    let town = Town::open().await;
    let cookie = town.sign_in("kele0").await;
    let asked = asks(&town, person(14), leave(9)).await;
    let picks = offered(&town.page(&cookie, "/queue").await);
    let old = picks.last().unwrap().clone();
    town.happens(move |county| county.desk(at(7, 9, 30), person(14), duty(person(14)), vec![asked], leave(10))).await;
    let got = town.post(&cookie, "/queue", &[("pick", &old), ("decision", "approved")]).await;
    assert_eq!(got.status, StatusCode::CONFLICT);
    assert!(said(&got).contains("申请已修改、撤回或销假"), "{}", said(&got));
    let page = town.page(&cookie, "/queue").await;
    let new = offered(&page).last().unwrap().clone();
    assert!(new != old && html::read(&page).unwrap().contains("修改过的申请"), "{page}");
    let got = town.post(&cookie, "/queue", &[("pick", &new), ("decision", "approved")]).await;
    assert_eq!(got.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_was_approved_stays_said_while_its_change_waits() {
    let town = Town::open().await;
    let cookie = town.sign_in("kele0").await;
    let asked = asks(&town, person(14), leave(9)).await;
    let n = offered(&town.page(&cookie, "/queue").await).pop().unwrap();
    town.post(&cookie, "/queue", &[("pick", &n), ("decision", "approved")]).await;
    let longer = Leave { to: at(10, 17, 30).secs(), ..leave(9) };
    town.happens(move |county| county.desk(at(7, 9, 50), person(14), duty(person(14)), vec![asked], longer)).await;
    let text = html::read(&town.page(&cookie, "/queue").await).unwrap();
    assert!(text.contains("已批准 3月9日 08:00–17:30,其余待批"), "{text}");
}

#[tokio::test]
async fn nobody_decides_on_their_own_and_a_principals_waits_for_deputy_and_supervisor() {
    let town = Town::open().await;
    let (own, deputy) = (town.sign_in("kele0").await, town.sign_in("kele1").await);
    let supervisor = town.sign_in("supervisor").await;
    asks(&town, person(0), leave(11)).await;
    let n = offered(&town.page(&supervisor, "/queue").await);
    assert_eq!(n.len(), 1, "only what a principal may not decide");
    assert!(offered(&town.page(&deputy, "/queue").await).contains(&n[0]));
    assert!(!offered(&town.page(&own, "/queue").await).contains(&n[0]));
    let fields = [("pick", n[0].as_str()), ("decision", "approved")];
    for (role, cookie) in [("kele0", &own), ("foreign", &town.sign_in("foreign").await)] {
        let got = town.post(cookie, "/queue", &fields).await;
        assert_eq!(got.status, StatusCode::NOT_FOUND, "{role}");
        assert!(!got.text.contains("王甲") || role == "kele0", "{role} learns nothing");
    }
    for role in ["kele2", "township", "lead", "admin", "stranger"] {
        let cookie = town.sign_in(role).await;
        assert_eq!(town.post(&cookie, "/queue", &fields).await.status, StatusCode::NOT_FOUND, "{role}");
    }
    assert_eq!(town.count("SELECT count(*) FROM look WHERE page = 'queue' AND account = 'supervisor'"), 1);
    assert_eq!(town.post(&supervisor, "/queue", &fields).await.status, StatusCode::SEE_OTHER);
    assert!(offered(&town.page(&deputy, "/queue").await).len() == 2, "decided once for all");
}

#[tokio::test]
async fn a_form_without_the_pages_token_and_one_that_says_nothing_are_refused_in_words() {
    let town = Town::open().await;
    let cookie = town.sign_in("kele0").await;
    let picks = offered(&town.page(&cookie, "/queue").await);
    let fields = [("pick", picks[0].as_str()), ("decision", "approved")];
    for (lang, words) in [("zh", "这张表单已过期"), ("en", "This form is no longer valid")] {
        let got = town.post_with("guessed", &format!("{cookie}; lang={lang}"), "/queue", &fields).await;
        assert_eq!(got.status, StatusCode::FORBIDDEN);
        assert!(said(&got).contains(words), "{}", got.text);
    }
    let signed_out = town.post_with("guessed", "", "/queue", &fields).await;
    assert_eq!(signed_out.headers[header::LOCATION], "/sign-in?to=%2Fqueue&form=1");
    for (fields, status, words) in [
        (vec![("decision", "approved")], StatusCode::UNPROCESSABLE_ENTITY, "请先选中"),
        (vec![fields[0]], StatusCode::UNPROCESSABLE_ENTITY, "请选择批准或不批准"),
        (vec![fields[0], ("decision", "perhaps")], StatusCode::UNPROCESSABLE_ENTITY, "请选择批准或不批准"),
        (vec![("pick", "x"), fields[1]], StatusCode::NOT_FOUND, "没有这一页"),
        (vec![("pick", "99999999"), fields[1]], StatusCode::NOT_FOUND, "没有这一页"),
        (vec![("pick", "1"), fields[1]], StatusCode::NOT_FOUND, "没有这一页"),
    ] {
        let got = town.post(&cookie, "/queue", &fields).await;
        assert_eq!(got.status, status, "{fields:?}");
        assert!(said(&got).contains(words), "{fields:?}: {}", said(&got));
    }
    let long = "长".repeat(501);
    let got = town.post(&cookie, "/queue", &[fields[0], ("decision", "refused"), ("reason", &long)]).await;
    assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(said(&got).contains("文字太长,请缩短") && got.text.contains(&long), "what was typed can be made shorter");
    assert_eq!(offered(&town.page(&cookie, "/queue").await), picks, "nothing was decided by any of it");
}

#[tokio::test]
async fn reason_and_certificate_of_a_leave_open_for_whoever_decides_and_for_nobody_else() {
    let town = Town::open().await;
    town.happens(|county| {
        let mut phone = county.phone(60, person(14));
        let blob = |content: &[u8]| SmallBlob { doc: duty(person(14)), bytes: [&[7; 16][..], content].concat() };
        let (text, picture) = (blob("<b>发烧</b> 38.5°".as_bytes()), blob(b"\xff\xd8\xff\xe0 a picture"));
        let hash = |blob: &SmallBlob| sanji_core::crypto::BlobHash(sanji_core::crypto::sha256(&[&blob.bytes]));
        let body = Leave { reason: Some(hash(&text)), certificate: Some(hash(&picture)), ..leave(9) };
        phone.record(at(7, 9, 0), duty(person(14)), vec![], body);
        phone.bring(vec![text, picture]);
        phone.sync(county.relay, county.ledger, at(7, 9, 1));
    })
    .await;
    let cookie = town.sign_in("kele0").await;
    let page = town.page(&cookie, "/queue").await;
    assert!(html::read(&page).unwrap().contains("<b>发烧</b> 38.5°"), "{page}");
    let path = page.split("href=\"").find(|part| part.starts_with("/evidence/")).unwrap().split('"').next().unwrap();
    let got = town.get(&cookie, path).await;
    assert_eq!((got.status, got.headers[header::CONTENT_TYPE].to_str().unwrap()), (StatusCode::OK, "image/jpeg"));
    for role in ["kele2", "foreign", "lead", "admin", "stranger"] {
        assert_eq!(town.get(&town.sign_in(role).await, path).await.status, StatusCode::NOT_FOUND, "{role}");
    }
    let supervisor = town.sign_in("supervisor").await;
    let looks = town.count("SELECT count(*) FROM look");
    assert_eq!(town.get(&supervisor, path).await.status, StatusCode::OK);
    assert_eq!(town.count("SELECT count(*) FROM look"), looks + 1, "a reviewer's look is written down");
}
