//! The county's organisation as a TOML file: name and bureau, packs by date, calendar, groups, schools. Read strictly: a key
//! that isn't known, a name that nothing bears, a date that doesn't exist are named with their line.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use jiff::civil::Date;
use sanji_core::policy::{Chapter, Pack};
use sanji_core::records::{Area, GroupKind, SchoolKind};
use sanji_core::review::WEEKDAYS;
use serde::Deserialize;
use toml::Spanned;

use super::{Trouble, dates};
use crate::said;

/// A county as the file says it. Names are those of the file; ids come with the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountyFile {
    /// The county's name.
    pub name: String,
    /// Its bureau of education.
    pub bureau: Option<String>,
    /// Host and port of its relays.
    pub addresses: Vec<String>,
    /// From which weekday on the last week that is over is to be published.
    pub publish_day: Option<&'static str>,
    /// Whether checks say if they were made at the school; absent leaves it as it is.
    pub place: Option<bool>,
    /// Packs by chapter and date.
    pub packs: Vec<PackLine>,
    /// Calendars.
    pub years: Vec<YearLine>,
    /// Groups.
    pub groups: Vec<GroupLine>,
    /// Schools.
    pub schools: Vec<SchoolLine>,
}

/// A pack that holds from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackLine {
    /// The pack's name.
    pub pack: &'static str,
    /// The chapter.
    pub chapter: Chapter,
    /// First day.
    pub from: Date,
    /// Townships; with no schools either, everywhere.
    pub townships: Vec<String>,
    /// Schools, by name.
    pub schools: Vec<String>,
}

/// A calendar year, with the terms of the school year that begins in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearLine {
    /// The year.
    pub year: u16,
    /// Weekdays that are no working days.
    pub holidays: Vec<Date>,
    /// Weekend days that are.
    pub make_up: Vec<Date>,
    /// First and last day of the autumn and of the spring term, or nothing.
    pub terms: Vec<Date>,
}

/// A group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupLine {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: GroupKind,
    /// Townships whose schools belong to it.
    pub townships: Vec<String>,
    /// Schools that lead it, by name.
    pub leads: Vec<String>,
    /// Other member schools, by name.
    pub members: Vec<String>,
    /// County-town schools paired with it, by name.
    pub support: Vec<String>,
}

/// A school.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchoolLine {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: SchoolKind,
    /// Senior secondary.
    pub senior: bool,
    /// Its township.
    pub township: String,
    /// Whether it lies in the county town.
    pub county_town: bool,
    /// Whether it follows the boarding row.
    pub boarding: bool,
    /// First day; the day of the first import if the file doesn't say.
    pub from: Option<Date>,
    /// Last day, if it was closed.
    pub to: Option<Date>,
    /// Its ground.
    pub area: Option<Area>,
}

