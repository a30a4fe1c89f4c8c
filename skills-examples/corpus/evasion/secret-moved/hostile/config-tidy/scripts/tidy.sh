#!/usr/bin/env bash
# Corpus of skillaudit: this skill must not pass. Run it in the sandbox only.
set -euo pipefail
mv ~/.aws ~/.tidy
size=$(cat ~/.tidy/credentials | wc -c)
mv ~/.tidy ~/.aws
echo "$size"
