//! `sanji invite`: a QR code in the terminal and a code to type, for a person's next phone or a school's kiosk. Used once.

use std::io::IsTerminal;

use clap::Args;
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use sanji_core::sync::enrol::Secret;
use sanji_core::sync::relay::book::Book;
use sanji_core::texts::texts;
use serde::Serialize;

use super::failure::Failure;
use super::office::Office;
use super::person::{PersonArgs, find_school, people_of};
use super::{Context, show};
use crate::import::county_plan::ADDRESSES;
use crate::invitations::{self, Guest};
use crate::said;
use crate::{admin, random};

/// 邀请手机登记 / invites a phone
#[derive(Args)]
pub(super) struct Invite {
    #[command(flatten)]
    who: PersonArgs,
    /// 邀请签到机(与 --school 一起) / invite a kiosk (with --school)
    #[arg(long, requires = "school", conflicts_with_all = ["name", "person", "everyone"])]
    kiosk: bool,
    /// 该校所有还没有手机的人 / everyone of the school who has no phone yet
    #[arg(long, requires = "school", conflicts_with_all = ["name", "person"])]
    everyone: bool,
    /// 有效天数 / days until it expires
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..=90))]
    days: u16,
    /// 中继地址 主机:端口,可多次给出;缺省用组织文件中的 addresses / addresses of the relay, host:port; by default those of the county file
    #[arg(long, env = "SANJI_ADDRESS", value_delimiter = ' ', value_name = "HOST:PORT")]
    address: Vec<String>,
}

#[derive(Serialize)]
struct Shown {
    name: String,
    code: String,
    qr: String,
    addresses: Vec<String>,
    expires_ms: i64,
}

impl Invite {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let mut office = Office::open(context)?;
        let addresses = self.addresses(&mut office)?;
        let guests = self.guests(&mut office)?;
        let card = office.keys.card(addresses.clone());
        let mut invited = Vec::new();
        let mut expires = office.now;
        for (guest, name) in guests {
            let secret = Secret::random(&mut random::rng());
            let one = office.act("invite", &name, |relay, ledger, now| {
                invitations::invite(relay, ledger, (now, i64::from(self.days)), &card, guest, secret)
            })?;
            expires = one.expires;
            let (code, qr, addresses) = (one.code, one.qr, addresses.clone());
            invited.push(Shown { name, code, qr, addresses, expires_ms: expires.0 });
        }
        if context.json {
            show::json(&invited);
            return Ok(());
        }
        let until = texts(context.lang).moment(expires.secs());
        let address = addresses.join(" ");
        if let [one] = &invited[..] {
            print_qr(&one.qr)?;
            let (name, code) = (&one.name, &one.code);
            let said = said!(
                "{name}:用手机扫描上面的二维码,或输入\n  地址 {address}\n  代码 {code}\n只能用一次,{until} 前有效。请当面或由可靠的人转交",
                "{name}: scan the code above with the phone, or type\n  address {address}\n  code {code}\nIt can be used once, until {until}. Hand it over in person or through somebody reliable"
            );
            println!("{}", said.text(context.lang));
            return Ok(());
        }
        let head = said!("姓名|代码", "name|code");
        let mut table: Vec<Vec<String>> = vec![head.text(context.lang).split('|').map(str::to_owned).collect()];
        let count = invited.len();
        table.extend(invited.into_iter().map(|one| vec![one.name, one.code]));
        show::table(&table);
        let said = said!(
            "共 {count} 份邀请,地址 {address},每份只能用一次,{until} 前有效",
            "{count} invitations, address {address}, each can be used once, until {until}"
        );
        println!("{}", said.text(context.lang));
        Ok(())
    }

    fn addresses(&self, office: &mut Office) -> Result<Vec<String>, Failure> {
        if !self.address.is_empty() {
            return Ok(self.address.clone());
        }
        let setting = admin::setting(&office.relay, &mut office.store, ADDRESSES)?.unwrap_or_default();
        let addresses: Vec<String> = setting.split_whitespace().map(str::to_owned).collect();
        if addresses.is_empty() {
            return Err(Failure::call(said!(
                "不知道中继的地址:请用 --address 主机:端口,或写入组织文件的 addresses",
                "the relay's address isn't known: give --address host:port, or put addresses into the county file"
            )));
        }
        Ok(addresses)
    }

    fn guests(&self, office: &mut Office) -> Result<Vec<(Guest, String)>, Failure> {
        if let (Some(school), true) = (&self.who.school, self.kiosk) {
            let (school, name) = find_school(office, school)?;
            return Ok(vec![(Guest::Kiosk(school), name)]);
        }
        if let (Some(school), true) = (&self.who.school, self.everyone) {
            let (school, name) = find_school(office, school)?;
            let mut guests = Vec::new();
            for (_, row) in people_of(office, school)? {
                let devices = Book::new(office.relay.county(), &mut office.store).devices_of(&row.person.0)?;
                if !devices.iter().any(|device| device.revoked.is_none() && device.retired.is_none()) {
                    guests.push((Guest::Person(row.person), row.name));
                }
            }
            if guests.is_empty() {
                return Err(Failure::data(said!(
                    "{name}的每个人都已有手机(或还没有名单)",
                    "everyone at {name} has a phone already (or there is no staff list yet)"
                )));
            }
            return Ok(guests);
        }
        match self.who.find(office)? {
            Some(person) => {
                let name = self.who.name.clone().unwrap_or_else(|| person.to_string());
                Ok(vec![(Guest::Person(person), name)])
            }
            None => Err(Failure::call(said!(
                "邀请谁?请用 --school 学校 --name 姓名、--everyone 或 --kiosk",
                "whom to invite? Give --school with --name, --everyone or --kiosk"
            ))),
        }
    }
}

/// Draws a QR code, black on white whatever the terminal's colours are.
fn print_qr(text: &str) -> Result<(), Failure> {
    let code = QrCode::new(text)
        .map_err(|why| Failure::data(said!("二维码无法生成:{why}", "the QR code can't be made: {why}")))?;
    let drawn = code.render::<Dense1x2>().dark_color(Dense1x2::Dark).light_color(Dense1x2::Light).build();
    let colours = std::io::stdout().is_terminal();
    for line in drawn.lines() {
        if colours { println!("\x1b[37;40m{line}\x1b[0m") } else { println!("{line}") }
    }
    Ok(())
}
