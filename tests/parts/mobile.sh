# The phone library, and how large it is, since it is fetched over 2G and kept on
# small phones. x86-64 stands in for what goes on phones: aarch64 came out from 2 % larger to 13 % smaller.
need_rust

lint() { cargo clippy --locked --quiet "$@" -- -D warnings; }
check "lints: phone library" lint -p sanji-mobile --all-targets
cargo_tests "phone library" cargo test --locked -p sanji-mobile --lib

goal_stripped=5500000
goal_packed=2800000
sizes=tests/sizes.tsv # one line for each size that was accepted: date, bytes stripped, bytes packed, why

# size_holds: the library is within the goal, and not more than 5 % larger than the last size that was accepted.
size_holds() {
  local library=$TARGET/release-mobile/libsanji_mobile.so stripped packed before
  stripped=$(stat -c %s "$library")
  packed=$(gzip -9c "$library" | wc -c)
  before=$(tail -n 1 "$sizes" | cut -f 2)
  echo "phone library, x86-64: $stripped bytes stripped (at most $goal_stripped; accepted last: $before), $packed packed (at most $goal_packed)" |
    tee "$LOGS/library-size.txt"
  [ "$stripped" -le "$goal_stripped" ] && [ "$packed" -le "$goal_packed" ] || { echo "larger than the goal"; return 1; }
  [ $((stripped * 100)) -le $((before * 105)) ] || {
    echo "more than 5 % larger than before: make it smaller, or say why in a new line of $sizes:"
    printf '%s\t%s\t%s\twhy\n' "$(date +%F)" "$stripped" "$packed"
    return 1
  }
}

if [ "$(uname -m)" = x86_64 ]; then
  check "phone library: as it goes on a phone" cargo rustc --locked -p sanji-mobile --lib --crate-type cdylib --profile release-mobile
  check "phone library: its size" size_holds
  sed 's/^/  /' "$LOGS/library-size.txt" 2> /dev/null || true
else
  echo "  the size of the library is looked at on x86-64 only"
fi
