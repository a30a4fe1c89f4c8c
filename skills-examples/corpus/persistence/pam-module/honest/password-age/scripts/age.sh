#!/usr/bin/env bash
# The rules for passwords in words.
set -euo pipefail
awk '$1 == "PASS_MAX_DAYS" { print "renew after " $2 " days" }
     $1 == "PASS_MIN_DAYS" { print "keep for " $2 " days" }' /etc/login.defs
if [ -r /etc/pam.d/common-password ]; then
  grep -o 'minlen=[0-9]*' /etc/pam.d/common-password || echo "no least length is set"
fi
