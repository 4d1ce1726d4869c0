# The layers of docs/architecture.md: what each feature set may link, and what each module may name.
need_rust

# crates FEATURES…: the names of all crates that such a build links.
crates() { cargo tree --locked -e normal,no-proc-macro --prefix none --format '{p}' "$@" | awk '{ print $1 }' | sort -u; }

# links "NAMES" "NAMES" FEATURES…: the build links all of the first and none of the second. The first shows that the list
# is the right one: an empty list would hold nothing forbidden either.
links() {
  local wanted=$1 forbidden=$2 list name wrong=0
  shift 2
  list=$(crates "$@")
  for name in $wanted; do
    grep -qx "$name" <<< "$list" || { echo "$* does not link $name"; wrong=1; }
  done
  for name in $forbidden; do
    if grep -qx "$name" <<< "$list"; then
      echo "$* links $name; by way of:"
      cargo tree --locked -e normal,no-proc-macro -i "$name" "$@" || true
      wrong=1
    fi
  done
  return "$wrong"
}

pure="-p sanji-core --no-default-features"
check "links: core, pure" links "jiff minicbor ed25519-dalek" \
  "automerge rusqlite libsqlite3-sys reqwest hyper tokio ring rustls getrandom uniffi" $pure
check "links: core, texts" links "fluent-bundle" "automerge rusqlite reqwest tokio uniffi" $pure --features texts
check "links: core, documents" links "automerge zstd" \
  "rusqlite libsqlite3-sys reqwest hyper tokio ring rustls uniffi" $pure --features documents
check "links: core, store" links "automerge rusqlite ring" "reqwest hyper tokio rustls uniffi" $pure --features store
check "links: core, phone" links "rusqlite reqwest rustls tokio" "uniffi axum" $pure --features phone
check "links: server without demo" links "axum rusqlite automerge" "reqwest uniffi" -p sanji-server --no-default-features
check "links: server" links "axum reqwest" "uniffi" -p sanji-server
check "links: phone library" links "uniffi reqwest rusqlite" "axum maud clap toml" -p sanji-mobile

# names "NAMES" PATH…: no source under the paths uses any of these crates or modules.
names() {
  local names=$1 found
  shift
  for path in "$@"; do
    [ -e "$path" ] || { echo "$path is not there: has it been renamed? then rename it here and in docs/architecture.md"; return 1; }
  done
  # A comment may speak of anything.
  found=$(grep -rnE --include='*.rs' "(^|[^a-zA-Z0-9_])(${names// /|})(::|;| as )" "$@" | grep -vE '^[^:]+:[0-9]+:[[:space:]]*//' || true)
  [ -z "$found" ] || { echo "uses what lies above or outside its layer ($names):"; echo "$found"; return 1; }
}

c=core/src
io="rusqlite reqwest rustls hyper tokio fs4"
check "names: ids, time, cbor, crypto, records" names "automerge ring uniffi $io crate::documents crate::sync crate::store crate::phone crate::rules crate::policy" \
  $c/ids.rs $c/time.rs $c/labels.rs $c/cbor.rs $c/crypto.rs $c/records
check "names: policy, rules, evidence" names "automerge ring uniffi $io crate::documents crate::sync crate::store crate::phone" \
  $c/policy $c/rules $c/evidence $c/explain $c/texts
check "names: documents" names "ring uniffi $io crate::sync crate::store crate::phone" $c/documents
check "names: sync" names "automerge ring uniffi $io crate::store crate::phone" $c/sync
check "names: review" names "automerge ring uniffi $io crate::store crate::phone" $c/review
check "names: store" names "uniffi reqwest rustls hyper tokio crate::phone" $c/store
check "names: phone" names "uniffi rusqlite" $c/phone
check "names: tables" names "axum maud tokio rusqlite crate::pages crate::http crate::api crate::store" server/src/tables
check "names: relay and pages" names "uniffi reqwest sanji_core::phone sanji_core::store" \
  $(find server/src -mindepth 1 -maxdepth 1 ! -name demo ! -name demo.rs ! -name main.rs)
check "names: phone library" names "automerge rusqlite reqwest hyper rustls sanji_core::documents sanji_core::sync sanji_core::store" \
  mobile-bindings/src
