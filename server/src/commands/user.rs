//! `sanji user add|reset|close|list`: accounts of the review pages.

use std::io::Read;

use clap::{Args, Subcommand};
use sanji_core::ids::PersonId;
use sanji_core::records::Role;
use sanji_core::sync::message::Scope;
use sanji_core::sync::relay::book::Book;
use serde::Serialize;

use super::failure::Failure;
use super::office::Office;
use super::person::{PersonArgs, find_school};
use super::{Context, show};
use crate::accounts::{self, AccountError, password};
use crate::said;
use crate::{admin, random};

/// 网页账户 / accounts of the review pages
#[derive(Subcommand)]
pub(super) enum User {
    /// 新建账户 / make an account
    Add(Add),
    /// 重设密码 / set a new password
    Reset {
        /// 账户名 / the account
        account: String,
        #[command(flatten)]
        password: PasswordArgs,
    },
    /// 关闭账户 / close an account
    Close {
        /// 账户名 / the account
        account: String,
    },
    /// 列出账户 / list accounts
    List,
}

/// 新建账户 / makes an account
#[derive(Args)]
pub(super) struct Add {
    /// 账户名 / the account's name: lower-case letters, digits, dots
    account: String,
    /// 页面上显示的姓名 / the name that pages show
    #[arg(long)]
    display: Option<String>,
    /// 角色 / the role: supervisor, inspector, administrator, township, group_lead, group_deputy, liaison
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// 范围 / where: county, township:NAME, group:NAME, school:NAME
    #[arg(long, value_name = "SCOPE", default_value = "county", requires = "role")]
    scope: String,
    #[command(flatten)]
    who: PersonArgs,
    #[command(flatten)]
    password: PasswordArgs,
}

/// Where a password comes from.
#[derive(Args)]
pub(super) struct PasswordArgs {
    /// 从标准输入读取密码;缺省则生成一个并显示一次 / read the password from standard input; by default one is made and shown once
    #[arg(long)]
    password_stdin: bool,
}

impl PasswordArgs {
    /// The password, and whether it was made here.
    fn get(&self, account: &str) -> Result<(String, bool), Failure> {
        if !self.password_stdin {
            return Ok((password::generate(&mut random::rng()), true));
        }
        let mut text = String::new();
        let read = std::io::stdin().lock().take(1000).read_to_string(&mut text);
        read.map_err(|why| Failure::call(said!("无法读取密码:{why}", "the password can't be read: {why}")))?;
        let given = text.trim_end_matches(['\r', '\n']).to_owned();
        password::check(&given, account)?;
        Ok((given, false))
    }
}

/// Roles that an account may be given here; a principal's and a teacher's come from the roster.
const ROLES: [Role; 7] = [
    Role::Supervisor,
    Role::Inspector,
    Role::Administrator,
    Role::Township,
    Role::GroupLead,
    Role::GroupDeputy,
    Role::Liaison,
];

#[derive(Serialize)]
struct Made<'a> {
    account: &'a str,
    person: PersonId,
    password: Option<String>,
}

#[derive(Serialize)]
struct Shown {
    account: String,
    display: String,
    person: PersonId,
    roles: Vec<String>,
    closed: bool,
}

impl User {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let mut office = Office::open(context)?;
        match self {
            User::Add(add) => add.run(context, &mut office),
            User::Reset { account, password } => {
                let found = accounts::find(office.store.sql(), &account)?;
                let found = found.ok_or(AccountError::Unknown(account))?;
                let (given, made) = password.get(&found.name)?;
                let hash = password::hash(&given, &mut random::rng());
                office
                    .act("user reset", &found.name, |_, ledger, _| accounts::reset(ledger.sql(), &found.name, &hash))?;
                told(context, &found.name, found.person, made.then_some(given));
                Ok(())
            }
            User::Close { account } => {
                office.act("user close", &account, |_, ledger, now| accounts::close(ledger.sql(), &account, now))?;
                println!("{}", said!("账户已关闭", "the account is closed").text(context.lang));
                Ok(())
            }
            User::List => list(context, &mut office),
        }
    }
}

