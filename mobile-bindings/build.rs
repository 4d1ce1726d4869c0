//! How the library that goes on phones is linked: as small as it gets. Functions whose code is the same become one (no code
//! here compares functions), and the list of addresses to be set at loading is packed.

// Cargo tells a build script what it builds for by the environment.
#[allow(clippy::disallowed_methods)]
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let set = |name: &str| std::env::var(name).unwrap_or_default();
    // Only the profile for phones asks for small code.
    if !["s", "z"].contains(&set("OPT_LEVEL").as_str()) {
        return;
    }
    // Both systems link with lld: Rust brings it for Linux, the NDK for Android.
    let flags: &[&str] = match set("CARGO_CFG_TARGET_OS").as_str() {
        // Android reads its own packing since API 23; pages of 16 kB are asked for by newer phones.
        "android" => &["--icf=all", "--pack-dyn-relocs=android", "-z,max-page-size=16384"],
        "linux" => &["--icf=all", "-z,pack-relative-relocs"],
        _ => &[],
    };
    for flag in flags {
        println!("cargo::rustc-cdylib-link-arg=-Wl,{flag}");
    }
}
