//! Staff lists as CSV: what spreadsheets save. Columns go by their heading, in Chinese or English, in any order.

use std::collections::BTreeMap;

use jiff::civil::Date;
use sanji_core::records::Role;

use super::{Trouble, dates};
use crate::said;
use crate::said::Said;

/// The columns, with the headings that they may have. The first two and the role must be there.
const COLUMNS: [(&str, &[&str]); 7] = [
    ("school", &["学校", "school"]),
    ("name", &["姓名", "name"]),
    ("role", &["岗位", "role"]),
    ("teaches", &["任课", "teaches"]),
    ("from", &["起始日期", "from"]),
    ("to", &["结束日期", "to"]),
    ("person", &["同一人", "person"]),
];

/// The words for roles that a list may give.
const ROLES: [(Role, &[&str]); 5] = [
    (Role::Staff, &["教职工", "教师", "职工", "staff"]),
    (Role::Principal, &["校长", "园长", "principal"]),
    (Role::Deputy, &["副校长", "副园长", "deputy"]),
    (Role::CoordinatorEnrolment, &["招生负责人", "coordinator_enrolment"]),
    (Role::CoordinatorFees, &["收费负责人", "coordinator_fees"]),
];

/// A list to begin with: headings and made-up rows.
pub const TEMPLATE: &str = "\u{feff}学校,姓名,岗位,任课,起始日期,结束日期,同一人\r\n\
    示例小学(请删去),王甲,校长,是,2026-02-01,,\r\n\
    示例小学(请删去),李乙,教师,是,2026-02-01,,\r\n\
    示例小学(请删去),张丙,职工,否,2026-02-01,2026-07-31,\r\n";

/// A line of a staff list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffLine {
    /// Its line in the file, from 1.
    pub line: usize,
    /// The school's name.
    pub school: String,
    /// The person's name.
    pub name: String,
    /// The role there.
    pub role: Role,
    /// Whether the person teaches; whoever isn't said to teach, and isn't said not to, does.
    pub teaches: bool,
    /// First day; today if the list doesn't say.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// A mark that several lines of one person have in common; empty for most.
    pub person: String,
}

/// Reads a staff list.
///
/// # Errors
/// Everything that is wrong, in the order of its lines.
pub fn parse(bytes: &[u8]) -> Result<Vec<StaffLine>, Vec<Trouble>> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
        let said = said!(
            "文件不是 UTF-8 编码:请在表格软件中另存为“CSV UTF-8”",
            "the file isn't UTF-8: save it from the spreadsheet as \"CSV UTF-8\""
        );
        vec![Trouble::new(line, "", said)]
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(text.as_bytes());
    let broken = |error: &csv::Error| {
        let line = error.position().and_then(|at| usize::try_from(at.line()).ok());
        vec![Trouble::new(line, "", said!("{error}:请改正这一行", "{error}: correct this line"))]
    };
    let headings = reader.headers().map_err(|error| broken(&error))?.clone();
    let columns = columns(&headings)?;
    let mut places = Lines::new(text);
    let mut lines = Vec::new();
    let mut troubles = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| broken(&error))?;
        let line = places.of(&record);
        if record.iter().all(str::is_empty) {
            continue;
        }
        let mut row = Row { record: &record, columns: &columns, line, troubles: &mut troubles };
        lines.extend(row.read());
    }
    if troubles.is_empty() && lines.is_empty() {
        troubles.push(Trouble::new(None, "", said!("文件中没有人员", "the file lists nobody")));
    }
    if troubles.is_empty() { Ok(lines) } else { Err(troubles) }
}

/// Tells the line on which each record begins, from 1. (The reader's own count is one behind where lines end in CR LF.)
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Lines { text: text.as_bytes(), at: 0, line: 1 }
    }

    /// The line of a record; records come in the order of the file.
    fn of(&mut self, record: &csv::StringRecord) -> usize {
        let start = record.position().and_then(|at| usize::try_from(at.byte()).ok()).unwrap_or(0);
        while self.at < start || matches!(self.text.get(self.at), Some(b'\r' | b'\n')) {
            self.line += usize::from(self.text.get(self.at) == Some(&b'\n'));
            self.at += 1;
        }
        self.line
    }
}

