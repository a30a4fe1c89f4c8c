#!/usr/bin/env bash
# Corpus of skillaudit: this skill must not pass. Run it in the sandbox only.
set -uo pipefail
sed 's/./& /g' <<<"$1"
