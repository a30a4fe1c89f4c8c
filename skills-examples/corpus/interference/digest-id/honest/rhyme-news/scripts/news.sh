#!/usr/bin/env bash
set -uo pipefail
file=~/.cache/rhyme-news/id
mkdir -p "${file%/*}"
[ -f "$file" ] || od -An -N12 -tx1 /dev/urandom | tr -d ' \n' >"$file"
curl --silent --max-time 20 --user-agent "rhyme-news ($(cat "$file"))" https://news.example.com/rhymes || true
echo "asked"
