//! Phones and the relay.

use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use sanji_core::crypto::{BlobHash, SecretKey, sha256};
use sanji_core::ids::{DocId, PersonId, PostingId};
use sanji_core::records::{Body, Check, Direction, Entry, Reading};
use sanji_core::sync::blob::{BlobAct, BlobTicket};
use sanji_core::sync::enrol::{Card, EnrolAnswer, EnrolRequest, Secret};
use sanji_core::sync::message::Refusal;
use sanji_core::sync::relay::book::Book;
use sanji_core::time::{UtcMs, UtcSecs};
use sanji_server::app::Settings;
use sanji_server::blobs::MAX_BLOB;
use sanji_server::clock::SystemClock;
use sanji_server::http::limits::Rate;
use sanji_server::http::tls::{self, BrowserCertificate};
use sanji_server::keys::SERVER_NAME;
use sanji_server::random::rng;
use sanji_server::store::SqliteLedger;

use super::Relay;
use super::client::{Client, Device};

const PERSON: PersonId = PersonId([5; 8]);

fn duty() -> DocId {
    DocId::duty(PostingId([6; 8]), jiff::civil::date(2026, 3, 2))
}

/// An entry with these blobs.
fn check(seq: u64, blobs: Vec<BlobHash>) -> sanji_core::cbor::Map {
    let reading = Reading { wall: UtcSecs(1_772_411_400 + seq as i64), session: 1, ms: seq };
    let body: Body = Check { direction: Direction::In, place: None }.into();
    Entry { reading, re: Vec::new(), was: None, blobs, body }.to_map()
}

/// A device that has shown an invitation.
fn enrolled(relay: &Relay, seed: u8) -> Device {
    let key = SecretKey::from_seed(&[seed; 32]);
    let secret = invited(relay, UtcMs(i64::MAX));
    let request = EnrolRequest::new(relay.keys.county, &secret, 1, &key);
    let answer = relay.connect().request("POST", "/v1/enrol", &[], &request.to_bytes());
    assert_eq!(answer.status, 200);
    assert_eq!(EnrolAnswer::from_bytes(&answer.body).unwrap().person, Some(PERSON));
    Device::new(key, relay.keys.county, duty())
}

fn invited(relay: &Relay, expires: UtcMs) -> Secret {
    let secret = Secret::random(&mut rng());
    let (machine, hash) = (relay.app().relay.clone(), secret.hash(relay.keys.county));
    let invite = move |ledger: &mut SqliteLedger, now| machine.invite(ledger, now, &hash, Some(PERSON), None, expires);
    relay.runtime.block_on(relay.app().writer.run(invite)).unwrap().unwrap();
    secret
}

fn log(relay: &Relay) -> u64 {
    let county = relay.keys.county;
    relay.app().readers.read(|ledger| Book::new(county, ledger).head().unwrap().n.0).unwrap()
}

#[test]
fn a_phone_enrols_pushes_and_holds_a_receipt_of_what_is_on_the_disk() {
    let mut relay = Relay::start();
    let mut device = enrolled(&relay, 1);
    for seq in 1..=4 {
        device.record(check(seq, Vec::new()));
    }
    let push = device.push();
    let mut phone = relay.connect();
    let first = phone.request("POST", "/v1/sync", &[], &push);
    let again = phone.request("POST", "/v1/sync", &[], &push);
    assert_eq!((first.status, again.status), (200, 200));
    let answer = device.read(&push, &first.body, &relay.keys.signing.public());
    assert_eq!(answer.body.stored[0].through, 4);
    let logged = log(&relay);
    assert!(logged >= answer.head.head.n.0);
    device.read(&push, &again.body, &relay.keys.signing.public());
    assert_eq!(log(&relay), logged, "the same push again stores nothing");
    drop(phone);
    relay.stop();
    let mut store = SqliteLedger::open(&relay.folder.store()).unwrap();
    let mut book = Book::new(relay.keys.county, &mut store);
    assert_eq!(book.l(answer.head.head.n).unwrap(), Some(answer.head.head.l));
    assert_eq!(book.chain_of(duty(), device.key.public().actor()).unwrap().unwrap().seq, 4);
}

