//! Figures as files: the same on page, CSV, XLSX and API; inert; for those who see them on the page.

use std::io::Cursor;

use axum::http::{StatusCode, header};
use calamine::{Data, Range, Reader, Xlsx};
use sanji_core::ids::SchoolId;
use sanji_core::texts::{Lang, texts};
use sanji_core::time::Minutes;
use sanji_server::accounts::tokens::Reach;
use sanji_server::tables::book::Name;

use crate::county::*;
use crate::town::Town;
use crate::zip;

fn file(school: SchoolId, period: &str, ending: &str) -> String {
    format!("/schools/{school}/{period}/export.{ending}")
}

async fn csv(town: &Town, cookie: &str, period: &str, table: Name) -> Vec<Vec<String>> {
    let got = town.get(cookie, &file(KELE, period, &format!("csv?table={}", table.code()))).await;
    assert_eq!(got.status, StatusCode::OK, "{}", got.text);
    assert_eq!(&got.bytes[..3], b"\xef\xbb\xbf", "Excel and WPS tell UTF-8 by the mark");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&got.bytes[3..]);
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn sheet(bytes: &[u8], table: Name) -> Range<Data> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    book.worksheet_range(&table.title(texts(Lang::Zh))).unwrap()
}

/// A cell as CSV writes it.
fn as_text(cell: &Data, heading: &str) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) => text.clone(),
        Data::Float(number) => number.to_string(),
        Data::DateTime(at) if at.is_duration() => format!("{}", (at.as_f64() * 1440.0).round()),
        // A time of day has no date.
        Data::DateTime(at) if at.as_f64() < 1.0 => {
            let minutes = (at.as_f64() * 1440.0).round();
            format!("{:02}:{:02}", (minutes / 60.0).floor(), minutes % 60.0)
        }
        Data::DateTime(at) => {
            let (year, month, day, hour, minute, ..) = at.to_ymd_hms_milli();
            match at.as_f64().fract() == 0.0 {
                true => format!("{year:04}-{month:02}-{day:02}"),
                false => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}"),
            }
        }
        other => panic!("{other:?} under {heading}"),
    }
}

#[tokio::test]
async fn the_same_figures_stand_on_page_csv_xlsx_and_api_for_a_whole_week() {
    let town = Town::open().await;
    let cookie = town.sign_in("kele0").await;
    let t = texts(Lang::Zh);
    let book = town.get(&cookie, &file(KELE, "2026-W10", "xlsx")).await;
    for table in Name::ALL {
        let csv = csv(&town, &cookie, "2026-W10", table).await;
        let range = sheet(&book.bytes, table);
        assert_eq!((range.height(), range.width()), (csv.len(), csv[0].len()), "{table:?}");
        for (line, (cells, row)) in range.rows().zip(&csv).enumerate().skip(1) {
            for ((cell, text), heading) in cells.iter().zip(row).zip(&csv[0]) {
                let inert = text.strip_prefix('\'').unwrap_or(text);
                assert_eq!(as_text(cell, heading), inert, "{table:?} line {line}, {heading}");
            }
        }
        assert!(csv.len() > 1, "{table:?} has rows");
    }
    let attendance = csv(&town, &cookie, "2026-W10", Name::Attendance).await;
    let at = |title: &str| attendance[0].iter().position(|one| one == title).unwrap();
    let page = town.page(&cookie, &format!("/schools/{KELE}/2026-W10")).await;
    let sums: Vec<&str> =
        page.split("<td class=\"sum\">").skip(1).map(|rest| rest.split("</td>").next().unwrap()).collect();
    let token = town.token("figures", Reach::Account("kele0".into()), person(0)).await;
    let api = town.json(&token, &format!("/api/v1/schools/{KELE}/2026-W10")).await;
    let rows = api["attendance"].as_array().unwrap();
    assert_eq!((sums.len(), rows.len(), attendance.len() - 1), (30, 30, 30));
    for ((row, sum), json) in attendance[1..].iter().zip(sums).zip(rows) {
        let number = |title: &str| row[at(title)].parse::<u32>().unwrap();
        for (title, key) in [
            ("应到天数", "required_days"),
            ("在岗天数", "present_days"),
            ("迟到早退离岗天数", "irregular_days"),
            ("不足5小时天数", "short_days"),
            ("缺签退天数", "needs_correction_days"),
            ("无在岗记录天数", "absent_days"),
            ("手机未送来天数", "not_arrived_days"),
            ("未结束天数", "open_days"),
            ("请假天数", "leave_days"),
            ("在岗时长(分钟)", "office_minutes"),
            ("应在岗时长(分钟)", "required_minutes"),
            ("不足时长(分钟)", "short_minutes"),
        ] {
            assert_eq!(json[key], number(title), "{title} of {}", row[0]);
        }
        for (title, key) in [("迟到", "late"), ("早退", "left_early"), ("中途离岗", "away")] {
            assert_eq!(json[key]["count"], number(&format!("{title}次数")), "{title} of {}", row[0]);
            assert_eq!(json[key]["minutes"], number(&format!("{title}时长(分钟)")), "{title} of {}", row[0]);
        }
        let days = t.get("pages-sum-days", &[("present", number("在岗天数")), ("days", number("应到天数"))]);
        let office = t.duration(Minutes(number("在岗时长(分钟)")));
        assert!(sum.contains(&days) && sum.contains(&office), "{} in {sum}", row[0]);
        let short = number("不足时长(分钟)");
        let said = t.get("pages-sum-short", &[("length", t.duration(Minutes(short)))]);
        assert_eq!(sum.contains(&said), short > 0, "{} in {sum}", row[0]);
    }
    let all: u32 = attendance[1..].iter().map(|row| row[at("在岗天数")].parse::<u32>().unwrap()).sum();
    assert_eq!(all, 140, "as the page says in its first sentence");
    let late = attendance.iter().find(|row| row[0] == staff_name(3)).unwrap();
    assert_eq!((&late[at("迟到次数")][..], &late[at("迟到时长(分钟)")][..]), ("1", "12"));
    assert_eq!(attendance.iter().find(|row| row[0] == staff_name(4)).unwrap()[at("请假(病假)天数")], "1");
}