impl Add {
    fn run(self, context: &Context, office: &mut Office) -> Result<(), Failure> {
        let grant = match &self.role {
            Some(role) => Some((role_of(role)?, scope_of(office, &self.scope)?)),
            None => None,
        };
        let named = self.who.find(office)?;
        if grant.is_none() && named.is_none() {
            return Err(Failure::call(said!(
                "请给出 --role,或用 --school 与 --name 指明在册的人",
                "give --role, or name somebody on a roster with --school and --name"
            )));
        }
        let (given, made) = self.password.get(&self.account)?;
        let hash = password::hash(&given, &mut random::rng());
        let person = named.unwrap_or_else(|| PersonId::random(&mut random::rng()));
        let display = self.display.or(self.who.name).unwrap_or_else(|| self.account.clone());
        let account = &self.account;
        office.act("user add", account, |relay, ledger, now| {
            accounts::add(ledger.sql(), account, person, &display, &hash, now).map_err(Failure::from)?;
            if let Some((role, scope)) = grant {
                relay.grant(ledger, now, person, role, scope, (now.secs().date(), None)).map_err(Failure::from)?;
            }
            Ok::<(), Failure>(())
        })?;
        told(context, account, person, made.then_some(given));
        Ok(())
    }
}

fn told(context: &Context, account: &str, person: PersonId, password: Option<String>) {
    if context.json {
        show::json(&Made { account, person, password });
        return;
    }
    let said = match password {
        Some(password) => said!(
            "账户 {account} 的密码(只显示这一次):{password}",
            "the password of account {account} (shown this once): {password}"
        ),
        None => said!("账户 {account} 的密码已设置", "the password of account {account} is set"),
    };
    println!("{}", said.text(context.lang));
}

fn role_of(text: &str) -> Result<Role, Failure> {
    ROLES.into_iter().find(|role| role.name() == text).ok_or_else(|| {
        let names = ROLES.map(Role::name).join(" ");
        Failure::call(said!("没有角色“{text}”;可用:{names}", "there is no role \"{text}\"; there are: {names}"))
    })
}

pub(super) fn scope_of(office: &mut Office, text: &str) -> Result<Scope, Failure> {
    match text.split_once(':') {
        None if text == "county" => Ok(Scope::County),
        Some(("school", name)) => Ok(Scope::School(find_school(office, name)?.0)),
        Some(("township", name)) => {
            let schools = Book::new(office.relay.county(), &mut office.store).schools()?;
            let views = admin::counties(&office.relay, &mut office.store)?;
            let mut groups = views.iter().flat_map(|(_, view)| view.groups.values());
            let known = schools.iter().any(|(_, row)| row.township == name)
                || groups.any(|group| group.now.value.townships.iter().any(|township| township == name));
            if known { Ok(Scope::Township(name.to_owned())) } else { Err(no_scope(text)) }
        }
        Some(("group", name)) => {
            let views = admin::counties(&office.relay, &mut office.store)?;
            let mut groups = views.iter().flat_map(|(_, view)| view.groups.values()).map(|row| &row.now.value);
            groups.find(|group| group.name == name).map(|group| Scope::Group(group.group)).ok_or_else(|| no_scope(text))
        }
        _ => Err(no_scope(text)),
    }
}

fn no_scope(text: &str) -> Failure {
    Failure::call(said!(
        "没有范围“{text}”:请用 county、township:乡镇、group:集团 或 school:学校",
        "there is no scope \"{text}\": use county, township:NAME, group:NAME or school:NAME"
    ))
}

fn list(context: &Context, office: &mut Office) -> Result<(), Failure> {
    let today = office.now.secs().date();
    let mut shown = Vec::new();
    for account in accounts::list(office.store.sql())? {
        let grants = Book::new(office.relay.county(), &mut office.store).grants_of(account.person)?;
        let roles =
            grants.iter().filter(|grant| grant.holds_on(today)).map(|grant| grant.role.name().to_owned()).collect();
        let (name, display, person) = (account.name, account.display, account.person);
        shown.push(Shown { account: name, display, person, roles, closed: account.closed.is_some() });
    }
    if context.json {
        show::json(&shown);
        return Ok(());
    }
    if shown.is_empty() {
        let said = said!(
            "还没有账户:user add 账户名 --role administrator 可新建第一个",
            "no accounts yet: user add NAME --role administrator makes the first"
        );
        println!("{}", said.text(context.lang));
        return Ok(());
    }
    let head = said!("账户|姓名|角色|状态", "account|name|roles|state");
    let mut table: Vec<Vec<String>> = vec![head.text(context.lang).split('|').map(str::to_owned).collect()];
    for s in shown {
        let state = if s.closed { said!("已关闭", "closed") } else { said!("可用", "open") };
        table.push(vec![s.account, s.display, s.roles.join(" "), state.text(context.lang).to_owned()]);
    }
    show::table(&table);
    Ok(())
}
