# schemathesis over the whole API, as its own document describes it, against a relay that a week of real phone cores has
# filled: no server error, no answer that isn't documented, whoever asks.
need_rust
need python3 python3
need jq jq
need curl curl

schemathesis=4.32.5
venv=$TOOLS/schemathesis-$schemathesis
work=$TARGET/api-check

fetch_schemathesis() {
  [ -x "$venv/bin/schemathesis" ] && return
  /usr/bin/python3 -c 'import ensurepip' 2> /dev/null || install python3-venv || return 1
  echo "  fetching schemathesis $schemathesis from PyPI"
  rm -rf "$venv" && /usr/bin/python3 -m venv "$venv" &&
    "$venv/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$schemathesis" >> "$LOGS/pip.log" 2>&1 && return
  rm -rf "$venv"
  tail -n 20 "$LOGS/pip.log"
  return 1
}

sanji() { "$TARGET/release/sanji" --json --data "$relay" "$@"; }

# reads TOKEN ADDRESS: what a token reads there.
reads() { curl --silent --fail --insecure --header "Authorization: Bearer $1" "$address$2"; }

# The demo's relay, in the background until this part ends.
start_demo() {
  rm -rf "$work" && mkdir -p "$work/tmp"
  TMPDIR=$work/tmp "$TARGET/release/sanji" demo --port 0 > "$work/said" 2>&1 &
  demo=$!
  trap 'kill -INT "$demo" 2> /dev/null; wait "$demo" 2> /dev/null || true' EXIT
  for _ in $(seq 240); do
    address=$(grep -oE 'https://[0-9.]+:[0-9]+' "$work/said" | head -n 1) && break
    kill -0 "$demo" 2> /dev/null || { cat "$work/said"; return 1; }
    sleep 0.5
  done
  relay=$work/tmp/sanji-demo-$demo/relay
  [ -n "$address" ] && [ -d "$relay" ]
}

# What schemathesis can't guess: a school, a posting and days that exist. It goes on to make up others too.
describe() {
  local school
  school=$(reads "$supervisor" /api/v1/schools | jq -er '.items | map(select(.name | contains("可乐石桥幼儿园")))[0].id') &&
    posting=$(reads "$supervisor" "/api/v1/schools/$school/2026-W10" | jq -er '.attendance[0].posting') &&
    visit=$(reads "$supervisor" /api/v1/visits | jq -er '.items[0].id') &&
    cat > "$work/schemathesis.toml" << TOML
[dictionaries]
schools.values = ["$school"]
postings.values = ["$posting"]
periods.values = ["2026-W10", "2026-03", "2026a"]
visits.values = ["$visit"]
days.values = ["2026-03-03", "2026-03-08"]
[parameters]
"path.school" = { dictionary = "schools", probability = 0.9 }
"path.posting" = { dictionary = "postings", probability = 0.9 }
"path.period" = { dictionary = "periods", probability = 0.9 }
"path.visit" = { dictionary = "visits", probability = 0.9 }
"path.date" = { dictionary = "days", probability = 0.9 }
TOML
}

# ask TOKEN PHASES: a made-up cursor fits the document and is refused, so not everything that fits is taken.
ask() {
  (cd "$work" && "$venv/bin/schemathesis" --config-file "$3" run "$address/api/openapi.json" --tls-verify false \
    --header "Authorization: Bearer $1" --checks all --exclude-checks positive_data_acceptance,ignored_auth \
    --phases "$2" --max-examples 60 --seed 1 --no-color)
}

# What exists is really reached: an address that is never found would be a warning.
found() { ask "$supervisor" fuzzing,stateful schemathesis.toml > "$work/found" 2>&1; local status=$?; cat "$work/found"; [ "$status" = 0 ] && ! grep -q 'Missing test data' "$work/found"; }

fetch_schemathesis
check "api: the relay builds" cargo build --locked --release -p sanji-server
start_demo
supervisor=$(sanji token add supervisor-check --account supervisor | jq -er .token)
foreign=$(sanji token add foreign-check --scope township:铁匠乡 | jq -er .token)
describe
: > "$work/nothing.toml"
check "api: a supervisor's token, what exists" found
check "api: a supervisor's token, whatever fits or doesn't" ask "$supervisor" coverage,fuzzing nothing.toml
check "api: a foreign token at another township's school" ask "$foreign" fuzzing,stateful schemathesis.toml
check "api: a token that nobody gave" ask sanji_guessed coverage,fuzzing nothing.toml
