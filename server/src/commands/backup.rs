//! `sanji backup`: store, keys and blobs in one sealed file. A relay may serve meanwhile: the store's copy is of one moment.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::failure::Failure;
use super::office::Office;
use super::{Context, show};
use crate::archive::{self, Part};
use crate::blobs::Blobs;
use crate::folder::new_private;
use crate::random::rng;
use crate::said;
use crate::sealed::SealWriter;

/// 备份 / writes a sealed backup
#[derive(Args)]
pub(super) struct Backup {
    /// 备份文件 / the backup to write
    file: PathBuf,
    #[command(flatten)]
    passphrase: PassphraseArgs,
}

/// Where the passphrase comes from.
#[derive(Args)]
pub(super) struct PassphraseArgs {
    /// 含口令的文件;- 表示标准输入。也可用环境变量 SANJI_PASSPHRASE / file with the passphrase; "-" is standard input. Or the environment variable SANJI_PASSPHRASE
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    #[arg(long, env = "SANJI_PASSPHRASE", hide = true, hide_env_values = true)]
    passphrase: Option<String>,
}

/// Fewest characters of a new passphrase.
const SHORTEST: usize = 12;

impl PassphraseArgs {
    /// The passphrase.
    pub(super) fn get(&self) -> Result<String, Failure> {
        let text = match &self.passphrase_file {
            Some(path) if path == Path::new("-") => io::read_to_string(io::stdin().lock()),
            Some(path) => fs::read_to_string(path),
            None => match &self.passphrase {
                Some(text) => Ok(text.clone()),
                None => {
                    return Err(Failure::call(said!(
                        "缺少口令:请用 --passphrase-file 文件(- 为标准输入),或环境变量 SANJI_PASSPHRASE",
                        "a passphrase is missing: give --passphrase-file (\"-\" is standard input), or SANJI_PASSPHRASE"
                    )));
                }
            },
        };
        let text =
            text.map_err(|why| Failure::call(said!("无法读取口令:{why}", "can't read the passphrase: {why}")))?;
        Ok(text.trim_end_matches(['\r', '\n']).to_owned())
    }
}

/// Removes a file when it is dropped.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        // It lies in the relay's own folder; one that can't be removed is seen there.
        let _ = fs::remove_file(&self.0);
    }
}

impl Backup {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let passphrase = self.passphrase.get()?;
        if passphrase.chars().count() < SHORTEST {
            return Err(Failure::call(said!(
                "口令太短:至少 {SHORTEST} 个字符,并请妥善保管,没有它无法恢复",
                "the passphrase is too short: at least {SHORTEST} characters. Keep it well: nothing can be restored without it"
            )));
        }
        let shown = self.file.display().to_string();
        let failed = |why: io::Error| Failure::data(said!("无法写入 {shown}:{why}", "can't write {shown}: {why}"));
        if self.file.exists() {
            return Err(Failure::call(said!("{shown} 已存在:请换一个文件名", "{shown} exists: choose another name")));
        }
        let mut office = Office::open(context)?;
        let copy = Temporary(office.folder.path().join("backup.sqlite.tmp"));
        if copy.0.exists() {
            fs::remove_file(&copy.0).map_err(failed)?;
        }
        office.store.copy_to(&copy.0)?;
        let unfinished = Temporary(with_suffix(&self.file, ".part"));
        if unfinished.0.exists() {
            fs::remove_file(&unfinished.0).map_err(failed)?;
        }
        let file = new_private(&unfinished.0).map_err(failed)?;
        let bytes = write(context, &office, &copy.0, file, &passphrase).map_err(failed)?;
        fs::rename(&unfinished.0, &self.file).map_err(failed)?;
        office.act("backup", &shown, |_, _, _| Ok::<(), Failure>(()))?;
        let size = bytes.div_ceil(1000);
        let said = said!(
            "备份已写入 {shown}({size} kB)。请把它和口令分开保存;restore 可恢复到空的数据文件夹",
            "the backup is in {shown} ({size} kB). Keep it and the passphrase apart; restore brings it back into an empty folder"
        );
        println!("{}", said.text(context.lang));
        Ok(())
    }
}

fn write(context: &Context, office: &Office, store: &Path, file: File, passphrase: &str) -> io::Result<u64> {
    let blobs = Blobs::new(&office.folder.blobs());
    let hashes = blobs.list().map_err(io::Error::other)?;
    let bar = show::Progress::new(said!("备份", "backing up").text(context.lang), hashes.len() as u64 + 2);
    let mut to = SealWriter::new(BufWriter::new(file), passphrase, &mut rng())?;
    for (part, path) in [(Part::Keys, office.folder.keys()), (Part::Store, store.to_owned())] {
        let mut from = File::open(path)?;
        let length = from.metadata()?.len();
        archive::put(&mut to, part, length, &mut from)?;
    }
    for (done, hash) in hashes.iter().enumerate() {
        let bytes = blobs.get(hash).map_err(io::Error::other)?.unwrap_or_default();
        archive::put(&mut to, Part::Blob(*hash), bytes.len() as u64, &mut &bytes[..])?;
        bar.at(done as u64 + 2, hashes.len() as u64 + 2);
    }
    archive::end(&mut to)?;
    let mut file = to.finish()?;
    file.flush()?;
    let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    Ok(file.metadata()?.len())
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
