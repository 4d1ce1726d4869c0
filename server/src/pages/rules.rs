//! Every number of a pack as a row: what it is about, what it says, and the clause that it stands in.

use std::collections::BTreeSet;

use maud::{Markup, html};
use sanji_core::policy::{Clause, CodedName, Least, Name, Obligation, Office, Pack, Phase, Service, Stage, Window};
use sanji_core::texts::Texts;
use sanji_core::time::Minutes;

use super::shell::column;

/// A row.
pub(super) struct Rule {
    about: String,
    says: String,
    clause: Clause,
}

/// Rows under one heading.
type Group = (String, Vec<Rule>);

/// The place of a clause within the page of its pack.
pub(super) fn anchor(clause: &str) -> String {
    format!("c{}", clause.chars().filter(|c| c.is_alphanumeric()).collect::<String>())
}

/// Every rule of a pack, by chapter.
pub(super) fn rules(t: &Texts, pack: &Pack) -> Vec<Group> {
    let heading = |key: &str| t.word(key).into_owned();
    let mut groups: Vec<Group> = Vec::new();
    groups.push((heading("views-pack-phases"), pack.phases.iter().map(|row| phase(t, row)).collect()));
    groups.extend(pack.office.as_ref().map(|chapter| (heading("chapter-office"), office(t, chapter))));
    groups.extend(pack.service.as_ref().map(|chapter| (heading("chapter-service"), service(t, chapter))));
    groups.push((heading("views-pack-obligations"), pack.obligations.iter().map(|row| obligation(t, row)).collect()));
    let quota = |row: &sanji_core::policy::Quota| {
        let period = row.period.as_ref().map(|period| word(t, "period", period));
        let says: Vec<String> =
            [Some(word(t, "subject", &row.subject)), period, Some(row.value.clone())].into_iter().flatten().collect();
        Rule { about: picked(t, &row.name), says: says.join(" · "), clause: row.clause.clone() }
    };
    groups.push((heading("views-pack-quotas"), pack.quotas.iter().map(quota).collect()));
    let record = |row: &sanji_core::policy::RecordForm| Rule {
        about: picked(t, &row.name),
        says: format!("{} · {}", row.holds, row.by),
        clause: row.clause.clone(),
    };
    groups.push((heading("views-pack-records"), pack.records.iter().map(record).collect()));
    groups.retain(|(_, rows)| !rows.is_empty());
    groups
}

/// The rules as tables; the first row of each clause can be led to.
pub(super) fn tables(t: &Texts, pack: &Pack, groups: &[Group]) -> Markup {
    let mut led: BTreeSet<String> = BTreeSet::new();
    html! {
        @for (heading, rows) in groups {
            h2 { (heading) }
            table.list.rules {
                thead { tr { @for key in ["rule", "value", "clause"] { th scope="col" { (column(t, key)) } } } }
                tbody { @for row in rows {
                    @let anchor = Some(anchor(row.clause.as_str())).filter(|anchor| led.insert(anchor.clone()));
                    tr id=[anchor] {
                        th scope="row" { (row.about) }
                        td { (row.says) }
                        td.clause { @if row.clause.as_str() == Clause::OWN { (t.word("clause-own")) } @else { (pack.cite(&row.clause)) } }
                    }
                } }
            }
        }
    }
}

/// A word of the field in the reader's language; a pack's own words stand as they are.
fn word(t: &Texts, kind: &str, word: &str) -> String {
    let key = format!("{kind}-{}", word.replace(' ', "_"));
    if t.has(&key) { t.word(&key).into_owned() } else { word.to_owned() }
}

fn picked(t: &Texts, name: &Name) -> String {
    t.pick(&name.zh, &name.en).to_owned()
}

fn coded(t: &Texts, names: &[CodedName]) -> String {
    names.iter().map(|name| t.pick(&name.zh, &name.en)).collect::<Vec<_>>().join("、")
}

fn minutes(t: &Texts, minutes: u32) -> String {
    t.duration(Minutes(minutes))
}

fn windows(windows: &[Window]) -> String {
    windows.iter().map(Window::to_string).collect::<Vec<_>>().join(" ")
}

fn phase(t: &Texts, phase: &Phase) -> Rule {
    let mut whom: Vec<String> = Vec::new();
    if phase.everyone {
        whom.push(t.word("views-pack-everyone").into_owned());
    }
    if !phase.townships.is_empty() {
        whom.push(t.get("views-pack-townships", &[("names", phase.townships.join("、"))]));
    }
    whom.extend(phase.county_town.iter().map(|kind| t.word(&format!("school-{}", kind.code())).into_owned()));
    if !phase.schools.is_empty() {
        whom.push(t.get("views-pack-schools", &[("names", phase.schools.join("、"))]));
    }
    let to = phase.to.map_or(String::new(), |to| to.0.to_string());
    let force = t.word(&format!("force-{}", phase.force.code())).into_owned();
    Rule {
        about: t.word(&format!("chapter-{}", phase.chapter.code())).into_owned(),
        says: format!("{} – {to} · {} · {force}", phase.from.0, whom.join("; ")),
        clause: phase.clause.clone(),
    }
}

/// Makes a row of a text's key, a value and a clause.
fn rule(t: &Texts, key: &str, says: impl Into<String>, clause: &Clause) -> Rule {
    Rule { about: t.word(&format!("views-pack-{key}")).into_owned(), says: says.into(), clause: clause.clone() }
}