#[tokio::test]
async fn a_file_has_typed_cells_a_frozen_header_and_a_chinese_name() {
    let town = Town::open().await;
    let got = town.get(&town.sign_in("kele0").await, &file(KELE, "2026-W10", "xlsx")).await;
    let days = sheet(&got.bytes, Name::Days);
    assert!(matches!(days.get((1, 1)), Some(Data::DateTime(at)) if !at.is_duration()), "{:?}", days.get((1, 1)));
    assert!(matches!(days.get((1, 3)), Some(Data::DateTime(at)) if at.is_duration()), "{:?}", days.get((1, 3)));
    assert!(matches!(sheet(&got.bytes, Name::Attendance).get((1, 1)), Some(Data::Float(_))));
    for number in 1..=Name::ALL.len() {
        let xml = zip::part(&got.bytes, &format!("xl/worksheets/sheet{number}.xml")).unwrap();
        assert!(xml.contains("ySplit=\"1\"") && xml.contains("state=\"frozen\""), "sheet {number}");
        assert!(xml.contains("<cols>") && !xml.contains("<f>"), "sheet {number}: widths, and no formula");
    }
    let disposition = got.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
    let coded = "%E5%8F%AF%E4%B9%90%E5%B0%8F%E5%AD%A6_2026-W10_%E8%80%83%E5%8B%A4.xlsx";
    assert_eq!(disposition, format!("attachment; filename=\"sanji-2026-W10.xlsx\"; filename*=UTF-8''{coded}"));
    assert_eq!(got.headers[header::CONTENT_TYPE], "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
}

#[tokio::test]
async fn a_name_that_begins_like_a_formula_is_inert() {
    let town = Town::open().await;
    let cookie = town.sign_in("kele0").await;
    let rows = csv(&town, &cookie, "2026-W10", Name::Attendance).await;
    let name = staff_name(14);
    assert!(name.starts_with('='));
    assert!(rows.iter().any(|row| row[0] == format!("'{name}")) && rows.iter().all(|row| row[0] != name));
    let book = town.get(&cookie, &file(KELE, "2026-W10", "xlsx")).await;
    assert!(sheet(&book.bytes, Name::Attendance).rows().any(|row| row[0] == Data::String(name.clone())), "a string");
}

#[tokio::test]
async fn a_month_and_a_term_add_up_the_weeks() {
    let town = Town::open().await;
    let cookie = town.sign_in("kele0").await;
    let sum = |rows: &[Vec<String>], title: &str| -> u32 {
        let at = rows[0].iter().position(|one| one == title).unwrap();
        rows[1..].iter().map(|row| row[at].parse::<u32>().unwrap()).sum()
    };
    let week = csv(&town, &cookie, "2026-W10", Name::Attendance).await;
    for period in ["2026-03", "2026a"] {
        let rows = csv(&town, &cookie, period, Name::Attendance).await;
        for title in ["在岗天数", "请假天数", "迟到时长(分钟)", "在岗时长(分钟)"] {
            assert_eq!(sum(&rows, title), sum(&week, title), "{title}: all presence of {period} is in this week");
        }
        assert!(sum(&rows, "未结束天数") > 30 * 15, "{period} goes on after today");
    }
    let load = csv(&town, &cookie, "2026-03", Name::Workload).await;
    assert_eq!(load[1..], [vec![staff_name(2), "4".into(), "4".into(), "510".into(), "510".into()]]);
}

#[tokio::test]
async fn every_role_takes_away_what_it_sees_on_the_page_and_a_reviewer_is_noted() {
    let town = Town::open().await;
    let looks = || town.count("SELECT count(*) FROM look WHERE page LIKE 'export %'");
    let all = 31;
    for (role, lines) in [
        ("supervisor", Some(all)),
        ("township", Some(all)),
        ("lead", None),
        ("admin", None),
        ("foreign", None),
        ("stranger", None),
        ("kele0", Some(all)),
        ("kele2", Some(2)),
        ("kele4", Some(2)),
    ] {
        let cookie = town.sign_in(role).await;
        for period in ["2026-W10", "2026-03", "2026a"] {
            let before = looks();
            for ending in ["csv", "xlsx"] {
                let got = town.get(&cookie, &file(KELE, period, ending)).await;
                let expected = if lines.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
                assert_eq!(got.status, expected, "{role} {period} {ending}");
            }
            let noted = if ["supervisor", "township"].contains(&role) { 2 } else { 0 };
            assert_eq!(looks() - before, noted, "{role}");
            if let Some(lines) = lines {
                assert_eq!(csv(&town, &cookie, period, Name::Attendance).await.len(), lines, "{role} {period}");
            }
        }
        let missing = file(SchoolId(*b"nowhere-"), "2026-W10", "csv");
        for path in [missing, file(KELE, "2026", "csv"), file(KELE, "2026-W10", "csv?table=office")] {
            assert_eq!(town.get(&cookie, &path).await.status, StatusCode::NOT_FOUND, "{role} {path}");
        }
    }
    let got = town.get("", &file(KELE, "2026-W10", "csv")).await;
    assert_eq!(got.status, StatusCode::SEE_OTHER, "to where one signs in");
}

#[tokio::test]
async fn which_leave_it_is_stands_in_a_heads_file_only() {
    let town = Town::open().await;
    for (role, knows) in [("kele0", true), ("kele4", true), ("supervisor", false), ("township", false)] {
        let cookie = town.sign_in(role).await;
        for table in Name::ALL {
            let rows = csv(&town, &cookie, "2026-W10", table).await;
            let said = rows.iter().flatten().any(|cell| cell.contains("病假"));
            let told = knows && [Name::Attendance, Name::Days, Name::Leave].contains(&table);
            assert_eq!(said, told, "{role} {table:?}");
        }
    }
}

#[tokio::test]
async fn the_weeks_page_leads_to_its_files() {
    let town = Town::open().await;
    let cookie = town.sign_in("kele0").await;
    let page = town.page(&cookie, &format!("/schools/{KELE}/2026-W10")).await;
    let links: Vec<&str> = page
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|l| l.contains("export"))
        .collect();
    assert_eq!(links.len(), 3 + Name::ALL.len());
    for link in links {
        assert_eq!(town.get(&cookie, link).await.status, StatusCode::OK, "{link}");
    }
}
