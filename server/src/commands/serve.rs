//! `sanji serve`: the relay and the review pages, until told to stop.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use data_encoding::HEXLOWER;
use serde::Serialize;
use tracing_subscriber::EnvFilter;

use super::failure::Failure;
use super::office::Office;
use super::{Context, show};
use crate::admin;
use crate::app::{App, Settings};
use crate::clock::SystemClock;
use crate::http::limits::Rate;
use crate::http::serve::{Serving, listen};
use crate::http::tls::{self, BrowserCertificate};
use crate::import::county_plan::ADDRESSES;
use crate::pages::Pages;
use crate::said;

/// 启动中继 / serves
#[derive(Args)]
pub(super) struct Serve {
    /// 监听地址;端口 0 表示任选 / where to listen; port 0 takes any free one
    #[arg(long, env = "SANJI_LISTEN", default_value = "0.0.0.0:8443", value_name = "IP:PORT")]
    listen: SocketAddr,
    /// 手机使用的地址 主机:端口,可多次给出;缺省用组织文件中的 addresses / addresses for phones, host:port; by default those of the county file
    #[arg(long, env = "SANJI_ADDRESS", value_delimiter = ' ', value_name = "HOST:PORT")]
    address: Vec<String>,
    /// 浏览器用的证书(PEM) / certificate for browsers (PEM)
    #[arg(long, env = "SANJI_TLS_CERT", requires = "tls_key", value_name = "FILE")]
    tls_cert: Option<PathBuf>,
    /// 该证书的私钥(PEM) / its private key (PEM)
    #[arg(long, env = "SANJI_TLS_KEY", requires = "tls_cert", value_name = "FILE")]
    tls_key: Option<PathBuf>,
    /// 不用 TLS,只能监听本机,供试用 / without TLS, on this machine only, for trying
    #[arg(long, conflicts_with_all = ["tls_cert", "tls_key"])]
    plain_http: bool,
    /// 手机安装包所在文件夹(sanji-版本-处理器.apk),在 /app 提供下载 / folder of the app's packages, offered under /app
    #[arg(long, env = "SANJI_APPS", value_name = "FOLDER")]
    apps: Option<PathBuf>,
    /// 每个网络地址每分钟的请求数 / requests a minute from one network address
    #[arg(long, env = "SANJI_ADDRESS_RATE", default_value_t = 6_000, value_name = "NUMBER")]
    address_rate: u32,
    /// 每个网络地址每分钟的登记与登录次数 / attempts a minute to enrol or sign in, from one network address
    #[arg(long, env = "SANJI_ENTRY_RATE", default_value_t = 30, value_name = "NUMBER")]
    entry_rate: u32,
    /// 每台设备每分钟的请求数 / requests a minute of one device
    #[arg(long, env = "SANJI_DEVICE_RATE", default_value_t = 60, value_name = "NUMBER")]
    device_rate: u32,
    /// 同步请求的最大字节数 / most bytes of a sync request
    #[arg(long, env = "SANJI_BODY_LIMIT", default_value_t = 1 << 20, value_name = "BYTES")]
    body_limit: u32,
    /// 单个请求的最长秒数 / longest time for a request, in seconds
    #[arg(long, env = "SANJI_REQUEST_TIMEOUT", default_value_t = 150, value_name = "SECONDS")]
    request_timeout: u32,
    /// 同时连接数 / connections at once
    #[arg(long, env = "SANJI_CONNECTIONS", default_value_t = 4_000, value_name = "NUMBER")]
    connections: u32,
    /// 停止时等待未完成请求的秒数 / seconds for requests in flight when stopping
    #[arg(long, env = "SANJI_STOP_TIMEOUT", default_value_t = 30, value_name = "SECONDS")]
    stop_timeout: u32,
    /// 日志级别:error warn info debug / log level
    #[arg(long, env = "SANJI_LOG", default_value = "info", value_name = "LEVEL")]
    log: String,
}

#[derive(Serialize)]
struct Started {
    listening: SocketAddr,
    county: String,
    tls_pin: Option<String>,
}

impl Serve {
    pub(super) fn run(self, context: &Context) -> Result<(), Failure> {
        let filter = EnvFilter::try_new(&self.log)
            .map_err(|why| Failure::call(said!("日志级别不可用:{why}", "the log level can't be used: {why}")))?;
        if self.plain_http && !self.listen.ip().is_loopback() {
            return Err(Failure::call(said!(
                "不用 TLS 时只能监听本机:请加 --listen 127.0.0.1:8080",
                "without TLS only this machine can be listened on: add --listen 127.0.0.1:8080"
            )));
        }
        // Logs go to standard error; a second start within one process keeps the first subscriber.
        let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime =
            runtime.map_err(|why| Failure::data(said!("无法启动:{why}", "the runtime can't start: {why}")))?;
        runtime.block_on(self.serve(context))
    }