fn office(t: &Texts, office: &Office) -> Vec<Rule> {
    let mut rows: Vec<Rule> = office
        .windows
        .iter()
        .map(|row| {
            let kind = t.word(&format!("school-{}", row.kind.code())).into_owned();
            let shift = if row.may_shift { format!(" · {}", t.word("views-pack-may-shift")) } else { String::new() };
            Rule {
                about: t.get("views-pack-windows", &[("kind", kind)]),
                says: windows(&row.times) + &shift,
                clause: row.clause.clone(),
            }
        })
        .collect();
    let period = t.word(&format!("period-{}", office.publish.period.code())).into_owned();
    let published =
        t.get("views-pack-publish-value", &[("period", period), ("feeds", office.publish.feeds.join("、"))]);
    rows.extend([
        rule(t, "daily", minutes(t, office.daily.minutes), &office.daily.clause),
        rule(t, "presence", office.presence.hours.to_string(), &office.presence.clause),
        rule(t, "grace", minutes(t, office.grace.minutes), &office.grace.clause),
        rule(t, "flexible", picked(t, &office.flexible.ground), &office.flexible.clause),
        rule(t, "leave", coded(t, &office.leave.kinds), &office.leave.clause),
        rule(t, "register", t.word("views-pack-register-value"), &office.register.clause),
        rule(t, "publish", published, &office.publish.clause),
        rule(t, "uses", office.uses.words.join("、"), &office.uses.clause),
        rule(t, "activities", office.activities.words.join("、"), &office.activities.clause),
    ]);
    rows
}

fn service(t: &Texts, service: &Service) -> Vec<Rule> {
    let day = &service.day_minutes;
    let lengths =
        [("standard", minutes(t, day.standard)), ("least", minutes(t, day.least)), ("most", minutes(t, day.most))];
    let ends = |row: &sanji_core::policy::LatestEnd| {
        t.get("views-pack-latest-value", &[("day", row.day.to_string()), ("boarding", row.boarding.to_string())])
    };
    let stages = service.boarding_row.stages.iter().map(|stage| match stage {
        Stage::Junior => t.word("views-pack-stage-junior").into_owned(),
        Stage::Senior => t.word("views-pack-stage-senior").into_owned(),
    });
    let (content, care) = (&service.content, &service.holiday_care);
    let cared = [("days", care.most_days_span.to_string()), ("length", minutes(t, care.most_day_minutes))];
    let all = || content.allowed.iter().chain(&content.forbidden);
    let never: Vec<CodedName> = all().filter(|word| care.forbidden.contains(&word.code)).cloned().collect();
    let latest = &service.latest_end;
    vec![
        rule(t, "service-days", service.days.per_week.to_string(), &service.days.clause),
        rule(t, "service-minutes", t.get("views-pack-service-minutes-value", &lengths), &day.clause),
        rule(t, "service-start", t.word("views-pack-service-start-value"), &service.start.clause),
        rule(t, "latest-compulsory", ends(&latest.compulsory), &latest.compulsory.clause),
        rule(t, "latest-senior", ends(&latest.senior), &latest.senior.clause),
        rule(t, "boarding-row", stages.collect::<Vec<_>>().join("、"), &service.boarding_row.clause),
        rule(t, "focus", content.focus.join("、"), &content.clause),
        rule(t, "allowed", coded(t, &content.allowed), &content.clause),
        rule(t, "forbidden", coded(t, &content.forbidden), &content.clause),
        rule(t, "help", content.help.join("、"), &content.clause),
        rule(t, "vetting", service.vetting.checks.join("、"), &service.vetting.clause),
        rule(t, "safety", service.safety.words.join("、"), &service.safety.clause),
        rule(t, "workload", t.word("views-pack-workload-value"), &service.workload.clause),
        rule(t, "pupils", service.pupils.priority.join("、"), &service.pupils.clause),
        rule(t, "coverage", service.coverage.whom.join("、"), &service.coverage.clause),
        rule(t, "care", t.get("views-pack-care-value", &cared), &care.clause),
        rule(t, "care-forbidden", coded(t, &never), &care.clause),
    ]
}

fn obligation(t: &Texts, row: &Obligation) -> Rule {
    let mut says = vec![
        t.word(&format!("subject-{}", row.subject.code())).into_owned(),
        t.word(&format!("period-{}", row.period.code())).into_owned(),
        match row.least {
            Least::Visits(count) => t.get("views-pack-visits", &[("count", count)]),
            Least::Minutes(length) => t.get("views-pack-minutes", &[("length", minutes(t, length))]),
            Least::Persons(count) => t.get("views-pack-persons", &[("count", count)]),
            Least::Tasks(count) => t.get("views-pack-tasks", &[("count", count)]),
        },
    ];
    if row.each_minutes > 0 {
        says.push(t.get("views-pack-each-minutes", &[("length", minutes(t, row.each_minutes))]));
    }
    if row.every_member {
        says.push(t.word("views-pack-every-member").into_owned());
    }
    says.push(t.word(&format!("force-{}", row.force.code())).into_owned());
    Rule { about: picked(t, &row.name), says: says.join(" · "), clause: row.clause.clone() }
}