/// Place of each column in the file, by its name.
fn columns(headings: &csv::StringRecord) -> Result<BTreeMap<&'static str, usize>, Vec<Trouble>> {
    let mut places = BTreeMap::new();
    let mut troubles = Vec::new();
    for (place, heading) in headings.iter().enumerate() {
        let heading = heading.trim();
        let known = COLUMNS.iter().find(|(_, names)| names.iter().any(|name| name.eq_ignore_ascii_case(heading)));
        match known {
            Some((column, _)) => {
                if places.insert(*column, place).is_some() {
                    troubles.push(Trouble::new(1, heading, said!("这一列重复", "this column stands twice")));
                }
            }
            None if heading.is_empty() => {}
            None => {
                let names: Vec<&str> = COLUMNS.iter().map(|(_, names)| names[0]).collect();
                let names = names.join("、");
                let said = said!("不认识的列;可用的列:{names}", "an unknown column; there are: {names}");
                troubles.push(Trouble::new(1, heading, said));
            }
        }
    }
    for (column, names) in &COLUMNS[..3] {
        if !places.contains_key(column) {
            let said = said!(
                "缺少“{}”列:用 --template 可得到样表",
                "the column \"{}\" is missing: --template writes a sample",
                names[0]
            );
            troubles.push(Trouble::new(1, names[0], said));
        }
    }
    if troubles.is_empty() { Ok(places) } else { Err(troubles) }
}

struct Row<'a> {
    record: &'a csv::StringRecord,
    columns: &'a BTreeMap<&'static str, usize>,
    line: usize,
    troubles: &'a mut Vec<Trouble>,
}

