//! Signing in and out, language, and what stands around every page.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use crate::html;
use crate::town::{PASSWORD, Town};

#[tokio::test]
async fn whoever_is_not_signed_in_is_led_to_the_sign_in_page_and_sees_nothing() {
    let town = Town::open().await;
    for path in ["/", "/county", "/devices", "/flagged", "/schools/x/2026-W10", "/postings/x/2026-03-02"] {
        let got = town.get("", path).await;
        assert_eq!(got.status, StatusCode::SEE_OTHER, "{path}");
        assert!(got.headers[header::LOCATION].to_str().unwrap().starts_with("/sign-in"), "{path}");
        assert!(got.text.is_empty(), "{path}");
    }
    assert_eq!(town.get("", "/sign-in").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_wrong_password_is_said_in_words_and_too_many_have_to_wait() {
    let town = Town::open().await;
    for _ in 0..5 {
        let got = town.enter("supervisor", "wrong wrong wrong").await;
        assert_eq!(got.status, StatusCode::UNAUTHORIZED);
        assert!(html::read(&got.text).unwrap().contains("账户或密码不对"), "{}", got.text);
    }
    let got = town.enter("supervisor", PASSWORD).await;
    assert_eq!(got.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(got.headers[header::RETRY_AFTER], "30");
    assert!(got.text.contains("请在 10:01 以后再试"), "{}", got.text);
    assert!(got.text.contains("value=\"supervisor\""), "the name needn't be typed again");
    let nobody = town.enter("%22%3E%3Cscript%3E", PASSWORD).await;
    assert!(!nobody.text.contains("<script"), "nothing else of a request is repeated");
    html::read(&nobody.text).unwrap();
}

#[tokio::test]
async fn signing_out_ends_the_session_and_needs_the_pages_own_token() {
    let town = Town::open().await;
    let cookie = town.sign_in("supervisor").await;
    let leave = |csrf: String| {
        let request = Request::post("/sign-out").header(header::COOKIE, &cookie);
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        request.body(Body::from(format!("csrf={csrf}"))).unwrap()
    };
    assert_eq!(town.ask(leave("guessed".into())).await.status, StatusCode::FORBIDDEN);
    let page = town.page(&cookie, "/county").await;
    let token = page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    assert_eq!(town.ask(leave(token.to_owned())).await.status, StatusCode::SEE_OTHER);
    assert_eq!(town.get(&cookie, "/county").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn chinese_comes_first_and_a_chosen_language_stays() {
    let town = Town::open().await;
    let cookie = town.sign_in("supervisor").await;
    let first = town.page(&cookie, "/county").await;
    assert!(first.contains("<html lang=\"zh-Hans\">") && first.contains("/county?lang=en"));
    let switched = town.get(&cookie, "/county?day=2026-03-05&lang=en").await;
    assert!(switched.text.contains("<html lang=\"en\">"));
    assert!(
        switched.text.contains("/county?day=2026-03-05&amp;lang=zh"),
        "the day stays when the language is switched"
    );
    let set = switched.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(set.starts_with("lang=en;") && set.contains("Path=/"));
    let kept = town.page(&format!("{cookie}; lang=en"), "/devices").await;
    assert!(kept.contains("<html lang=\"en\">"));
    assert!(town.page(&format!("{cookie}; lang=xx"), "/devices").await.contains("zh-Hans"));
}

#[tokio::test]
async fn an_unknown_address_is_a_page_too() {
    let town = Town::open().await;
    let cookie = town.sign_in("supervisor").await;
    for path in [
        "/nothing",
        "/schools/x",
        "/schools/x/2026-W10",
        "/schools/nnswyzjnfuws2/2026-W60",
        "/schools/nnswyzjnfuws2/x",
        "/postings/x/2026-03-02",
        "/postings/n4wwwzlmmvqtg/2026-02-30",
        "/county?day=yesterday",
    ] {
        let got = town.get(&cookie, path).await;
        assert_eq!(got.status, StatusCode::NOT_FOUND, "{path}");
        assert!(html::read(&got.text).unwrap().contains("没有这一页"), "{path}");
    }
}

#[tokio::test]
async fn every_answer_forbids_scripts_frames_and_storing() {
    let town = Town::open().await;
    let cookie = town.sign_in("supervisor").await;
    for path in ["/county", "/sign-in", "/nothing"] {
        let headers = town.get(&cookie, path).await.headers;
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store", "{path}");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    }
    let sheet = town.get("", "/style.css").await;
    assert_eq!(sheet.headers[header::CONTENT_TYPE], "text/css; charset=utf-8");
    assert!(!sheet.text.contains("@import") && !sheet.text.contains("url("), "nothing is fetched from elsewhere");
}

#[tokio::test]
async fn what_cant_be_read_is_answered_by_a_page_in_the_readers_language() {
    let town = Town::open().await;
    let cookie = town.sign_in("supervisor").await;
    let paths = ["/county?q=a&q=b", "/visits?from=a&from=b", "/schools/%FF", "/welcome/%FF", "/sign-in?to=a&to=b"];
    for path in paths {
        for (lang, words) in [("zh", "地址或表单不完整"), ("en", "The address or the form is incomplete")] {
            let got = town.get(&format!("{cookie}; lang={lang}"), path).await;
            assert_eq!(got.status, StatusCode::BAD_REQUEST, "{path}");
            assert!(html::read(&got.text).unwrap().contains(words), "{path}: {}", got.text);
        }
    }
    let half = Request::post("/sign-in").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let got = town.ask(half.body(Body::from("name=supervisor")).unwrap()).await;
    assert!(got.status.is_client_error() && got.text.contains("地址或表单不完整"), "{}", got.text);
    let got = town.post(&cookie, "/county", &[]).await;
    assert_eq!(
        (got.status, got.headers[header::ALLOW].to_str().unwrap()),
        (StatusCode::METHOD_NOT_ALLOWED, "GET,HEAD")
    );
    assert!(got.text.contains("没有这一页"), "{}", got.text);
    let got = town.post(&cookie, "/queue", &[("reason", &"长".repeat(30_000))]).await;
    assert_eq!(got.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(got.text.contains("内容太长"), "{}", got.text);
}

#[tokio::test]
async fn reloading_what_a_form_answered_or_switching_its_language_leads_to_the_page_of_the_form() {
    let town = Town::open().await;
    let cookie = town.sign_in("admin").await;
    for (path, page) in [
        ("/accounts/add?lang=en", "/accounts?lang=en"),
        ("/accounts/township/link", "/accounts"),
        ("/account/password", "/account"),
        ("/sign-out", "/"),
        ("/flagged/7/lift", "/flagged"),
        ("/visits/x/comment", "/visits/x"),
        ("/schools/x/2026-W10/publish", "/schools/x/2026-W10"),
        ("/schools/x/people/y/flexible", "/schools/x/people/y"),
        ("/postings/x/2026-03-02/correct", "/postings/x/2026-03-02"),
    ] {
        let got = town.get(&cookie, path).await;
        assert_eq!((got.status, got.headers[header::LOCATION].to_str().unwrap()), (StatusCode::SEE_OTHER, page));
    }
}

#[tokio::test]
async fn a_form_sent_after_the_session_ended_says_that_it_was_not_saved_and_leads_back_to_its_page() {
    let town = Town::open().await;
    let got = town.post_with("old", "", "/visits/x/comment", &[("reason", "a long text")]).await;
    let to = got.headers[header::LOCATION].to_str().unwrap();
    assert_eq!(to, "/sign-in?to=%2Fvisits%2Fx%2Fcomment&form=1");
    let form = town.get("", to).await.text;
    assert!(html::read(&form).unwrap().contains("没有保存"), "{form}");
    assert_eq!(html::hidden(&form, "to").as_deref(), Some("/visits/x/comment"));
    let left = town.post_with("old", "", "/sign-out", &[]).await;
    assert_eq!(left.headers[header::LOCATION], "/sign-in", "who signs out twice lost nothing");
}

#[tokio::test]
async fn what_was_typed_before_the_session_ended_is_sent_after_signing_in_and_not_before() {
    let town = Town::open().await;
    let form = |site: &'static str, path: &'static str, body: &str| {
        Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", site)
            .body(Body::from(body.to_owned()))
            .unwrap()
    };
    let typed = "csrf=old&publish_day=tuesday&place=on";
    for (site, path, body) in [
        ("cross-site", "/settings", typed),
        ("same-site", "/settings", typed),
        ("same-origin", "/account/password", "csrf=old&current=a&password=b&again=b"),
    ] {
        let got = town.ask(form(site, path, body)).await;
        assert_eq!(got.status, StatusCode::SEE_OTHER, "{site} {path}: {}", got.text);
    }
    let got = town.ask(form("same-origin", "/settings", typed)).await;
    assert_eq!(got.status, StatusCode::UNAUTHORIZED);
    assert!(html::read(&got.text).unwrap().contains("刚才填写的内容还在"), "{}", got.text);
    let carried =
        |page: &str| ["to", "kept-publish_day", "kept-place"].map(|name| html::hidden(page, name).unwrap_or_default());
    assert_eq!(carried(&got.text), ["/settings", "tuesday", "on"]);
    let sign_in = |password: &str| {
        format!("name=admin&password={password}&to=%2Fsettings&kept-publish_day=tuesday&kept-place=on")
    };
    let wrong = town.ask(form("same-origin", "/sign-in", &sign_in("wrong"))).await;
    assert_eq!((wrong.status, carried(&wrong.text)), (StatusCode::UNAUTHORIZED, carried(&got.text)));
    let page = town.ask(form("same-origin", "/sign-in", &sign_in(&PASSWORD.replace(' ', "+")))).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(html::read(&page.text).unwrap().contains("还没有保存"), "{}", page.text);
    let cookie = page.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let chosen = |page: String| page.contains("value=\"tuesday\" selected");
    assert!(!chosen(town.page(&cookie, "/settings").await), "nothing is done by signing in");
    let field = |name| html::hidden(&page.text, name).unwrap();
    let (day, place) = (field("publish_day"), field("place"));
    let sent = town.post_with(&field("csrf"), &cookie, "/settings", &[("publish_day", &day), ("place", &place)]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    assert!(chosen(town.page(&cookie, "/settings").await));
}
