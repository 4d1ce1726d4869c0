//! One's own account, one-time links, and the administrator's page of accounts.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use crate::county::*;
use crate::html;
use crate::town::{Got, PASSWORD, Town};

const NEW: &str = "a long new password";

/// Sends a form without a session.
async fn post(town: &Town, path: &str, fields: &[(&str, &str)]) -> Got {
    let body: Vec<String> = fields.iter().map(|(key, value)| format!("{key}={}", value.replace(' ', "+"))).collect();
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    town.ask(request.body(Body::from(body.join("&"))).unwrap()).await
}

fn said(got: &Got) -> String {
    html::read(&got.text).unwrap()
}

/// The path of the one-time link on a page.
fn link(got: &Got) -> String {
    let at = got.text.find("/welcome/").unwrap();
    got.text[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || "/-_".contains(*c)).collect()
}

#[tokio::test]
async fn a_new_password_ends_every_other_session() {
    let town = Town::open().await;
    let (here, there) = (town.sign_in("kele2").await, town.sign_in("kele2").await);
    assert!(html::read(&town.page(&here, "/account").await).unwrap().contains("现在共有 2 处登录"));
    let fields = [("current", PASSWORD), ("password", NEW), ("again", NEW)];
    let got = town.post(&here, "/account/password", &fields).await;
    assert_eq!(got.status, StatusCode::SEE_OTHER, "{}", got.text);
    let anew = got.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let page = town.page(&anew, "/account?done=password").await;
    assert!(html::read(&page).unwrap().contains("密码已更改") && page.contains("现在共有 1 处登录"), "{page}");
    for old in [here, there] {
        assert_eq!(town.get(&old, "/account").await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(town.enter("kele2", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(town.enter("kele2", NEW).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_bad_new_password_is_said_at_its_field_and_changes_nothing() {
    let town = Town::open().await;
    let cookie = town.sign_in("kele2").await;
    for (current, password, again, words) in [
        (PASSWORD, "short", "short", "密码须有 10 到 200 个字符"),
        (PASSWORD, "kele2 and more", "kele2 and more", "密码里不能有账户名"),
        (PASSWORD, NEW, "a long new passwort", "两次输入的密码不一样"),
        ("not the password", NEW, NEW, "现在的密码不对"),
    ] {
        let fields = [("current", current), ("password", password), ("again", again)];
        let got = town.post(&cookie, "/account/password", &fields).await;
        assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(said(&got).contains(words), "{words} in {}", said(&got));
        for typed in [current, password, again] {
            assert!(!got.text.contains(&format!("value=\"{typed}\"")), "no password is shown again");
        }
    }
    assert_eq!(town.enter("kele2", PASSWORD).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn guessing_the_current_password_has_to_wait_like_signing_in() {
    let town = Town::open().await;
    let cookie = town.sign_in("kele2").await;
    let fields = [("current", "guessed guessed"), ("password", NEW), ("again", NEW)];
    for _ in 0..5 {
        assert_eq!(town.post(&cookie, "/account/password", &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let got = town.post(&cookie, "/account/password", &fields).await;
    assert_eq!(got.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(said(&got).contains("请在 10:01 以后再试"), "{}", said(&got));
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_session() {
    let town = Town::open().await;
    let (here, there) = (town.sign_in("supervisor").await, town.sign_in("supervisor").await);
    let other = town.sign_in("kele0").await;
    let got = town.post(&here, "/account/sign-out-everywhere", &[]).await;
    assert_eq!((got.status, got.headers[header::LOCATION].to_str().unwrap()), (StatusCode::SEE_OTHER, "/sign-in"));
    for old in [here, there] {
        assert_eq!(town.get(&old, "/county").await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(town.get(&other, "/account").await.status, StatusCode::OK, "other people's stay");
}

#[tokio::test]
async fn an_account_is_made_with_a_link_by_which_its_owner_alone_sets_the_password() {
    let town = Town::open().await;
    let admin = town.sign_in("admin").await;
    let fields = [("account", "wang.fang"), ("display", "王芳"), ("role", "township"), ("scope", "township:可乐乡")];
    let made = town.post(&admin, "/accounts/add", &fields).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    let welcome = link(&made);
    let twice = town.post(&admin, "/accounts/add", &fields).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(said(&twice).contains("这个账户名已有人用") && twice.text.contains("value=\"王芳\""), "{}", twice.text);

    // A program that previews links uses nothing up.
    for _ in 0..2 {
        let got = town.get("", &welcome).await;
        assert_eq!(got.status, StatusCode::OK);
        assert!(said(&got).contains("请为账户 wang.fang 设置密码"), "{}", said(&got));
    }
    let bad = post(&town, &welcome, &[("password", "short"), ("again", "short")]).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    let got = post(&town, &welcome, &[("password", NEW), ("again", NEW)]).await;
    assert_eq!(got.status, StatusCode::SEE_OTHER, "{}", got.text);
    let cookie = got.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let own = html::read(&town.page(&cookie, "/account").await).unwrap();
    assert!(own.contains("乡镇中心 · 可乐乡"), "{own}");
    assert_eq!(town.get(&cookie, "/county").await.status, StatusCode::OK);
    for got in [town.get("", &welcome).await, post(&town, &welcome, &[("password", NEW), ("again", NEW)]).await] {
        assert_eq!(got.status, StatusCode::NOT_FOUND);
        assert!(said(&got).contains("这个链接不能再用"), "{}", said(&got));
    }
}

#[tokio::test]
async fn a_new_link_replaces_the_old_one_and_a_closed_account_opens_nothing() {
    let town = Town::open().await;
    let admin = town.sign_in("admin").await;
    let first = link(&town.post(&admin, "/accounts/township/link", &[]).await);
    let second = link(&town.post(&admin, "/accounts/township/link", &[]).await);
    assert_eq!(town.get("", &first).await.status, StatusCode::NOT_FOUND);
    assert_eq!(town.get("", &second).await.status, StatusCode::OK);
    assert_eq!(
        town.enter("township", PASSWORD).await.status,
        StatusCode::SEE_OTHER,
        "the old password holds till then"
    );
    let cookie = town.sign_in("township").await;
    assert_eq!(town.post(&admin, "/accounts/township/close", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(town.get("", &second).await.status, StatusCode::NOT_FOUND);
    assert_eq!(town.get(&cookie, "/county").await.status, StatusCode::SEE_OTHER);
    assert_eq!(town.enter("township", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    let own = town.post(&admin, "/accounts/admin/close", &[]).await;
    assert_eq!(own.status, StatusCode::NOT_FOUND, "nobody locks themselves out");
}

#[tokio::test]
async fn a_teacher_gets_an_account_from_the_roster_with_the_rosters_roles() {
    let town = Town::open().await;
    let admin = town.sign_in("admin").await;
    let posting = posting(person(7)).to_string();
    let page = town.page(&admin, &format!("/accounts?posting={posting}")).await;
    assert!(html::read(&page).unwrap().contains(&format!("为{}新建账户", staff_name(7))), "{page}");
    let fields = [("account", "kele7"), ("posting", posting.as_str())];
    let made = town.post(&admin, "/accounts/add", &fields).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    let again = town.post(&admin, "/accounts/add", &[("account", "kele7b"), ("posting", &posting)]).await;
    assert!(said(&again).contains("这个人已有账户 kele7"), "{}", said(&again));
    let got = post(&town, &link(&made), &[("password", NEW), ("again", NEW)]).await;
    assert_eq!(got.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn faults_in_a_new_account_stand_at_their_fields() {
    let town = Town::open().await;
    let admin = town.sign_in("admin").await;
    let good = [("account", "new.one"), ("display", "某人"), ("role", "supervisor"), ("scope", "county")];
    for (field, value, words) in [
        ("account", "A B", "请用 2 到 32 个小写字母"),
        ("display", "", "请填写姓名"),
        ("role", "king", "请选择岗位"),
        ("role", "township", "这个角色不能用这个范围"),
        ("scope", "school:nowhere", "请选择岗位"),
    ] {
        let fields = good.map(|(name, held)| (name, if name == field { value } else { held }));
        let got = town.post(&admin, "/accounts/add", &fields).await;
        assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}={value}");
        assert!(said(&got).contains(words), "{words} in {}", said(&got));
    }
    assert_eq!(town.count("SELECT count(*) FROM account WHERE name = 'new.one'"), 0);
}

#[tokio::test]
async fn accounts_and_county_settings_are_the_administrators_alone() {
    let town = Town::open().await;
    for role in ["supervisor", "township", "lead", "kele0", "kele2", "stranger"] {
        let cookie = town.sign_in(role).await;
        for path in ["/accounts", "/settings"] {
            assert_eq!(town.get(&cookie, path).await.status, StatusCode::NOT_FOUND, "{role} at {path}");
        }
        for (path, fields) in [
            ("/accounts/add", &[("account", "x.y"), ("display", "x"), ("role", "supervisor"), ("scope", "county")][..]),
            ("/accounts/admin/link", &[]),
            ("/accounts/admin/close", &[]),
            ("/settings", &[("publish_day", "monday"), ("place", "off")]),
        ] {
            assert_eq!(town.post(&cookie, path, fields).await.status, StatusCode::NOT_FOUND, "{role} at {path}");
        }
    }
    assert_eq!(town.count("SELECT count(*) FROM account WHERE closed_ms IS NOT NULL"), 0);
    assert_eq!(town.count("SELECT count(*) FROM welcome"), 0);
}

#[tokio::test]
async fn a_county_turns_evidence_of_place_on_and_off_beside_its_weekday() {
    let town = Town::open().await;
    let admin = town.sign_in("admin").await;
    let set = |place| [("publish_day", "tuesday"), ("place", place)];
    let got = town.post(&admin, "/settings", &set("perhaps")).await;
    assert_eq!(got.status.as_u16(), 422);
    assert!(said(&got).contains("请选择核对或不核对位置"), "{}", said(&got));
    let chosen = |page: String| {
        page.split("<option").find(|option| option.contains("selected") && option.contains("核对")).map(str::to_owned)
    };
    for (place, words) in [("on", "由手机自己判断"), ("off", "手机不问位置")] {
        assert_eq!(town.post(&admin, "/settings", &set(place)).await.status, StatusCode::SEE_OTHER);
        let shown = chosen(town.page(&admin, "/settings").await);
        assert!(shown.as_deref().is_some_and(|option| option.contains(words)), "{place}: {shown:?}");
        assert!(town.page(&admin, "/settings").await.contains("value=\"tuesday\" selected"));
    }
}

#[tokio::test]
async fn principals_are_reminded_of_an_unpublished_week_from_the_countys_weekday_on() {
    let town = Town::open().await;
    let admin = town.sign_in("admin").await;
    let head = town.sign_in("kele0").await;
    let banner = "请公布 3月2日 至 3月8日 的考勤";
    let set = |day| [("publish_day", day), ("place", "off")];
    assert_eq!(town.post(&admin, "/settings", &set("someday")).await.status.as_u16(), 422);
    assert_eq!(town.post(&admin, "/settings", &set("tuesday")).await.status, StatusCode::SEE_OTHER);
    town.clock.to(at(9, 9, 0));
    let head_page = |head: String| {
        let town = &town;
        async move { html::read(&town.page(&head, "/queue").await).unwrap() }
    };
    let head =
        if town.get(&head, "/queue").await.status == StatusCode::OK { head } else { town.sign_in("kele0").await };
    assert!(!head_page(head.clone()).await.contains(banner), "Monday is too early");
    town.clock.to(at(10, 9, 0));
    let head = town.sign_in("kele0").await;
    assert!(head_page(head.clone()).await.contains(banner));
    let teacher = town.sign_in("kele2").await;
    assert!(!html::read(&town.page(&teacher, "/account").await).unwrap().contains(banner));
    let week = format!("/schools/{KELE}/2026-W10");
    let table = html::hidden(&town.page(&head, &week).await, "table").unwrap();
    let got = town.post(&head, &format!("{week}/publish"), &[("table", &table)]).await;
    assert_eq!(got.status, StatusCode::SEE_OTHER);
    assert!(!head_page(head).await.contains(banner), "what is published asks for nothing");
}

#[tokio::test]
async fn whoever_signs_in_arrives_at_the_page_that_was_asked_for_and_nowhere_else() {
    let town = Town::open().await;
    let got = town.get("", "/county?day=2026-03-05").await;
    let to = got.headers[header::LOCATION].to_str().unwrap();
    assert_eq!(to, "/sign-in?to=%2Fcounty%3Fday%3D2026-03-05");
    let form = town.get("", to).await.text;
    assert_eq!(html::hidden(&form, "to").as_deref(), Some("/county?day=2026-03-05"));
    for (to, arrives) in [
        ("/county?day=2026-03-05", "/county?day=2026-03-05"),
        ("//elsewhere.example", "/"),
        ("https://elsewhere.example", "/"),
        ("/\\elsewhere.example", "/"),
        ("", "/"),
    ] {
        // `=` and `?` stand in a form as they are.
        let got = post(&town, "/sign-in", &[("name", "supervisor"), ("password", PASSWORD), ("to", to)]).await;
        assert_eq!(got.headers[header::LOCATION], arrives, "{to}");
    }
}

#[tokio::test]
async fn of_two_who_send_the_form_of_a_link_at_once_one_sets_the_password() {
    let town = Town::open().await;
    let welcome = link(&town.post(&town.sign_in("admin").await, "/accounts/township/link", &[]).await);
    let (first, second) = ("the first password", "the second password");
    let fields = |password: &'static str| [("password", password), ("again", password)];
    let (one, other) = (fields(first), fields(second));
    let (one, other) = tokio::join!(post(&town, &welcome, &one), post(&town, &welcome, &other));
    let mut statuses = [one.status, other.status];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::NOT_FOUND]);
    let (holds, not) = if one.status == StatusCode::SEE_OTHER { (first, second) } else { (second, first) };
    assert_eq!(town.enter("township", not).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(town.enter("township", holds).await.status, StatusCode::SEE_OTHER);
}
