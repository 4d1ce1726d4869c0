# The review pages in Debian's Chromium, against a demo that real phone cores have filled. Pictures of every page, in both
# languages and widths, are in target/test-logs/shots afterwards.
need_rust
need node nodejs
need npm npm
need chromium chromium
# Reads QR codes in pictures.
need zbarimg zbar-tools
# Chinese without a font is boxes in the pictures.
need /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc fonts-noto-cjk

tools=$TOOLS/browser
fetch() {
  mkdir -p "$tools"
  cp tests/browser/*.{json,mjs} "$tools"
  (cd "$tools" && npm ci --ignore-scripts --no-audit --no-fund)
}
browse() { (cd "$tools" && SANJI_PROGRAM=$TARGET/release/sanji SANJI_NEWCOMER=$TARGET/release/newcomer SANJI_SHOTS=$LOGS/shots node --test --test-reporter=tap review.test.mjs); }

check "browser: playwright-core and axe-core from npm" fetch
check "browser: the relay builds" cargo build --locked --release -p sanji-server
check "browser: a phone builds" cargo build --locked --release -p sanji-tests --bin newcomer
node_tests "browser: the review pages" browse

# The exported book is opened by another library than the one that wrote it.
need python3 python3
/usr/bin/python3 -c 'import openpyxl' 2> /dev/null || install python3-openpyxl
opened() { /usr/bin/python3 tests/browser/opened.py "$LOGS/shots/week.xlsx"; }
check "browser: openpyxl reads the exported week" opened
