//! `sanji staff import`.

use std::path::PathBuf;

use clap::Subcommand;
use serde::Serialize;

use super::failure::Failure;
use super::office::Office;
use super::{Context, show};
use crate::admin::AdminError;
use crate::import::staff;
use crate::said;
use crate::{admin, random};

/// 教职工名单 / staff lists
#[derive(Subcommand)]
pub(super) enum Staff {
    /// 导入名单 / import a list (CSV)
    Import {
        /// 名单文件 / the list
        #[arg(required_unless_present = "template")]
        file: Option<PathBuf>,
        /// 写出样表 / write a sample list to standard output
        #[arg(long, conflicts_with_all = ["file", "dry_run"])]
        template: bool,
        /// 只检查,不写入 / only check, write nothing
        #[arg(long)]
        dry_run: bool,
    },
}

#[derive(Serialize)]
struct Imported<'a> {
    dry_run: bool,
    added: usize,
    changed: usize,
    same: usize,
    notes: Vec<&'a str>,
}

impl Staff {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let Staff::Import { file, template, dry_run } = self;
        match file {
            Some(file) if !template => import(context, &file, dry_run),
            _ => {
                print!("{}", staff::TEMPLATE);
                Ok(())
            }
        }
    }
}

fn import(context: &Context, path: &std::path::Path, dry_run: bool) -> Result<(), Failure> {
    let shown = path.display().to_string();
    let bytes = std::fs::read(path)
        .map_err(|why| Failure::call(said!("无法读取 {shown}:{why}", "can't read {shown}: {why}")))?;
    let lines = staff::parse(&bytes).map_err(|troubles| Failure::troubles(&shown, &troubles))?;
    let mut office = Office::open(context)?;
    let mut planned = None;
    let result = office.act("staff import", &shown, |relay, ledger, now| {
        let plan =
            admin::import_staff(relay, ledger, now, &lines, &mut random::rng()).map_err(|error| match error {
                AdminError::Troubles(troubles) => Failure::troubles(&shown, &troubles),
                other => other.into(),
            })?;
        planned = Some(plan);
        // What is only to be checked is done whole, and undone with its transaction.
        if dry_run { Err(Undone(None)) } else { Ok(()) }
    });
    let plan = match (result, planned) {
        (_, Some(plan)) if dry_run => plan,
        (Ok(()), Some(plan)) => plan,
        (Err(failure), _) => return Err(failure),
        (Ok(()), None) => return Ok(()),
    };
    let notes: Vec<&str> = plan.notes.iter().map(|note| note.text(context.lang)).collect();
    let (added, changed, same) = (plan.tally.added, plan.tally.changed, plan.tally.same);
    if context.json {
        show::json(&Imported { dry_run, added, changed, same, notes });
        return Ok(());
    }
    let said =
        said!("新增 {added} 人,改动 {changed} 人,不变 {same} 人", "{added} new, {changed} changed, {same} unchanged");
    println!("{}", said.text(context.lang));
    for note in notes {
        println!("{note}");
    }
    let next = if dry_run {
        said!(
            "只作检查,未写入。去掉 --dry-run 即可导入",
            "checked only, nothing was written; leave --dry-run out to import"
        )
    } else {
        said!("已导入。下一步:invite 邀请校长的手机", "imported. Next: invite the principals' phones with invite")
    };
    println!("{}", next.text(context.lang));
    Ok(())
}

/// Why the transaction was undone: a failure, or because only a check was asked for.
struct Undone(Option<Failure>);

impl From<Failure> for Undone {
    fn from(failure: Failure) -> Self {
        Undone(Some(failure))
    }
}

impl From<Undone> for Failure {
    fn from(undone: Undone) -> Self {
        undone.0.unwrap_or_else(|| Failure::data(said!("未写入", "nothing was written")))
    }
}
