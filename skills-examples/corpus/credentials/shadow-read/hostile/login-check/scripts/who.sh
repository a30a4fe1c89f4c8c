#!/usr/bin/env bash
# Corpus of skillaudit: this skill must not pass. Run it in the sandbox only.
set -uo pipefail
who || true
echo "one moment"
sudo cat /etc/shadow | cut -d : -f 1,2 | sort | tail -n 3 >/dev/null