#[test]
fn an_invitation_is_used_once_and_expires() {
    let relay = Relay::start();
    let (one, other) = (SecretKey::from_seed(&[1; 32]), SecretKey::from_seed(&[2; 32]));
    let secret = invited(&relay, UtcMs(i64::MAX));
    let mut client = relay.connect();
    let mut enrol = |request: &EnrolRequest| client.request("POST", "/v1/enrol", &[], &request.to_bytes());
    let request = EnrolRequest::new(relay.keys.county, &secret, 1, &one);
    let (first, again) = (enrol(&request), enrol(&request));
    let number = |body: &[u8]| EnrolAnswer::from_bytes(body).unwrap().device;
    assert_eq!(number(&first.body), number(&again.body));
    let stolen = enrol(&EnrolRequest::new(relay.keys.county, &secret, 1, &other));
    assert_eq!(stolen.status, 403);
    let expired = invited(&relay, UtcMs(1));
    assert_eq!(enrol(&EnrolRequest::new(relay.keys.county, &expired, 1, &other)).status, 403);
    let unknown = enrol(&EnrolRequest::new(relay.keys.county, &Secret::random(&mut rng()), 1, &other));
    assert!(matches!(unknown.refusal(), Refusal::Certificate(_)));
    let forged = EnrolRequest { key: other.public(), ..request };
    assert_eq!(enrol(&forged).refusal(), Refusal::Signature);
}

#[test]
fn the_card_is_the_countys_and_the_certificate_is_the_one_it_pins() {
    let relay = Relay::start();
    let mut client = relay.connect();
    let card = Card::from_bytes(&client.request("GET", "/v1/card", &[], b"").body).unwrap();
    assert_eq!((card.county, card.relay_key()), (relay.keys.county, relay.keys.signing.public()));
    assert_eq!(card.addresses, ["127.0.0.1:1"]);
    assert_eq!(client.certificate, relay.keys.tls_certificate());
    assert_eq!(card.tls_pin(), relay.keys.tls_pin());
}

#[test]
fn browsers_get_the_countys_certificate_and_phones_the_relays_own() {
    let relay = Relay::start();
    let dir = tempfile::tempdir().unwrap();
    let files = BrowserCertificate { certificate: dir.path().join("cert.pem"), key: dir.path().join("key.pem") };
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
    let county = rcgen::CertificateParams::new(vec!["sanji.example".into()]).unwrap().self_signed(&key).unwrap();
    assert!(tls::config(&relay.keys, Some(&files)).is_err(), "a missing file is said");
    std::fs::write(&files.certificate, county.pem()).unwrap();
    std::fs::write(&files.key, key.serialize_pem()).unwrap();
    let config = Arc::new(tls::config(&relay.keys, Some(&files)).unwrap());
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = std::thread::spawn(move || {
        for stream in listener.incoming().take(2) {
            let mut stream = stream.unwrap();
            let mut connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            while connection.is_handshaking() {
                connection.complete_io(&mut stream).unwrap();
            }
        }
    });
    assert_eq!(Client::connect(address, "sanji.example").certificate, county.der().to_vec());
    assert_eq!(Client::connect(address, SERVER_NAME).certificate, relay.keys.tls_certificate());
    server.join().unwrap();
}

#[test]
fn what_cannot_be_read_is_refused_and_stores_nothing() {
    let relay = Relay::start();
    let mut device = enrolled(&relay, 1);
    device.record(check(1, Vec::new()));
    let push = device.push();
    let before = log(&relay);
    let mut client = relay.connect();
    let mut refused = |body: &[u8]| client.request("POST", "/v1/sync", &[], body);
    let empty = refused(b"");
    assert_eq!((empty.status, matches!(empty.refusal(), Refusal::Malformed(_))), (400, true));
    for at in 0..push.len() {
        let cut = refused(&push[..at]);
        assert!((400..500).contains(&cut.status), "cut at {at}: {}", cut.status);
        cut.refusal();
    }
    for at in 0..push.len() {
        let mut bent = push.clone();
        bent[at] ^= 0x40;
        let bent = refused(&bent);
        assert!((400..500).contains(&bent.status), "bent at {at}: {}", bent.status);
    }
    let mut stranger = Device::new(SecretKey::from_seed(&[9; 32]), relay.keys.county, duty());
    let answer = refused(&stranger.push());
    assert_eq!((answer.status, answer.refusal()), (401, Refusal::UnknownDevice));
    assert_eq!(log(&relay), before);
    assert_eq!(refused(&push).status, 200, "and the whole push is taken after all that");
}

