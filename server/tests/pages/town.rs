//! A relay with its pages, as a browser meets it, on a county that was written before it started.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::body::Body;
use axum::extract::connect_info::MockConnectInfo;
use axum::http::{Request, StatusCode, header};
use sanji_core::ids::PersonId;
use sanji_core::sync::relay::Relay;
use sanji_core::time::UtcMs;
use sanji_server::accounts;
use sanji_server::accounts::tokens::{self, Reach, Secret, Token};
use sanji_server::app::{App, Settings, SharedApp};
use sanji_server::clock::Clock;
use sanji_server::folder::DataFolder;
use sanji_server::keys::RelayKeys;
use sanji_server::pages::Pages;
use sanji_server::projector::Projector;
use sanji_server::random::rng;
use sanji_server::store::SqliteLedger;
use tower::ServiceExt;

use crate::county::*;

/// A clock that a test moves; it is made up, and says so.
pub struct Moved(AtomicI64);

impl Moved {
    pub fn to(&self, at: UtcMs) {
        self.0.store(at.0, Ordering::SeqCst);
    }
}

impl Clock for Moved {
    fn now(&self) -> UtcMs {
        UtcMs(self.0.load(Ordering::SeqCst))
    }

    fn is_virtual(&self) -> bool {
        true
    }
}

pub const PASSWORD: &str = "correct horse battery";

/// Every account, with its person.
pub const ACCOUNTS: [(&str, PersonId); 6] = [
    ("admin", ADMIN),
    ("supervisor", SUPERVISOR),
    ("township", TOWNSHIP),
    ("lead", LEAD),
    ("foreign", FOREIGN_HEAD),
    ("stranger", STRANGER),
];

pub struct Town {
    pub app: SharedApp,
    pub pages: Arc<Pages>,
    pub clock: Arc<Moved>,
    pub router: Router,
    dir: tempfile::TempDir,
}

/// What a browser gets.
pub struct Got {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub text: String,
    pub bytes: Vec<u8>,
}

/// Where a county was written.
struct Written(tempfile::TempDir);

/// The county after its week: written once, copied for each test.
static WEEK: LazyLock<Written> = LazyLock::new(|| {
    Written::new(|county| {
        county.found();
        county.week();
    })
});

impl Written {
    fn new(fill: impl FnOnce(&mut County<'_>)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(dir.path()).unwrap();
        let keys = RelayKeys::open(&folder.keys(), &folder.store(), &mut rng()).unwrap();
        let relay = Relay::new(keys.county, keys.signing.clone());
        let mut store = SqliteLedger::open(&folder.store()).unwrap();
        let hash = accounts::password::hash(PASSWORD, &mut rng());
        store
            .transaction(|store| {
                fill(&mut County { relay: &relay, ledger: store, phones: BTreeMap::new() });
                let add = |name: &str, person, display: &str| {
                    accounts::add(store.sql(), name, person, display, &hash, at(1, 8, 0)).unwrap();
                };
                for (name, person) in ACCOUNTS {
                    add(name, person, name);
                }
                for i in [0, 1, 2, 4] {
                    add(&format!("kele{i}"), person(i), &staff_name(i));
                }
                Projector::new(relay.clone()).catch_up(store)
            })
            .unwrap();
        store.checkpoint().unwrap();
        Written(dir)
    }
}

impl Town {
    /// The county after its week, on Saturday morning.
    pub async fn open() -> Self {
        Town::on(&WEEK).await
    }

    /// A county that is written so.
    pub async fn with(fill: impl FnOnce(&mut County<'_>)) -> Self {
        Town::on(&Written::new(fill)).await
    }

    async fn on(written: &Written) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(dir.path()).unwrap();
        let from = DataFolder::open(written.0.path()).unwrap();
        for (from, to) in [(from.keys(), folder.keys()), (from.store(), folder.store())] {
            std::fs::copy(from, to).unwrap();
        }
        let keys = RelayKeys::open(&folder.keys(), &folder.store(), &mut rng()).unwrap();
        let clock = Arc::new(Moved(AtomicI64::new(at(7, 10, 0).0)));
        let (app, _) =
            App::start(&folder, &keys, vec!["127.0.0.1:1".into()], clock.clone(), Settings::default(), false).unwrap();
        let apps = dir.path().join("apps");
        std::fs::create_dir(&apps).unwrap();
        let pages = Pages::new(app.clone(), Some(apps));
        let address = SocketAddr::from(([192, 0, 2, 1], 9));
        let router = sanji_server::http::router(app.clone(), pages.router()).layer(MockConnectInfo(address));
        Town { app, pages, clock, router, dir }
    }

