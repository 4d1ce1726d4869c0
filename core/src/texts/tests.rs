use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;

use super::*;
use crate::policy::{
    Chapter, CodedName, Decision, Direction, Force, Hours, Pack, PeriodKind, SchoolKind, SubjectKind, VisitKind,
};
use crate::records::{Body, Handover, Leave};
use crate::rules::{Certainty, FindingCode, Span, Status};
use crate::time::{HourMinute, Minutes};

/// Each key of a source with the arguments that its text takes.
fn keys(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = None;
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if line.starts_with(|first: char| first.is_ascii_alphabetic()) {
            let key = line.split_once('=').expect("a key has a text").0.trim().to_owned();
            assert!(!keys.contains_key(&key), "{key} stands twice");
            keys.insert(key.clone(), BTreeSet::new());
            current = Some(key);
        }
        let Some(args) = current.as_ref().and_then(|key| keys.get_mut(key)) else { continue };
        for after in line.split('$').skip(1) {
            args.insert(after.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect());
        }
    }
    keys
}

fn all(lang: Lang) -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::new();
    for area in all_areas() {
        for (key, args) in keys(area.source(lang)) {
            assert!(all.insert(key.clone(), args).is_none(), "{key} stands in two areas");
        }
    }
    all
}

#[test]
fn both_languages_have_the_same_keys_with_the_same_arguments() {
    for area in all_areas() {
        assert_eq!(keys(area.zh), keys(area.en), "{}", area.name);
    }
}

#[test]
fn every_text_is_filled_without_an_error() {
    for lang in Lang::ALL {
        let texts = Texts::new(lang);
        for (key, args) in all(lang) {
            assert!(texts.has(&key), "{key}");
            let mut filled = FluentArgs::new();
            for arg in args {
                filled.set(arg, 3);
            }
            let pattern = texts.bundle.get_message(&key).and_then(|message| message.value()).expect("has a text");
            let mut errors = Vec::new();
            let text = texts.bundle.format_pattern(pattern, Some(&filled), &mut errors);
            assert!(errors.is_empty() && !text.trim().is_empty(), "{key}: {errors:?}");
            assert!(!text.contains(['\u{2068}', '\u{2069}']), "{key} has isolation marks");
        }
    }
}

#[test]
fn every_code_has_its_words() {
    let mut wanted: Vec<String> = Vec::new();
    let mut want = |kind: &str, codes: Vec<&str>| wanted.extend(codes.iter().map(|code| format!("{kind}-{code}")));
    let statuses: Vec<&str> = Status::ALL.iter().map(|word| word.code()).collect();
    want("status", statuses.clone());
    want("shape", statuses);
    want("finding", FindingCode::ALL.iter().map(|word| word.code()).collect());
    want("certainty", Certainty::ALL.iter().map(|word| word.code()).collect());
    want("school", SchoolKind::ALL.iter().map(|word| word.code()).collect());
    want("hours", Hours::ALL.iter().map(|word| word.code()).collect());
    want("decision", Decision::ALL.iter().map(|word| word.code()).collect());
    want("direction", Direction::ALL.iter().map(|word| word.code()).collect());
    want("visit", VisitKind::ALL.iter().map(|word| word.code()).collect());
    want("subject", SubjectKind::ALL.iter().map(|word| word.code()).collect());
    want("period", PeriodKind::ALL.iter().map(|word| word.code()).collect());
    want("force", Force::ALL.iter().map(|word| word.code()).collect());
    want("chapter", Chapter::ALL.iter().map(|word| word.code()).collect());
    want("warning", vec!["calendar_missing"]);
    for lang in Lang::ALL {
        let texts = Texts::new(lang);
        for key in &wanted {
            assert!(texts.has(key), "{key} is missing in {}", lang.code());
        }
    }
}

#[test]
fn findings_with_a_size_say_it_and_others_do_not() {
    let sized = ["late", "left_early", "away", "absent_from_window"];
    for (key, args) in all(Lang::Zh).iter().filter(|(key, _)| key.starts_with("finding-")) {
        assert_eq!(args.contains("minutes"), sized.contains(&&key["finding-".len()..]), "{key}");
    }
}

