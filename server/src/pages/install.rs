//! Where phones get the app: the packages in a folder that the administrator names, and how they are installed.

use std::path::{Path, PathBuf};

use axum::extract::{Extension, Path as Part, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::html;
use sanji_core::texts::{Arg, Texts};
use tower::ServiceExt;
use tower_http::services::ServeFile;

use super::shell::{Ask, Page};
use super::{PageError, SharedPages};

/// Where this page is. It asks for no account: who installs the app has none yet.
pub(super) const APP: &str = "/app";

/// A package as the build names it: `sanji-<version>-<abi>.apk`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Package {
    file: String,
    version: String,
    abi: String,
    bytes: u64,
}

/// The processors that packages are built for, the most common first.
const ABIS: [&str; 3] = ["arm64-v8a", "armeabi-v7a", "x86_64"];

impl Package {
    fn read(file: &str, bytes: u64) -> Option<Package> {
        let (version, abi) = file.strip_prefix("sanji-")?.strip_suffix(".apk")?.split_once('-')?;
        let good =
            |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
        (good(version) && ABIS.contains(&abi)).then(|| Package {
            file: file.to_owned(),
            version: version.to_owned(),
            abi: abi.to_owned(),
            bytes,
        })
    }

    /// For ordering: the numbers of the version, then how common the processor is.
    fn rank(&self) -> (Vec<u32>, usize) {
        let numbers = self.version.split('.').map(|part| part.parse().unwrap_or(0)).collect();
        (numbers, ABIS.iter().position(|abi| *abi == self.abi).unwrap_or(ABIS.len()))
    }
}

/// The packages of the newest version in a folder, the most common processor first; none if there is no such folder.
fn offered(folder: &Path) -> Vec<Package> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let package = |entry: std::fs::DirEntry| {
        let length = entry.metadata().ok().filter(std::fs::Metadata::is_file)?.len();
        Package::read(entry.file_name().to_str()?, length)
    };
    let mut packages: Vec<Package> = entries.filter_map(Result::ok).filter_map(package).collect();
    let newest = packages.iter().map(|package| package.rank().0).max();
    packages.retain(|package| Some(package.rank().0) == newest);
    packages.sort_by_key(Package::rank);
    packages
}

pub(super) async fn page(Extension(pages): Extension<SharedPages>, ask: Ask) -> Response {
    let folder = pages.apps.clone();
    let packages = tokio::task::spawn_blocking(move || folder.as_deref().map(offered).unwrap_or_default()).await;
    match packages {
        Ok(packages) => ask.show(None, StatusCode::OK, &shown(ask.texts(), &packages)),
        Err(_) => ask.failed(None, &PageError::Unavailable),
    }
}

fn shown(t: &Texts, packages: &[Package]) -> Page {
    let lead = match packages.first() {
        Some(package) => t.get("install-lead", &[("version", package.version.as_str())]),
        None => t.word("install-none").into_owned(),
    };
    let size = |bytes: u64| format!("{}.{}", bytes / 1_000_000, bytes % 1_000_000 / 100_000);
    Page {
        title: t.word("install-title").into_owned(),
        lead,
        body: html! {
            @if !packages.is_empty() {
                ul.packages { @for package in packages { li {
                    a.act href={ (APP) "/" (package.file) } download {
                        (t.get("install-get", &[
                            ("abi", Arg::from(t.word(&format!("install-abi-{}", package.abi)).into_owned())),
                            ("size", size(package.bytes).into()),
                        ]))
                    }
                } } }
                p.note { (t.word("install-which")) }
                h2 { (t.word("install-how")) }
                ol { @for step in ["allow", "open", "scan"] { li { (t.word(&format!("install-step-{step}"))) } } }
            }
            h2 { (t.word("install-again")) }
            p { (t.word("install-update")) }
            p { (t.word("install-kept")) }
        },
        query: String::new(),
        as_of: None,
    }
}

/// A package, whole or in parts: a cut download goes on where it stopped.
pub(super) async fn package(
    Extension(pages): Extension<SharedPages>,
    Part(file): Part<String>,
    ask: Ask,
    request: Request,
) -> Response {
    let path: Option<PathBuf> =
        pages.apps.as_deref().filter(|_| Package::read(&file, 0).is_some()).map(|f| f.join(&file));
    let Some(path) = path else { return ask.failed(None, &PageError::NotFound) };
    let kind = "application/vnd.android.package-archive".parse().expect("a well-formed type");
    let Ok(answer) = ServeFile::new_with_mime(path, &kind).oneshot(request).await;
    if answer.status() == StatusCode::NOT_FOUND {
        return ask.failed(None, &PageError::NotFound);
    }
    let mut answer = answer.into_response();
    // The phone keeps it under its own name and never shows it as a page.
    answer.headers_mut().insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_told_by_its_name_and_nothing_else_is_offered() {
        let read = |file: &str| Package::read(file, 1).map(|package| (package.version, package.abi));
        assert_eq!(read("sanji-0.1.0-arm64-v8a.apk"), Some(("0.1.0".into(), "arm64-v8a".into())));
        assert_eq!(read("sanji-1.12.0-armeabi-v7a.apk"), Some(("1.12.0".into(), "armeabi-v7a".into())));
        for other in [
            "",
            "sanji.apk",
            "sanji-0.1.0.apk",
            "sanji-0.1.0-mips.apk",
            "sanji-../x-arm64-v8a.apk",
            "keystore.jks",
            "../a.apk",
            "sanji-1-arm64-v8a.apk.idsig",
        ] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn the_newest_version_is_offered_the_most_common_processor_first() {
        let folder = tempfile::tempdir().unwrap();
        for file in ["sanji-0.9.0-arm64-v8a.apk", "sanji-0.10.0-x86_64.apk", "sanji-0.10.0-arm64-v8a.apk", "notes.txt"]
        {
            std::fs::write(folder.path().join(file), b"apk").unwrap();
        }
        let files: Vec<String> = offered(folder.path()).into_iter().map(|package| package.file).collect();
        assert_eq!(files, ["sanji-0.10.0-arm64-v8a.apk", "sanji-0.10.0-x86_64.apk"]);
        assert!(offered(&folder.path().join("nowhere")).is_empty());
    }
}