    /// The folder whose packages are offered.
    pub fn apps(&self) -> std::path::PathBuf {
        self.dir.path().join("apps")
    }

    pub async fn ask(&self, request: Request<Body>) -> Got {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Got { status: parts.status, headers: parts.headers, text, bytes: bytes.into() }
    }

    /// Signs in and gives the cookie.
    pub async fn sign_in(&self, name: &str) -> String {
        let got = self.enter(name, PASSWORD).await;
        assert_eq!(got.status, StatusCode::SEE_OTHER, "{name}: {}", got.text);
        let cookie = got.headers[header::SET_COOKIE].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    pub async fn enter(&self, name: &str, password: &str) -> Got {
        let password = password.replace(' ', "+");
        let request = Request::post("/sign-in").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(request.body(Body::from(format!("name={name}&password={password}"))).unwrap()).await
    }

    pub async fn get(&self, cookie: &str, path: &str) -> Got {
        self.ask(Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap()).await
    }

    /// Sends a form with the session's own token.
    pub async fn post(&self, cookie: &str, path: &str, fields: &[(&str, &str)]) -> Got {
        let page = self.page(cookie, "/devices").await;
        let token = page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        self.post_with(token, cookie, path, fields).await
    }

    /// Sends a form with this token.
    pub async fn post_with(&self, token: &str, cookie: &str, path: &str, fields: &[(&str, &str)]) -> Got {
        let encode = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        let pairs = [("csrf", token)].into_iter().chain(fields.iter().copied());
        let body: Vec<String> = pairs.map(|(key, value)| format!("{key}={}", encode(value))).collect();
        let request = Request::post(path).header(header::COOKIE, cookie);
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(request.body(Body::from(body.join("&"))).unwrap()).await
    }

    /// Something that happens at the relay while it serves; the pages follow it.
    pub async fn happens<T: Send + 'static>(&self, what: impl FnOnce(&mut County<'_>) -> T + Send + 'static) -> T {
        let relay = self.app.relay.clone();
        let work = move |store: &mut SqliteLedger, _| {
            Ok::<_, ()>(what(&mut County { relay: &relay, ledger: store, phones: BTreeMap::new() }))
        };
        let done = self.app.writer.run(work).await.unwrap().unwrap();
        self.pages.catch_up().await.unwrap();
        done
    }

    /// A page that opens.
    pub async fn page(&self, cookie: &str, path: &str) -> String {
        let got = self.get(cookie, path).await;
        assert_eq!(got.status, StatusCode::OK, "{path}: {}", got.text);
        got.text
    }

    /// Makes a token that expires in a day; gives its text.
    pub async fn token(&self, name: &str, reach: Reach, person: PersonId) -> String {
        let secret = Secret::random(&mut rng());
        let (name, text) = (name.to_owned(), secret.as_str().to_owned());
        let work = move |store: &mut SqliteLedger, now: UtcMs| {
            let expires = now.plus(24 * 3600 * 1000);
            let token = Token { name, person, reach, created: now, expires, ended: None, seen: None };
            tokens::add(store.sql(), &secret, &token)
        };
        self.app.writer.run(work).await.unwrap().unwrap();
        text
    }

    /// A request of another system.
    pub async fn call(&self, token: &str, path: &str) -> Got {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        self.ask(request.body(Body::empty()).unwrap()).await
    }

    /// An answer with a body, as JSON.
    pub async fn json(&self, token: &str, path: &str) -> serde_json::Value {
        let got = self.call(token, path).await;
        assert_eq!(got.status, StatusCode::OK, "{path}: {}", got.text);
        assert_eq!(got.headers[header::CONTENT_TYPE], "application/json", "{path}");
        serde_json::from_str(&got.text).unwrap()
    }

    /// One number from the store.
    pub fn count(&self, sql: &str) -> i64 {
        self.app.readers.read(|store| store.sql().query_row(sql, [], |row| row.get(0)).unwrap()).unwrap()
    }
}