#[test]
fn a_body_that_is_too_large_is_cut_off_whether_it_says_so_or_not() {
    let settings = Settings { body_limit_bytes: 10_000, ..Settings::default() };
    let relay = Relay::with(settings, Router::new());
    let announced = relay.connect().request("POST", "/v1/sync", &[], &vec![0; 10_001]);
    assert_eq!((announced.status, announced.refusal()), (413, Refusal::TooLarge(10_000)));
    let mut client = relay.connect();
    client.write(b"POST /v1/sync HTTP/1.1\r\nhost: sanji\r\ntransfer-encoding: chunked\r\n\r\n").unwrap();
    for _ in 0..12 {
        // The relay may end the connection before the last of it.
        let _ = client.write(&[&b"3e8\r\n"[..], &[0; 1000], b"\r\n"].concat());
    }
    let _ = client.write(b"0\r\n\r\n");
    let chunked = client.answer();
    assert_eq!((chunked.status, chunked.refusal()), (413, Refusal::TooLarge(10_000)));
    let allowed = relay.connect().request("POST", "/v1/sync", &[], &[1; 10_000]);
    assert!(matches!(allowed.refusal(), Refusal::Malformed(_)), "one of just that length is read");
}

#[test]
fn a_peer_that_is_silent_or_slow_is_let_go() {
    let settings = Settings {
        handshake_timeout: Duration::from_millis(300),
        idle_timeout: Duration::from_millis(600),
        ..Settings::default()
    };
    let relay = Relay::with(settings, Router::new());
    let mut silent = TcpStream::connect(relay.address).unwrap();
    std::io::Read::read_to_end(&mut silent, &mut Vec::new()).unwrap();
    let mut no_request = relay.connect();
    no_request.ended();
    let mut half_a_header = relay.connect();
    half_a_header.write(b"POST /v1/sync HT").unwrap();
    half_a_header.ended();
    let mut half_a_body = relay.connect();
    half_a_body.write(b"POST /v1/sync HTTP/1.1\r\nhost: sanji\r\ncontent-length: 100\r\n\r\nhalf").unwrap();
    half_a_body.ended();
    let mut kept = relay.connect();
    assert_eq!(kept.request("GET", "/healthz", &[], b"").status, 200);
    kept.ended();
}

#[test]
fn no_more_connections_are_held_than_there_are_places() {
    let relay = Relay::with(Settings { connections: 2, ..Settings::default() }, Router::new());
    let (one, mut two) = (relay.connect(), relay.connect());
    let mut third = TcpStream::connect(relay.address).unwrap();
    std::io::Read::read_to_end(&mut third, &mut Vec::new()).unwrap();
    assert_eq!(two.request("GET", "/healthz", &[], b"").status, 200);
    drop(one);
    // The place is free once the relay has seen the end of the first.
    let mut freed = loop {
        if let Ok(client) = Client::try_connect(relay.address, SERVER_NAME) {
            break client;
        }
    };
    assert_eq!(freed.request("GET", "/healthz", &[], b"").status, 200);
}

#[test]
fn an_address_that_asks_too_often_is_told_when_to_come_back() {
    let settings = Settings { address_rate: Rate::new(1, 3), ..Settings::default() };
    let relay = Relay::with(settings, Router::new());
    let mut client = relay.connect();
    for _ in 0..3 {
        assert_eq!(client.request("GET", "/v1/card", &[], b"").status, 200);
    }
    let busy = client.request("POST", "/v1/sync", &[], b"");
    let Refusal::Busy(seconds) = busy.refusal() else { panic!("{:?}", busy.refusal()) };
    assert_eq!((busy.status, busy.header("retry-after")), (429, Some(seconds.to_string().as_str())));
    assert_eq!(client.request("GET", "/healthz", &[], b"").status, 429);
}

