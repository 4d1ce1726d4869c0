# The whole product in one command, as the README says: a school week of real phone cores against a real relay.
need_rust
need jq jq

# once FILE ARGUMENT…: runs the demo without serving, its summary (one line of JSON) into the file.
once() {
  local out=$1
  shift
  cargo run --locked --release -p sanji-server -- demo --once --json "$@" > "$out"
}

# holds FILE FILTER: the filter is true of the summary.
holds() { jq -e "$2" "$1" > /dev/null || { echo "not so: $2"; cat "$1"; return 1; }; }

check "demo: builds in release" cargo build --locked --release -p sanji-server

sound='.lost == 0 and .converged == true and .records > 0 and .on_relay == .records'
week=$LOGS/demo-week.json again=$LOGS/demo-again.json other=$LOGS/demo-other.json holiday=$LOGS/demo-holiday.json
check "demo: an ordinary week" once "$week"
check "demo: nothing lost, all see the same" holds "$week" "$sound"
check "demo: at least 30 schools and 120 phones" holds "$week" '.schools >= 30 and .phones >= 120'
check "demo: the week shows what a week can be" holds "$week" \
  '.verdicts | [.present, .awaiting_sync, .absent, .on_leave, .rest_day] | all(. != null and . > 0)'
check "demo: a lost phone's records are named" holds "$week" '.perished > 0'
check "demo: the same seed again" once "$again"
check "demo: gives the same summary" diff "$week" "$again"
check "demo: another seed" once "$other" --seed 7
check "demo: nothing lost there either" holds "$other" "$sound"
# Qingming (Monday, 6 April 2026) is a holiday.
check "demo: a week with a holiday" once "$holiday" --week 2026-W15
check "demo: nothing lost on the holiday either" holds "$holiday" "$sound"
check "demo: a holiday is one more rest day" holds "$holiday" \
  ".verdicts.rest_day > $(jq '.verdicts.rest_day // 0' "$week" 2> /dev/null || echo 0)"
