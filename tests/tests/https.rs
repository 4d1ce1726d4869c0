//! A county begins: the administrator's commands, `sanji serve` as a process, and phones that enrol over HTTPS. And who may
//! not: the wrong key, the other county, rubbish.
#![allow(clippy::unwrap_used)]

use std::net::SocketAddr;
use std::path::Path;

use sanji_core::crypto::SecretKey;
use sanji_core::phone::{Phone, PhoneError};
use sanji_core::records::field::Bytes;
use sanji_core::records::{Direction, Role};
use sanji_core::sync::enrol::{EnrolRequest, Invitation};
use sanji_core::sync::message::Refusal;
use sanji_core::sync::phone::Standing;
use sanji_core::sync::wire;
use sanji_server::folder::DataFolder;
use sanji_server::keys::RelayKeys;
use sanji_tests::owner::{Machine, Place};
use sanji_tests::process::{Sanji, Serve};
use sanji_tests::raw::{Answered, Dialler};
use serde_json::Value;

const STAFF: &str = "学校,姓名,岗位,任课,起始日期,结束日期\n第一小学,王甲,校长,是,,\n第一小学,李乙,教师,是,,\n";

/// A county with a school of two, whose relay serves.
struct County {
    sanji: Sanji,
    serve: Serve,
}

impl County {
    fn start(folder: &Path) -> Self {
        std::fs::create_dir_all(folder).unwrap();
        let sanji = Sanji::new(folder).unwrap();
        sanji.json(&["county", "import", "hezhang"]).unwrap();
        sanji.file("staff.csv", STAFF).unwrap();
        sanji.json(&["staff", "import", "staff.csv"]).unwrap();
        let serve = sanji.serve(any_port(), &[]).unwrap();
        County { sanji, serve }
    }

    /// The invitation of a person: the text of its QR code, and its code to type.
    fn invite(&self, name: &str) -> (String, String) {
        let address = self.serve.address.to_string();
        let words = ["invite", "--school", "第一小学", "--name", name, "--address", &address];
        let invited: Value = self.sanji.json(&words).unwrap();
        let text = |key: &str| invited[0][key].as_str().unwrap().to_owned();
        (text("qr"), text("code"))
    }

    fn keys(&self) -> RelayKeys {
        let folder = DataFolder::open(&self.sanji.data()).unwrap();
        RelayKeys::open(&folder.keys(), &folder.store(), &mut sanji_server::random::rng()).unwrap()
    }

    /// What the relay answers to a body.
    async fn post(&self, path: &str, body: &[u8]) -> Answered {
        let dialler = Dialler::new(self.serve.address, self.keys().tls_certificate()).unwrap();
        dialler.connect().await.unwrap().request("POST", path, body).await.unwrap()
    }

    async fn refusal(&self, path: &str, body: &[u8]) -> (u16, Refusal) {
        let answered = self.post(path, body).await;
        (answered.status, wire::decode_refusal(&answered.body, &wire::Limits::default()).unwrap())
    }

    fn entries(&self) -> u64 {
        let report = self.sanji.json(&["verify"]).unwrap();
        assert_eq!(report["faults"], Value::Array(vec![]));
        report["entries"].as_u64().unwrap()
    }
}

fn any_port() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

