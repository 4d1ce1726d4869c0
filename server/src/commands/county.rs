//! `sanji county import|show`.

use std::path::PathBuf;

use clap::Subcommand;
use sanji_core::records::{MemberRole, SchoolKind};
use sanji_core::review::CountyFacts;
use serde::Serialize;

use super::failure::Failure;
use super::office::Office;
use super::{Context, show};
use crate::import::county;
use crate::said;
use crate::{admin, random};

/// The organisation of Hezhang, as its source document names it.
const HEZHANG: &str = include_str!("../../data/hezhang.toml");

/// 县的组织 / the county's organisation
#[derive(Subcommand)]
pub(super) enum County {
    /// 导入组织文件 / import a county file (TOML)
    Import {
        /// 组织文件;hezhang 表示随程序附带的赫章县 / the file; "hezhang" is the one that comes with the program
        file: PathBuf,
        /// 只检查,不写入 / only check, write nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// 显示组织 / show the organisation
    Show,
    /// 写出附带的赫章县组织文件,作为样本 / write the Hezhang file that comes with the program, as a sample
    Sample,
}

#[derive(Serialize)]
struct Imported<'a> {
    dry_run: bool,
    rows: Vec<ImportedRow>,
    notes: Vec<&'a str>,
}

#[derive(Serialize)]
struct ImportedRow {
    what: &'static str,
    added: usize,
    changed: usize,
    same: usize,
}

#[derive(Serialize)]
struct ShownSchool {
    id: String,
    name: String,
    kind: &'static str,
    township: String,
    groups: Vec<String>,
    staff: usize,
}

impl County {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        match self {
            County::Import { file, dry_run } => import(context, &file, dry_run),
            County::Show => list(context),
            County::Sample => {
                print!("{HEZHANG}");
                Ok(())
            }
        }
    }
}

fn import(context: &Context, path: &std::path::Path, dry_run: bool) -> Result<(), Failure> {
    let shown = path.display().to_string();
    let text = if shown == "hezhang" {
        HEZHANG.to_owned()
    } else {
        std::fs::read_to_string(path)
            .map_err(|why| Failure::call(said!("无法读取 {shown}:{why}", "can't read {shown}: {why}")))?
    };
    let file = county::parse(&text).map_err(|troubles| Failure::troubles(&shown, &troubles))?;
    let mut office = Office::open(context)?;
    let plan = if dry_run {
        let views = admin::counties(&office.relay, &mut office.store)?;
        crate::import::county_plan::plan(&file, &views, office.now.secs().date(), &mut random::rng())
    } else {
        office.act("county import", &shown, |relay, ledger, now| {
            admin::import_county(relay, ledger, now, &file, &mut random::rng())
        })?
    };
    let rows: Vec<ImportedRow> = plan
        .tally
        .iter()
        .map(|(what, t)| ImportedRow { what, added: t.added, changed: t.changed, same: t.same })
        .collect();
    if context.json {
        let notes = plan.notes.iter().map(|note| note.text(context.lang)).collect();
        show::json(&Imported { dry_run, rows, notes });
        return Ok(());
    }
    let head = said!("内容|新增|改动|不变", "what|new|changed|unchanged");
    let mut table = vec![head.text(context.lang).split('|').map(str::to_owned).collect()];
    for row in rows {
        table.push(vec![row.what.into(), row.added.to_string(), row.changed.to_string(), row.same.to_string()]);
    }
    show::table(&table);
    for note in &plan.notes {
        println!("{}", note.text(context.lang));
    }
    let next = if dry_run {
        said!(
            "只作检查,未写入。去掉 --dry-run 即可导入",
            "checked only, nothing was written; leave --dry-run out to import"
        )
    } else {
        said!("已导入。下一步:staff import 导入教职工名单", "imported. Next: import the staff lists with staff import")
    };
    println!("{}", next.text(context.lang));
    Ok(())
}

fn list(context: &Context) -> Result<(), Failure> {
    let mut office = Office::open(context)?;
    let facts = CountyFacts::new(admin::counties(&office.relay, &mut office.store)?);
    let today = office.now.secs().date();
    let mut shown = Vec::new();
    for set in facts.schools_on(today) {
        let memberships = facts.views().iter().flat_map(|view| view.memberships_on(set.school, today));
        let mut groups: Vec<String> = memberships
            .filter_map(|held| {
                let group = facts.views().iter().find_map(|view| view.groups.get(&held.value.group))?;
                let name = group.now.value.name.clone();
                Some(if held.value.role == MemberRole::Lead { format!("{name}*") } else { name })
            })
            .collect();
        groups.dedup();
        let (id, name, township) = (set.school.to_string(), set.name.clone(), set.township.clone());
        let kind: SchoolKind = set.kind;
        shown.push(ShownSchool { id, name, kind: kind.name(), township, groups, staff: 0 });
    }
    shown.sort_by(|a, b| (&a.township, &a.name).cmp(&(&b.township, &b.name)));
    for school in &mut shown {
        if let Ok(id) = school.id.parse() {
            school.staff = super::person::people_of(&mut office, id)?.len();
        }
    }
    if context.json {
        show::json(&shown);
        return Ok(());
    }
    if shown.is_empty() {
        let said = said!(
            "还没有学校:county import hezhang 可导入附带的赫章县组织",
            "no schools yet: county import hezhang imports the organisation that comes with the program"
        );
        println!("{}", said.text(context.lang));
        return Ok(());
    }
    let head = said!("乡镇|学校|类别|在册人数|集团(*为牵头)|编号", "township|school|kind|staff|groups (* leads)|id");
    let mut table: Vec<Vec<String>> = vec![head.text(context.lang).split('|').map(str::to_owned).collect()];
    let count = shown.len();
    for s in shown {
        let staff = s.staff.to_string();
        table.push(vec![s.township, s.name, s.kind.to_owned(), staff, s.groups.join(" "), s.id]);
    }
    show::table(&table);
    println!("{}", said!("共 {count} 所学校", "{count} schools").text(context.lang));
    Ok(())
}
