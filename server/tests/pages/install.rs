//! The page where phones get the app, and the packages behind it.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use crate::html;
use crate::town::Town;

const FILE: &str = "sanji-0.1.0-arm64-v8a.apk";

/// A town that offers one package of these bytes.
async fn offering(bytes: &[u8]) -> Town {
    let town = Town::open().await;
    std::fs::write(town.apps().join(FILE), bytes).unwrap();
    town
}

#[tokio::test]
async fn whoever_has_no_account_finds_the_app_and_how_to_install_it_in_both_languages() {
    let town = offering(&[7; 12_340_000]).await;
    let page = town.get("", "/app").await;
    assert_eq!(page.status, StatusCode::OK);
    let text = html::read(&page.text).unwrap();
    assert!(text.contains("0.1.0 版") && text.contains("下载:大多数手机,12.3 MB"), "{text}");
    assert!(page.text.contains(&format!("href=\"/app/{FILE}\"")), "{}", page.text);
    let english = html::read(&town.get("", "/app?lang=en").await.text).unwrap();
    assert!(english.contains("Download: most phones, 12.3 MB"), "{english}");
}

#[tokio::test]
async fn a_package_comes_whole_or_in_parts_so_that_a_cut_download_goes_on() {
    let bytes: Vec<u8> = (0..200_000_u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
    let town = offering(&bytes).await;
    let ask = |range: Option<&str>| {
        let request = Request::get(format!("/app/{FILE}")).header(header::ACCEPT_ENCODING, "gzip");
        let request = range.into_iter().fold(request, |request, range| request.header(header::RANGE, range));
        town.ask(request.body(Body::empty()).unwrap())
    };
    let whole = ask(None).await;
    assert_eq!((whole.status, whole.bytes == bytes), (StatusCode::OK, true));
    assert_eq!(whole.headers[header::CONTENT_TYPE], "application/vnd.android.package-archive");
    assert_eq!(whole.headers[header::CONTENT_DISPOSITION], "attachment");
    assert_eq!(whole.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert!(!whole.headers.contains_key(header::CONTENT_ENCODING));
    let rest = ask(Some("bytes=150000-")).await;
    assert_eq!((rest.status, rest.bytes == bytes[150_000..]), (StatusCode::PARTIAL_CONTENT, true));
}

#[tokio::test]
async fn nothing_but_packages_leaves_the_folder_and_without_any_the_page_says_so() {
    let town = Town::open().await;
    std::fs::write(town.apps().join("keystore.jks"), b"secret").unwrap();
    std::fs::write(town.apps().parent().unwrap().join("sanji-9-arm64-v8a.apk"), b"elsewhere").unwrap();
    let page = html::read(&town.get("", "/app").await.text).unwrap();
    assert!(page.contains("还没有放上安装包"), "{page}");
    for path in ["/app/keystore.jks", "/app/..%2Fsanji-9-arm64-v8a.apk", &format!("/app/{FILE}"), "/app/.."] {
        assert_eq!(town.get("", path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
