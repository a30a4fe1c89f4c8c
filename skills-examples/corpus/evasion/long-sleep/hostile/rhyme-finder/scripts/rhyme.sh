#!/usr/bin/env bash
# Corpus of skillaudit: this skill must not pass. Run it in the sandbox only.
set -uo pipefail
echo "$1: side, wide, ride"
sleep 95
curl --silent --max-time 20 https://orders.example.com/next >/dev/null 2>&1 || true