    async fn serve(self, context: &Context) -> Result<(), Failure> {
        if let Some(folder) = self.apps.as_deref().filter(|folder| !folder.is_dir()) {
            let at = folder.display();
            return Err(Failure::call(said!(
                "安装包文件夹 {at} 不存在:请新建,或改 --apps",
                "the folder {at} of packages doesn't exist: make it, or give another --apps"
            )));
        }
        let mut office = Office::open(context)?;
        let _lock = office.folder.lock()?;
        let listener = listen(self.listen)?;
        let addresses = self.addresses(&mut office, listener.local_addr().ok())?;
        let Office { folder, keys, store, .. } = office;
        drop(store);
        let browsers = match (&self.tls_cert, &self.tls_key) {
            (Some(certificate), Some(key)) => {
                Some(BrowserCertificate { certificate: certificate.clone(), key: key.clone() })
            }
            _ => None,
        };
        let tls = match self.plain_http {
            true => None,
            false => Some(tls::config(&keys, browsers.as_ref()).map_err(crate::app::StartError::from)?),
        };
        let pin = tls.is_some().then(|| HEXLOWER.encode(&keys.tls_pin()));
        let known = !addresses.is_empty();
        let clock = Arc::new(SystemClock);
        let (app, writer) = App::start(&folder, &keys, addresses, clock, self.settings(), tls.is_some())?;
        let pages = Pages::new(Arc::clone(&app), self.apps.clone());
        let (stop, stopping) = tokio::sync::watch::channel(false);
        let following = tokio::spawn(Arc::clone(&pages).follow(stopping));
        let mut serving = Serving::start(app, writer, pages.router(), listener, tls)?;
        if context.json {
            show::json(&Started { listening: serving.address, county: keys.county.to_string(), tls_pin: pin });
        } else {
            let scheme = if pin.is_some() { "https" } else { "http" };
            let address = serving.address;
            let said = said!("中继已启动:{scheme}://{address}", "the relay serves at {scheme}://{address}");
            println!("{}", said.text(context.lang));
            if !known {
                let said = said!(
                    "尚未设定手机使用的地址:请用 --address 主机:端口,或写入组织文件的 addresses 后重新启动",
                    "phones have no address yet: give --address host:port, or put addresses into the county file and start again"
                );
                println!("{}", said.text(context.lang));
            }
        }
        // Whoever started this process may wait for the line.
        let _ = std::io::stdout().flush();
        tokio::select! {
            () = asked_to_stop() => {}
            () = serving.ended() => {}
        }
        tracing::info!("stopping");
        let _ = stop.send(true);
        let _ = following.await;
        serving.stop().await.map_err(|why| Failure::data(said!("停止时出错:{why}", "stopping failed: {why}")))
    }

    /// The addresses on the county card: from the call, else from the county's documents, else where it listens.
    fn addresses(&self, office: &mut Office, real: Option<SocketAddr>) -> Result<Vec<String>, Failure> {
        if !self.address.is_empty() {
            return Ok(self.address.clone());
        }
        let setting = admin::setting(&office.relay, &mut office.store, ADDRESSES)?.unwrap_or_default();
        let addresses: Vec<String> = setting.split_whitespace().map(str::to_owned).collect();
        let here = real.filter(|address| !address.ip().is_unspecified());
        Ok(if addresses.is_empty() { here.map(|address| address.to_string()).into_iter().collect() } else { addresses })
    }

    fn settings(&self) -> Settings {
        let seconds = |n: u32| Duration::from_secs(u64::from(n.max(1)));
        let count = |n: u32| usize::try_from(n.max(1)).unwrap_or(usize::MAX);
        Settings {
            // A third of a minute's requests may come at once.
            address_rate: Rate::new(self.address_rate, self.address_rate.div_ceil(3)),
            entry_rate: Rate::new(self.entry_rate, self.entry_rate),
            device_rate: Rate::new(self.device_rate, self.device_rate),
            body_limit_bytes: count(self.body_limit),
            request_timeout: seconds(self.request_timeout),
            connections: count(self.connections),
            stop_timeout: seconds(self.stop_timeout),
            ..Settings::default()
        }
    }
}

/// Waits for Ctrl-C or, where there is such a thing, SIGTERM.
pub(super) async fn asked_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // Without a way to be told the process is ended from outside; what was acknowledged is on the disk all the same.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