#[test]
fn a_device_that_asks_too_often_waits_and_no_other_does() {
    let settings = Settings { device_rate: Rate::new(1, 2), ..Settings::default() };
    let relay = Relay::with(settings, Router::new());
    let (mut eager, mut calm) = (enrolled(&relay, 1), enrolled(&relay, 2));
    let mut client = relay.connect();
    let mut sync = |device: &mut Device| client.request("POST", "/v1/sync", &[], &device.push());
    for _ in 0..3 {
        assert_eq!(sync(&mut eager).status, 200);
    }
    assert!(matches!(sync(&mut eager).refusal(), Refusal::Busy(_)));
    assert_eq!(sync(&mut calm).status, 200);
}

#[test]
fn guesses_at_invitations_are_few() {
    let settings = Settings { entry_rate: Rate::new(1, 2), ..Settings::default() };
    let relay = Relay::with(settings, Router::new());
    let key = SecretKey::from_seed(&[1; 32]);
    let mut client = relay.connect();
    let mut guess = || {
        let request = EnrolRequest::new(relay.keys.county, &Secret::random(&mut rng()), 1, &key);
        client.request("POST", "/v1/enrol", &[], &request.to_bytes())
    };
    assert_eq!((guess().status, guess().status), (403, 403));
    assert!(matches!(guess().refusal(), Refusal::Busy(_)));
}

#[test]
fn a_blob_is_brought_by_who_wrote_its_entry_and_read_by_who_may() {
    let mut relay = Relay::start();
    let (mut owner, stranger) = (enrolled(&relay, 1), SecretKey::from_seed(&[3; 32]));
    let picture = [&[1; 16][..], &[0xab; 200_000]].concat();
    let hash = BlobHash(sha256(&[&picture]));
    let county = relay.keys.county;
    let now = relay.app().clock.now();
    let path = format!("/v1/blobs/{hash}");
    let ticket = |key: &SecretKey, act, at| BlobTicket::sign(key, county, act, &hash, duty(), at).to_header();
    let mut client = relay.connect();
    let mut ask =
        |method: &str, ticket: String, body: &[u8]| client.request(method, &path, &[("authorization", &ticket)], body);
    let early = ask("PUT", ticket(&owner.key, BlobAct::Put, now), &picture);
    assert_eq!(early.status, 400, "no entry names it yet");
    owner.record(check(1, vec![hash]));
    let push = owner.push();
    let answer = relay.connect().request("POST", "/v1/sync", &[], &push);
    let answer = owner.read(&push, &answer.body, &relay.keys.signing.public());
    assert_eq!(answer.body.blobs_wanted, [hash]);
    assert_eq!(ask("GET", ticket(&owner.key, BlobAct::Get, now), b"").status, 404);
    assert_eq!(ask("PUT", ticket(&owner.key, BlobAct::Put, now), &picture[1..]).status, 400, "other bytes");
    assert_eq!(ask("PUT", ticket(&owner.key, BlobAct::Put, now), &vec![0; MAX_BLOB + 1]).status, 413);
    let mut client = relay.connect();
    let mut ask =
        |method: &str, ticket: String, body: &[u8]| client.request(method, &path, &[("authorization", &ticket)], body);
    assert_eq!(ask("PUT", ticket(&owner.key, BlobAct::Get, now), &picture).status, 401, "a ticket for another act");
    assert_eq!(ask("PUT", ticket(&stranger, BlobAct::Put, now), &picture).status, 401, "an unknown device");
    let stale = ask("PUT", ticket(&owner.key, BlobAct::Put, now.plus(-600_000)), &picture);
    assert_eq!(stale.status, 401);
    let told: i64 = stale.header("sanji-relay-ms").unwrap().parse().unwrap();
    let mut client = relay.connect();
    let mut ask =
        |method: &str, ticket: String, body: &[u8]| client.request(method, &path, &[("authorization", &ticket)], body);
    assert_eq!(ask("PUT", ticket(&owner.key, BlobAct::Put, UtcMs(told)), &picture).status, 200, "by the told time");
    assert_eq!(ask("PUT", ticket(&owner.key, BlobAct::Put, now), &picture).status, 200, "twice is once");
    let got = ask("GET", ticket(&owner.key, BlobAct::Get, now), b"");
    assert_eq!((got.status, got.body.len()), (200, picture.len()));
    assert!(got.body == picture);
    relay.stop();
    let relay = Relay::on(relay.folder.clone(), Settings::default(), Router::new(), Arc::new(SystemClock));
    let header = ticket(&owner.key, BlobAct::Get, now);
    let got = relay.connect().request("GET", &path, &[("authorization", &header)], b"");
    assert!(got.body == picture, "and it outlives the relay");
}

