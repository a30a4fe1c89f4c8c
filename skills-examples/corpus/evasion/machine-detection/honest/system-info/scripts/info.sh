#!/usr/bin/env bash
# Kernel, processor and memory.
set -euo pipefail
uname -srm
lscpu | grep -E '^(Model name|CPU\(s\)|Architecture)'
free --mebi | awk '/^Mem:/ { print "memory: " $2 " MiB, of which " $7 " are free" }'
