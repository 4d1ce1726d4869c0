//! `sanji token add|list|end`: tokens by which other systems read the API.

use clap::{Args, Subcommand};
use sanji_core::ids::PersonId;
use sanji_core::sync::message::Scope;
use sanji_core::sync::relay::book::Book;
use sanji_core::texts::texts;
use sanji_core::time::UtcMs;
use serde::Serialize;

use super::failure::Failure;
use super::office::Office;
use super::user::scope_of;
use super::{Context, show};
use crate::accounts::tokens::{self, Reach, Secret, TokenError};
use crate::accounts::{self, AccountError};
use crate::random::rng;
use crate::said;

/// Longest life of a token, in days.
const LONGEST_DAYS: u32 = 730;

/// 其他系统的令牌 / tokens by which other systems read the API
#[derive(Subcommand)]
pub(super) enum Token {
    /// 发放令牌,只显示一次 / make a token, shown once
    Add(Add),
    /// 列出令牌 / list tokens
    List,
    /// 停用令牌 / end a token
    End {
        /// 令牌名称 / the token's name
        name: String,
    },
}

/// 发放令牌,只显示一次 / makes a token, shown once
#[derive(Args)]
pub(super) struct Add {
    /// 令牌名称:哪个系统使用 / its name: which system uses it
    name: String,
    /// 只读范围 / what it reads: county, township:NAME, school:NAME
    #[arg(long, value_name = "SCOPE", required_unless_present = "account", conflicts_with = "account")]
    scope: Option<String>,
    /// 与此账户的查看范围相同 / it reads what this account may read
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<String>,
    /// 有效天数 / for how many days it holds
    #[arg(long, default_value_t = 365, value_parser = clap::value_parser!(u32).range(1..=i64::from(LONGEST_DAYS)))]
    days: u32,
}

#[derive(Serialize)]
struct Made<'a> {
    name: &'a str,
    token: &'a str,
    expires_ms: i64,
}

#[derive(Serialize)]
struct Shown {
    name: String,
    reads: String,
    created_ms: i64,
    expires_ms: i64,
    ended_ms: Option<i64>,
    last_used_ms: Option<i64>,
    stands: bool,
}

impl Token {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let mut office = Office::open(context)?;
        match self {
            Token::Add(add) => add.run(context, &mut office),
            Token::List => list(context, &mut office),
            Token::End { name } => {
                office.act("token end", &name, |_, ledger, now| tokens::end(ledger.sql(), &name, now))?;
                println!("{}", said!("令牌已停用", "the token is ended").text(context.lang));
                Ok(())
            }
        }
    }
}

impl Add {
    fn run(self, context: &Context, office: &mut Office) -> Result<(), Failure> {
        let (reach, person) = match (self.account, self.scope) {
            (Some(name), _) => {
                let account = accounts::find(office.store.sql(), &name)?.filter(|account| account.closed.is_none());
                let account = account.ok_or(AccountError::Unknown(name))?;
                (Reach::Account(account.name), account.person)
            }
            (None, scope) => {
                let scope = scope_of(office, scope.as_deref().unwrap_or("county"))?;
                (Reach::Scope(scope), PersonId::random(&mut rng()))
            }
        };
        let secret = Secret::random(&mut rng());
        let created = office.now;
        let expires = created.plus(i64::from(self.days) * 24 * 3600 * 1000);
        let token = tokens::Token { name: self.name, person, reach, created, expires, ended: None, seen: None };
        office.act("token add", &token.name, |_, ledger, _| tokens::add(ledger.sql(), &secret, &token))?;
        let (name, text) = (token.name.as_str(), secret.as_str());
        if context.json {
            show::json(&Made { name, token: text, expires_ms: expires.0 });
            return Ok(());
        }
        let until = expires.secs().date();
        let said = said!(
            "令牌 {name}(只显示这一次,有效至 {until}):{text}",
            "token {name} (shown this once, holds until {until}): {text}"
        );
        println!("{}", said.text(context.lang));
        Ok(())
    }
}

/// What a token reads, in the words in which it was given.
fn reads(office: &mut Office, reach: Reach) -> Result<String, Failure> {
    Ok(match reach {
        Reach::Account(name) => format!("account:{name}"),
        Reach::Scope(Scope::Township(name)) => format!("township:{name}"),
        Reach::Scope(Scope::School(id)) => {
            let place = Book::new(office.relay.county(), &mut office.store).school(id)?;
            format!("school:{}", place.map_or(id.to_string(), |place| place.name))
        }
        Reach::Scope(_) => "county".into(),
    })
}

fn list(context: &Context, office: &mut Office) -> Result<(), Failure> {
    let mut shown = Vec::new();
    for token in tokens::list(office.store.sql())? {
        shown.push(Shown {
            stands: token.stands(office.now),
            reads: reads(office, token.reach)?,
            name: token.name,
            created_ms: token.created.0,
            expires_ms: token.expires.0,
            ended_ms: token.ended.map(|at| at.0),
            last_used_ms: token.seen.map(|at| at.0),
        });
    }
    if context.json {
        show::json(&shown);
        return Ok(());
    }
    if shown.is_empty() {
        let said = said!(
            "还没有令牌:token add 名称 --scope county 可发放一个",
            "no tokens yet: token add NAME --scope county makes one"
        );
        println!("{}", said.text(context.lang));
        return Ok(());
    }
    let words = texts(context.lang);
    let head = said!("名称|范围|有效至|最近使用|状态", "name|reads|until|last used|state");
    let mut table: Vec<Vec<String>> = vec![head.text(context.lang).split('|').map(str::to_owned).collect()];
    for s in shown {
        let state = match (s.stands, s.ended_ms) {
            (true, _) => said!("可用", "open"),
            (false, Some(_)) => said!("已停用", "ended"),
            (false, None) => said!("已到期", "expired"),
        };
        let used = s.last_used_ms.map_or(String::new(), |at| words.moment(UtcMs(at).secs()));
        let until = UtcMs(s.expires_ms).secs().date().to_string();
        table.push(vec![s.name, s.reads, until, used, state.text(context.lang).to_owned()]);
    }
    show::table(&table);
    Ok(())
}

impl From<TokenError> for Failure {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::BadName(name) => Failure::call(said!(
                "令牌名称“{name}”不可用:请用 1 到 60 个字符",
                "the name \"{name}\" can't be used: a token's name has 1 to 60 characters"
            )),
            TokenError::Exists(name) => Failure::data(said!(
                "令牌“{name}”已存在:请先用 token end 停用,或换一个名称",
                "token \"{name}\" exists already: end it with token end, or choose another name"
            )),
            TokenError::Unknown(name) => Failure::data(said!(
                "没有令牌“{name}”:用 token list 查看全部",
                "there is no token \"{name}\": token list shows them all"
            )),
            TokenError::BadScope => Failure::call(said!(
                "令牌的范围只能是 county、township:乡镇 或 school:学校",
                "a token's scope is county, township:NAME or school:NAME"
            )),
            TokenError::Store(error) => error.into(),
        }
    }
}
