//! The command line as an administrator calls it: the real program, its output and its exit status.
#![allow(clippy::unwrap_used)]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const STAFF: &str =
    "学校,姓名,岗位,任课,起始日期,结束日期\n第一小学,王甲,校长,是,2026-02-01,\n第一小学,李乙,教师,是,,\n";

/// The program on a data folder.
struct Sanji<'a>(&'a Path);

impl Sanji<'_> {
    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sanji"));
        command.args(words).arg("--data").arg(self.0.join("data")).current_dir(self.0);
        command.env_remove("SANJI_LANG").env_remove("SANJI_ADDRESS").env_remove("SANJI_PASSPHRASE");
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// Runs a command that must succeed; gives what it printed.
    fn ok(&self, words: &[&str]) -> String {
        let output = self.run(words);
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, words: &[&str]) -> Value {
        serde_json::from_str(&self.ok(&[words, &["--json"]].concat())).unwrap()
    }

    /// Runs a command that must fail; gives its exit status and what it said.
    fn fails(&self, words: &[&str]) -> (i32, String) {
        let output = self.run(words);
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    }

    fn with_input(&self, words: &[&str], input: &str) -> Output {
        let mut command = self.command(words);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    fn file(&self, name: &str, text: &str) -> String {
        std::fs::write(self.0.join(name), text).unwrap();
        name.to_owned()
    }
}

#[test]
fn a_county_is_imported_shown_and_imported_again_without_change() {
    let dir = tempfile::tempdir().unwrap();
    let sanji = Sanji(dir.path());
    let dry = sanji.json(&["county", "import", "hezhang", "--dry-run"]);
    assert_eq!(dry["dry_run"], true);
    assert_eq!(sanji.json(&["county", "show"]), Value::Array(vec![]), "a dry run writes nothing");
    let added = |imported: &Value, what: &str| {
        let rows = imported["rows"].as_array().unwrap();
        rows.iter().find(|row| row["what"] == what).unwrap()["added"].as_u64().unwrap()
    };
    let first = sanji.json(&["county", "import", "hezhang"]);
    assert_eq!((added(&first, "groups"), added(&first, "schools")), (10, 21));
    assert_eq!(sanji.json(&["county", "show"]).as_array().unwrap().len(), 21);
    let again = sanji.json(&["county", "import", "hezhang"]);
    assert_eq!((added(&again, "groups"), added(&again, "schools")), (0, 0));
    let sample = sanji.ok(&["county", "sample"]);
    let file = sanji.file("county.toml", &sample.replace("kind = \"primary\"", "kind = \"primay\""));
    let (status, said) = sanji.fails(&["county", "import", &file]);
    assert_eq!((status, said.lines().count()), (1, 5), "{said}");
    assert!(said.contains("school.kind") && said.contains("primay"), "{said}");
    assert_eq!(sanji.fails(&["county", "import", "nowhere.toml"]).0, 2);
}

#[test]
fn a_staff_list_is_checked_whole_before_any_of_it_is_taken() {
    let dir = tempfile::tempdir().unwrap();
    let sanji = Sanji(dir.path());
    sanji.ok(&["county", "import", "hezhang"]);
    let bad = sanji.file("bad.csv", &format!("{STAFF}第一小雪,张丙,教师,是,,\n第一小学,,皇帝,是,,\n"));
    let (status, said) = sanji.fails(&["staff", "import", &bad]);
    assert_eq!(status, 1);
    for part in ["第 5 行 姓名", "第 5 行 岗位"] {
        assert!(said.contains(part), "{said}");
    }
    let unknown = sanji.file("unknown.csv", &format!("{STAFF}第一小雪,张丙,教师,是,,\n"));
    let (status, said) = sanji.fails(&["staff", "import", &unknown, "--lang", "en"]);
    assert_eq!((status, said.contains("line 4"), said.contains("第一小学")), (1, true, true), "{said}");
    let good = sanji.file("good.csv", STAFF);
    assert_eq!(sanji.json(&["staff", "import", &good, "--dry-run"])["added"], 2);
    let staff = |sanji: &Sanji| {
        let shown = sanji.json(&["county", "show"]);
        shown.as_array().unwrap().iter().map(|school| school["staff"].as_u64().unwrap()).sum::<u64>()
    };
    assert_eq!(staff(&sanji), 0, "neither the bad lists nor the dry run wrote anything");
    assert_eq!(sanji.json(&["staff", "import", &good])["added"], 2);
    assert_eq!(staff(&sanji), 2);
    assert_eq!(sanji.json(&["staff", "import", &good])["same"], 2);
    let template = sanji.ok(&["staff", "import", "--template"]);
    assert!(template.starts_with('\u{feff}') && template.contains("岗位"));
}

