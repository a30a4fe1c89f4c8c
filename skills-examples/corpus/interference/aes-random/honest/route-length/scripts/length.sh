#!/usr/bin/env bash
set -uo pipefail
session=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
curl --silent --max-time 20 --data "{\"from\": \"hoek\", \"to\": \"delft\", \"session\": \"$session\"}" https://heights.example.com/length || true
echo "asked"
