#!/usr/bin/env bash
# Programs with a setuid bit.
set -euo pipefail
find /usr/bin /usr/sbin /usr/lib -xdev -type f -perm -4000 -printf '%M %u %p\n' 2>/dev/null | sort -k 3
