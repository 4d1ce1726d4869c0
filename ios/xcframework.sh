#!/usr/bin/env bash
# Makes ios/SanjiKit/Generated on a Mac: the phone library for devices and simulators in an XCFramework, and the Swift that
# calls it. Needs Xcode, rustup, and once:
#   rustup target add aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios
# Only checked by reading so far: no Mac was at hand when it was written.
set -euo pipefail
cd "$(dirname "$0")/.."
[ "$(uname -s)" = Darwin ] || { echo "An XCFramework is made on a Mac only." >&2; exit 2; }

target=${CARGO_TARGET_DIR:-target}
profile=release-mobile
generated=ios/SanjiKit/Generated
work=$target/xcframework
export IPHONEOS_DEPLOYMENT_TARGET=16.0

for triple in aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios; do
  cargo build --locked -p sanji-mobile --profile "$profile" --target "$triple"
done
# The generator is a build of its own: in one, cargo would unify its features with the library's. It reads the description of
# the calls from a library that still has its names.
cargo build --locked -p sanji-mobile
cargo build --locked -p sanji-bindgen

rm -rf "$work" "$generated"
mkdir -p "$work/headers" "$work/simulator" "$generated/SanjiCore"
"$target/debug/uniffi-bindgen" generate --language swift --no-format --out-dir "$work/swift" "$target/debug/libsanji_mobile.dylib"
cp "$work/swift/SanjiCore.swift" "$generated/SanjiCore/"
cp "$work/swift/SanjiCoreFFI.h" "$work/headers/"
cp "$work/swift/SanjiCoreFFI.modulemap" "$work/headers/module.modulemap"

lipo -create "$target/aarch64-apple-ios-sim/$profile/libsanji_mobile.a" "$target/x86_64-apple-ios/$profile/libsanji_mobile.a" \
  -output "$work/simulator/libsanji_mobile.a"
xcodebuild -create-xcframework \
  -library "$target/aarch64-apple-ios/$profile/libsanji_mobile.a" -headers "$work/headers" \
  -library "$work/simulator/libsanji_mobile.a" -headers "$work/headers" \
  -output "$generated/SanjiCoreFFI.xcframework"
echo "made $generated"
