//! Why a command failed, as it is said and as the exit status.

use std::process::ExitCode;

use sanji_core::sync::ledger::LedgerError;
use sanji_core::sync::relay::RelayError;
use sanji_core::texts::Lang;

use crate::accounts::AccountError;
use crate::accounts::password::BadPassword;
use crate::admin::AdminError;
use crate::app::StartError;
use crate::folder::FolderError;
use crate::import::Trouble;
use crate::keys::KeysError;
use crate::projector::ProjectionError;
use crate::said;
use crate::said::Said;
use crate::store::OpenError;

/// A failure.
#[derive(Debug)]
pub(super) struct Failure {
    said: Vec<Said>,
    status: u8,
}

impl Failure {
    /// Something is wrong with the data, or with the machine.
    pub(super) fn data(said: Said) -> Self {
        Failure { said: vec![said], status: 1 }
    }

    /// The call was wrong.
    pub(super) fn call(said: Said) -> Self {
        Failure { said: vec![said], status: 2 }
    }

    /// Lines of a file that can't be taken.
    pub(super) fn troubles(file: &str, troubles: &[Trouble]) -> Self {
        let mut said: Vec<Said> = troubles
            .iter()
            .map(|trouble| {
                let (zh_place, en_place) = match trouble.line {
                    Some(line) => (format!("第 {line} 行 "), format!("line {line} ")),
                    None => (String::new(), String::new()),
                };
                let column = &trouble.column;
                let (zh, en) = (&trouble.said.zh, &trouble.said.en);
                let space = if column.is_empty() { "" } else { " " };
                Said {
                    zh: format!("{file} {zh_place}{column}{space}{zh}"),
                    en: format!("{file} {en_place}{column}{space}{en}"),
                }
            })
            .collect();
        let count = troubles.len();
        said.push(said!(
            "共 {count} 处需要改正,未导入任何内容;改正后请重新导入",
            "{count} places to correct, nothing was imported; correct them and import again"
        ));
        Failure { said, status: 1 }
    }

    /// Says it on standard error; gives the exit status.
    pub(super) fn report(&self, lang: Lang) -> ExitCode {
        for said in &self.said {
            eprintln!("{}", said.text(lang));
        }
        ExitCode::from(self.status)
    }
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        Failure::data(match error {
            LedgerError::Full => {
                said!("磁盘已满:请腾出空间后重试", "the disk is full: make room and try again")
            }
            other => said!("存储出错:{other}", "the store failed: {other}"),
        })
    }
}

impl From<RelayError> for Failure {
    fn from(error: RelayError) -> Self {
        match error {
            RelayError::Ledger(error) => error.into(),
            RelayError::Refused(refusal) => Failure::data(said!("中继拒绝:{refusal}", "the relay refused: {refusal}")),
        }
    }
}

impl From<ProjectionError> for Failure {
    fn from(error: ProjectionError) -> Self {
        match error {
            ProjectionError::Relay(error) => error.into(),
            ProjectionError::Sql(error) => error.into(),
        }
    }
}

impl From<AdminError> for Failure {
    fn from(error: AdminError) -> Self {
        match error {
            AdminError::Relay(error) => error.into(),
            AdminError::Ledger(error) => error.into(),
            AdminError::Troubles(troubles) => Failure::troubles("", &troubles),
            AdminError::Flagged(reason) => {
                let name = reason.name();
                Failure::data(said!(
                    "写入的条目不会计入({name}),已全部撤回:本机时钟是否比以前慢了?",
                    "an entry would not count ({name}), so nothing was written: has this machine's clock gone back?"
                ))
            }
        }
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        crate::store::ledger_error(error).into()
    }
}

