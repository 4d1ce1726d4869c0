//! `sanji demo`: a school week of made-up people at real phone cores, and what a supervisor then sees.

use std::io::Write;

use clap::Args;
use jiff::civil::{Date, Weekday};
use sanji_core::rules::parse_week;
use sanji_core::texts::texts;

use super::failure::Failure;
use super::{Context, show};
use crate::demo::{DemoError, Options, Running, Summary, run};
use crate::said;
use crate::said::Said;

/// 演示 / a demonstration
#[derive(Args)]
pub(super) struct Demo {
    /// 随机种子:同样的种子重演同样的一周 / the same seed plays the same week
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// 哪一周:2026-W10,或其星期一;2026-W15 有放假,2026-W09 有补班 / which week: 2026-W10 or its Monday; W15 has a holiday, W09 a make-up workday
    #[arg(long, default_value = "2026-W10", value_name = "WEEK", value_parser = week)]
    week: Date,
    /// 端口;0 表示任选 / the port to serve at; 0 takes any free one
    #[arg(long, default_value_t = 8443)]
    port: u16,
    /// 只演一遍并给出小结,不开放网页 / play it and print the summary, without serving
    #[arg(long)]
    once: bool,
}

impl Demo {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime =
            runtime.map_err(|why| Failure::data(said!("无法启动:{why}", "the runtime can't start: {why}")))?;
        runtime.block_on(self.play(context))
    }

    async fn play(self, context: &Context) -> Result<(), Failure> {
        let port = if self.once { 0 } else { self.port };
        let options = Options { seed: self.seed, monday: self.week, port };
        let mut bar: Option<(String, show::Progress)> = None;
        let running = run(&options, &mut |what, done, all| {
            if bar.as_ref().is_none_or(|(shown, _)| shown != what) {
                bar = Some((what.to_owned(), show::Progress::new(stage(what).text(context.lang), all as u64)));
            }
            if let Some((_, bar)) = &bar {
                bar.at(done as u64, all as u64);
            }
        })
        .await;
        drop(bar);
        let running = running.map_err(failed)?;
        if context.json {
            show::json(&running.summary);
        } else {
            tell(context, &running);
        }
        let sound = running.summary.is_sound();
        if !self.once {
            serve(context, &running).await;
        }
        let complaints = running.complaints.join("; ");
        running.end().await.map_err(failed)?;
        if sound {
            return Ok(());
        }
        Err(Failure::data(said!(
            "演示中有记录丢失或不一致:{complaints}",
            "something was lost or differs: {complaints}"
        )))
    }
}

/// A week by its ISO name or by its Monday.
fn week(text: &str) -> Result<Date, String> {
    let monday = parse_week(text).or_else(|| text.parse().ok().filter(|day: &Date| day.weekday() == Weekday::Monday));
    let monday = monday.filter(|day| (2021..=2100).contains(&day.year()));
    monday.ok_or_else(|| {
        "请写成 2026-W10,或写那一周的星期一,2021 至 2100 年 / write 2026-W10, or the week's Monday, of 2021 to 2100"
            .into()
    })
}

/// A stage of the demonstration in words.
fn stage(what: &str) -> Said {
    match what {
        "phones" => said!("登记手机", "enrolling phones"),
        "week" => said!("过一周", "playing the week"),
        "home" => said!("最后一次同步", "everyone syncs"),
        other => said!("{other}", "{other}"),
    }
}

fn failed(error: DemoError) -> Failure {
    Failure::data(said!("演示无法继续:{error}", "the demonstration can't go on: {error}"))
}

fn tell(context: &Context, running: &Running) {
    let Summary { schools, phones, records, on_relay, perished, lost, converged, hostile_counted, .. } =
        &running.summary;
    let words = texts(context.lang);
    let (from, to) = (words.date(running.week[0]), words.date(running.week[6]));
    let same = if *converged { said!("一致", "agree") } else { said!("不一致", "differ") };
    let agree = same.text(context.lang);
    let said = said!(
        "{from}至{to},{schools} 所学校、{phones} 部手机记录了一周,其间断网、重发、丢失、时钟错误都发生过。\n\
         共 {records} 条记录,中继收到 {on_relay} 条;随丢失的手机消失 {perished} 条;无故丢失 {lost} 条。\n\
         各手机与中继{agree};冒充的记录计入 {hostile_counted} 条。",
        "From {from} to {to}, {phones} phones at {schools} schools recorded a week with outages, repeats, losses and wrong clocks.\n\
         {records} records were made and {on_relay} are on the relay; {perished} perished with a lost phone; {lost} were lost without reason.\n\
         Phones and relay {agree}; {hostile_counted} hostile records count."
    );
    println!("{}\n", said.text(context.lang));
    let mut table = Vec::new();
    for (status, count) in &running.summary.verdicts {
        table.push(vec![words.word(&format!("status-{status}")).into_owned(), count.to_string()]);
    }
    show::table(&table);
}

/// Serves the review pages until Ctrl-C.
async fn serve(context: &Context, running: &Running) {
    let address = running.host.address();
    let said = said!(
        "\n审核页面:https://{address}/ (证书由演示自签,浏览器会提示;Ctrl-C 结束)",
        "\nThe review pages: https://{address}/ (the certificate is the demonstration's own, so the browser asks; Ctrl-C ends it)"
    );
    println!("{}", said.text(context.lang));
    let head = said!("账户|密码|身份", "account|password|who");
    let mut table: Vec<Vec<String>> = vec![head.text(context.lang).split('|').map(str::to_owned).collect()];
    table
        .extend(running.logins.iter().map(|login| vec![login.name.clone(), login.password.clone(), login.who.clone()]));
    show::table(&table);
    // Whoever started this process may wait for the address.
    let _ = std::io::stdout().flush();
    super::serve::asked_to_stop().await;
}
