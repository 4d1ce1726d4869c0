# What Kotlin sees of the core: the bindings are generated from the built library, compiled, and called on the JVM, against a
# real relay process.
#
# The compiler comes from npm (with the standard library and coroutines), JNA from Debian.
need_rust
need java default-jre-headless
need /usr/share/java/jna.jar libjna-java

kotlin=2.4.20
kotlin_integrity=sha512-IF5IVM7LpPhA/ntHQQpaVt1yxpaaQovtEVYLyqWMuaLr0XelLPPm7/sM6HLhtcRjjjoSsK7I7lP2kzYJkMy73w==
kotlinc=$TOOLS/kotlin-$kotlin

# fetch_kotlin: the compiler into $kotlinc, once, checked against the hash above.
fetch_kotlin() {
  [ -x "$kotlinc/bin/kotlinc" ] && return
  need npm npm || return 1
  local into=$TOOLS/fetching file
  echo "  fetching kotlin-compiler $kotlin from npm (90 MB)"
  rm -rf "$into"
  mkdir -p "$into"
  file=$into/$(cd "$into" && npm pack --silent "kotlin-compiler@$kotlin" 2>> "$LOGS/npm.log") || { tail "$LOGS/npm.log"; return 1; }
  [ "sha512-$(openssl dgst -sha512 -binary "$file" | base64 -w 0)" = "$kotlin_integrity" ] ||
    { echo "  kotlin-compiler $kotlin is not the file that it was"; return 1; }
  tar xzf "$file" -C "$into"
  chmod +x "$into"/package/bin/*
  mv "$into/package" "$kotlinc"
  rm -rf "$into"
}
need openssl openssl
fetch_kotlin

libraries=/usr/share/java/jna.jar:$kotlinc/lib/kotlin-stdlib.jar:$kotlinc/lib/kotlinx-coroutines-core-jvm.jar
work=$TARGET/bindings
mkdir -p "$work"

generate() {
  rm -rf "$work/$1"
  "$TARGET/debug/uniffi-bindgen" generate --language "$1" --no-format --out-dir "$work/$1" "$TARGET/debug/libsanji_mobile.so"
  [ -n "$(find "$work/$1" -type f)" ]
}

# The generated file takes long to compile and seldom changes: its classes are kept with its hash.
compile_bindings() {
  local sum
  sum=$(find "$work/kotlin" -name '*.kt' -exec sha256sum {} +)
  [ "$(cat "$work/kotlin.sum" 2> /dev/null)" = "$sum" ] && return
  rm -rf "$work/classes"
  "$kotlinc/bin/kotlinc" -nowarn -jvm-target 17 -cp "$libraries" -d "$work/classes" "$work/kotlin" &&
    echo "$sum" > "$work/kotlin.sum"
}

compile_checks() {
  rm -rf "$work/checks"
  "$kotlinc/bin/kotlinc" -Werror -jvm-target 17 -cp "$work/classes:$libraries" -d "$work/checks" tests/bindings/kotlin
}

# run_checks FOLDER: the checks over the library in this folder.
run_checks() {
  java -Djna.library.path="$1" -Dsanji.program="$TARGET/debug/sanji" -Dsanji.temp="$work" \
    -cp "$work/checks:$work/classes:$libraries" org.sanji.checks.MainKt
}

build_phone_and_relay kotlin
check "kotlin: generated" generate kotlin
check "kotlin: bindings compile" compile_bindings
check "kotlin: checks compile" compile_checks
cargo_tests "kotlin: checks against the library and a relay" run_checks "$TARGET/debug"
# What is left out and folded to make it small must not be missed.
if [ -f "$TARGET/release-mobile/libsanji_mobile.so" ]; then
  cargo_tests "kotlin: the same, library as it goes on a phone" run_checks "$TARGET/release-mobile"
fi
