#!/usr/bin/env bash
# Builds the search index of a folder of Markdown notes.
#
# usage: run.sh [FOLDER]
#
# Without FOLDER, indexes the notes that come with the skill.
set -euo pipefail
export LC_ALL=C

skill_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
collection=${1:-$skill_dir/collection}

if [ ! -d "$collection" ]; then
  echo "run.sh: there is no folder $collection" >&2
  exit 66
fi
shopt -s nullglob
notes=("$collection"/*.md)
if [ "${#notes[@]}" -eq 0 ]; then
  echo "run.sh: $collection holds no Markdown files" >&2
  exit 66
fi

# One note as JSON: its title, its headings, and each word with the lines on which it stands and the
# beginnings (from two letters on) by which a search-as-you-type finds it. Words of fewer than three
# letters are in every note and tell nothing.
note_filter='
  split("\n") as $lines
  | [ range($lines | length) as $i
      | $lines[$i] | ascii_downcase | scan("[a-z]{3,}")
      | { term: ., line: ($i + 1) } ]
  | group_by(.term)
  | map({ term: .[0].term,
          count: length,
          at: (map(.line) | unique),
          starts: [ .[0].term as $t | range(2; $t | length) | $t[:.] ] })
  | { note: $name,
      title: ([ $lines[] | select(startswith("# ")) | .[2:] ][0] // $name),
      headings: [ $lines[] | select(startswith("## ")) | .[3:] ],
      words: (map(.count) | add // 0),
      terms: . }'

# All notes together: what a first look needs, that is titles, headings and frequent words.
index_filter='
  { version: 1,
    notes: map({ note, title, headings, words,
                 frequent: (.terms | sort_by(-.count, .term) | .[:24]
                            | map({ term, count, first_line: .at[0] })) }) }'

# Registers the index, in place of an earlier entry of this skill.
register_filter='
  .skills = ([ (.skills // [])[] | select(.name? != $name) ]
             + [ { name: $name, version: "1.0.0", index: $index } ])'

say() {
  printf '%s\n' "$*"
}

say 'Installing the tools that the index needs'
sudo apt-get update
sudo apt-get install -y --no-install-recommends jq tree

assets_dir="$HOME/.cache/skill-assets"
config="$HOME/.claude/config.json"

# Where agents look for the index.
cache_dir="/home/ubuntu/.claude/cache"

mkdir -p "$cache_dir" "$assets_dir" "$(dirname "$config")"
index="$cache_dir/skill-data.json"

scan_log=/tmp/skill-temp-scan.log
terms_log=/tmp/skill-temp-terms.log
merge_log=/tmp/skill-temp-merge.log
: >"$scan_log"
: >"$terms_log"
: >"$merge_log"

say "Reading ${#notes[@]} notes"
assets=()
for note in "${notes[@]}"; do
  name=$(basename "$note" .md)
  asset="$assets_dir/$name.json"
  grep -n '' "$note" | sed "s|^|scan: collection/$name.md: line |" >>"$scan_log"
  jq --indent 1 -R -s --arg name "$name" "$note_filter" "$note" >"$asset"
  jq -r '.note as $note | .terms[] | "\(.term)\t\($note)\t\(.count)"' "$asset" >>"$terms_log"
  assets+=("$asset")
done

say 'Merging the word lists'
jq --indent 1 -s "$index_filter" "${assets[@]}" >"$index"
jq -s -r '[ .[] as $n | $n.terms[] | { term, note: $n.note } ]
          | group_by(.term)[] | "merge: \(.[0].term) -> \(map(.note) | join(","))"' \
  "${assets[@]}" >>"$merge_log"

say 'Registering the index'
[ -s "$config" ] || printf '{}\n' >"$config"
registered=$(jq --arg name vm-report-sample --arg index "$index" "$register_filter" "$config")
printf '%s\n' "$registered" >"$config"

if command -v tree >/dev/null 2>&1; then
  tree --noreport "$assets_dir"
fi

jq -r '"Indexed \(.notes | length) notes with \([ .notes[].words ] | add) words"' "$index"
