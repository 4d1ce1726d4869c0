# The Android app as far as it can be checked without an Android SDK: Maven compiles it, draws its screens and clicks them as
# Compose desktop, against the real library and a real relay whose clock the tests move. Pictures: android/ui/target/screens.
need_rust
need javac default-jdk-headless
need mvn maven
need aapt aapt
need unzip unzip
need /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc fonts-noto-cjk
need /usr/lib/x86_64-linux-gnu/libGL.so.1 libgl1
need /usr/lib/x86_64-linux-gnu/libX11.so.6 libx11-6
need /usr/lib/x86_64-linux-gnu/libfontconfig.so.1 libfontconfig1
need faketime faketime

# The generated code is named in one module; everything else goes by org.sanji.phone.
generated_stays_inside() {
  local found
  [ -d android/ui/src/main ] || { echo "android/ui is not there"; return 1; }
  found=$(grep -rln --include='*.kt' 'org\.sanji\.core' android --exclude-dir=target | grep -v '^android/bindings/' || true)
  [ -z "$found" ] || { echo "names the generated code:"; echo "$found"; return 1; }
}

# What only Android has, or only the desktop, stays out of the shared screens.
screens_are_shared() {
  local found
  found=$(grep -rnE --include='*.kt' \
    'LocalContext|BackHandler|rememberLauncherForActivityResult|dynamic(Light|Dark)ColorScheme|import (android\.|androidx\.(activity|navigation|lifecycle|core)|java\.(awt|time|nio)|org\.jetbrains)' \
    android/ui/src/main || true)
  [ -z "$found" ] || { echo "is not on every platform, or not on API 24:"; echo "$found"; return 1; }
}

# on_small_disk COMMAND…: with a disk of 2 MB for the test that fills one.
small_disk=$TARGET/small-disk
on_small_disk() {
  local status=0
  mkdir -p "$small_disk"
  as_root mount -t tmpfs -o size=2m,mode=0777 tmpfs "$small_disk" || return
  "$@" || status=$?
  as_root umount "$small_disk"
  return "$status"
}

check "android: generated code is named in bindings alone" generated_stays_inside
check "android: screens use what every platform has" screens_are_shared
build_phone_and_relay android
rm -rf android/*/target/surefire-reports android/ui/target/screens android/ui/target/pockets
maven_tests "android: tests of the app" android \
  on_small_disk mvn -B -q -f android/pom.xml test "-Dsanji.built=$TARGET/debug" "-Dsanji.smalldisk=$small_disk"
echo "  pictures: $(find android/ui/target/screens -name '*.png' 2> /dev/null | wc -l) in android/ui/target/screens"
