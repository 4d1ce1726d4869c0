# What Swift sees of the core, and the iOS app as far as it can be looked at without a Mac: the package SanjiKit (all that the
# app does but for its looks) is tested against the built library and a real relay process; the app's own files, which need
# SwiftUI, are compiled against a stand-in for Apple's modules, and looked at by formatter and linter.
#
# Swift comes from Debian 13, in a root of its own (2.6 GB, made once), because it needs a newer C library than Debian 12 has.
# The relay runs under faketime there, so that the tests play the same school day on any day.
need_rust
need debootstrap debootstrap
need /usr/share/keyrings/debian-archive-keyring.gpg debian-archive-keyring
need python3 python3
need openssl openssl

root=$TOOLS/swift-root
work=$TARGET/swift
swiftlint_version=0.57.1
swiftlint_integrity=sha512-7hCDABeIPrNOIn/fYC7cKYRo1kAXvQpYiKvIG9LZKv3iMNZmDpo7n9BcBvMHnpbUGsaHKPJC5VbiTcVsRx4t5Q==
swiftlint=$TOOLS/swiftlint-$swiftlint_version/swiftlint
mkdir -p "$work"

# make_root: Debian 13 with Swift, from the mirror that apt itself uses, or debootstrap's own.
make_root() {
  as_root test -e "$root/.ready" && return
  local mirror
  mirror=$(apt-get indextargets --format '$(REPO_URI) $(REPO_URI)' 'Created-By: Packages' |
    awk '/debian\/? / && !/security/ { print $1; exit }')
  as_root rm -rf "$root"
  as_root debootstrap --variant=minbase trixie "$root" ${mirror:+"$mirror"}
  as_root cp /etc/resolv.conf "$root/etc/resolv.conf"
  as_root chroot "$root" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends swiftlang libc6-dev faketime
  as_root chroot "$root" apt-get clean
  as_root rm -rf "$root/var/lib/apt/lists"
  as_root touch "$root/.ready"
}

# fetch_swiftlint: the program that its npm package holds, once, checked against the hash above.
fetch_swiftlint() {
  [ -x "$swiftlint" ] && return
  need npm npm || return 1
  local into=$TOOLS/fetching-swiftlint file
  rm -rf "$into"
  mkdir -p "$into" "$(dirname "$swiftlint")"
  file=$into/$(cd "$into" && npm pack --silent "@expo/swiftlint@$swiftlint_version") || return 1
  [ "sha512-$(openssl dgst -sha512 -binary "$file" | base64 -w 0)" = "$swiftlint_integrity" ] ||
    { echo "swiftlint $swiftlint_version is not the file that it was"; return 1; }
  tar xzf "$file" -C "$into" package/bin/linux-x64/swiftlint
  mv "$into/package/bin/linux-x64/swiftlint" "$swiftlint"
  rm -rf "$into"
}

# assemble: the package beside what is generated, as ios/xcframework.sh does it on a Mac.
assemble() {
  local package=$work/SanjiKit generated=$work/SanjiKit/Generated
  as_root rm -rf "$package/Sources" "$package/Tests" "$work/temp" "$work/generated" "$work/lib"
  mkdir -p "$package" "$generated/SanjiCore" "$generated/SanjiCoreFFI" "$work/temp" "$work/lib"
  cp -r ios/SanjiKit/Package.swift ios/SanjiKit/Sources ios/SanjiKit/Tests "$package/"
  "$TARGET/debug/uniffi-bindgen" generate --language swift --no-format --out-dir "$work/generated" "$TARGET/debug/libsanji_mobile.so"
  # Compiled for long and seldom changed: it keeps its date as long as it is the same.
  cmp -s "$work/generated/SanjiCore.swift" "$generated/SanjiCore/SanjiCore.swift" ||
    cp "$work/generated/SanjiCore.swift" "$generated/SanjiCore/"
  cp "$work/generated/SanjiCoreFFI.h" "$generated/SanjiCoreFFI/"
  sed 's/^}$/    link "sanji_mobile"\n}/' "$work/generated/SanjiCoreFFI.modulemap" > "$generated/SanjiCoreFFI/module.modulemap"
  cp "$TARGET/debug/libsanji_mobile.so" "$TARGET/debug/sanji" "$TARGET/debug/later" "$swiftlint" "$work/lib/"
}

