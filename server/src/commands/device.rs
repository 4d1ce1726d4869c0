//! `sanji device list|revoke|retire|confirm`.

use clap::{Subcommand, ValueEnum};
use sanji_core::ids::ActorId;
use sanji_core::sync::message::{RetireReason, Via};
use sanji_core::sync::relay::Relay;
use sanji_core::sync::relay::book::Book;
use sanji_core::sync::relay::rows::{DeviceRow, DeviceState};
use sanji_core::texts::texts;
use sanji_core::time::UtcMs;
use serde::Serialize;

use super::failure::Failure;
use super::office::Office;
use super::person::find_school;
use super::{Context, show};
use crate::said;
use crate::store::SqliteLedger;

/// 手机与签到机 / phones and kiosks
#[derive(Subcommand)]
pub(super) enum Device {
    /// 列出设备 / list devices
    List {
        /// 只列出该校 / only those of this school
        #[arg(long)]
        school: Option<String>,
    },
    /// 停用:不再接受它的发送 / revoke: it may not send any more
    Revoke {
        /// 设备编号 / the device
        device: ActorId,
    },
    /// 退役:此后不再等它 / retire: nothing waits for it any more
    Retire {
        /// 设备编号 / the device
        device: ActorId,
        /// 原因 / why
        #[arg(long, value_enum)]
        why: Why,
        /// 自何时起(如 2026-03-02T08:00,北京时间);缺省为现在 / as of when (Beijing time); now by default
        #[arg(long, value_name = "TIME")]
        as_of: Option<jiff::civil::DateTime>,
    },
    /// 列出请求重新登记的手机 / list the phones that ask to be let in again
    Asking,
    /// 批准请求重新登记的手机,核对它显示的六位数 / approve one that asks, by the six digits that it shows
    Approve {
        /// 设备编号(device asking 可查) / the device, as device asking lists it
        device: ActorId,
        /// 手机上显示的六位数 / the six digits that the phone shows
        digits: u32,
    },
    /// 确认校长登记的设备 / confirm a device that a principal enrolled
    Confirm {
        /// 设备编号 / the device
        device: ActorId,
    },
}

/// Why a device is retired.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Why {
    /// 已更换 / another took its place
    Replaced,
    /// 丢失 / it was lost
    Lost,
    /// 损坏 / it broke
    Broken,
}

#[derive(Serialize)]
struct Shown {
    device: String,
    owner: String,
    school: String,
    via: &'static str,
    state: &'static str,
    last_seen_ms: Option<i64>,
    complete_through_ms: Option<i64>,
}

impl Device {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let mut office = Office::open(context)?;
        match self {
            Device::List { school } => return list(context, &mut office, school.as_deref()),
            Device::Asking => return asking(context, &mut office),
            Device::Approve { device, digits } => {
                let now = office.now;
                let known = office.relay.asking(&mut office.store, now)?;
                if known.iter().all(|asking| asking.device != device) {
                    return Err(Failure::data(said!(
                        "没有请求重新登记的手机 {device}:device asking 可列出全部",
                        "no phone {device} asks to be let in again: device asking shows them all"
                    )));
                }
                let approve =
                    |relay: &Relay, ledger: &mut SqliteLedger, now| relay.approve(ledger, now, device, digits);
                // Wrong digits are counted, so they are an act too.
                if !office.act("device approve", &device.to_string(), approve)? {
                    return Err(Failure::data(said!(
                        "六位数不符:请看手机上现在显示的数字。错五次后手机会换新的数字",
                        "these are not its digits: look at what the phone shows now. After five wrong tries it shows new ones"
                    )));
                }
            }
            Device::Revoke { device } => {
                known(&mut office, device)?;
                office.act("device revoke", &device.to_string(), |relay, ledger, now| {
                    relay.revoke(ledger, now, device)
                })?;
            }
            Device::Retire { device, why, as_of } => {
                known(&mut office, device)?;
                let why = match why {
                    Why::Replaced => RetireReason::Replaced,
                    Why::Lost => RetireReason::Lost,
                    Why::Broken => RetireReason::Broken,
                };
                let as_of = as_of.map_or(office.now, |at| sanji_core::time::instant(at.date(), at.time()).ms());
                if as_of > office.now {
                    return Err(Failure::call(said!("--as-of 在将来", "--as-of lies in the future")));
                }
                office.act("device retire", &device.to_string(), |relay, ledger, now| {
                    relay.retire(ledger, now, device, as_of, why)
                })?;
            }
            Device::Confirm { device } => {
                known(&mut office, device)?;
                office.act("device confirm", &device.to_string(), |relay, ledger, now| {
                    relay.confirm(ledger, now, device)
                })?;
            }
        }
        println!("{}", said!("已完成", "done").text(context.lang));
        Ok(())
    }
}