fn phone(folder: &Path, name: &str) -> Phone {
    Place::new(folder, name).open(Machine::started(), None).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_county_begins_with_four_commands_and_its_people_scan_or_type() {
    let dir = tempfile::tempdir().unwrap();
    let county = County::start(dir.path());
    let (scanned, _) = county.invite("王甲");
    let (_, typed) = county.invite("李乙");
    let (principal, teacher) = (phone(dir.path(), "principal"), phone(dir.path(), "teacher"));
    principal.enrol(&scanned).await.unwrap();
    teacher.enrol_typed(&county.serve.address.to_string(), &typed).await.unwrap();
    assert_eq!(principal.enrol(&scanned).await, Err(PhoneError::AlreadyEnrolled));
    let before = county.entries();

    teacher.check(None, Direction::In, None).unwrap();
    let sent = teacher.sync_now().await.unwrap();
    assert_eq!((sent.delivered, sent.unsent, sent.standing), (1, 0, Standing::Fine));
    assert_eq!(county.entries(), before + 1);
    principal.sync_now().await.unwrap();
    let posting = principal.postings().unwrap().remove(0);
    assert_eq!((posting.role, posting.name.as_deref()), (Role::Principal, Some("王甲")));
    let today = principal.today().unwrap().date;
    let seen = principal.school_day(posting.school, today).unwrap();
    assert_eq!(seen.len(), 2, "the principal sees the teacher, who has checked in");

    let late = phone(dir.path(), "late");
    let used = late.enrol(&scanned).await.unwrap_err();
    assert!(matches!(used, PhoneError::Refused(_)), "an invitation is used once: {used:?}");
    let devices = handheld(&county.sanji.json(&["device", "list"]).unwrap());
    assert_eq!(devices.len(), 2, "{devices:?}");
    assert!(county.serve.terminate().unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_with_another_key_is_not_believed() {
    let dir = tempfile::tempdir().unwrap();
    let county = County::start(dir.path());
    let (qr, _) = county.invite("李乙");
    let mut wrong = Invitation::from_qr(&qr).unwrap();
    wrong.card.pin = Bytes(vec![7; 32]);
    let teacher = phone(dir.path(), "teacher");
    assert!(matches!(teacher.enrol(&wrong.to_qr()).await, Err(PhoneError::Offline(_))));
    teacher.enrol(&qr).await.unwrap();
    teacher.check(None, Direction::In, None).unwrap();
    drop(teacher);

    // Somebody else answers at the relay's address.
    let other = County::start(&dir.path().join("other"));
    let before = other.entries();
    let misled = Place::new(dir.path(), "teacher").open(Machine::started(), Some(other.serve.address)).unwrap();
    let outcome = misled.sync_now().await.unwrap();
    assert!(outcome.offline.is_some(), "{outcome:?}");
    assert_eq!((outcome.delivered, outcome.unsent), (0, 1), "nothing counts as delivered");
    assert_eq!(other.entries(), before);
    drop(misled);
    let again = phone(dir.path(), "teacher");
    assert_eq!(again.sync_now().await.unwrap().delivered, 1, "at the right relay it arrives");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_of_another_county_is_refused_and_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (here, there) = (County::start(&dir.path().join("here")), County::start(&dir.path().join("there")));
    let (qr, code) = there.invite("李乙");
    let teacher = phone(dir.path(), "teacher");
    // The code's first 60 bits are of the other county's card.
    let misdirected = teacher.enrol_typed(&here.serve.address.to_string(), &code).await;
    assert!(matches!(misdirected, Err(PhoneError::Invalid { .. })), "{misdirected:?}");
    // A request that says so itself, to the wrong relay.
    let Invitation { card, secret } = Invitation::from_qr(&qr).unwrap();
    let request = EnrolRequest::new(card.county, &secret, 1, &SecretKey::from_seed(&[5; 32]));
    let (status, _) = here.refusal("/v1/enrol", &request.to_bytes()).await;
    assert!((400..500).contains(&status), "{status}");
    // A whole push of a device that this county doesn't know.
    teacher.enrol(&qr).await.unwrap();
    teacher.check(None, Direction::In, None).unwrap();
    let before = here.entries();
    let push = foreign_push();
    assert_eq!(here.refusal("/v1/sync", &push).await.1, Refusal::UnknownDevice);
    assert_eq!(here.entries(), before);
    assert_eq!(handheld(&here.sanji.json(&["device", "list"]).unwrap()), Vec::<Value>::new());
    assert_eq!(teacher.sync_now().await.unwrap().delivered, 1);
}

/// Phones and kiosks: the command line's own desk is listed as well.
fn handheld(devices: &Value) -> Vec<Value> {
    let all = devices.as_array().cloned().unwrap_or_default();
    all.into_iter().filter(|device| device["via"] != "desk").collect()
}

/// A signed push of a device that nobody enrolled.
fn foreign_push() -> Vec<u8> {
    use sanji_core::ids::CountyId;
    use sanji_core::labels;
    use sanji_core::records::Reading;
    use sanji_core::sync::message::{Cursor, DeviceName, Push};
    use sanji_core::sync::relay::book::log_start;
    let (county, key) = (CountyId([9; 8]), SecretKey::from_seed(&[6; 32]));
    let push = Push {
        device: DeviceName::Key(key.public()),
        n: 1,
        build: 1,
        reading: Reading::default(),
        last_answer: None,
        cursor: Cursor { head: log_start(county).short(), ..Cursor::default() },
        nothing_unsent: true,
        page: wire::PAGE,
        have: None,
        runs: Vec::new(),
        recovered: Vec::new(),
        blobs: Vec::new(),
        again: Vec::new(),
        rows: Vec::new(),
        lost_head: None,
        certificate: None,
        successor: None,
    };
    let signature = key.sign(labels::PUSH, &push.signed_bytes(county, key.public().actor(), &[]));
    wire::encode_push(&push, &signature)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_or_no_message_is_refused_with_a_reason_and_the_relay_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let county = County::start(dir.path());
    let before = county.entries();
    let (status, refusal) = county.refusal("/v1/sync", &vec![1; (1 << 20) + 1]).await;
    assert_eq!((status, refusal), (413, Refusal::TooLarge(1 << 20)));
    for body in [&b""[..], b"{\"hello\":1}", &[1; 1000], &[0xff; 40]] {
        for path in ["/v1/sync", "/v1/enrol"] {
            let (status, refusal) = county.refusal(path, body).await;
            assert!((400..500).contains(&status), "{path}: {status}");
            let said = refusal.to_string();
            assert!(matches!(refusal, Refusal::Malformed(_) | Refusal::Version(_)), "{path}: {said}");
        }
    }
    assert_eq!(county.post("/v2/nothing", b"").await.status, 404);
    assert_eq!(county.entries(), before);
    let (qr, _) = county.invite("李乙");
    let teacher = phone(dir.path(), "teacher");
    teacher.enrol(&qr).await.unwrap();
    assert_eq!(teacher.sync_now().await.unwrap().standing, Standing::Fine, "whoever is in order is served");
}