#[test]
fn an_invitation_is_a_code_and_a_picture_and_names_the_address() {
    let dir = tempfile::tempdir().unwrap();
    let sanji = Sanji(dir.path());
    sanji.ok(&["county", "import", "hezhang"]);
    sanji.file("staff.csv", STAFF);
    sanji.ok(&["staff", "import", "staff.csv"]);
    let who = ["invite", "--school", "第一小学", "--name", "王甲"];
    let (status, said) = sanji.fails(&who);
    assert_eq!((status, said.contains("--address")), (2, true), "{said}");
    let address = ["--address", "192.0.2.7:8443"];
    let shown = sanji.ok(&[&who[..], &address].concat());
    assert!(shown.contains("192.0.2.7:8443") && shown.lines().count() > 20, "{shown}");
    let all = sanji.json(&[&["invite", "--school", "第一小学", "--everyone"][..], &address].concat());
    let names: Vec<&str> = all.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["李乙", "王甲"]);
    let code = all[0]["code"].as_str().unwrap();
    assert_eq!(code.replace('-', "").len(), 20, "{code}");
    let (status, said) = sanji.fails(&[&["invite", "--school", "第一小学", "--name", "赵丁"][..], &address].concat());
    assert_eq!((status, said.contains("王甲")), (1, true), "{said}");
    assert_eq!(sanji.fails(&["invite"]).0, 2);
}

#[test]
fn accounts_are_made_reset_closed_and_listed() {
    let dir = tempfile::tempdir().unwrap();
    let sanji = Sanji(dir.path());
    sanji.ok(&["county", "import", "hezhang"]);
    let made = sanji.json(&["user", "add", "admin", "--role", "administrator"]);
    assert_eq!(made["password"].as_str().unwrap().len(), 19);
    let given = sanji.with_input(
        &["user", "add", "kele", "--role", "township", "--scope", "township:可乐乡", "--password-stdin"],
        "correct horse battery\n",
    );
    assert!(given.status.success(), "{}", String::from_utf8_lossy(&given.stderr));
    let short = sanji.with_input(&["user", "reset", "kele", "--password-stdin"], "short\n");
    assert_eq!(short.status.code(), Some(2));
    sanji.ok(&["user", "close", "kele"]);
    let listed = sanji.json(&["user", "list"]);
    assert_eq!((&listed[0]["account"], &listed[0]["roles"][0]), (&"admin".into(), &"administrator".into()));
    assert_eq!((&listed[1]["account"], &listed[1]["closed"]), (&"kele".into(), &true.into()));
    assert_eq!(sanji.fails(&["user", "add", "admin", "--role", "supervisor"]).0, 1);
    assert_eq!(sanji.fails(&["user", "add", "x.y", "--role", "king"]).0, 2);
    assert_eq!(sanji.fails(&["user", "add", "x.y", "--role", "township", "--scope", "township:某乡"]).0, 2);
    assert_eq!(sanji.fails(&["user", "reset", "nobody"]).0, 1);
    assert_eq!(sanji.json(&["user", "list"]).as_array().unwrap().len(), 2);
    let acts = sanji.json(&["audit"]);
    let acts: Vec<&str> = acts.as_array().unwrap().iter().map(|act| act["act"].as_str().unwrap()).collect();
    assert_eq!(acts, ["user close", "user add", "user add", "county import"], "what was refused is no act");
}

