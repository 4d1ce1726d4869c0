//! Support visits, what is owed, and the term of after-school service, as the people concerned meet them.

use axum::http::{StatusCode, header};
use jiff::civil::time;
use sanji_core::crypto::sha256;
use sanji_core::ids::{DocId, VisitId};
use sanji_core::records::*;
use sanji_core::sync::message::{Scope, SmallBlob};
use sanji_core::time::Minutes;
use sanji_server::accounts::tokens::Reach;

use crate::county::*;
use crate::html;
use crate::town::Town;

/// An observation at the larger school by the county's supervisor, closed; two people wrote its record at the same time.
pub const OBSERVED: VisitId = VisitId(*b"visit-ob");
/// An inspection of the larger school that nobody there may know of yet.
const INSPECTION: VisitId = VisitId(*b"visit-in");
/// Joint research at the smaller school, under way.
const RESEARCH: VisitId = VisitId(*b"visit-re");
/// The larger school's union activity, closed.
const UNION: VisitId = VisitId(*b"visit-un");

/// The picture of the observed lesson.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n a lesson";

fn plan(kind: VisitKind, d: i8, host: sanji_core::ids::SchoolId) -> VisitPlan {
    VisitPlan {
        kind,
        date: day(d),
        host,
        from: None,
        group: None,
        field: None,
        visitors: vec![],
        teachers: vec![],
        announced: None,
    }
}

fn part(part: Part, text: &str) -> VisitPart {
    VisitPart { part, text: text.into() }
}

/// The week's visits.
pub fn visits(county: &mut County<'_>) {
    let open = |county: &mut County<'_>, d: i8, who, doc| county.desk(at(d, 9, 0), who, doc, vec![], VisitOpen {});
    let close = |county: &mut County<'_>, d: i8, who, doc, minutes| {
        county.desk(at(d, 10, 30), who, doc, vec![], VisitClose { minutes });
    };
    let doc = DocId::visit(OBSERVED, day(4));
    let teachers = vec![posting(person(3))];
    let observed = VisitPlan { teachers, visitors: vec![LEAD], ..plan(VisitKind::DropInObservation, 4, KELE) };
    county.desk(at(2, 8, 0), SUPERVISOR, doc, vec![], observed);
    open(county, 4, SUPERVISOR, doc);
    county.desk(at(4, 9, 10), SUPERVISOR, doc, vec![], part(Part::Plan, "听一节语文课。\n<b>看板书</b>"));
    let first = county.desk(at(4, 9, 50), SUPERVISOR, doc, vec![], part(Part::Record, "课堂秩序好。"));
    // Neither knows of the other's change.
    county.desk(at(4, 10, 0), SUPERVISOR, doc, vec![first], part(Part::Record, "课堂秩序好,提问偏少。"));
    county.desk(at(4, 10, 5), LEAD, doc, vec![first], part(Part::Record, "课堂秩序好,学生活动多。"));
    let seen = Observation {
        teacher: posting(person(3)),
        lesson: "=1+1 识字".into(),
        review: Some("讲评:再放手些。".into()),
        grade: Some("良好".into()),
        minutes: Some(Minutes(40)),
    };
    county.desk(at(4, 10, 10), SUPERVISOR, doc, vec![], seen);
    let mut phone = county.phone(90, SUPERVISOR);
    let salted = [&[7; 16][..], PICTURE].concat();
    let blob = SmallBlob { doc, bytes: salted.clone() };
    let hash = sanji_core::crypto::BlobHash(sha256(&[&salted]));
    let body: Body = VisitPicture { picture: hash, caption: Some("一年级识字课".into()) }.into();
    phone.record_with(at(4, 10, 15), doc, vec![hash], body);
    phone.bring(vec![blob]);
    phone.sync(county.relay, county.ledger, at(4, 10, 20));
    close(county, 4, SUPERVISOR, doc, Some(Minutes(80)));
    county.desk(at(4, 11, 0), SUPERVISOR, doc, vec![], VisitShare { with: vec![posting(person(3))] });

    let doc = DocId::visit(INSPECTION, day(9));
    county.desk(at(6, 8, 0), SUPERVISOR, doc, vec![], plan(VisitKind::Inspection, 9, KELE));

    let doc = DocId::visit(RESEARCH, day(5));
    let research = VisitPlan { from: Some(KELE), ..plan(VisitKind::JointResearch, 5, MAGU) };
    county.desk(at(3, 8, 0), person(0), doc, vec![], research);
    open(county, 5, person(0), doc);

    let doc = DocId::visit(UNION, day(6));
    county.desk(at(6, 8, 0), person(0), doc, vec![], plan(VisitKind::UnionActivity, 6, KELE));
    open(county, 6, person(0), doc);
    close(county, 6, person(0), doc, Some(Minutes(60)));
}