#[derive(Serialize)]
struct ShownAsking {
    device: String,
    owner: String,
    school: String,
    since_ms: i64,
    recovers: bool,
}

fn asking(context: &Context, office: &mut Office) -> Result<(), Failure> {
    let now = office.now;
    let asking = office.relay.asking(&mut office.store, now)?;
    let mut shown = Vec::with_capacity(asking.len());
    for one in asking {
        let school = Book::new(office.relay.county(), &mut office.store).school(one.school)?;
        shown.push(ShownAsking {
            device: one.device.to_string(),
            owner: one.name,
            school: school.map_or_else(String::new, |row| row.name),
            since_ms: one.since.0,
            recovers: one.recovers,
        });
    }
    if context.json {
        show::json(&shown);
        return Ok(());
    }
    let words = texts(context.lang);
    let head = said!("学校|所有者|自|设备编号", "school|owner|since|device");
    let mut table: Vec<Vec<String>> = vec![head.text(context.lang).split('|').map(str::to_owned).collect()];
    for one in shown {
        table.push(vec![one.school, one.owner, words.moment(UtcMs(one.since_ms).secs()), one.device]);
    }
    show::table(&table);
    Ok(())
}

fn known(office: &mut Office, device: ActorId) -> Result<DeviceRow, Failure> {
    let found = Book::new(office.relay.county(), &mut office.store).device_of(device)?;
    found.ok_or_else(|| {
        Failure::data(said!(
            "没有设备 {device}:device list 可列出全部设备",
            "there is no device {device}: device list shows them all"
        ))
    })
}

fn list(context: &Context, office: &mut Office, school: Option<&str>) -> Result<(), Failure> {
    let only = school.map(|name| find_school(office, name)).transpose()?.map(|(id, _)| id);
    let mut book = Book::new(office.relay.county(), &mut office.store);
    let names: std::collections::BTreeMap<_, _> = book.schools()?.into_iter().map(|(id, row)| (id, row.name)).collect();
    let mut shown = Vec::new();
    for device in book.devices()? {
        let posting = match device.person {
            Some(person) => book.postings_of(&person.0)?.into_iter().map(|(_, row)| row).max_by_key(|row| row.from),
            None => None,
        };
        let at = posting.as_ref().map(|row| row.school).or(device.school);
        if only.is_some() && at != only {
            continue;
        }
        let owner = match (&posting, device.person) {
            (Some(row), _) => row.name.clone(),
            (None, Some(person)) => person.to_string(),
            (None, None) => String::new(),
        };
        shown.push(Shown {
            device: device.actor().to_string(),
            owner,
            school: at.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
            via: match device.via {
                Via::Phone => "phone",
                Via::Kiosk => "kiosk",
                Via::Desk => "desk",
            },
            state: state(&device),
            last_seen_ms: device.last_seen.map(|at| at.0),
            complete_through_ms: device.mark.map(|at| at.0),
        });
    }
    shown.sort_by(|a, b| (&a.school, &a.owner).cmp(&(&b.school, &b.owner)));
    if context.json {
        show::json(&shown);
        return Ok(());
    }
    let words = texts(context.lang);
    let when = |ms: Option<i64>| ms.map_or_else(|| "–".to_owned(), |ms| words.moment(UtcMs(ms).secs()));
    let head = said!(
        "学校|所有者|方式|状态|最近一次|已收齐至|设备编号",
        "school|owner|via|state|last heard|complete through|device"
    );
    let mut table: Vec<Vec<String>> = vec![head.text(context.lang).split('|').map(str::to_owned).collect()];
    for s in shown {
        let (seen, complete) = (when(s.last_seen_ms), when(s.complete_through_ms));
        table.push(vec![s.school, s.owner, s.via.to_owned(), s.state.to_owned(), seen, complete, s.device]);
    }
    show::table(&table);
    Ok(())
}

fn state(device: &DeviceRow) -> &'static str {
    if device.revoked.is_some() {
        return "revoked";
    }
    match (device.retired_why, device.state) {
        (Some(RetireReason::Replaced), _) => "replaced",
        (Some(RetireReason::Lost), _) => "lost",
        (Some(RetireReason::Broken), _) => "broken",
        (None, DeviceState::Active) => "active",
        (None, DeviceState::Unconfirmed) => "unconfirmed",
        (None, DeviceState::Closed) => "closed",
        (None, DeviceState::Recovered) => "recovered",
    }
}