/// The texts of `area` without keys and comments.
fn said(area: &Area, lang: Lang) -> String {
    let lines = area.source(lang).lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split_once('=').map_or(line, |(_, text)| text)).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_phone_says_no_word_that_blames_or_frightens_and_no_technical_one() {
    for area in SHARED {
        let (zh, en) = (said(area, Lang::Zh), said(area, Lang::En));
        for word in ["打卡", "旷工", "缺勤", "同步", "作弊", "非法", "冲突", "删除", "服务器", "!", "!"]
        {
            assert!(!zh.contains(word), "{}: {word}", area.name);
        }
        for word in ["sync", "server", "error", "illegal", "cheat", "!"] {
            assert!(!en.contains(word), "{}: {word}", area.name);
        }
    }
}

#[test]
fn words_of_the_field_are_those_that_people_use_on_the_telephone() {
    let (zh, en) = (texts(Lang::Zh), texts(Lang::En));
    assert_eq!(zh.get("finding-late", &[("minutes", 12)]), "迟到 12 分");
    assert_eq!(en.get("finding-late", &[("minutes", 12)]), "12 min late");
    assert_eq!(zh.word("status-absent"), "无在岗记录");
    assert_eq!(zh.status(Status::Present), "● 在岗");
    assert_eq!(zh.get("awaiting-since", &[("when", "3月1日 18:02")]), "手机还没送来(最近一次 3月1日 18:02)");
    assert_eq!(zh.word("no-such-key"), "no-such-key");
}

#[test]
fn dates_and_lengths_are_written_as_in_each_language() {
    let (zh, en) = (texts(Lang::Zh), texts(Lang::En));
    let day = date(2026, 3, 2);
    let at = HourMinute::parse("18:02").expect("a time").on(day);
    assert_eq!((zh.day(day).as_str(), en.day(day).as_str()), ("3月2日 周一", "Mon 2 March"));
    assert_eq!((zh.moment(at).as_str(), en.moment(at).as_str()), ("3月2日 18:02", "2 March 18:02"));
    let lengths = |texts: &Texts| [298, 58, 240, 0].map(|minutes| texts.duration(Minutes(minutes)));
    assert_eq!(lengths(zh), ["4小时58分", "58分", "4小时", "0分"]);
    assert_eq!(lengths(en), ["4 h 58 min", "58 min", "4 h", "0 min"]);
    for month in 1..=12 {
        assert!(!en.date(date(2026, month, 1)).contains("format"));
    }
    for offset in 1..=7 {
        assert!(!zh.weekday(date(2026, 3, offset)).contains("format"));
    }
}

#[test]
fn a_period_names_whole_days_by_their_dates_and_their_number_and_times_only_where_there_are_some() {
    let at =
        |month: i8, day: i8, hour: i8| crate::time::instant(date(2026, month, day), jiff::civil::time(hour, 0, 0, 0));
    let said = |from, to| Lang::ALL.map(|lang| texts(lang).period(from, to));
    assert_eq!(said(at(3, 2, 0), at(3, 5, 0)), ["3月2日–3月4日(3天)", "2–4 March (3 days)"]);
    assert_eq!(said(at(3, 2, 0), at(3, 3, 0)), ["3月2日(1天)", "2 March (1 day)"]);
    assert_eq!(said(at(3, 30, 0), at(4, 3, 0)), ["3月30日–4月2日(4天)", "30 March – 2 April (4 days)"]);
    assert_eq!(said(at(3, 2, 8), at(3, 2, 12)), ["3月2日 08:00–12:00", "2 March 08:00–12:00"]);
    assert_eq!(said(at(3, 2, 13), at(3, 3, 0)), ["3月2日 13:00–24:00", "2 March 13:00–24:00"]);
    assert_eq!(said(at(3, 2, 13), at(3, 5, 0)), ["3月2日 13:00 – 3月4日", "2 March 13:00 – 4 March"]);
    assert_eq!(said(at(3, 2, 0), at(3, 4, 12)), ["3月2日 – 3月4日 12:00", "2 March – 4 March 12:00"]);
    assert_eq!(said(at(3, 2, 8), at(3, 4, 18)), ["3月2日 08:00 – 3月4日 18:00", "2 March 08:00 – 4 March 18:00"]);
    let zh = texts(Lang::Zh);
    assert_eq!([zh.end(at(3, 2, 0), at(3, 5, 0)), zh.end(at(3, 2, 0), at(3, 4, 12))], ["3月4日", "3月4日 12:00"]);
}