/// The county after its week, with the visits of it.
pub async fn open() -> Town {
    Town::with(|county| {
        county.found();
        county.week();
        visits(county);
    })
    .await
}

fn at_visit(visit: VisitId) -> String {
    format!("/visits/{visit}")
}

async fn said(town: &Town, cookie: &str, path: &str) -> String {
    html::read(&town.page(cookie, path).await).unwrap()
}

#[tokio::test]
async fn every_role_reads_the_visits_of_its_scope_and_no_other() {
    let town = open().await;
    let service = format!("/schools/{KELE}/service/2026a");
    let addresses = [
        ("observed", at_visit(OBSERVED)),
        ("inspection", at_visit(INSPECTION)),
        ("research", at_visit(RESEARCH)),
        ("union", at_visit(UNION)),
        ("missing", at_visit(VisitId([9; 8]))),
        ("nothing", "/visits/nothing".into()),
        ("service", service),
        ("no school", "/schools/x/service/2026a".into()),
        ("no term", format!("/schools/{KELE}/service/2026-03")),
    ];
    let roles: [(&str, &[&str]); 9] = [
        ("supervisor", &["observed", "inspection", "research", "union", "service"]),
        ("township", &["observed", "inspection", "research", "union", "service"]),
        ("lead", &["observed", "research", "union"]),
        ("admin", &[]),
        ("foreign", &["research"]),
        ("stranger", &[]),
        ("kele0", &["observed", "research", "union", "service"]),
        ("kele2", &["service"]),
        ("kele4", &["service"]),
    ];
    for (role, open) in roles {
        let cookie = town.sign_in(role).await;
        for (name, path) in &addresses {
            let expected = if open.contains(name) { StatusCode::OK } else { StatusCode::NOT_FOUND };
            assert_eq!(town.get(&cookie, path).await.status, expected, "{role} at {name}");
        }
        let list = town.page(&cookie, "/visits").await;
        for (name, path) in &addresses[..4] {
            assert_eq!(list.contains(&format!("href=\"{path}\"")), open.contains(name), "{role}: {name} in the list");
        }
        for path in ["/visits/export.csv", "/visits/export.xlsx", "/obligations", "/obligations/export.csv"] {
            assert_eq!(town.get(&cookie, path).await.status, StatusCode::OK, "{role} at {path}");
        }
    }
}

#[tokio::test]
async fn the_pages_of_works_are_well_formed_in_both_languages_and_every_word_has_a_text() {
    let town = open().await;
    let mut paths = vec!["/visits".to_owned(), "/visits?from=x".into(), "/visits?from=2026-03-05&to=2026-03-01".into()];
    paths.extend([OBSERVED, INSPECTION, RESEARCH, UNION].map(at_visit));
    paths.extend(
        ["/obligations", "/obligations?period=2026-W10", "/obligations?period=no", "/obligations?state=overdue"]
            .map(String::from),
    );
    paths.extend([format!("/schools/{KELE}/service/2026a"), format!("/schools/{KELE}/service/2026a?week=2026-W11")]);
    paths.push(format!("/schools/{MAGU}/service/2025b"));
    let cookie = town.sign_in("supervisor").await;
    for lang in ["zh", "en"] {
        for path in &paths {
            let got = town.get(&format!("{cookie}; lang={lang}"), path).await;
            assert_eq!(got.status, StatusCode::OK, "{path}");
            let said = html::read(&got.text).unwrap_or_else(|fault| panic!("{path}: {fault}\n{}", got.text));
            for key in
                ["pages-", "works-", "visit-", "owed-", "part-", "field-", "export-", "finding-", "shape-", "{$", "{ $"]
            {
                assert!(!said.contains(key), "{lang} {path}: {key} in {said}");
            }
            assert!(got.text.len() < 60_000, "{path}: {}", got.text.len());
        }
    }
}

