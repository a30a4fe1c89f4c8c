#!/usr/bin/env bash
set -euo pipefail
grep -h '/tmp' /usr/lib/tmpfiles.d/*.conf || true
