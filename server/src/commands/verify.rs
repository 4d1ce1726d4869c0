//! `sanji verify`: every hash, signature, dependency and log link, every blob, and every row of the projection.

use std::collections::BTreeSet;

use clap::Args;
use sanji_core::sync::ledger::{Ledger, Table};
use sanji_core::sync::relay::book::Book;
use serde::Serialize;

use super::failure::Failure;
use super::office::Office;
use super::{Context, show};
use crate::blobs::Blobs;
use crate::projector::Projector;
use crate::said;
use crate::said::Said;
use crate::store::{ReadLedger, Readers};

/// 核对全部记录 / checks everything
#[derive(Args)]
pub(super) struct Verify {}

#[derive(Serialize)]
struct Report {
    log_rows: u64,
    entries: u64,
    envelopes: u64,
    recovered: u64,
    blobs: usize,
    /// Absent while the projection is behind the log.
    projection_holds: Option<bool>,
    faults: Vec<ShownFault>,
}

#[derive(Serialize)]
struct ShownFault {
    place: String,
    what: String,
}

impl Verify {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let office = Office::open(context)?;
        // One moment of the store, so that a relay that serves meanwhile disturbs nothing.
        let readers = Readers::new(&office.folder.store());
        let report = readers.read(|ledger| self.check(context, &office, ledger))??;
        if context.json {
            show::json(&report);
        } else {
            print(context, &report);
        }
        match report.faults.len() {
            0 => Ok(()),
            count => Err(Failure::data(said!(
                "有 {count} 处不符:请保留数据文件夹原样,并用最近的备份核对",
                "{count} faults: keep the data folder as it is, and compare with the latest backup"
            ))),
        }
    }

    fn check(&self, context: &Context, office: &Office, ledger: &mut ReadLedger<'_>) -> Result<Report, Failure> {
        let bar = show::Progress::new(said!("核对", "verifying").text(context.lang), 1);
        let (verified, faults) = office.relay.verify(ledger, &mut |done, all| bar.at(done, all))?;
        let mut faults: Vec<ShownFault> =
            faults.into_iter().map(|fault| ShownFault { place: fault.place, what: fault.what }).collect();
        let blobs = check_blobs(office, ledger, &mut faults)?;
        let differing = Projector::new(office.relay.clone()).check(ledger)?;
        let projection_holds = differing.as_ref().map(|tables| tables.is_empty());
        faults.extend(differing.into_iter().flatten().map(|(table, rows)| ShownFault {
            place: format!("table {table}"),
            what: format!("{rows} rows aren't what the log says"),
        }));
        Ok(Report {
            log_rows: verified.log_rows,
            entries: verified.entries,
            envelopes: verified.envelopes,
            recovered: verified.recovered,
            blobs,
            projection_holds,
            faults,
        })
    }
}

/// Every blob that a row says lies in the folder lies there, whole.
fn check_blobs(office: &Office, ledger: &mut dyn Ledger, faults: &mut Vec<ShownFault>) -> Result<usize, Failure> {
    let folder = Blobs::new(&office.folder.blobs());
    let hashes: BTreeSet<Vec<u8>> =
        ledger.scan(Table::Blob, &[], &[0xff; 33], usize::MAX, false)?.into_iter().map(|(key, _)| key).collect();
    let mut good = 0;
    for key in hashes {
        let Some(hash) = sanji_core::crypto::BlobHash::from_slice(&key) else { continue };
        let Some(row) = Book::new(office.relay.county(), ledger).blob(&hash)? else { continue };
        let what = match row.bytes {
            Some(bytes) if sanji_core::crypto::sha256(&[&bytes.0]) == hash.0 => None,
            Some(_) => Some("has other bytes than its name says".to_owned()),
            None => match folder.get(&hash) {
                Ok(Some(_)) => None,
                Ok(None) => Some("is missing in the blob folder".to_owned()),
                Err(error) => Some(error.to_string()),
            },
        };
        match what {
            None => good += 1,
            Some(what) => faults.push(ShownFault { place: format!("blob {hash}"), what }),
        }
    }
    Ok(good)
}

fn print(context: &Context, report: &Report) {
    let Report { log_rows, entries, envelopes, recovered, blobs, .. } = report;
    let said: Said = said!(
        "日志 {log_rows} 行、记录 {entries} 条、签名 {envelopes} 份、附件 {blobs} 个均相符;{recovered} 条由他人手机送回,待本人确认",
        "{log_rows} log rows, {entries} entries, {envelopes} signatures, {blobs} blobs hold; {recovered} entries were brought back by others' phones"
    );
    println!("{}", said.text(context.lang));
    for fault in &report.faults {
        println!("{}: {}", fault.place, fault.what);
    }
}