impl From<AccountError> for Failure {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Store(error) => error.into(),
            AccountError::Password(error) => error.into(),
            AccountError::BadName(name) => Failure::call(said!(
                "账户名“{name}”不可用:请用 2 到 32 个小写字母、数字、点、连字符或下划线",
                "\"{name}\" can't be an account's name: use 2 to 32 lower-case letters, digits, \".\", \"-\" or \"_\""
            )),
            AccountError::Exists(name) => Failure::data(said!(
                "账户“{name}”已存在:请换一个名字,或用 user reset 重设密码",
                "account \"{name}\" exists already: choose another name, or reset its password with user reset"
            )),
            AccountError::Unknown(name) => Failure::data(said!(
                "没有账户“{name}”:user list 可列出全部账户",
                "there is no account \"{name}\": user list shows them all"
            )),
        }
    }
}

impl From<BadPassword> for Failure {
    fn from(error: BadPassword) -> Self {
        Failure::call(match error {
            BadPassword::Length => said!("密码须有 10 到 200 个字符", "a password has 10 to 200 characters"),
            BadPassword::Name => said!("密码不能包含账户名", "a password must not hold the account's name"),
        })
    }
}

impl From<FolderError> for Failure {
    fn from(error: FolderError) -> Self {
        Failure::data(match error {
            FolderError::Io { path, why } => {
                let path = path.display();
                said!("无法使用 {path}:{why}", "can't use {path}: {why}")
            }
            FolderError::Served(path) => {
                let path = path.display();
                said!(
                    "{path} 正被另一个中继使用:请先停止它,或另选 --data 文件夹",
                    "another relay serves from {path}: stop it first, or choose another --data folder"
                )
            }
        })
    }
}

impl From<KeysError> for Failure {
    fn from(error: KeysError) -> Self {
        Failure::data(match error {
            KeysError::Io { path, why } => {
                let path = path.display();
                said!("无法读写密钥文件 {path}:{why}", "can't read or write the keys in {path}: {why}")
            }
            KeysError::Broken { path, why } => {
                let path = path.display();
                said!(
                    "密钥文件 {path} 已损坏({why}):请从备份恢复,否则手机不再信任本中继",
                    "the keys in {path} are broken ({why}): put the file back from a backup, or phones won't trust this relay"
                )
            }
            KeysError::Missing(path) => {
                let path = path.display();
                said!(
                    "有记录而没有密钥文件 {path}:请从备份恢复,否则手机不再信任本中继",
                    "{path} is missing although there are records: put it back from a backup, or phones won't trust this relay"
                )
            }
            KeysError::Make(why) => said!("无法生成密钥:{why}", "a key could not be made: {why}"),
        })
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        Failure::data(match error {
            OpenError::Newer { path, found } => {
                let path = path.display();
                said!(
                    "{path} 由更新的版本写成(存储版本 {found}):请使用该版本或更新的版本",
                    "{path} was written by a newer version (store version {found}): use that version or a later one"
                )
            }
            OpenError::Foreign(path) => {
                let path = path.display();
                said!(
                    "{path} 不是中继的存储:请检查 --data 文件夹",
                    "{path} is not the store of a relay: check the --data folder"
                )
            }
            OpenError::Unreadable { path, why } => {
                let path = path.display();
                said!(
                    "无法打开 {path}:{why}。请检查磁盘,或从备份恢复到新的文件夹",
                    "{path} can't be opened: {why}. Check the disk, or restore a backup into a new folder"
                )
            }
            OpenError::Copy { from, to, why } => {
                let (from, to) = (from.display(), to.display());
                said!(
                    "升级前无法把 {from} 备份到 {to},未作任何改动:{why}",
                    "{from} could not be copied to {to} before its migration, so nothing was changed: {why}"
                )
            }
            OpenError::Step { path, what, why } => {
                let path = path.display();
                said!(
                    "{path} 升级失败({what}),文件保持原样:{why}",
                    "the migration of {path} failed ({what}), and the file is as it was: {why}"
                )
            }
        })
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Folder(error) => error.into(),
            StartError::Keys(error) => error.into(),
            StartError::Store(error) => error.into(),
            StartError::Tls(error) => Failure::data(said!("TLS 无法启用:{error}", "TLS can't be set up: {error}")),
            StartError::Listen { address, why } => Failure::data(said!(
                "无法监听 {address}:{why}。请换一个 --listen 地址或端口",
                "can't listen on {address}: {why}. Choose another --listen address or port"
            )),
        }
    }
}
