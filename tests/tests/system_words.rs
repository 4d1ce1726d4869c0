//! What a phone's system shows by itself, before the library runs: the app's name, why it asks for something, what its notices are
//! called. Each platform wants such words in files of its own; they are made from the catalogue, and committed.
//!
//! After a change of the texts, make them anew: `SANJI_WRITE=1 cargo test -p sanji-tests --test system_words`.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use sanji_core::texts::{Lang, texts};

/// Android's names, and the keys of their texts. Why it asks for something is said by the app itself there.
const ANDROID: [(&str, &str); 3] = [
    ("system_name", "system-name"),
    ("system_channel_sending", "system-channel-sending"),
    ("system_channel_decisions", "system-channel-decisions"),
];

/// Apple's names, and the keys of their texts.
const APPLE: [(&str, &str); 5] = [
    ("CFBundleDisplayName", "system-name"),
    ("NSCameraUsageDescription", "system-why-camera"),
    ("NSLocalNetworkUsageDescription", "system-why-nearby"),
    ("NSLocationWhenInUseUsageDescription", "system-why-place"),
    ("NSPhotoLibraryUsageDescription", "system-why-photos"),
];

/// A text as Android's resources take it: quotes, apostrophes and backslashes escaped, and nothing read as a reference.
fn in_xml(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    let text = text.replace('\\', "\\\\").replace('\'', "\\'").replace('"', "\\\"");
    if text.starts_with(['@', '?']) { format!("\\{text}") } else { text }
}

fn android(lang: Lang) -> String {
    let one = |(name, key): &(&str, &str)| {
        format!("    <string name=\"{name}\">{}</string>\n", in_xml(&texts(lang).word(key)))
    };
    let all: String = ANDROID.iter().map(one).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- Made from core/texts by tests/tests/system_words.rs. -->\n\
         <resources>\n{all}</resources>\n"
    )
}

fn apple(lang: Lang) -> String {
    let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
    let one = |(name, key): &(&str, &str)| format!("\"{name}\" = \"{}\";\n", quoted(&texts(lang).word(key)));
    let all: String = APPLE.iter().map(one).collect();
    format!("/* Made from core/texts by tests/tests/system_words.rs. */\n{all}")
}

/// Every file, and what it should hold. Chinese is what Android takes for every language that it has no other file for.
fn files() -> [(PathBuf, String); 4] {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let android_in = |folder: &str| root.join("android/app/src/main/res").join(folder).join("strings.xml");
    let apple_in = |tag: &str| root.join(format!("ios/App/Resources/{tag}.lproj/InfoPlist.strings"));
    [
        (android_in("values"), android(Lang::Zh)),
        (android_in("values-en"), android(Lang::En)),
        (apple_in(Lang::Zh.tag()), apple(Lang::Zh)),
        (apple_in(Lang::En.tag()), apple(Lang::En)),
    ]
}

#[test]
fn the_files_of_both_platforms_say_what_the_catalogue_says() {
    for (path, wanted) in files() {
        if std::env::var_os("SANJI_WRITE").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &wanted).unwrap();
        }
        let found = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        assert!(
            found == wanted,
            "{} is not made from the catalogue as it stands: see this file's head",
            path.display()
        );
    }
}

#[test]
fn every_key_of_the_system_goes_to_a_platform() {
    let taken: Vec<&str> = ANDROID.iter().chain(&APPLE).map(|(_, key)| *key).collect();
    let source = include_str!("../../core/texts/zh/app.ftl");
    let keys: Vec<&str> = source.lines().filter_map(|line| line.split_once(" = ")).map(|(key, _)| key).collect();
    let system: Vec<&str> = keys.into_iter().filter(|key| key.starts_with("system-")).collect();
    assert!(system.len() >= APPLE.len(), "the catalogue has lost the system's words: {system:?}");
    for key in system {
        assert!(taken.contains(&key), "{key} is in no file");
    }
}

#[test]
fn what_a_platform_reads_as_syntax_is_escaped() {
    assert_eq!(in_xml("Don't & <\"x\">"), "Don\\'t &amp; &lt;\\\"x\\\">");
    assert_eq!(in_xml("@home"), "\\@home");
}