# in_root COMMAND: a command of the shell in the root, with the work folder as /ws and the project as /project.
in_root() { as_root tests/bindings/in-root "$root" "$work" bash -euo pipefail -c "$1"; }

run_tests() {
  in_root 'cd /ws/SanjiKit
    export SANJI_LIBRARY=/ws/lib SANJI_PROGRAM=/ws/lib/sanji SANJI_TEMP=/ws/temp SANJI_PROJECT=/project SANJI_SMALL_DISK=/small
    export SANJI_FAKETIME=$(echo /usr/lib/*/faketime/libfaketimeMT.so.1)
    timeout 900 swift test -j 2 --no-parallel --disable-xctest --enable-code-coverage'
}

all_called() {
  in_root 'cd /ws/SanjiKit && export SANJI_LIBRARY=/ws/lib && cp "$(swift test --show-codecov-path)" /ws/coverage.json' ||
    return 1
  python3 tests/bindings/uncalled.py "$work/generated/SanjiCore.swift" "$work/coverage.json"
}

# Every file by itself: a syntax error of one is not hidden by another.
parses() {
  in_root 'cd /project/ios; n=0
    while read -r file; do swiftc -frontend -parse "$file"; n=$((n + 1)); done \
      < <(find App SanjiKit/Package.swift SanjiKit/Sources SanjiKit/Tests -name "*.swift")
    echo "$n files"; [ "$n" -gt 40 ]'
}

# The app's files against the real SanjiKit, as the tests built it, and a stand-in for Apple's modules: what a view names of a
# model must be there, as it is used. Each module of the stand-in is a file or a folder; they stand in the order of their use.
# Down to SIL, because only then the compiler says which values a closure may hold and what may go from one thread to another.
views_type_check() {
  in_root 'modules=/ws/apple; source=/project/tests/bindings/apple
    rm -rf $modules; mkdir -p $modules; cp $source/CoreImage/module.modulemap $modules/
    for name in AppleFoundation CoreGraphics Darwin Security CryptoKit UniformTypeIdentifiers ImageIO Network CoreLocation \
      BackgroundTasks UserNotifications QuartzCore AVFoundation CoreImage Combine UIKit SwiftUI CoreTransferable PhotosUI; do
      files=$source/$name.swift underlying=
      if [ -d $source/$name ]; then files=$(echo $source/$name/*.swift); fi
      if [ $name = CoreImage ]; then underlying=-import-underlying-module; fi
      swiftc -emit-module -parse-as-library -swift-version 6 -I $modules $underlying -module-name $name \
        -Xfrontend -experimental-skip-all-function-bodies -o $modules/$name.swiftmodule $files
    done
    kit=/ws/SanjiKit
    swiftc -emit-sil -o /dev/null -wmo -swift-version 6 -module-name Sanji -I $modules -I $kit/.build/debug/Modules -I $kit/Generated/SanjiCoreFFI \
      -Xfrontend -import-module -Xfrontend AppleFoundation $(find /project/ios/App/Sources -name "*.swift")'
}

formatted() {
  in_root 'cd /project/ios
    swift format lint --strict -r App SanjiKit/Package.swift SanjiKit/Sources SanjiKit/Tests
    swift format lint --strict --configuration .swift-format -r ../tests/bindings/apple'
}

linted() {
  in_root 'cd /project/ios
    export LD_LIBRARY_PATH=/usr/libexec/swift/lib/swift/linux LINUX_SOURCEKIT_LIB_PATH=/usr/libexec/swift/lib
    /ws/lib/swiftlint lint --strict --no-cache --quiet'
}

# Property lists are XML that a Mac reads; here at least they are well-formed.
plists() {
  python3 -c 'import plistlib, sys
for name in sys.argv[1:]: plistlib.load(open(name, "rb"))' ios/App/Info.plist ios/App/Sanji.entitlements ios/App/Resources/PrivacyInfo.xcprivacy
}

as_root test -e "$root/.ready" || echo "  making a Debian 13 root with Swift (0.6 GB to fetch, some minutes, once)"
check "swift: Debian 13 with Swift" make_root
check "swift: the linter is there" fetch_swiftlint
build_phone_and_relay swift
check "swift: generated" assemble
check "swift: every file parses" parses
check "swift: formatted" formatted
check "swift: lints" linted
check "swift: property lists" plists
swift_tests "swift: SanjiKit against the library and a relay" run_tests
check "swift: views type-check against a stand-in for Apple's modules" views_type_check
check "swift: every exported call was called" all_called
