//! `sanji audit`: the last administrative acts.

use clap::Args;
use sanji_core::texts::texts;
use sanji_core::time::UtcMs;

use super::failure::Failure;
use super::office::Office;
use super::{Context, show};
use crate::acts;
use crate::said;

/// 管理操作记录 / the last administrative acts
#[derive(Args)]
pub(super) struct Audit {
    /// 最近多少条 / how many
    #[arg(long, default_value_t = 50)]
    last: u32,
}

impl Audit {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let office = Office::open(context)?;
        let acts = acts::last(office.store.sql(), self.last)?;
        if context.json {
            show::json(&acts);
            return Ok(());
        }
        let words = texts(context.lang);
        let head = said!("时间|操作者|操作|对象", "when|who|act|subject");
        let mut table: Vec<Vec<String>> = vec![head.text(context.lang).split('|').map(str::to_owned).collect()];
        table.extend(
            acts.into_iter().map(|act| vec![words.moment(UtcMs(act.at_ms).secs()), act.who, act.act, act.subject]),
        );
        show::table(&table);
        Ok(())
    }
}
