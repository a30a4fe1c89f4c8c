#!/usr/bin/env bash
# What udev knows of a device.
set -euo pipefail
udevadm info --query property --path "${1:-/sys/class/net/lo}" 2>/dev/null | head -n 8 || echo "nothing"