#[test]
fn a_span_within_a_day_is_said_by_its_times_and_a_whole_day_as_such() {
    let at = |day: i8, hour: i8| crate::time::instant(date(2026, 3, day), jiff::civil::time(hour, 0, 0, 0));
    let said = |from, to| Lang::ALL.map(|lang| texts(lang).span(Span { from, to }));
    assert_eq!(said(at(2, 8), at(2, 12)), ["08:00–12:00", "08:00–12:00"]);
    assert_eq!(said(at(2, 0), at(3, 0)), ["全天", "all day"]);
    assert_eq!(said(at(2, 13), at(3, 0)), ["13:00–24:00", "13:00–24:00"]);
    assert_eq!(said(at(2, 0), at(2, 0)), ["00:00", "00:00"]);
}

#[test]
fn leave_and_pupils_are_said_as_people_count_them() {
    let at = |day: i8| crate::time::instant(date(2026, 3, day), jiff::civil::Time::midnight());
    let leave = Leave { kind: "sick".into(), from: at(2), to: at(5), reason: None, certificate: None };
    let kinds = [CodedName { code: "sick".into(), zh: "病假".into(), en: "sick leave".into() }];
    let says = |body: &Body| Lang::ALL.map(|lang| texts(lang).entry_says(body, &kinds));
    assert_eq!(says(&Body::Leave(leave)), ["病假 · 3月2日–3月4日(3天)", "sick leave · 2–4 March (3 days)"]);
    let handover = |pupils| Body::Handover(Handover { to: None, pupils, text: Some("李老师".into()) });
    assert_eq!(says(&handover(Some(12))), ["12 名学生 · 李老师", "12 pupils · 李老师"]);
    assert_eq!(says(&handover(Some(1)))[1], "1 pupil · 李老师");
    assert_eq!(says(&handover(None))[0], "李老师");
}

#[test]
fn a_finding_is_said_with_its_minutes() {
    let pack = Pack::named("hezhang-2021").expect("built in");
    let clause = pack.cite(&pack.office.as_ref().expect("has the chapter").daily.clause);
    let found = |code, minutes: Option<u32>| crate::rules::Finding {
        code,
        minutes: minutes.map(Minutes),
        span: None,
        clause: clause.clone(),
    };
    assert_eq!(texts(Lang::Zh).finding(&found(FindingCode::Away, Some(25))), "中途离岗 25 分");
    assert_eq!(texts(Lang::En).finding(&found(FindingCode::MissingCheckOut, None)), "check-out missing");
}

#[test]
fn a_phone_and_a_kiosk_that_have_not_reported_are_said_in_words() {
    let zh = texts(Lang::Zh);
    let at = crate::time::instant(date(2026, 3, 1), jiff::civil::time(18, 2, 0, 0));
    assert_eq!(zh.not_heard(true, Some(at), false), "签到机还没送来(最近一次 3月1日 18:02)");
    assert_eq!(zh.not_heard(true, None, false), "签到机还没送来(从未收到)");
    assert_eq!(zh.not_heard(false, Some(at), false), "手机还没送来(最近一次 3月1日 18:02)");
    assert_eq!(zh.not_heard(false, None, false), "手机还没送来(从未收到)");
    assert_eq!(zh.not_heard(true, Some(at), true), "手机已停用,可能有未送达的记录");
}