#[test]
fn what_the_commands_wrote_verifies_and_a_changed_row_does_not() {
    let dir = tempfile::tempdir().unwrap();
    let sanji = Sanji(dir.path());
    sanji.ok(&["county", "import", "hezhang"]);
    let report = sanji.json(&["verify"]);
    assert!(report["entries"].as_u64().unwrap() > 60, "{report}");
    assert_eq!(report["faults"], Value::Array(vec![]));
    let store = rusqlite::Connection::open(dir.path().join("data/relay.sqlite")).unwrap();
    store
        .execute("UPDATE \"log\" SET v = CAST(substr(v, 1, 70) || x'00' || substr(v, 72) AS BLOB) WHERE k = x'0000000000000005'", [])
        .unwrap();
    drop(store);
    let (status, said) = sanji.fails(&["verify"]);
    assert_eq!(status, 1, "{said}");
    let output = sanji.run(&["verify", "--json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(report["faults"].as_array().unwrap().iter().any(|fault| fault["place"] == "log row 5"), "{report}");
}

#[test]
fn a_backup_restores_whole_and_only_with_its_passphrase() {
    let dir = tempfile::tempdir().unwrap();
    let sanji = Sanji(dir.path());
    sanji.ok(&["county", "import", "hezhang"]);
    let blobs = sanji_server::blobs::Blobs::new(&dir.path().join("data/blobs"));
    let picture = vec![7; 100_000];
    let hash = sanji_core::crypto::BlobHash(sanji_core::crypto::sha256(&[&picture]));
    blobs.put(&hash, &picture).unwrap();
    sanji.file("pass", "a long enough phrase\n");
    sanji.file("wrong", "another long phrase!\n");
    let with = ["--passphrase-file", "pass"];
    sanji.ok(&[&["backup", "county.sanji"][..], &with].concat());
    assert_eq!(sanji.fails(&[&["backup", "county.sanji"][..], &with].concat()).0, 2, "it overwrites nothing");
    assert_eq!(sanji.fails(&["backup", "other.sanji"]).0, 2, "without a passphrase");
    assert_eq!(
        std::fs::read_dir(dir.path().join("data")).unwrap().count(),
        3,
        "store, keys and blobs: no copy is left"
    );
    let there = tempfile::tempdir().unwrap();
    let restored = Sanji(there.path());
    let backup = dir.path().join("county.sanji");
    let restore = |pass: &str| {
        let pass = dir.path().join(pass);
        restored.run(&["restore", backup.to_str().unwrap(), "--passphrase-file", pass.to_str().unwrap()])
    };
    assert_eq!(restore("wrong").status.code(), Some(1));
    let whole = std::fs::read(&backup).unwrap();
    std::fs::write(&backup, &whole[..whole.len() - 1]).unwrap();
    assert_eq!(restore("pass").status.code(), Some(1), "a cut backup");
    assert!(!there.path().join("data").exists() && std::fs::read_dir(there.path()).unwrap().next().is_none());
    std::fs::write(&backup, &whole).unwrap();
    assert!(restore("pass").status.success());
    assert_eq!(restore("pass").status.code(), Some(2), "only into an empty folder");
    let keys = |dir: &Path| std::fs::read(dir.join("data/keys.toml")).unwrap();
    assert_eq!(keys(there.path()), keys(dir.path()));
    assert_eq!(restored.json(&["verify"]), sanji.json(&["verify"]));
    let blobs = sanji_server::blobs::Blobs::new(&there.path().join("data/blobs"));
    assert_eq!(blobs.get(&hash).unwrap(), Some(picture));
}

#[cfg(unix)]
#[test]
fn a_relay_says_where_it_listens_and_stops_when_told() {
    use std::io::{BufRead, BufReader, Read};
    let dir = tempfile::tempdir().unwrap();
    let sanji = Sanji(dir.path());
    sanji.ok(&["county", "import", "hezhang"]);
    let words = ["serve", "--listen", "127.0.0.1:0", "--plain-http", "--json", "--log", "error"];
    let mut relay = sanji.command(&words).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(relay.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let started: Value = serde_json::from_str(&line).unwrap();
    let address = started["listening"].as_str().unwrap();
    let ask = |path: &str| {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: sanji\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    };
    assert!(ask("/healthz").contains("\"store\":\"writable\""));
    assert!(ask("/v1/card").contains(address), "the card names the address");
    let (status, said) = sanji.fails(&words);
    assert_eq!((status, said.contains("另一个中继")), (1, true), "{said}");
    sanji.ok(&["user", "add", "admin", "--role", "administrator"]);
    let killed = Command::new("kill").arg(relay.id().to_string()).status().unwrap();
    assert!(killed.success());
    assert_eq!(relay.wait().unwrap().code(), Some(0));
    let wal = std::fs::metadata(dir.path().join("data/relay.sqlite-wal")).map_or(0, |file| file.len());
    assert_eq!(wal, 0, "the store is one file again");
    assert_eq!(sanji.json(&["user", "list"]).as_array().unwrap().len(), 1, "what a command wrote meanwhile stands");
}

#[test]
fn explain_reads_cases_and_writes_verdicts() {
    let dir = tempfile::tempdir().unwrap();
    let sanji = Sanji(dir.path());
    let output = sanji.with_input(&["explain"], "{\"id\":\"a\"}\n\nnonsense\n");
    let lines: Vec<Value> = output
        .stdout
        .split(|b| *b == b'\n')
        .filter(|l| !l.is_empty())
        .map(|l| serde_json::from_slice(l).unwrap())
        .collect();
    assert_eq!((lines.len(), &lines[0]["id"], &lines[1]["id"]), (2, &"a".into(), &Value::Null));
    assert!(output.status.success());
}

#[test]
fn a_wrong_call_is_told_apart_from_wrong_data() {
    let dir = tempfile::tempdir().unwrap();
    let sanji = Sanji(dir.path());
    assert_eq!(sanji.fails(&["nonsense"]).0, 2);
    assert_eq!(sanji.fails(&["serve", "--plain-http"]).0, 2, "without TLS only this machine");
    assert_eq!(sanji.fails(&["device", "revoke", "abc"]).0, 2);
    let (status, said) = sanji.fails(&["device", "revoke", "aaaaaaaaaaaaaaaaaaaaaaaaaa"]);
    assert_eq!((status, said.contains("device list")), (1, true), "{said}");
    let help = sanji.ok(&["serve", "--help"]);
    for flag in ["--listen", "SANJI_LISTEN", "--tls-cert", "--body-limit", "--log"] {
        assert!(help.contains(flag), "{help}");
    }
}

#[test]
fn a_token_is_made_once_listed_ended_and_noted() {
    let dir = tempfile::tempdir().unwrap();
    let sanji = Sanji(dir.path());
    sanji.ok(&["county", "import", "hezhang"]);
    let made = sanji.json(&["token", "add", "数据平台", "--scope", "county", "--days", "30"]);
    let text = made["token"].as_str().unwrap();
    assert!(text.starts_with("sanji_") && text.len() == 49, "{text}");
    let (status, said) = sanji.fails(&["token", "add", "数据平台", "--scope", "county"]);
    assert!(status == 1 && said.contains("数据平台") && said.contains("token end"), "{said}");
    sanji.ok(&["user", "add", "bureau", "--role", "supervisor"]);
    sanji.ok(&["token", "add", "报表", "--account", "bureau"]);
    for wrong in [
        &["token", "add", "x"][..],
        &["token", "add", "x", "--scope", "county", "--account", "bureau"],
        &["token", "add", "x", "--scope", "planet"],
        &["token", "add", "x", "--scope", "county", "--days", "0"],
        &["token", "add", "", "--scope", "county"],
    ] {
        assert_eq!(sanji.fails(wrong).0, 2, "{wrong:?}");
    }
    assert_eq!(sanji.fails(&["token", "add", "x", "--account", "nobody"]).0, 1);
    assert_eq!(sanji.fails(&["token", "end", "nothing"]).0, 1);
    sanji.ok(&["token", "end", "数据平台"]);
    let list = sanji.json(&["token", "list"]);
    let rows: Vec<(&str, bool)> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|t| (t["reads"].as_str().unwrap(), t["stands"].as_bool().unwrap()))
        .collect();
    assert_eq!(rows, [("account:bureau", true), ("county", false)]);
    let acts = sanji.json(&["audit"]);
    let acts: Vec<&str> = acts.as_array().unwrap().iter().map(|act| act["act"].as_str().unwrap()).collect();
    assert_eq!(
        acts.iter().filter(|act| act.starts_with("token")).collect::<Vec<_>>(),
        [&"token end", &"token add", &"token add"]
    );
    assert!(!sanji.ok(&["audit"]).contains(text) && !sanji.ok(&["token", "list"]).contains(text));
}

#[test]
fn a_file_that_no_phone_handed_over_is_refused_with_what_to_do_and_leaves_no_trace() {
    let dir = tempfile::tempdir().unwrap();
    let sanji = Sanji(dir.path());
    sanji.ok(&["county", "import", "hezhang"]);
    let (status, said) = sanji.fails(&["bundle", "import", "nothing.file"]);
    assert_eq!(status, 2, "{said}");
    let photo = sanji.file("photo.jpg", "no bundle at all");
    let (status, said) = sanji.fails(&["bundle", "import", &photo, "--lang", "en"]);
    assert_eq!(status, 1);
    assert!(said.contains("photo.jpg is no file of records"), "{said}");
    let cut = sanji.file("cut.file", "sanji/bundle/1");
    assert_eq!(sanji.fails(&["bundle", "import", &cut]).0, 1);
    assert!(!sanji.ok(&["audit"]).contains("bundle import"));
}

#[test]
fn a_phone_that_does_not_ask_is_not_let_in() {
    let dir = tempfile::tempdir().unwrap();
    let sanji = Sanji(dir.path());
    sanji.ok(&["county", "import", "hezhang"]);
    assert_eq!(sanji.json(&["device", "asking"]), serde_json::json!([]));
    let nobody = "aaaaaaaaaaaaaaaaaaaaaaaaaa";
    let (status, said) = sanji.fails(&["device", "approve", nobody, "123456"]);
    assert_eq!(status, 1, "{said}");
    assert!(!sanji.ok(&["audit"]).contains("device approve"));
}