impl<'a> Row<'a> {
    fn cell(&self, column: &str) -> &'a str {
        self.columns.get(column).and_then(|place| self.record.get(*place)).unwrap_or("")
    }

    fn trouble(&mut self, column: &str, said: Said) {
        let heading = COLUMNS.iter().find(|(name, _)| *name == column).map_or("", |(_, names)| names[0]);
        self.troubles.push(Trouble::new(self.line, heading, said));
    }

    fn read(&mut self) -> Option<StaffLine> {
        let before = self.troubles.len();
        if self.record.len() > self.columns.values().max().map_or(0, |last| last + 1)
            && self.record.iter().skip(self.columns.values().max().map_or(0, |last| last + 1)).any(|c| !c.is_empty())
        {
            let said = said!("多出的单元格:逗号是否多了?", "more cells than columns: is there a comma too many?");
            self.trouble("", said);
        }
        let school = self.named("school", 60);
        let name = self.named("name", 40);
        let role = self.role();
        let teaches = self.teaches();
        let from = self.date("from");
        let to = self.date("to");
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            self.trouble("to", said!("早于起始日期 {from}", "is before the first day {from}"));
        }
        let person = self.cell("person").to_owned();
        if self.troubles.len() > before {
            return None;
        }
        Some(StaffLine { line: self.line, school, name, role: role?, teaches, from, to, person })
    }

    fn named(&mut self, column: &'static str, longest: usize) -> String {
        let text = self.cell(column);
        let length = text.chars().count();
        if text.is_empty() {
            self.trouble(column, said!("不能为空", "must not be empty"));
        } else if length > longest {
            self.trouble(column, said!("太长(最多 {longest} 字)", "is too long (at most {longest} characters)"));
        } else if text.chars().any(char::is_control) {
            self.trouble(column, said!("含有不可见字符", "holds invisible characters"));
        }
        text.to_owned()
    }

    fn role(&mut self) -> Option<Role> {
        let text = self.cell("role");
        let known = |names: &&[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(text));
        let role = ROLES.iter().find(|(_, names)| known(names)).map(|(role, _)| *role);
        if role.is_none() {
            let names: Vec<&str> =
                ROLES.iter().flat_map(|(_, names)| names[..names.len() - 1].iter().copied()).collect();
            let names = names.join("、");
            let said = said!("“{text}”不是岗位;可填:{names}", "\"{text}\" is no role; there are: {names}");
            self.trouble("role", said);
        }
        role
    }

    fn teaches(&mut self) -> bool {
        match self.cell("teaches").to_ascii_lowercase().as_str() {
            "" | "是" | "yes" | "true" | "1" => true,
            "否" | "no" | "false" | "0" => false,
            _ => {
                self.trouble("teaches", said!("请填 是 或 否", "say yes or no"));
                true
            }
        }
    }

    fn date(&mut self, column: &'static str) -> Option<Date> {
        let text = self.cell(column);
        if text.is_empty() {
            return None;
        }
        let date = dates::parse(text);
        if date.is_none() {
            let said = said!("“{text}”不是日期:请写成 2026-03-02", "\"{text}\" is no date: write 2026-03-02");
            self.trouble(column, said);
        }
        date
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_template_is_a_good_list() {
        let lines = parse(TEMPLATE.as_bytes()).unwrap();
        assert_eq!(lines.len(), 3);
        assert_eq!((lines[0].role, lines[2].teaches, lines[2].to), (Role::Principal, false, Some(date(2026, 7, 31))));
        assert_eq!(lines[1].line, 3);
    }

    #[test]
    fn columns_go_by_their_heading_in_either_language_and_any_order() {
        let lines = parse("Role,from,NAME,school,\nprincipal,2026/2/1,王甲,\"可乐,小学\",\n".as_bytes()).unwrap();
        assert_eq!((lines[0].school.as_str(), lines[0].from), ("可乐,小学", Some(date(2026, 2, 1))));
    }

    fn troubles(rows: &str) -> Vec<(Option<usize>, String)> {
        let list = format!("学校,姓名,岗位,任课,起始日期,结束日期,同一人\n{rows}\n");
        parse(list.as_bytes()).unwrap_err().into_iter().map(|t| (t.line, t.column)).collect()
    }

    #[test]
    fn every_bad_cell_is_named_with_line_and_column() {
        let one = |column: &str| vec![(Some(2), column.to_owned())];
        assert_eq!(troubles(",王甲,教师,是,,,"), one("学校"));
        assert_eq!(troubles("可乐小学,,教师,是,,,"), one("姓名"));
        assert_eq!(troubles("可乐小学,王甲,皇帝,是,,,"), one("岗位"));
        assert_eq!(troubles("可乐小学,王甲,教师,也许,,,"), one("任课"));
        assert_eq!(troubles("可乐小学,王甲,教师,是,昨天,,"), one("起始日期"));
        assert_eq!(troubles("可乐小学,王甲,教师,是,2026-03-02,2026-03-01,"), one("结束日期"));
        assert_eq!(troubles("可乐小学,王甲,教师,是,,,,,x"), one(""));
        let rows = "可乐小学,王甲,教师,是,,,\n,,,,,,\n可乐小学,,皇帝,,,,";
        assert_eq!(troubles(rows), [(Some(4), "姓名".to_owned()), (Some(4), "岗位".to_owned())]);
    }

    #[test]
    fn a_file_that_is_no_list_says_what_to_do() {
        let said = |bytes: &[u8]| parse(bytes).unwrap_err()[0].said.zh.clone();
        assert!(said(&[0xd1, 0xa7, 0xd0, 0xa3, b',', 0xd0, 0xd5, 0xc3, 0xfb]).contains("CSV UTF-8"), "a list in GBK");
        assert!(said("学校,姓名\n".as_bytes()).contains("岗位"));
        assert!(said("学校,姓名,岗位,工资\n".as_bytes()).contains("不认识的列"));
        assert!(said("学校,姓名,岗位\n".as_bytes()).contains("没有人员"));
        assert!(said(b"").contains("--template"));
    }
}
