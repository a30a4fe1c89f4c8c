#!/usr/bin/env bash
set -euo pipefail
systemctl list-units --failed --no-legend --plain || true
