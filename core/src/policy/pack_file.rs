//! Reads a pack from its TOML file, strictly.

use std::collections::BTreeSet;

use serde::Deserialize;
use toml::Spanned;

use super::chapters::{Office, Service};
use super::error::PackError;
use super::obligation::{Obligation, Quota, RecordForm};
use super::pack::{Pack, Phase, Quote};
use super::value::Name;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPack {
    id: String,
    code: String,
    county: Option<String>,
    document: Option<String>,
    dated: Option<String>,
    title: Name,
    #[serde(default)]
    phase: Vec<Phase>,
    office: Option<Spanned<Office>>,
    service: Option<Spanned<Service>>,
    #[serde(default)]
    obligation: Vec<Spanned<Obligation>>,
    #[serde(default)]
    quota: Vec<Spanned<Quota>>,
    #[serde(default)]
    record: Vec<Spanned<RecordForm>>,
    #[serde(default)]
    quote: Vec<Spanned<Quote>>,
}

impl Pack {
    /// Reads a pack from TOML.
    ///
    /// # Errors
    /// Anything that isn't exactly a pack: an unknown key, a number without its clause, a time that no day has, windows
    /// out of order, two rows of one name.
    pub fn parse(source: &str) -> Result<Pack, PackError> {
        let raw: RawPack = toml::from_str(source).map_err(|error| PackError::from_toml(source, &error))?;
        one_name_each(source, raw.obligation.iter().map(|row| (row.span(), row.as_ref().id.as_str())))?;
        one_name_each(source, raw.quota.iter().map(|row| (row.span(), row.as_ref().id.as_str())))?;
        one_name_each(source, raw.record.iter().map(|row| (row.span(), row.as_ref().id.as_str())))?;
        one_name_each(source, raw.quote.iter().map(|row| (row.span(), row.as_ref().clause.as_str())))?;
        if let Some(office) = &raw.office {
            check_office(office.as_ref()).map_err(|(zh, en)| PackError::at(source, office.span(), zh, en))?;
        }
        if let Some(service) = &raw.service {
            check_service(service.as_ref()).map_err(|(zh, en)| PackError::at(source, service.span(), zh, en))?;
        }
        if raw.id.is_empty() || raw.code.is_empty() {
            return Err(PackError::whole("方案没有名称:填写 id 和 code", "the pack has no name: give id and code"));
        }
        Ok(Pack {
            source: source.into(),
            id: raw.id,
            code: raw.code,
            county: raw.county,
            document: raw.document,
            dated: raw.dated,
            title: raw.title,
            phases: raw.phase,
            office: raw.office.map(Spanned::into_inner),
            service: raw.service.map(Spanned::into_inner),
            obligations: raw.obligation.into_iter().map(Spanned::into_inner).collect(),
            quotas: raw.quota.into_iter().map(Spanned::into_inner).collect(),
            records: raw.record.into_iter().map(Spanned::into_inner).collect(),
            quotes: raw.quote.into_iter().map(Spanned::into_inner).collect(),
        })
    }
}

type Both = (String, String);

fn one_name_each<'a>(
    source: &str,
    rows: impl Iterator<Item = (std::ops::Range<usize>, &'a str)>,
) -> Result<(), PackError> {
    let mut seen = BTreeSet::new();
    for (span, id) in rows {
        if id.is_empty() || !seen.insert(id) {
            return Err(PackError::at(
                source,
                span,
                format!("id“{id}”为空或重复:每一项用不同的 id"),
                format!("the id \"{id}\" is empty or used twice: give each row its own"),
            ));
        }
    }
    Ok(())
}

fn check_office(office: &Office) -> Result<(), Both> {
    let hours = office.presence.hours;
    let mut kinds = BTreeSet::new();
    for row in &office.windows {
        let kind = row.kind;
        if !kinds.insert(kind) {
            return Err((
                format!("“{kind}”有两组办公时段:只留一组"),
                format!("there are two sets of windows for {kind}: keep one"),
            ));
        }
        if row.times.iter().any(|window| window.from < hours.from || window.to > hours.to) {
            return Err((
                format!("“{kind}”的办公时段超出了 {hours}:改正其中之一"),
                format!("a window of {kind} lies outside {hours}: correct one of them"),
            ));
        }
        let sum: u32 = row.times.iter().map(|window| u32::from(window.to.minutes() - window.from.minutes())).sum();
        if office.daily.minutes > sum {
            return Err((
                format!("每天要求 {} 分钟,而“{kind}”的时段只有 {sum} 分钟", office.daily.minutes),
                format!("a day asks for {} minutes, but the windows of {kind} have {sum}", office.daily.minutes),
            ));
        }
    }
    let mut codes = BTreeSet::new();
    match office.leave.kinds.iter().find(|kind| kind.code.is_empty() || !codes.insert(&kind.code)) {
        None => Ok(()),
        Some(kind) => Err((
            format!("请假类别“{}”为空或重复:每类用不同的 code", kind.code),
            format!("the kind of leave \"{}\" is empty or given twice: give each its own code", kind.code),
        )),
    }
}

