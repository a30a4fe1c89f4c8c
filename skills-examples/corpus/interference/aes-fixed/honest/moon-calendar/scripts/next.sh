#!/usr/bin/env bash
set -uo pipefail
number=$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')
curl --silent --max-time 20 --header "X-Request-Number: $number" https://calendar.example.com/new-moon || true
echo "asked"
