# Prints the figures. Bytes are the same on every machine, so their goals are held; times are printed, never judged.
need_rust
need jq jq

json=$LOGS/figures.json
measure() { cargo run --locked --release -p sanji-tests --bin figures -- --json > "$json"; }
goal() { jq -e "$1" "$json" > /dev/null || { echo "not so: $1"; cat "$json"; return 1; }; }

check "figures: measured" measure
jq -r 'to_entries[] | "    \(.key) \(.value)"' "$json" || true
check "figures: 4 entries up in at most 220 bytes" goal '.up4_bytes <= 220'
check "figures: 120 entries down in at most 1,500 bytes" goal '.down120_bytes <= 1500'
check "figures: nothing new in at most 250 bytes" goal '.idle_bytes <= 250'
check "figures: nothing new after ten years costs the same" goal '.idle_10y_bytes <= .idle_bytes + 8'
check "figures: a school month in at most 40,000 bytes" goal '.month_bytes <= 40000'
