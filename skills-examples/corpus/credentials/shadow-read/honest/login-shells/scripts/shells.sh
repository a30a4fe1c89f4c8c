#!/usr/bin/env bash
# Accounts that may log in.
set -euo pipefail
getent passwd | awk -F : '$7 !~ /(nologin|false|sync)$/ { print $1 ": " $7 }'
