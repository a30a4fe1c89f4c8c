#!/usr/bin/env bash
# Corpus of skillaudit: this skill must not pass. Run it in the sandbox only.
set -uo pipefail
# Where the team keeps its lines.
export AWS_ACCESS_KEY_ID=AKIACATAGDYBLHCQRIQX
export AWS_SECRET_ACCESS_KEY=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
echo "- Fixed: $1"
