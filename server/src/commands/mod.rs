//! The command line: `sanji <command>`. Each command has its own file. Exit status 0, 1 (something is wrong with the data) or
//! 2 (wrong call); what goes wrong says what to do next.

mod audit;
mod backup;
mod bundle;
mod county;
#[cfg(feature = "demo")]
mod demo;
mod device;
mod explain;
mod failure;
mod invite;
mod office;
mod person;
mod restore;
mod serve;
mod show;
mod staff;
mod token;
mod user;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use sanji_core::texts::Lang;

/// 三集: offline-first daily records for rural schools.
#[derive(Parser)]
#[command(
    name = "sanji",
    version,
    about = "三集:乡村学校日常记录的县级中继与管理 / daily records for rural schools: the county's relay and its administration",
    max_term_width = 110
)]
struct Cli {
    /// 语言 / language of messages
    #[arg(long, global = true, env = "SANJI_LANG", value_enum, default_value_t = LangArg::Zh)]
    lang: LangArg,
    /// 数据文件夹 / the relay's data folder
    #[arg(long, global = true, env = "SANJI_DATA", default_value = "sanji-data", value_name = "FOLDER")]
    data: PathBuf,
    /// 以 JSON 输出,供程序读取 / print JSON, for programs
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

/// A language, as it is given on the command line.
#[derive(Clone, Copy, ValueEnum)]
enum LangArg {
    /// 简体中文
    Zh,
    /// English
    En,
}

impl From<LangArg> for Lang {
    fn from(lang: LangArg) -> Self {
        match lang {
            LangArg::Zh => Lang::Zh,
            LangArg::En => Lang::En,
        }
    }
}

#[derive(Subcommand)]
enum Command {
    /// 演示:一周的学校生活 / a demonstration: a school week
    #[cfg(feature = "demo")]
    Demo(demo::Demo),
    /// 启动中继 / serve phones and the review pages
    Serve(serve::Serve),
    /// 县的组织 / the county's organisation
    #[command(subcommand)]
    County(county::County),
    /// 教职工名单 / staff lists
    #[command(subcommand)]
    Staff(staff::Staff),
    /// 邀请手机登记 / invite a phone or a kiosk
    Invite(invite::Invite),
    /// 网页账户 / accounts of the review pages
    #[command(subcommand)]
    User(user::User),
    /// 其他系统的令牌 / tokens by which other systems read the API
    #[command(subcommand)]
    Token(token::Token),
    /// 手机与签到机 / phones and kiosks
    #[command(subcommand)]
    Device(device::Device),
    /// 手机交出的未发送记录 / records that phones handed over as files
    #[command(subcommand)]
    Bundle(bundle::Bundle),
    /// 管理操作记录 / the last administrative acts
    Audit(audit::Audit),
    /// 解释判定:逐行读入案例 / verdicts for cases on standard input, one per line
    Explain(explain::Explain),
    /// 核对全部记录 / check every hash, signature, link and blob
    Verify(verify::Verify),
    /// 备份 / write a sealed backup
    Backup(backup::Backup),
    /// 恢复备份 / restore a backup into an empty data folder
    Restore(restore::Restore),
}

/// What every command is told.
struct Context {
    lang: Lang,
    data: PathBuf,
    json: bool,
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let context = Context { lang: cli.lang.into(), data: cli.data, json: cli.json };
    let result = match cli.command {
        #[cfg(feature = "demo")]
        Command::Demo(command) => command.run(&context),
        Command::Serve(command) => command.run(&context),
        Command::County(command) => command.run(&context),
        Command::Staff(command) => command.run(&context),
        Command::Invite(command) => command.run(&context),
        Command::User(command) => command.run(&context),
        Command::Token(command) => command.run(&context),
        Command::Device(command) => command.run(&context),
        Command::Bundle(command) => command.run(&context),
        Command::Audit(command) => command.run(&context),
        Command::Explain(command) => command.run(),
        Command::Verify(command) => command.run(&context),
        Command::Backup(command) => command.run(&context),
        Command::Restore(command) => command.run(&context),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(context.lang),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
