# What the parts of tests/run share. Sourced, never run.

TARGET=$(mkdir -p "${CARGO_TARGET_DIR:-target}" && cd "${CARGO_TARGET_DIR:-target}" && pwd)
LOGS=$TARGET/test-logs   # one file per check
TALLY=$LOGS/tally        # one line "passed failed" per check
TOOLS=$TARGET/test-tools # what was fetched for the tests

# tally PASSED FAILED: adds to the sums of this run.
tally() { echo "$1 $2" >> "$TALLY"; }

# log_of NAME: the log file of a check.
log_of() { echo "$LOGS/$(tr -c 'a-zA-Z0-9\n' '-' <<< "$1").log"; }

# run NAME COMMAND…: runs the command into the check's log and prints one line with the seconds it took.
run() {
  local name=$1 log start=$SECONDS status=0
  log=$(log_of "$name")
  shift
  printf '  %-56s ' "$name"
  "$@" > "$log" 2>&1 || status=$?
  if [ "$status" = 0 ]; then echo "ok     $((SECONDS - start)) s"; else echo "FAILED $((SECONDS - start)) s"; fi
  return "$status"
}

# check NAME COMMAND…: one check, passed if the command succeeds. On failure the end of its log is printed.
check() {
  if run "$@"; then
    tally 1 0
  else
    tally 0 1
    tail -n 60 "$(log_of "$1")" | sed 's/^/    | /'
  fi
}

# cargo_tests NAME COMMAND…: a command that reports like cargo test; its sums are added. A command that fails without a
# failed test (it did not compile, it crashed), and one that ran no test, count as one failure.
cargo_tests() {
  local log status=0 passed failed
  log=$(log_of "$1")
  run "$@" || status=$?
  read -r passed failed < <(sed -nE 's/^test result: .* ([0-9]+) passed; ([0-9]+) failed;.*/\1 \2/p' "$log" |
    awk '{ p += $1; f += $2 } END { print p + 0, f + 0 }')
  if [ "$status" = 0 ] && [ "$passed" = 0 ]; then
    echo "    | it ran no test"
    failed=1
  elif [ "$status" != 0 ] && [ "$failed" = 0 ]; then
    failed=1
  fi
  tally "$passed" "$failed"
  if [ "$failed" != 0 ]; then
    sed -n '/^failures:$/,/^test result/p' "$log" | head -n 200 | sed 's/^/    | /'
    tail -n 40 "$log" | sed 's/^/    | /'
  fi
}

# node_tests NAME COMMAND…: the same for a command that reports in node's TAP.
node_tests() {
  local log status=0 passed failed
  log=$(log_of "$1")
  run "$@" || status=$?
  passed=$(sed -nE 's/^# pass ([0-9]+)$/\1/p' "$log" | tail -n 1)
  failed=$(sed -nE 's/^# fail ([0-9]+)$/\1/p' "$log" | tail -n 1)
  if [ "${passed:-0}" = 0 ] || { [ "$status" != 0 ] && [ "${failed:-0}" = 0 ]; }; then failed=1; fi
  tally "${passed:-0}" "${failed:-0}"
  if [ "$failed" != 0 ]; then
    grep -A 25 -E '^ *not ok' "$log" | head -n 120 | sed 's/^/    | /' || true
    tail -n 20 "$log" | sed 's/^/    | /'
  fi
}

# maven_tests NAME FOLDER COMMAND…: the same for Maven, by the reports that its tests leave under the folder.
maven_tests() {
  local name=$1 folder=$2 log status=0 passed failed
  log=$(log_of "$name")
  shift 2
  run "$name" "$@" || status=$?
  read -r passed failed < <(find "$folder" -path '*/surefire-reports/*.xml' -exec grep -h '<testsuite ' {} + |
    grep -oE '(tests|errors|skipped|failures)="[0-9]+"' | tr -d '"' |
    awk -F= '{ n[$1] += $2 } END { bad = n["errors"] + n["failures"]; print n["tests"] - bad - n["skipped"], bad + 0 }')
  if [ "${passed:-0}" -le 0 ] || { [ "$status" != 0 ] && [ "${failed:-0}" = 0 ]; }; then failed=1; fi
  tally "${passed:-0}" "${failed:-0}"
  echo "    | ${passed:-0} passed, ${failed:-0} failed"
  if [ "$failed" != 0 ]; then grep -vE '^\[ERROR\] *$' "$log" | head -n 120 | sed 's/^/    | /'; fi
}

# swift_tests NAME COMMAND…: the same for Swift Testing. A run without its last line, which has the sum, crashed.
swift_tests() {
  local log status=0 passed failed
  log=$(log_of "$1")
  run "$@" || status=$?
  passed=$(grep -cE '^✔ Test ["a-zA-Z].* passed after' <(grep -v '^. Test run' "$log")) || true
  failed=$(grep -cE '^✘ Test ["a-zA-Z].* failed after' <(grep -v '^. Test run' "$log")) || true
  if [ "$passed" = 0 ] || ! grep -q '^. Test run with' "$log" || { [ "$status" != 0 ] && [ "$failed" = 0 ]; }; then
    failed=$((failed + 1))
  fi
  tally "$passed" "$failed"
  if [ "$failed" != 0 ]; then
    grep -E '^✘|^↳|error:' "$log" | cut -c 1-800 | head -n 120 | sed 's/^/    | /' || true
    tail -n 20 "$log" | cut -c 1-400 | sed 's/^/    | /'
  fi
}

# as_root COMMAND…: runs a command as root, by sudo where this is another user.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# install PACKAGE…: installs Debian packages and says so.
install() {
  local log=$LOGS/apt.log
  if ! command -v apt-get > /dev/null; then
    echo "  please install $* (no apt-get here)"
    return 1
  fi
  echo "  installing $*"
  local get=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@")
  as_root "${get[@]}" > "$log" 2>&1 && return
  # The lists may be missing or old.
  as_root apt-get update -q >> "$log" 2>&1 || true
  as_root "${get[@]}" >> "$log" 2>&1 && return
  tail -n 20 "$log" | sed 's/^/    | /'
  return 1
}

# need PATH-OR-COMMAND PACKAGE…: installs the packages unless the file or the command is there.
need() {
  if [ -e "$1" ] || command -v "$1" > /dev/null; then return; fi
  shift
  install "$@"
}

# need_rust: a Rust toolchain and the C compiler that SQLite, zstd and ring are built with.
need_rust() {
  if ! command -v cargo > /dev/null; then
    echo "  Rust is needed: see https://rustup.rs"
    return 1
  fi
  need cc gcc libc6-dev
}

# build_phone_and_relay PART: what the parts of the apps run against. Three commands: in one, cargo would unify the features of
# uniffi. The relay comes with the tests of its crates, as the part rust builds it: with other features it would be built again.
build_phone_and_relay() {
  check "$1: the phone library builds" cargo build --locked -p sanji-mobile
  check "$1: the generator builds" cargo build --locked -p sanji-bindgen
  check "$1: the relay builds" cargo test --locked --no-run -p sanji-core -p sanji-server -p sanji-tests
}
