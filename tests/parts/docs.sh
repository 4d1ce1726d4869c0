# What can be checked about texts: links, file lengths, words that don't belong.

need git git

# Files of the project: those that git has, and new ones that it doesn't ignore.
files() { git ls-files --cached --others --exclude-standard "$@"; }

# Without git's list every check below would pass on nothing.
[ -n "$(files Cargo.toml)" ] || { echo "  this is no git checkout, or git doesn't trust it"; exit 1; }

# Every relative link of a Markdown file leads to a file, and its #anchor to a heading there.
links_resolve() {
  local file target path anchor wrong=0
  while IFS= read -r file; do
    while IFS= read -r target; do
      case $target in http://* | https://* | mailto:*) continue ;; esac
      path=${target%%#*} anchor=
      case $target in *'#'*) anchor=${target#*#} ;; esac
      if [ -z "$path" ]; then path=$file; else path=$(dirname "$file")/$path; fi
      if [ ! -e "$path" ]; then
        echo "$file: no file at ($target)"
        wrong=1
      elif [ -n "$anchor" ] && ! anchors "$path" | grep -qxF "$anchor"; then
        echo "$file: no heading for ($target)"
        wrong=1
      fi
    done < <(sed '/^```/,/^```/d' "$file" | grep -oE '\]\([^) ]+\)' | sed -E 's/^\]\((.*)\)$/\1/')
  done < <(files '*.md')
  return "$wrong"
}

# The anchors that a Markdown reader gives to headings.
anchors() {
  sed -nE 's/^#+ +(.*)$/\1/p' "$1" | tr '[:upper:]' '[:lower:]' | sed -E 's/[`*.,:;()!?"“”→+=/]//g; s/ /-/g'
}

# Paths in code spans of the docs that look like files of this project exist.
paths_exist() {
  local file path wrong=0
  while IFS= read -r file; do
    while IFS= read -r path; do
      compgen -G "$path" > /dev/null || { echo "$file names $path, which is not there"; wrong=1; }
    done < <(grep -oE '`(core|server|mobile-bindings|tests|docs|android|ios|\.ci)/[A-Za-z0-9_./*-]*`' "$file" | tr -d '`' | sort -u)
  done < <(files '*.md')
  return "$wrong"
}

# No source file is longer than 600 lines, unless docs/architecture.md names it and says why.
short_files() {
  local file lines wrong=0
  while IFS= read -r file; do
    lines=$(wc -l < "$file")
    if [ "$lines" -gt 600 ] && ! grep -qF "\`$file\`" docs/architecture.md; then
      echo "$file has $lines lines: split it, or say in docs/architecture.md why it is one"
      wrong=1
    fi
  done < <(files '*.rs' '*.kt' '*.swift' '*.sh' 'tests/run' '.ci/run')
  return "$wrong"
}

# Nothing is put off in the text, and no path of a developer's machine stands in it.
finished() {
  local found
  found=$(files | grep -vE '^(Cargo\.lock$|core/texts/|tests/parts/docs\.sh$)' |
    xargs -d '\n' grep -nIE '\b(TODO|FIXME|XXX|HACK)\b|\bfor now\b|(^|[^A-Za-z0-9_.])/(work|home|root|Users)/' || true)
  [ -z "$found" ] || { echo "$found"; return 1; }
}

# The two commands that a newcomer copies stand in the README, in this order.
two_commands() {
  diff <(grep -E '^    (cargo|tests/)' README.md | head -n 2 | sed -E 's/^ +//; s/ +#.*//') \
    <(printf '%s\n' 'cargo run --release -p sanji-server -- demo' 'tests/run')
}

# Every top-level entry is one that docs/architecture.md lists.
top_level() {
  local entry wrong=0
  while IFS= read -r entry; do
    case $entry in .*) continue ;; esac
    grep -qF "\`$entry" docs/architecture.md || { echo "$entry stands at the top, but not in docs/architecture.md"; wrong=1; }
  done < <(files | cut -d/ -f1 | sort -u)
  return "$wrong"
}

check "links in texts resolve" links_resolve
check "paths named in texts exist" paths_exist
check "source files of at most 600 lines" short_files
check "nothing put off, no foreign paths" finished
check "the README's two commands" two_commands
check "the top level is the map's" top_level