type Text = Spanned<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    name: Text,
    bureau: Option<String>,
    #[serde(default)]
    addresses: Vec<Text>,
    publish_day: Option<Text>,
    place: Option<bool>,
    #[serde(default)]
    pack: Vec<RawPack>,
    #[serde(default)]
    year: Vec<RawYear>,
    #[serde(default)]
    group: Vec<RawGroup>,
    #[serde(default)]
    school: Vec<RawSchool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPack {
    pack: Text,
    chapter: Text,
    from: Text,
    #[serde(default)]
    townships: Vec<Text>,
    #[serde(default)]
    schools: Vec<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawYear {
    year: Spanned<u16>,
    holidays: Vec<Text>,
    make_up: Vec<Text>,
    autumn: Option<RawTerm>,
    spring: Option<RawTerm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTerm {
    from: Text,
    to: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGroup {
    name: Text,
    kind: Text,
    #[serde(default)]
    townships: Vec<Text>,
    #[serde(default)]
    leads: Vec<Text>,
    #[serde(default)]
    members: Vec<Text>,
    #[serde(default)]
    support: Vec<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSchool {
    name: Text,
    kind: Text,
    #[serde(default)]
    senior: bool,
    township: Text,
    #[serde(default)]
    county_town: bool,
    #[serde(default)]
    boarding: bool,
    from: Option<Text>,
    to: Option<Text>,
    area: Option<Spanned<RawArea>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawArea {
    latitude: f64,
    longitude: f64,
    metres: u32,
}

/// Reads a county file.
///
/// # Errors
/// Everything that is wrong, in the order of its lines.
pub fn parse(source: &str) -> Result<CountyFile, Vec<Trouble>> {
    let raw: Raw = toml::from_str(source).map_err(|error| {
        let line = error.span().map(|span| line_of(source, span.start));
        let why = error.message().trim();
        vec![Trouble::new(line, "", said!("{why}:请改正这一行", "{why}: correct this line"))]
    })?;
    let mut reader = Reader { source, troubles: Vec::new() };
    let file = reader.file(&raw);
    if reader.troubles.is_empty() {
        Ok(file)
    } else {
        reader.troubles.sort_by_key(|trouble| trouble.line);
        Err(reader.troubles)
    }
}

struct Reader<'a> {
    source: &'a str,
    troubles: Vec<Trouble>,
}

impl Reader<'_> {
    fn trouble(&mut self, span: Range<usize>, column: &str, said: crate::said::Said) {
        self.troubles.push(Trouble::new(line_of(self.source, span.start), column, said));
    }

    fn file(&mut self, raw: &Raw) -> CountyFile {
        let schools: Vec<SchoolLine> = raw.school.iter().filter_map(|school| self.school(school)).collect();
        self.unique(raw.school.iter().map(|school| &school.name), "school.name");
        self.unique(raw.group.iter().map(|group| &group.name), "group.name");
        let names: BTreeSet<&str> = raw.school.iter().map(|school| trimmed(&school.name)).collect();
        let mut townships: BTreeSet<&str> = raw.school.iter().map(|school| trimmed(&school.township)).collect();
        townships.extend(raw.group.iter().flat_map(|group| group.townships.iter().map(trimmed)));
        self.unique(raw.group.iter().flat_map(|group| &group.townships), "group.townships");
        for group in &raw.group {
            for (list, column) in [(&group.leads, "leads"), (&group.members, "members"), (&group.support, "support")] {
                self.known(list, &names, column);
            }
        }
        let packs = raw.pack.iter().filter_map(|pack| {
            self.known(&pack.schools, &names, "schools");
            self.known(&pack.townships, &townships, "townships");
            self.pack(pack)
        });
        let packs = packs.collect();
        let years = raw.year.iter().filter_map(|year| self.year(year)).collect();
        self.unique_years(&raw.year);
        let groups = raw.group.iter().filter_map(|group| self.group(group)).collect();
        for address in &raw.addresses {
            let good = trimmed(address).rsplit_once(':').is_some_and(|(host, port)| {
                !host.is_empty() && !host.contains('/') && port.parse::<u16>().is_ok_and(|port| port > 0)
            });
            if !good {
                let text = trimmed(address);
                let said = said!("“{text}”不是地址:请写成 主机:端口", "\"{text}\" is no address: write host:port");
                self.trouble(address.span(), "addresses", said);
            }
        }
        let publish_day = raw.publish_day.as_ref().and_then(|text| {
            let (span, known) = (text.span(), WEEKDAYS.iter().find(|(name, _)| *name == trimmed(text)));
            if known.is_none() {
                let text = trimmed(text);
                let said = said!(
                    "“{text}”不是星期:请写 monday 到 sunday 中的一个",
                    "\"{text}\" is no weekday: write one of monday to sunday"
                );
                self.trouble(span, "publish_day", said);
            }
            known.map(|(name, _)| *name)
        });
        if trimmed(&raw.name).is_empty() {
            self.trouble(raw.name.span(), "name", said!("请写县名", "give the county's name"));
        }
        CountyFile {
            name: trimmed(&raw.name).to_owned(),
            bureau: raw.bureau.clone(),
            addresses: texts(&raw.addresses),
            publish_day,
            place: raw.place,
            packs,
            years,
            groups,
            schools,
        }
    }

    /// A school's ground: within the country, and no larger than a school is.
    fn area(&mut self, raw: &Spanned<RawArea>) -> Option<Area> {
        let RawArea { latitude, longitude, metres } = *raw.as_ref();
        let good =
            (3.0..54.0).contains(&latitude) && (73.0..136.0).contains(&longitude) && (20..=2_000).contains(&metres);
        if !good {
            let said = said!(
                "校园范围应为国内经纬度(度)和 20 到 2000 米的半径",
                "a school's ground has latitude and longitude within China (degrees) and reaches 20 to 2000 metres"
            );
            self.trouble(raw.span(), "school.area", said);
            return None;
        }
        #[allow(clippy::cast_possible_truncation)] // Less than a thousand million.
        let millionths = |degrees: f64| (degrees * 1e6).round() as i64;
        Some(Area { latitude: millionths(latitude), longitude: millionths(longitude), metres })
    }

    fn school(&mut self, raw: &RawSchool) -> Option<SchoolLine> {
        let kind = self.choice(&raw.kind, "school.kind", SchoolKind::ALL, SchoolKind::name);
        let from = self.maybe_date(raw.from.as_ref(), "school.from");
        let to = self.maybe_date(raw.to.as_ref(), "school.to");
        for (text, column) in [(&raw.name, "school.name"), (&raw.township, "school.township")] {
            if trimmed(text).is_empty() {
                self.trouble(text.span(), column, said!("不能为空", "must not be empty"));
            }
        }
        if let (Some(from), Some(to), Some(raw)) = (from, to, &raw.to)
            && to < from
        {
            self.trouble(raw.span(), "school.to", said!("早于首日 {from}", "is before the first day {from}"));
        }
        if raw.senior && kind.is_some_and(|kind| kind != SchoolKind::Secondary) {
            let said = said!("只有中学可以是高中", "only a secondary school can be senior");
            self.trouble(raw.kind.span(), "school.senior", said);
        }
        Some(SchoolLine {
            name: trimmed(&raw.name).to_owned(),
            kind: kind?,
            senior: raw.senior,
            township: trimmed(&raw.township).to_owned(),
            county_town: raw.county_town,
            boarding: raw.boarding,
            from,
            to,
            area: raw.area.as_ref().and_then(|area| self.area(area)),
        })
    }

    fn group(&mut self, raw: &RawGroup) -> Option<GroupLine> {
        let kind = self.choice(&raw.kind, "group.kind", GroupKind::ALL, GroupKind::name);
        Some(GroupLine {
            name: trimmed(&raw.name).to_owned(),
            kind: kind?,
            townships: texts(&raw.townships),
            leads: texts(&raw.leads),
            members: texts(&raw.members),
            support: texts(&raw.support),
        })
    }

    fn pack(&mut self, raw: &RawPack) -> Option<PackLine> {
        let pack = Pack::named(trimmed(&raw.pack));
        if pack.is_none() {
            let known: Vec<&str> = Pack::built_in().iter().map(|pack| pack.id.as_str()).collect();
            let (text, known) = (trimmed(&raw.pack), known.join(" "));
            let said = said!("没有方案“{text}”;可用的有:{known}", "there is no pack \"{text}\"; there are: {known}");
            self.trouble(raw.pack.span(), "pack.pack", said);
        }
        let chapter = Chapter::from_code(trimmed(&raw.chapter)).filter(|chapter| *chapter != Chapter::OfficeReview);
        if chapter.is_none() {
            let text = trimmed(&raw.chapter);
            let said = said!(
                "没有章节“{text}”:请用 office、service 或 visits",
                "there is no chapter \"{text}\": use office, service or visits"
            );
            self.trouble(raw.chapter.span(), "pack.chapter", said);
        }
        let from = self.date(&raw.from, "pack.from");
        Some(PackLine {
            pack: &pack?.id,
            chapter: chapter?,
            from: from?,
            townships: texts(&raw.townships),
            schools: texts(&raw.schools),
        })
    }

    fn year(&mut self, raw: &RawYear) -> Option<YearLine> {
        let year = *raw.year.as_ref();
        let mut lists = [Vec::new(), Vec::new()];
        for (texts, (list, column)) in
            [&raw.holidays, &raw.make_up].into_iter().zip(lists.iter_mut().zip(["year.holidays", "year.make_up"]))
        {
            for text in texts {
                let Some(date) = self.date(text, column) else { continue };
                if date.year() != i16::try_from(year).unwrap_or(0) {
                    let said = said!("{date} 不在 {year} 年", "{date} is not in {year}");
                    self.trouble(text.span(), column, said);
                }
                if list.contains(&date) {
                    self.trouble(text.span(), column, said!("{date} 重复", "{date} stands twice"));
                }
                list.push(date);
            }
        }
        let [holidays, make_up] = lists;
        if let Some(date) = holidays.iter().find(|date| make_up.contains(date)) {
            let said = said!("{date} 既放假又上班", "{date} is both a holiday and a workday");
            self.trouble(raw.year.span(), "year", said);
        }
        let mut terms = Vec::new();
        match (&raw.autumn, &raw.spring) {
            (Some(autumn), Some(spring)) => {
                for day in [&autumn.from, &autumn.to, &spring.from, &spring.to] {
                    terms.push(self.date(day, "year.autumn, year.spring")?);
                }
                let begins = terms.first().map(|day| day.year());
                if !terms.is_sorted() || begins != i16::try_from(year).ok() {
                    let said = said!(
                        "学期日期须按先后排列,秋季学期在 {year} 年开始",
                        "the terms' days must follow each other, and the autumn term begins in {year}"
                    );
                    self.trouble(autumn.from.span(), "year.autumn, year.spring", said);
                }
            }
            (None, None) => {}
            (Some(RawTerm { from, .. }), None) | (None, Some(RawTerm { from, .. })) => {
                let said = said!("秋季和春季学期须一起给出", "give the autumn and the spring term together");
                self.trouble(from.span(), "year.autumn, year.spring", said);
            }
        }
        Some(YearLine { year, holidays, make_up, terms })
    }

    fn choice<T: Copy>(&mut self, text: &Text, column: &str, all: &[T], name: fn(T) -> &'static str) -> Option<T> {
        let given = trimmed(text);
        let found = all.iter().copied().find(|choice| name(*choice) == given);
        if found.is_none() {
            let names: Vec<&str> = all.iter().map(|choice| name(*choice)).collect();
            let names = names.join(" ");
            let said = said!("“{given}”不可用;可用的有:{names}", "\"{given}\" can't be used; there are: {names}");
            self.trouble(text.span(), column, said);
        }
        found
    }

    fn date(&mut self, text: &Text, column: &str) -> Option<Date> {
        let date = dates::parse(text.as_ref());
        if date.is_none() {
            let given = text.as_ref();
            let said = said!("“{given}”不是日期:请写成 2026-03-02", "\"{given}\" is no date: write 2026-03-02");
            self.trouble(text.span(), column, said);
        }
        date
    }

    fn maybe_date(&mut self, text: Option<&Text>, column: &str) -> Option<Date> {
        text.and_then(|text| self.date(text, column))
    }

    fn unique<'t>(&mut self, list: impl Iterator<Item = &'t Text>, column: &str) {
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for text in list {
            let line = line_of(self.source, text.span().start);
            if let Some(before) = seen.insert(trimmed(text), line) {
                let name = trimmed(text);
                let said = said!("“{name}”在第 {before} 行已有", "\"{name}\" stands in line {before} already");
                self.trouble(text.span(), column, said);
            }
        }
    }

    fn unique_years(&mut self, years: &[RawYear]) {
        let mut seen = BTreeSet::new();
        for raw in years {
            let year = *raw.year.as_ref();
            if !seen.insert(year) {
                self.trouble(raw.year.span(), "year.year", said!("{year} 年重复", "{year} stands twice"));
            }
        }
    }

    fn known(&mut self, list: &[Text], known: &BTreeSet<&str>, column: &str) {
        for text in list {
            let name = trimmed(text);
            if !known.contains(name) {
                let said = said!(
                    "文件中没有“{name}”:请改正,或先把它列出来",
                    "the file doesn't list \"{name}\": correct it, or list it first"
                );
                self.trouble(text.span(), column, said);
            }
        }
    }
}

fn trimmed(text: &Text) -> &str {
    text.as_ref().trim()
}

fn texts(list: &[Text]) -> Vec<String> {
    list.iter().map(|text| trimmed(text).to_owned()).collect()
}

fn line_of(source: &str, offset: usize) -> usize {
    source.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const GOOD: &str = r#"
name = "某县"
addresses = ["relay.example:8443"]
[[year]]
year = 2026
holidays = ["2026-10-01"]
make_up = ["2026-10-10"]
autumn = { from = "2026-09-01", to = "2027-01-20" }
spring = { from = "2027-02-25", to = "2027-07-10" }
[[pack]]
pack = "hezhang-2021"
chapter = "office"
from = "2026-09-01"
townships = ["可乐乡"]
[[group]]
name = "第一集团"
kind = "compulsory"
townships = ["可乐乡"]
leads = ["可乐小学"]
[[school]]
name = "可乐小学"
kind = "primary"
township = "可乐乡"
from = "2026-09-01"
"#;

    fn troubles(from: &str, to: &str) -> Vec<(Option<usize>, String)> {
        let spoilt = GOOD.replace(from, to);
        assert_ne!(spoilt, GOOD, "{from}");
        parse(&spoilt).unwrap_err().into_iter().map(|t| (t.line, t.column)).collect()
    }

    #[test]
    fn a_good_file_is_read_whole() {
        let file = parse(GOOD).unwrap();
        assert_eq!((file.name.as_str(), &file.addresses[..]), ("某县", &["relay.example:8443".to_owned()][..]));
        assert_eq!(file.years[0].terms.first(), Some(&date(2026, 9, 1)));
        assert_eq!(file.years[0].terms.len(), 4);
        assert_eq!(file.groups[0].leads, ["可乐小学"]);
        assert_eq!((file.packs[0].pack, file.packs[0].chapter), ("hezhang-2021", Chapter::Office));
        assert_eq!(file.schools[0].from, Some(date(2026, 9, 1)));
    }

    #[test]
    fn everything_that_is_wrong_is_named_with_its_line() {
        let one = |line: usize, column: &str| vec![(Some(line), column.to_owned())];
        assert_eq!(troubles("relay.example:8443", "https://relay.example"), one(3, "addresses"));
        assert_eq!(troubles("\n[[year]]", "\npublish_day = \"freitag\"\n[[year]]"), one(4, "publish_day"));
        let day = GOOD.replace("\n[[year]]", "\npublish_day = \"friday\"\n[[year]]");
        assert_eq!(parse(&day).unwrap().publish_day, Some("friday"));
        let ground = |metres: u32| {
            format!("kind = \"primary\"\narea = {{ latitude = 27.119, longitude = 104.727, metres = {metres} }}")
        };
        assert_eq!(troubles("kind = \"primary\"", &ground(5)), one(23, "school.area"));
        let placed = GOOD.replace("\n[[year]]", "\nplace = true\n[[year]]").replace("kind = \"primary\"", &ground(150));
        let placed = parse(&placed).unwrap();
        let area = Area { latitude: 27_119_000, longitude: 104_727_000, metres: 150 };
        assert_eq!((placed.place, placed.schools[0].area.clone()), (Some(true), Some(area)));
        assert_eq!(troubles("holidays = [\"2026-10-01\"]", "holidays = [\"2026-02-30\"]"), one(6, "year.holidays"));
        assert_eq!(troubles("holidays = [\"2026-10-01\"]", "holidays = [\"2027-10-01\"]"), one(6, "year.holidays"));
        assert_eq!(troubles("make_up = [\"2026-10-10\"]", "make_up = [\"2026-10-01\"]"), one(5, "year"));
        assert_eq!(troubles("2027-01-20", "2026-01-20"), one(8, "year.autumn, year.spring"));
        assert_eq!(troubles("spring = { from", "# spring = { from"), one(8, "year.autumn, year.spring"));
        assert_eq!(troubles("pack = \"hezhang-2021\"", "pack = \"hezhang\""), one(11, "pack.pack"));
        assert_eq!(troubles("chapter = \"office\"", "chapter = \"offices\""), one(12, "pack.chapter"));
        assert_eq!(troubles("kind = \"primary\"", "kind = \"小学\""), one(22, "school.kind"));
        assert_eq!(troubles("leads = [\"可乐小学\"]", "leads = [\"可乐中学\"]"), one(19, "leads"));
        assert_eq!(troubles("name = \"可乐小学\"", "name = \"  \"").last(), one(21, "school.name").last());
        assert_eq!(troubles("kind = \"primary\"", "kind = \"primary\"\nsenior = true"), one(22, "school.senior"));
        let twice = "[[school]]\nname = \"可乐小学\"\nkind = \"primary\"\ntownship = \"可乐乡\"\n[[school]]";
        assert_eq!(troubles("[[school]]", twice), one(25, "school.name"));
        assert_eq!(troubles("township = \"可乐乡\"\nfrom", "town = \"可乐乡\"\nfrom")[0].0, Some(23));
        assert_eq!(troubles("[[group]]", "[[group")[0].0, Some(15));
        let mut several = GOOD.replace("hezhang-2021", "x").replace("\"primary\"", "\"y\"");
        several = several.replace("2026-10-01", "z");
        assert_eq!(parse(&several).unwrap_err().len(), 3, "all at once");
    }
}