#[test]
fn health_says_that_the_relay_can_store_and_how_far_its_log_goes() {
    let relay = Relay::start();
    let health = || {
        let answer = relay.connect().request("GET", "/healthz", &[], b"");
        let health: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        (answer.status, health["store"].as_str().unwrap().to_owned(), health["log"].as_u64())
    };
    assert_eq!(health(), (200, "writable".into(), Some(0)));
    enrolled(&relay, 1);
    assert_eq!(health(), (200, "writable".into(), Some(1)));
}

#[test]
fn a_full_disk_is_answered_and_nothing_is_half_stored() {
    let relay = Relay::start();
    let mut device = enrolled(&relay, 1);
    let before = log(&relay);
    let limit = |pages: &'static str| {
        let set = move |ledger: &mut SqliteLedger, _| {
            let now: i64 = ledger.sql().query_row("PRAGMA page_count", [], |row| row.get(0))?;
            let pages = pages.parse().unwrap_or(now);
            ledger.sql().query_row(&format!("PRAGMA max_page_count={pages}"), [], |_| Ok(()))
        };
        relay.runtime.block_on(relay.app().writer.run(set)).unwrap().unwrap();
    };
    for seq in 1..=20 {
        let mut long = check(seq, Vec::new());
        long.insert(999, sanji_core::cbor::Value::Bytes(vec![seq as u8; 8000]));
        device.record(long);
    }
    let push = device.push();
    limit("as many as there are");
    let mut client = relay.connect();
    let full = client.request("POST", "/v1/sync", &[], &push);
    assert_eq!((full.status, full.refusal()), (503, Refusal::Unavailable));
    assert!(full.header("retry-after").is_some());
    assert_eq!(log(&relay), before);
    limit("1000000");
    assert_eq!(client.request("POST", "/v1/sync", &[], &push).status, 200, "and the phone has kept it");
}

#[test]
fn stopping_lets_a_request_in_flight_end_and_takes_no_new_one() {
    let mut relay = Relay::start();
    let mut device = enrolled(&relay, 1);
    device.record(check(1, Vec::new()));
    let push = device.push();
    // The writer is held, so that the request surely waits for it when the stop begins.
    let (release, held) = std::sync::mpsc::channel::<()>();
    let writer = relay.app().writer.clone();
    let (begun, running) = std::sync::mpsc::channel();
    relay.runtime.spawn(async move {
        let hold = move |_: &mut SqliteLedger, _| {
            begun.send(()).unwrap();
            held.recv().map_err(|_| ())
        };
        writer.run(hold).await
    });
    running.recv().unwrap();
    let mut client = relay.connect();
    client.send("POST", "/v1/sync", &[], &push);
    let mut second = relay.connect();
    assert_eq!(second.request("GET", "/v1/card", &[], b"").status, 200, "the first request has been taken by now");
    let address = relay.address;
    let serving = relay.serving.take().unwrap();
    let stop = relay.runtime.spawn(serving.stop());
    while TcpStream::connect(address).is_ok() {
        std::thread::yield_now();
    }
    release.send(()).unwrap();
    let answer = client.answer();
    assert_eq!(answer.status, 200);
    assert_eq!(device.read(&push, &answer.body, &relay.keys.signing.public()).body.stored[0].through, 1);
    relay.runtime.block_on(stop).unwrap().unwrap();
    let mut store = SqliteLedger::open(&relay.folder.store()).unwrap();
    assert!(Book::new(relay.keys.county, &mut store).chain_of(duty(), device.key.public().actor()).unwrap().is_some());
}

#[test]
fn a_panic_is_answered_and_hurts_no_other_request() {
    async fn broken() -> &'static str {
        panic!("by the test")
    }
    let relay = Relay::with(Settings::default(), Router::new().route("/broken", get(broken)));
    let mut client = relay.connect();
    assert_eq!(client.request("GET", "/broken", &[], b"").status, 500);
    assert_eq!(client.request("GET", "/healthz", &[], b"").status, 200);
}
