//! `sanji bundle import`: takes in files of records that a phone handed over without a network.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use sanji_core::sync::bundle::{self, BundleError};
use sanji_core::sync::relay::BundleTaken;
use sanji_core::sync::relay::book::Book;
use serde::Serialize;

use super::failure::Failure;
use super::office::Office;
use super::{Context, show};
use crate::blobs::Blobs;
use crate::said;

/// 未发送记录的文件 / files of unsent records
#[derive(Subcommand)]
pub(super) enum Bundle {
    /// 导入;重复导入无妨 / take them in; twice does no harm
    Import(Import),
}

/// 导入 / takes files in
#[derive(Args)]
pub(super) struct Import {
    /// 手机交出的文件 / the files that phones handed over
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

#[derive(Serialize)]
struct Shown {
    file: String,
    device: String,
    owner: String,
    entries: u64,
    new: u64,
    pictures: usize,
    revoked: bool,
}

impl Bundle {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let Bundle::Import(Import { files }) = self;
        let mut office = Office::open(context)?;
        let mut shown = Vec::new();
        for path in files {
            let file = path.display().to_string();
            let taken = import(&mut office, &path, &file)?;
            let owner = owner(&mut office, &taken)?;
            let line = Shown {
                file,
                device: taken.actor.to_string(),
                owner,
                entries: taken.entries,
                new: taken.new,
                pictures: taken.blobs.len(),
                revoked: taken.revoked.is_some(),
            };
            if !context.json {
                print(context, &line);
            }
            shown.push(line);
        }
        if context.json {
            show::json(&shown);
        }
        Ok(())
    }
}

fn import(office: &mut Office, path: &std::path::Path, file: &str) -> Result<BundleTaken, Failure> {
    let unread = |why: std::io::Error| Failure::call(said!("{file} 读不出:{why}", "{file} can't be read: {why}"));
    let size = std::fs::metadata(path).map_err(unread)?.len();
    if size > bundle::LARGEST as u64 {
        return Err(broken(file, &BundleError::NotABundle));
    }
    let bytes = std::fs::read(path).map_err(unread)?;
    let opened = bundle::sealed(office.keys.county, &bytes)
        .and_then(|sealed| office.keys.recovery.unseal(sealed).map_err(|_| BundleError::Sealed))
        .and_then(|opened| bundle::Bundle::from_bytes(&opened))
        .map_err(|why| broken(file, &why))?;
    let blobs = Blobs::new(&office.folder.blobs());
    office.act("bundle import", file, |relay, ledger, now| {
        let taken = relay.take_bundle(ledger, now, &opened)?;
        for (hash, bytes) in &taken.blobs {
            let failed = |why| Failure::data(said!("图片存不下:{why}", "a picture can't be stored: {why}"));
            blobs.put(hash, bytes).map_err(failed)?;
        }
        Ok::<_, Failure>(taken)
    })
}

fn broken(file: &str, why: &BundleError) -> Failure {
    Failure::data(match why {
        BundleError::NotABundle => said!(
            "{file} 不是手机交出的记录文件:请在手机上重新导出",
            "{file} is no file of records from a phone: please make it again on the phone"
        ),
        BundleError::OtherCounty(county) => said!(
            "{file} 是另一个县({county})的:请交给那个县",
            "{file} is another county's ({county}): please hand it to that county"
        ),
        BundleError::Sealed | BundleError::Malformed(_) => said!(
            "{file} 打不开:途中被截断或改动过。手机上的记录还在,请重新导出",
            "{file} doesn't open: it was cut or changed on the way. The records are still on the phone, please make the file again"
        ),
    })
}

fn owner(office: &mut Office, taken: &BundleTaken) -> Result<String, Failure> {
    let Some(person) = taken.person else { return Ok(String::new()) };
    let postings = Book::new(office.relay.county(), &mut office.store).postings_of(&person.0)?;
    let newest = postings.into_iter().map(|(_, row)| row).max_by_key(|row| row.from);
    Ok(newest.map_or_else(|| person.to_string(), |row| row.name))
}

fn print(context: &Context, shown: &Shown) {
    let Shown { file, owner, entries, new, pictures, .. } = shown;
    let said = said!(
        "{file}:{owner} 的 {entries} 条记录,其中 {new} 条是新的;新图片 {pictures} 张。手机下次联网时会知道已送达",
        "{file}: {entries} records of {owner}, {new} of them new; {pictures} new pictures. The phone learns that they arrived at its next connection"
    );
    println!("{}", said.text(context.lang));
    if shown.revoked {
        let said = said!(
            "这部手机已停用:记录已存下,暂不计入,请校长在“暂未计入”里查看",
            "this phone was stopped: its records are stored but don't count yet; the principal sees them among the flagged entries"
        );
        println!("{}", said.text(context.lang));
    }
}
