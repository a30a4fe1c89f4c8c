#!/usr/bin/env bash
set -euo pipefail
cat /proc/sys/kernel/core_pattern