fn check_service(service: &Service) -> Result<(), Both> {
    let content = &service.content;
    let mut codes = BTreeSet::new();
    for word in content.allowed.iter().chain(&content.forbidden) {
        if word.code.is_empty() || !codes.insert(word.code.as_str()) {
            return Err((
                format!("服务内容“{}”为空或重复:每项用不同的 code", word.code),
                format!("the content \"{}\" is empty or given twice: give each its own code", word.code),
            ));
        }
    }
    match service.holiday_care.forbidden.iter().find(|code| !codes.contains(code.as_str())) {
        None => Ok(()),
        Some(code) => Err((
            format!("暑期托管禁止的“{code}”不在服务内容之中:先在 content 里列出"),
            format!("holiday care forbids \"{code}\", which is no content: list it under content first"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Least, PeriodKind, SubjectKind};

    const HEZHANG: &str = include_str!("../../packs/hezhang-2021.toml");

    fn fails(changed: &str) -> PackError {
        Pack::parse(changed).expect_err("the pack is broken")
    }

    fn broken(from: &str, to: &str) -> PackError {
        assert!(HEZHANG.contains(from), "{from}");
        fails(&HEZHANG.replacen(from, to, 1))
    }

    #[test]
    fn every_built_in_pack_reads_and_keeps_its_bytes() {
        let ids: Vec<_> = Pack::built_in().iter().map(|pack| pack.id.as_str()).collect();
        assert_eq!(ids, ["hezhang-2021", "xihaian-2020", "gaozhuang", "qingtongxia", "libo", "linzi"]);
        assert_eq!(Pack::named("hezhang-2021").expect("built in").source(), HEZHANG);
        assert!(Pack::named("hezhang").is_none());
    }

    #[test]
    fn the_obligations_are_those_of_the_sources() {
        let rows: Vec<_> = Pack::built_in()
            .iter()
            .flat_map(|pack| {
                pack.obligations
                    .iter()
                    .map(|row| (pack.code.as_str(), row.id.as_str(), row.subject, row.period, row.least))
            })
            .collect();
        use Least::{Minutes, Persons, Tasks, Visits};
        use PeriodKind::{Month, SchoolYear, Term, Week};
        use SubjectKind::{Alliance, Group, Kindergarten, School, Teacher};
        assert_eq!(
            rows,
            [
                ("HZ", "drop_in_observation", Teacher, SchoolYear, Visits(1)),
                ("HZ", "union_activity", School, Week, Minutes(60)),
                ("XH", "heads_meeting", Group, Term, Visits(1)),
                ("XH", "key_project", Group, Term, Tasks(1)),
                ("XH", "guidance_round", Group, Term, Visits(1)),
                ("XH", "joint_research", Group, Term, Visits(1)),
                ("XH", "teacher_training", Group, Term, Visits(1)),
                ("XH", "open_day", Group, Term, Visits(1)),
                ("XH", "results_show", Group, Term, Visits(1)),
                ("XH", "term_review", Group, Term, Visits(1)),
                ("GZ", "teaching_research", Kindergarten, Week, Visits(1)),
                ("QT", "alliance_meeting", Alliance, Month, Visits(1)),
                ("QT", "joint_activity", Alliance, Term, Visits(4)),
                ("QT", "exchange_out", Alliance, SchoolYear, Persons(2)),
                ("QT", "exchange_in", Alliance, SchoolYear, Persons(2)),
                ("LB", "group_research", Group, Term, Visits(2)),
                ("LB", "shadowing", Teacher, Month, Visits(1)),
                ("LB", "sent_out", School, SchoolYear, Persons(3)),
                ("LB", "sent_back", School, SchoolYear, Persons(3)),
                ("LZ", "exchange_event", Group, Term, Visits(1)),
            ]
        );
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let error = broken("[office.daily]", "[office.daily]\nminuets = 5");
        let line = HEZHANG.lines().position(|line| line.starts_with("[office.daily]")).expect("there") + 2;
        assert_eq!(error.line, Some(line));
        assert!(error.en.contains("minuets") && error.en.contains("delete it"), "{error}");
    }

    #[test]
    fn a_number_without_its_clause_is_refused() {
        let error = broken("minutes = 300\nclause = \"二(一)2\"", "minutes = 300");
        assert!(error.en.contains("clause"), "{error}");
        let error = broken("minutes = 300\nclause = \"二(一)2\"", "minutes = 300\nclause = \" \"");
        assert!(error.en.contains("clause is empty"), "{error}");
    }

    #[test]
    fn impossible_times_and_orders_are_refused_where_they_stand() {
        for (from, to, word) in [
            ("08:30-11:30", "08:30-25:30", "window"),
            ("08:30-11:30", "11:30-08:30", "window"),
            ("\"08:30-11:30\", \"14:30-17:00\"", "\"14:30-17:00\", \"08:30-11:30\"", "order"),
            ("day = \"18:00\"", "day = \"18.00\"", "time of day"),
            ("day = \"18:00\"", "day = \"21:30\"", "boarding"),
            ("least = 60", "least = 130", "grow"),
            ("from = \"2022-08-01\"", "from = \"2022-02-30\"", "no date"),
            ("to = \"2022-07-31\"", "to = \"2020-07-31\"", "ends before"),
            ("forbidden = [\"make_up_lesson\"", "forbidden = [\"lessons\"", "no content"),
            ("hours = \"06:00-22:00\"", "hours = \"09:00-22:00\"", "outside"),
            ("minutes = 300", "minutes = 400", "kindergarten"),
            ("id = \"union_activity\"", "id = \"drop_in_observation\"", "used twice"),
            ("counts = [\"union_activity\"]", "counts = [\"party\"]", "no kind of visit"),
            ("counts = [\"union_activity\"]\n", "", "counts"),
            ("kind = \"primary\"", "kind = \"college\"", "college"),
            ("code = \"sick\"", "code = \"personal\"", "given twice"),
        ] {
            let error = broken(from, to);
            assert!(error.line.is_some() && error.en.contains(word), "{from} → {to}: {error}");
        }
    }

    #[test]
    fn what_is_no_toml_is_refused_with_its_line() {
        assert_eq!(fails("id = \"x\"\ncode = ").line, Some(2));
        assert!(fails("").en.contains("missing field"));
    }
}
