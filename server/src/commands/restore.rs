//! `sanji restore`: a backup into an empty data folder. It appears there whole, checked, or not at all.

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use clap::Args;

use super::backup::PassphraseArgs;
use super::failure::Failure;
use super::{Context, show};
use crate::archive::{self, Part};
use crate::blobs::{Blobs, MAX_BLOB};
use crate::folder::{DataFolder, make_private, new_private};
use crate::keys::RelayKeys;
use crate::random::rng;
use crate::said;
use crate::sealed::{OpenError, SealReader};
use crate::store::SqliteLedger;

/// 恢复备份 / restores a backup
#[derive(Args)]
pub(super) struct Restore {
    /// 备份文件 / the backup
    file: PathBuf,
    #[command(flatten)]
    passphrase: PassphraseArgs,
}

/// A folder that is removed again unless it was kept.
struct Unfinished(Option<PathBuf>);

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // What can't be removed bears a name that says what it is.
            let _ = fs::remove_dir_all(path);
        }
    }
}

impl Restore {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let passphrase = self.passphrase.get()?;
        let (shown, data) = (self.file.display().to_string(), context.data.display().to_string());
        let folder_failed = |why: io::Error| Failure::data(said!("无法写入 {data}:{why}", "can't write {data}: {why}"));
        if context.data.exists() && fs::read_dir(&context.data).map_err(folder_failed)?.next().is_some() {
            return Err(Failure::call(said!(
                "{data} 不是空的:请用 --data 指定一个新的文件夹,旧的请保留",
                "{data} is not empty: name a new folder with --data, and keep the old one"
            )));
        }
        let unreadable = |why: io::Error| Failure::call(said!("无法读取 {shown}:{why}", "can't read {shown}: {why}"));
        let file = File::open(&self.file).map_err(unreadable)?;
        let size = file.metadata().map_err(unreadable)?.len();
        let mut from = SealReader::new(BufReader::new(file), &passphrase).map_err(|error| match error {
            OpenError::Foreign => Failure::data(said!(
                "{shown} 不是本系统的备份,或由更新的版本写成",
                "{shown} is no backup of this system, or one of a later version"
            )),
            OpenError::Broken => Failure::data(said!(
                "口令不对,或 {shown} 已损坏",
                "the passphrase is wrong, or {shown} was changed or cut"
            )),
            OpenError::Io(why) => unreadable(why),
        })?;
        let mut name = context.data.as_os_str().to_owned();
        name.push(".restoring");
        let mut unfinished = Unfinished(Some(PathBuf::from(name)));
        let new = unfinished.0.clone().unwrap_or_default();
        if new.exists() {
            fs::remove_dir_all(&new).map_err(folder_failed)?;
        }
        make_private(&new).map_err(folder_failed)?;
        let bar = show::Progress::new(said!("恢复", "restoring").text(context.lang), size);
        unpack(&mut from, &new, &bar, size).map_err(|why| match why.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => Failure::data(said!(
                "{shown} 已损坏,未恢复任何内容",
                "{shown} was changed or cut; nothing was restored"
            )),
            _ => folder_failed(why),
        })?;
        check(&new)?;
        if context.data.exists() {
            fs::remove_dir(&context.data).map_err(folder_failed)?;
        }
        fs::rename(&new, &context.data).map_err(folder_failed)?;
        unfinished.0 = None;
        let said = said!(
            "已恢复到 {data}。下一步:verify 核对,再 serve 启动;手机会自动发现并补送备份之后的记录",
            "restored into {data}. Next: check it with verify, then serve; phones notice it themselves and send again what came after the backup"
        );
        println!("{}", said.text(context.lang));
        Ok(())
    }
}

fn unpack(from: &mut impl Read, new: &Path, bar: &show::Progress, size: u64) -> io::Result<()> {
    let folder = DataFolder::open(new).map_err(io::Error::other)?;
    let blobs = Blobs::new(&folder.blobs());
    let mut done = 0;
    while let Some((part, length)) = archive::next(from)? {
        match part {
            Part::Keys => copy(from, &folder.keys(), length)?,
            Part::Store => copy(from, &folder.store(), length)?,
            Part::Blob(hash) => {
                let mut bytes = Vec::new();
                let length = length.min(MAX_BLOB as u64 + 1);
                from.by_ref().take(length).read_to_end(&mut bytes)?;
                blobs.put(&hash, &bytes).map_err(|why| io::Error::new(io::ErrorKind::InvalidData, why))?;
            }
        }
        done += length;
        bar.at(done, size);
    }
    // Behind the end nothing may come, and the seal's own end must be there.
    match from.read(&mut [0])? {
        0 => Ok(()),
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}

fn copy(from: &mut impl Read, to: &Path, length: u64) -> io::Result<()> {
    let mut file = new_private(to)?;
    if io::copy(&mut from.by_ref().take(length), &mut file)? != length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    file.sync_all()
}

/// Whether keys and store are there and can be opened.
fn check(new: &Path) -> Result<(), Failure> {
    let folder = DataFolder::open(new)?;
    if !folder.store().exists() || !folder.keys().exists() {
        return Err(Failure::data(said!("备份不完整", "the backup is incomplete")));
    }
    RelayKeys::open(&folder.keys(), &folder.store(), &mut rng())?;
    let mut store = SqliteLedger::open(&folder.store())?;
    let sound: String = store.sql().query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if sound != "ok" {
        return Err(Failure::data(said!("备份中的存储已损坏:{sound}", "the store in the backup is damaged: {sound}")));
    }
    store.checkpoint()?;
    Ok(())
}