#[tokio::test]
async fn a_visit_shows_its_parts_and_two_values_side_by_side_where_two_people_changed_one() {
    let town = open().await;
    let cookie = town.sign_in("supervisor").await;
    let page = town.page(&cookie, &at_visit(OBSERVED)).await;
    let said = html::read(&page).unwrap();
    assert!(said.contains("3月4日 周三,lead、supervisor到可乐小学,已结束。用时 1小时20分。"), "{said}");
    assert!(said.contains("已写计划、记录,还没有措施、总结。接待学校还没有签字。"), "{said}");
    assert!(said.contains("两人同时改了这一项"), "{said}");
    assert!(said.contains("课堂秩序好,提问偏少。 supervisor 3月4日 10:00"), "{said}");
    assert!(said.contains("课堂秩序好,学生活动多。 lead 3月4日 10:05"), "{said}");
    assert!(page.contains("&lt;b&gt;看板书&lt;/b&gt;"), "what people write is text");
    assert!(said.contains(&format!("{} =1+1 识字 40分 · 等次 良好", staff_name(3))), "{said}");
    assert!(said.contains("谁在什么时候写了什么(10 条)"), "{said}");
    let picture = page.split("img src=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let got = town.get(&cookie, picture).await;
    assert_eq!((got.status, &got.bytes[..]), (StatusCode::OK, PICTURE));
    assert_eq!(town.get(&town.sign_in("foreign").await, picture).await.status, StatusCode::NOT_FOUND);
    let list = self::said(&town, &cookie, "/visits").await;
    assert!(list.contains("4 次帮扶活动:2 次已结束、1 次进行中、1 次已计划。1 次活动有两人同时改了同一项。"), "{list}");
}

#[tokio::test]
async fn filters_of_visits_are_in_the_address_and_a_wrong_date_is_said_at_its_field() {
    let town = open().await;
    let cookie = town.sign_in("supervisor").await;
    for (query, found) in [
        ("kind=inspection", vec![INSPECTION]),
        ("state=closed", vec![OBSERVED, UNION]),
        (&format!("school={MAGU}"), vec![RESEARCH]),
        (&format!("group={FOURTH}"), vec![OBSERVED, INSPECTION, RESEARCH, UNION]),
        ("visitor=lead", vec![OBSERVED]),
        ("from=2026-03-05&to=2026-03-06", vec![RESEARCH, UNION]),
        ("from=2025-09-01&to=2025-10-01", vec![]),
    ] {
        let page = town.page(&cookie, &format!("/visits?{query}")).await;
        for visit in [OBSERVED, INSPECTION, RESEARCH, UNION] {
            assert_eq!(page.contains(&format!("href=\"{}\"", at_visit(visit))), found.contains(&visit), "{query}");
        }
        assert!(page.contains("/visits/export.csv?"), "{query}");
    }
    let page = town.page(&cookie, "/visits?from=yesterday&visitor=lead").await;
    assert!(
        page.contains("id=\"fault-from\"") && page.contains("value=\"yesterday\"") && page.contains("value=\"lead\"")
    );
    assert_eq!(town.get(&cookie, "/visits?kind=party").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_owed_is_done_due_or_overdue_and_names_the_visits_that_count() {
    let town = open().await;
    // Of the weeks that overlap March and have begun, one has a union activity; this week isn't over.
    town.clock.to(at(16, 8, 0));
    let cookie = town.sign_in("supervisor").await;
    let said = self::said(&town, &cookie, "/obligations?period=2026-03&obligation=hezhang-2021/union_activity").await;
    assert!(said.contains("应完成 4 项:1 项已完成、2 项逾期、1 项还没到期。最早的从 3月2日 起逾期。"), "{said}");
    let page = town.page(&cookie, &format!("/obligations?period=2026-03&school={KELE}")).await;
    assert!(page.contains(&format!("href=\"{}\"", at_visit(UNION))), "the visit that counts");
    let teacher = format!("{} 可乐小学 推门听课 2025-2026 学年 ● 已完成 1 / 1 次 活动1", staff_name(3));
    assert!(html::read(&page).unwrap().contains(&teacher), "{}", html::read(&page).unwrap());
    let own = self::said(&town, &town.sign_in("kele4").await, "/obligations").await;
    assert!(own.contains("应完成 1 项:1 项还没到期"), "{own}");
    assert!(!own.contains(&staff_name(3)), "{own}");
    let none = self::said(&town, &town.sign_in("admin").await, "/obligations").await;
    assert!(none.contains("没有您可以查看"), "{none}");
    let foreign = town.page(&town.sign_in("foreign").await, "/obligations").await;
    assert!(!foreign.contains("可乐小学") && !foreign.contains(&staff_name(3)));
}

#[tokio::test]
async fn the_same_visits_and_obligations_stand_on_page_sheet_and_api() {
    let town = open().await;
    let cookie = town.sign_in("supervisor").await;
    let token = town.token("county", Reach::Scope(Scope::County), sanji_core::ids::PersonId([9; 8])).await;
    let rows = |bytes: &[u8]| -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&bytes[3..]);
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    };
    let got = town.get(&cookie, "/visits/export.csv").await;
    assert_eq!(got.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    let sheet = rows(&got.bytes);
    let json = town.json(&token, "/api/v1/visits").await;
    let items = json["items"].as_array().unwrap();
    assert_eq!((items.len(), sheet.len()), (4, 5));
    for item in items {
        let kind = sanji_core::texts::texts(sanji_core::texts::Lang::Zh)
            .word(&format!("visit-{}", item["kind"].as_str().unwrap()))
            .into_owned();
        let row = sheet.iter().find(|row| row[1] == kind).unwrap();
        assert_eq!(row[0], item["date"].as_str().unwrap());
        assert_eq!(row[2], item["host"]["name"].as_str().unwrap());
        assert_eq!(row[10], item["minutes"].as_u64().map_or(String::new(), |minutes| minutes.to_string()));
    }
    let owed = rows(&town.get(&cookie, "/obligations/export.csv?period=2026-03").await.bytes);
    let json = town.json(&token, "/api/v1/obligations?period=2026-03&limit=500").await;
    let items = json["items"].as_array().unwrap();
    assert_eq!(items.len(), owed.len() - 1);
    let count = |state: &str| items.iter().filter(|item| item["state"] == state).count();
    let lead = said(&town, &cookie, "/obligations?period=2026-03").await;
    assert!(
        lead.contains(&format!("{} 项已完成", count("met"))) && lead.contains(&format!("{} 项还没到期", count("due"))),
        "{lead}"
    );
    let xlsx = town.get(&cookie, "/visits/export.xlsx").await;
    assert!(xlsx.bytes.starts_with(b"PK"), "a file of Office Open XML");
    let dossier = town.json(&token, &format!("/api/v1/visits/{OBSERVED}")).await;
    assert_eq!(dossier["parts"].as_array().unwrap().iter().filter(|part| part["part"] == "record").count(), 2);
}

#[tokio::test]
async fn bodies_of_works_are_those_that_are_kept_as_files() {
    let town = open().await;
    let token = town.token("county", Reach::Scope(Scope::County), sanji_core::ids::PersonId([9; 8])).await;
    for (name, path) in [
        ("visits", "/api/v1/visits".to_owned()),
        ("visit", format!("/api/v1/visits/{OBSERVED}")),
        ("obligations", format!("/api/v1/obligations?period=2026-W10&school={KELE}&limit=6")),
        ("sessions", format!("/api/v1/schools/{KELE}/2026a/sessions?limit=2")),
        ("service-days", format!("/api/v1/schools/{KELE}/2026-W10/service-days")),
    ] {
        let body = town.json(&token, &path).await;
        crate::api::kept(name, &path, &body);
    }
}

#[tokio::test]
async fn the_host_signs_for_what_stands_once_it_was_opened_and_nobody_else_does() {
    let town = open().await;
    let path = format!("{}/countersign", at_visit(OBSERVED));
    let cookie = town.sign_in("kele0").await;
    let page = town.page(&cookie, &at_visit(OBSERVED)).await;
    let seen = html::hidden(&page, "seen").unwrap();
    let stale = town.post(&cookie, &path, &[("seen", "x"), ("reason", "谢谢")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text.contains("value=\"谢谢\""), "what was typed stays");
    for _ in 0..2 {
        let done = town.post(&cookie, &path, &[("seen", &seen), ("reason", "谢谢指导")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    }
    let after = said(&town, &cookie, &at_visit(OBSERVED)).await;
    assert_eq!(after.matches("签字,看过 8 条记录").count(), 1, "a form that is sent twice signs once: {after}");
    assert!(after.contains("接待学校已签字") && after.contains("谢谢指导"), "{after}");
    for role in ["supervisor", "foreign", "stranger", "kele2"] {
        let cookie = town.sign_in(role).await;
        let got = town.post(&cookie, &path, &[("seen", &seen)]).await;
        assert_eq!(got.status, StatusCode::NOT_FOUND, "{role}");
    }
    let unopened = format!("{}/countersign", at_visit(INSPECTION));
    assert_eq!(town.post(&cookie, &unopened, &[("seen", "")]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn those_who_may_read_a_visit_in_their_scope_comment_on_it() {
    let town = open().await;
    let path = format!("{}/comment", at_visit(OBSERVED));
    for role in ["supervisor", "township", "lead", "kele0"] {
        let cookie = town.sign_in(role).await;
        let empty = town.post(&cookie, &path, &[("reason", " "), ("about", "record")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY, "{role}");
        assert!(
            empty.text.contains("id=\"fault-reason\"") && empty.text.contains("value=\"record\" selected"),
            "{role}"
        );
        for _ in 0..2 {
            let text = format!("{role}:请补写总结");
            let done = town.post(&cookie, &path, &[("reason", &text), ("about", "record")]).await;
            assert_eq!(done.status, StatusCode::SEE_OTHER, "{role}: {}", done.text);
        }
        let after = said(&town, &cookie, &at_visit(OBSERVED)).await;
        assert_eq!(after.matches(&format!("关于记录 {role}:请补写总结")).count(), 1, "{role}: {after}");
    }
    for role in ["foreign", "stranger", "admin", "kele2"] {
        let cookie = town.sign_in(role).await;
        assert_eq!(town.post(&cookie, &path, &[("reason", "x")]).await.status, StatusCode::NOT_FOUND, "{role}");
    }
    assert_eq!(
        town.count("SELECT count(*) FROM view_entry WHERE kind = 130 AND state = 'flagged'"),
        0,
        "all of them count"
    );
}

#[tokio::test]
async fn the_term_of_service_says_plan_against_delivered_and_what_each_led() {
    let town = Town::with(|county| {
        county.found();
        county.week();
        let register = DocId::register(KELE, day(2));
        let session = |start: i8, pupils| Session {
            date: day(6),
            start: time(start, 0, 0, 0),
            end: time(18, 0, 0, 0),
            content: Content::Reading,
            stage: None,
            instructors: vec![Instructor {
                posting: Some(posting(person(0))),
                name: None,
                outside: None,
                vetted: None,
            }],
            pupils: Some(pupils),
            project: None,
        };
        let first = county.desk(at(6, 18, 10), person(0), register, vec![], session(17, 20));
        county.desk(at(6, 18, 20), person(0), register, vec![first], session(16, 25));
    })
    .await;
    for role in ["kele0", "supervisor"] {
        let cookie = town.sign_in(role).await;
        let said = said(&town, &cookie, &format!("/schools/{KELE}/service/2026a")).await;
        assert!(said.contains("方案已备案;到现在的 5 个上学日中 5 天达到要求,合计 10小时30分。"), "{said}");
        assert!(said.contains("方案已备案 3月1日至7月10日 · 阅读"), "{said}");
        assert!(said.contains("已交接,学生 41 人") && said.contains("更正过 1 次"), "{said}");
        assert!(said.contains("没有交接记录 依据:HZ 附1 四(二)"), "{said}");
        assert!(said.contains(&format!("{} 4 4 8小时30分 8小时30分", staff_name(2))), "{said}");
        assert!(said.contains(&format!("{} 1 1 2小时 2小时", staff_name(0))), "{said}");
    }
    let week = town.page(&town.sign_in("kele0").await, &format!("/schools/{KELE}/2026-W10")).await;
    assert!(week.contains(&format!("/schools/{KELE}/service/2026a")), "the week leads there");
    let now = town.get(&town.sign_in("kele0").await, &format!("/schools/{KELE}/service")).await;
    assert_eq!(now.headers["location"].to_str().unwrap(), format!("/schools/{KELE}/service/2026a"));
}

#[tokio::test]
async fn a_plan_is_filed_or_given_back_by_who_reviews_the_school_and_once() {
    let town = Town::open().await;
    let page = format!("/schools/{KELE}/service/2026a");
    town.happens(|county| {
        let plan = ServicePlan { from: day(9), to: day(20), projects: vec!["体育".into()], text: None };
        county.desk(at(7, 9, 0), person(0), DocId::register(KELE, day(2)), vec![], plan);
    })
    .await;
    let review = format!("{page}/review");
    let supervisor = town.sign_in("supervisor").await;
    let plan = html::hidden(&town.page(&supervisor, &page).await, "plan").unwrap();
    let fields = |decision: &'static str, reason: &'static str| {
        [("plan".to_owned(), plan.clone()), ("decision".into(), decision.into()), ("reason".into(), reason.into())]
    };
    let send = async |cookie: &str, fields: [(String, String); 3]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        town.post(cookie, &review, &fields).await
    };
    for role in ["kele0", "kele2", "township", "lead", "admin", "foreign", "stranger"] {
        let cookie = town.sign_in(role).await;
        assert_eq!(send(&cookie, fields("approved", "")).await.status, StatusCode::NOT_FOUND, "{role}");
        if role == "kele0" || role == "township" {
            assert_eq!(html::hidden(&town.page(&cookie, &page).await, "plan"), None, "{role}");
        }
    }
    let bare = send(&supervisor, fields("refused", " ")).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html::read(&bare.text).unwrap().contains("请用几个字说明原因"), "{}", bare.text);
    assert_eq!(send(&supervisor, fields("maybe", "")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(send(&supervisor, fields("refused", "<b>缺</b>安全责任书")).await.status, StatusCode::SEE_OTHER);
    let written = town.count("SELECT count(*) FROM view_entry");
    assert_eq!(
        send(&supervisor, fields("approved", "")).await.status,
        StatusCode::SEE_OTHER,
        "it was reviewed already"
    );
    assert_eq!(town.count("SELECT count(*) FROM view_entry"), written);
    let shown = town.page(&town.sign_in("kele0").await, &page).await;
    assert!(shown.contains("方案未通过审核") && shown.contains("&lt;b&gt;缺&lt;/b&gt;安全责任书"), "{shown}");
    town.happens(|county| {
        let plan = ServicePlan { from: day(23), to: day(27), projects: vec![], text: None };
        county.desk(at(7, 9, 30), person(0), DocId::register(KELE, day(2)), vec![], plan);
    })
    .await;
    let next = html::hidden(&town.page(&supervisor, &page).await, "plan").unwrap();
    let filed = town.post(&supervisor, &review, &[("plan", &next), ("decision", "approved")]).await;
    assert_eq!(filed.status, StatusCode::SEE_OTHER);
    assert_eq!(html::hidden(&town.page(&supervisor, &page).await, "plan"), None, "nothing waits any more");
}
